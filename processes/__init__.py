"""The shipped process definitions, by pack."""
