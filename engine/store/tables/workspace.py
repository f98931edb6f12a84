"""Tables of the workspace: its versions, items and nodes."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Text, text

from orderloom.engine.store.schema import KEY, Moment, key, table

workspace = table(
    "workspace",
    Column("name", Text, nullable=False),
    Column("catalog", Integer, nullable=False),  # counts changes of items and nodes
    Column("imports", Integer, nullable=False),  # counts changes of stock from outside
    Column("created_at", Moment, nullable=False),
    Column("moved_to", Text),  # where this store has moved to, since when nothing here is worked on any more
)

definitions = table(
    "definitions",
    key("digest"),
    Column("label", Text, nullable=False),
    Column("sources", LargeBinary, nullable=False),
    Column("deployed_at", Moment, nullable=False),
    Column("number", Integer, nullable=False, server_default=text("0")),
    Column("deployed_by", Text, nullable=False, server_default=text("''")),
)

#: From when which version is in force; a row is never changed. Of two for one moment the later one holds.
in_force = table(
    "in_force",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", KEY, nullable=False),
    Column("effective_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    small=True,
)

items = table("items", key("id"), Column("body", Text, nullable=False), small=True)
nodes = table("nodes", key("id"), Column("body", Text, nullable=False), small=True)
