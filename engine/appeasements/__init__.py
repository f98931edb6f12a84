"""What is offered to customers in place of a return: which offers, to what limits, by whose authority, and what came of it."""
