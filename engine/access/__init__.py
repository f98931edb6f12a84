"""Who may do and see what. Pure: the definitions, somebody, and what he asks for, give an answer with its reason."""
