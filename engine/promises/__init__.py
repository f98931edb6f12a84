"""Promises: what may be offered for an order, what was promised for it, and what becomes of that. Pure."""
