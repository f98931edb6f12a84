"""Divisions: rules inherited at any depth, each key overridden where it is written, with the place and level that set it."""
