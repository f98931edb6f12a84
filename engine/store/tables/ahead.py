"""Tables of what is seen ahead: demand, what a unit would be worth elsewhere, and what is bought for it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Text

from orderloom.engine.store.schema import KEY, Day, Moment, key, table

#: What the customers of a region are expected to want, evenly over some days; `units` is a number that need not be whole.
forecast = table(
    "forecast",
    key("item"),
    key("region"),
    Column("begins", Day, primary_key=True),
    Column("days", Integer, nullable=False),
    Column("units", Text, nullable=False),
    ForeignKeyConstraint(["shard", "item"], ["items.shard", "items.id"]),
    ForeignKeyConstraint(["shard", "region"], ["nodes.shard", "nodes.id"]),
    small=True,
)

#: What the version `program` sees ahead was made then; `orders` is how many were known when the ways were found.
ahead = table(
    "ahead",
    Column("program", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("orders", Integer, nullable=False),
    small=True,
)

#: What a unit would be worth elsewhere; without a row, nothing.
opportunity_costs = table("opportunity_costs", key("item"), key("node"), Column("price", Text, nullable=False), small=True)

#: What a unit costs a region: `costs` by node, as JSON, and what it costs not to serve it.
ways = table(
    "ways",
    key("item"),
    key("region"),
    Column("not_served", Text, nullable=False),
    Column("costs", Text, nullable=False),
    small=True,
)

#: Purchase and transfer orders, and what is proposed of them; `status` is proposed, ordered, rejected or cancelled.
supply_orders = table(
    "supply_orders",
    key("id"),
    Column("item", KEY, nullable=False),
    Column("node", KEY, nullable=False),
    Column("status", KEY, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    Column("body", Text, nullable=False),
    Index("supply_orders_status", "shard", "status", "id"),
    Index("supply_orders_item", "shard", "item", "id"),
    Index("supply_orders_node", "shard", "node", "id"),
    small=True,
)
