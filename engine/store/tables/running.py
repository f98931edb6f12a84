"""Tables of running a store: its workers, what was repaired, and orders moved to another version."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Text

from orderloom.engine.store.schema import Moment, key, of_order, table

#: What a repair plan has changed in the store: of each change the law, its subject, and the change itself as JSON.
repairs = table(
    "repairs",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("applied_by", Text, nullable=False),
    Column("law", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    small=True,
)

#: Workers that run; `body` is what they tell of themselves, as JSON.
workers = table(
    "workers",
    key("owner"),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    small=True,
)

#: Running orders that are moved to another version; `body` says from which to which, by which map, and which orders.
migrations = table(
    "migrations",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("began_by", Text, nullable=False),
    Column("done_at", Moment),
    Column("undone_at", Moment),
    small=True,
)

#: Orders that a migration has moved; `body` has how each stood before and after.
migrated = table(
    "migrated",
    Column("migration", Integer, primary_key=True, autoincrement=False),
    key("order_id"),
    Column("body", Text, nullable=False),
    Column("undone_at", Moment),
    of_order(),
    Index("migrated_order", "shard", "order_id"),
    small=True,
)
