"""Tables of orders: how they stand, what they are found by, and their history."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Text, text

from orderloom.engine.store.schema import KEY, Day, Moment, index_where, key, of_order, table

#: `version` counts the events applied; `state` is empty until the order's capture was worked on.
orders = table(
    "orders",
    key("id"),
    Column("channel", KEY, nullable=False),
    Column("external_id", KEY),
    Column("customer", KEY, nullable=False),
    Column("division", KEY),
    Column("status", KEY, nullable=False),
    Column("outcome", Text),
    Column("version", Integer, nullable=False),
    Column("program", Text, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("state", Text),
    Column("chain", Text, nullable=False, server_default=text("''")),  # the last link of the order's history
    Column("promised_on", Day),  # the first promise of what is still awaited
    Column("queue", KEY, nullable=False, server_default=text("'0/'")),  # see `Order.queue`
    Index("orders_external_id", "shard", "channel", "external_id", unique=True),
    Index("orders_channel", "shard", "channel", "id"),
    Index("orders_status", "shard", "status", "id"),
    index_where("orders_promised", "outcome IS NULL AND promised_on IS NOT NULL", "promised_on"),
    Index("orders_customer", "shard", "customer", "id"),
    Index("orders_placed_at", "shard", "placed_at", "id"),
    index_where("orders_running", "outcome IS NULL", "placed_at", "id"),
)

#: What orders are found by (see `store.search`): an order has a row for each of its terms.
search = table("search", key("term"), key("order_id"), Index("search_order", "shard", "order_id"), small=True)

#: What customers have shown an interest in; `body` is the interest as a whole.
interests = table(
    "interests",
    key("customer"),
    key("id"),
    Column("item", KEY, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    Index("interests_item", "shard", "item", "at", "customer", "id"),
    small=True,
)

#: One row an event. `notes` has what it did, in words, as a JSON list of (subject, kind, text), `change` what it changed of the
#: state (see `engine.change`), `cause` the key by which it was due, `chain` its link (see `store.chain`). Where an older release
#: wrote it, there is neither change nor cause.
history = table(
    "history",
    key("order_id"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("cause", Text, nullable=False, server_default=text("''")),
    Column("change", Text, nullable=False, server_default=text("''")),
    Column("chain", Text, nullable=False, server_default=text("''")),
    of_order(),
)

records = table(
    "records",
    key("order_id"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("chosen", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("body", Text, nullable=False),
    of_order(),
)

#: Orders whose rows have gone to files; `folder` and `file` say where, `chain` is the last link of the history there.
archived = table(
    "archived",
    key("order_id"),
    Column("channel", KEY, nullable=False),
    Column("external_id", KEY),
    Column("folder", Text, nullable=False),
    Column("file", KEY, nullable=False),
    Column("chain", Text, nullable=False),
    Column("archived_at", Moment, nullable=False),
    Index("archived_external_id", "shard", "channel", "external_id", unique=True),
    Index("archived_file", "shard", "file", "order_id"),
    small=True,
)
