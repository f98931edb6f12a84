"""The inventory ledger: what is where, what is claimed of it, and what others tell us of it. Pure."""
