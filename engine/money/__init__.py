"""What it costs and who owes what: shares of each unit, documents, payments and what goes back. Pure."""
