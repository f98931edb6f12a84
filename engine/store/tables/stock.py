"""Tables of stock: what is where, what is to come, what is claimed of it, and what changed it."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, Text, text

from orderloom.engine.store.schema import UNITS, Day, Moment, index_where, key, of_order, table

#: One row an item: the lock of its stock, and the version by which a cached copy is known as stale.
stock = table(
    "stock",
    key("item"),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["shard", "item"], ["items.shard", "items.id"]),
    small=True,
)

positions = table(
    "positions",
    key("item"),
    key("node"),
    Column("safety_stock", UNITS, nullable=False),
    Column("quarantined", Boolean, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("counted_at", Moment),  # the moment of the last snapshot
    ForeignKeyConstraint(["shard", "item"], ["stock.shard", "stock.item"]),
    ForeignKeyConstraint(["shard", "node"], ["nodes.shard", "nodes.id"]),
    Index("positions_node", "shard", "node", "item"),
    small=True,
)

TO_COME = "type <> 'on-hand'"

supplies = table(
    "supplies",
    key("item"),
    key("node"),
    key("id"),
    Column("type", Text, nullable=False),
    Column("stock_class", Text, nullable=False),
    Column("due_on", Day),
    Column("quantity", UNITS, nullable=False),
    Column("reserved", UNITS, nullable=False),
    ForeignKeyConstraint(["shard", "item", "node"], ["positions.shard", "positions.item", "positions.node"]),
    Column("received", UNITS, nullable=False, server_default=text("0")),
    CheckConstraint("0 <= reserved AND reserved <= quantity", name="reserved_within_quantity"),
    CheckConstraint("0 <= received AND received <= quantity", name="received_within_quantity"),
    index_where("supplies_to_come", TO_COME, "id"),
    small=True,
)

#: Units that a node is to ship (`resource` is empty), or to begin to work on, by day.
loads = table(
    "loads",
    key("node"),
    key("resource"),
    Column("day", Day, primary_key=True),
    Column("units", UNITS, nullable=False),
    small=True,
)

#: One row a resource that slots were booked with: the lock of its slots, and the most visits at a time that any version allowed.
resources = table("resources", key("name"), Column("capacity", Integer, nullable=False), small=True)

MOVES = "kind NOT IN ('reserve', 'release')"  #: entries that change more than reservations

#: `order_id` is empty for what came from outside; `sequence` is then the number of the import.
ledger = table(
    "ledger",
    key("order_id"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("supply", Text, nullable=False),
    Column("quantity", UNITS, nullable=False),
    Column("line", Text, nullable=False),
    Column("ship_on", Day),
    Column("resource", Text, nullable=False, server_default=text("''")),
    index_where("ledger_moves", MOVES, "item", "node", "at"),
    small=True,
)

#: Messages about stock that have been taken in, each by the id that its sender gave it.
stock_inbox = table(
    "stock_inbox",
    key("kind"),
    key("key"),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    small=True,
)

reservations = table(
    "reservations",
    key("order_id"),
    key("line"),
    key("item"),
    key("node"),
    key("supply"),
    Column("quantity", UNITS, nullable=False),
    Column("expires_at", Moment),
    of_order(),
    CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    Index("reservations_item", "shard", "item", "node"),
    small=True,
)
