"""The store: every table, one way to open it, and the queries of the commands."""

from orderloom.engine.store.store import Store, open_store

__all__ = ["Store", "open_store"]
