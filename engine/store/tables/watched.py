"""Tables of what monitors raise, and of what was published of availability."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Text

from orderloom.engine.store.schema import KEY, UNITS, Day, Moment, index_where, key, table

#: One row from the raising of an alert to its clearing; `node` is empty where an item's nodes are watched together. `raised` and
#: `cleared` have the figures, as JSON.
alerts = table(
    "alerts",
    key("monitor"),
    key("item"),
    key("node"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("raised", Text, nullable=False),
    Column("cleared_at", Moment),
    Column("cleared", Text),
    index_where("alerts_open", "cleared_at IS NULL", "item", "node", "monitor"),
    Index("alerts_latest", "shard", "raised_at", "monitor", "item", "node", "number"),
    Index("alerts_item", "shard", "item", "raised_at", "monitor", "node", "number"),
    small=True,
)

#: What monitors of orders have raised: of an order, of its `unit` or its `line`, or, with a `key`, of a pattern that it made
#: whole.
#: `raised` says what, as JSON.
alarms = table(
    "alarms",
    key("monitor"),
    key("id"),
    Column("order_id", KEY, nullable=False),
    Column("at", Moment, nullable=False),
    Column("unit", Text),
    Column("line", Text),
    Column("key", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("raised", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("title", Text, nullable=False),
    Index("alarms_latest", "shard", "at", "monitor", "id"),
    Index("alarms_order", "shard", "order_id", "at"),
    small=True,
)

#: What may yet become part of a pattern: the events of one monitor that have `key` in common, as JSON, read by the `rules` of its
#: definition. They count until `expires_at`; `due_order` and `due_at` name the timer that looks whether something did not happen.
patterns = table(
    "patterns",
    key("monitor"),
    key("key"),
    Column("rules", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("due_order", Text),
    Column("due_at", Moment),
    index_where("patterns_done", "due_at IS NULL", "expires_at"),
    small=True,
)

#: What a reader of stock has seen: the version of the item's stock, on that day, by these rules.
looks = table(
    "looks",
    key("reader"),
    key("item"),
    Column("version", Integer, nullable=False),
    Column("day", Day, nullable=False),
    Column("rules", Text, nullable=False),
    small=True,
)

#: What was published for a delivery method; `number` counts the publications that changed something.
publications = table("publications", key("method"), Column("number", Integer, nullable=False), small=True)

#: What is known outside of an item at a node, or in total where `node` is empty, since the publication `number`.
published = table(
    "published",
    key("method"),
    key("item"),
    key("node"),
    Column("available", UNITS, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("published_since", "shard", "method", "number", "item", "node"),
    small=True,
)
