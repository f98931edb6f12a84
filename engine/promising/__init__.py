"""Promising: what a node can promise of an item, and by when, by the promising rules. Pure."""
