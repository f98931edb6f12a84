"""The tables. Every key begins with `shard`, so that a store can be cut by shard without touching a row.

Moments are UTC text of fixed width, days are ISO text, JSON is text as `wire` writes it: the same bytes in every store.
Keys compare by bytes everywhere, because the order of keys decides the order of work.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.engine import Dialect

from orderloom.engine.wire import day_of, day_text, moment_of, moment_text

KEY = Text().with_variant(Text(collation="C"), "postgresql")
UNITS = BigInteger().with_variant(Integer(), "sqlite")  #: quantities, which messages add up


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as text that sorts."""

    impl = KEY
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_of(value)


class Day(TypeDecorator[date]):
    """A date, kept as text."""

    impl = KEY
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:
        return day_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return day_of(value)


metadata = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, KEY, primary_key=True)


def _table(name: str, *parts: Any, small: bool = False) -> Table:
    """A table of the shard. Tables of small rows are kept in the order of their key, so each row is written once."""
    shard = Column("shard", SmallInteger, primary_key=True, autoincrement=False)
    return Table(name, metadata, shard, *parts, sqlite_with_rowid=not small)


def _of_order() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["shard", "order_id"], ["orders.shard", "orders.id"])


def _index_where(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows that are still open, so that those that are done cost nothing.

    The migrations say the same of PostgreSQL; to say it here, too, would load its dialect at the start of every command.
    """
    return Index(name, "shard", *columns, sqlite_where=text(condition))


workspace = _table(
    "workspace",
    Column("name", Text, nullable=False),
    Column("catalog", Integer, nullable=False),  # counts changes of items and nodes
    Column("imports", Integer, nullable=False),  # counts changes of stock from outside
    Column("created_at", Moment, nullable=False),
    Column("moved_to", Text),  # where this store has moved to, since when nothing here is worked on any more
)

definitions = _table(
    "definitions",
    _key("digest"),
    Column("label", Text, nullable=False),
    Column("sources", LargeBinary, nullable=False),
    Column("deployed_at", Moment, nullable=False),
)

items = _table("items", _key("id"), Column("body", Text, nullable=False), small=True)
nodes = _table("nodes", _key("id"), Column("body", Text, nullable=False), small=True)

#: One row an item: the lock of its stock, and the version by which a cached copy is known as stale.
stock = _table(
    "stock",
    _key("item"),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["shard", "item"], ["items.shard", "items.id"]),
    small=True,
)

positions = _table(
    "positions",
    _key("item"),
    _key("node"),
    Column("safety_stock", UNITS, nullable=False),
    Column("quarantined", Boolean, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("counted_at", Moment),  # the moment of the last snapshot
    ForeignKeyConstraint(["shard", "item"], ["stock.shard", "stock.item"]),
    ForeignKeyConstraint(["shard", "node"], ["nodes.shard", "nodes.id"]),
    small=True,
)

TO_COME = "type <> 'on-hand'"

supplies = _table(
    "supplies",
    _key("item"),
    _key("node"),
    _key("id"),
    Column("type", Text, nullable=False),
    Column("stock_class", Text, nullable=False),
    Column("due_on", Day),
    Column("quantity", UNITS, nullable=False),
    Column("reserved", UNITS, nullable=False),
    ForeignKeyConstraint(["shard", "item", "node"], ["positions.shard", "positions.item", "positions.node"]),
    Column("received", UNITS, nullable=False, server_default=text("0")),
    CheckConstraint("0 <= reserved AND reserved <= quantity", name="reserved_within_quantity"),
    CheckConstraint("0 <= received AND received <= quantity", name="received_within_quantity"),
    _index_where("supplies_to_come", TO_COME, "id"),
    small=True,
)

#: Units that a node is to ship (`resource` is empty), or to begin to work on, by day.
loads = _table(
    "loads",
    _key("node"),
    _key("resource"),
    Column("day", Day, primary_key=True),
    Column("units", UNITS, nullable=False),
    small=True,
)

MOVES = "kind NOT IN ('reserve', 'release')"  #: entries that change more than reservations

#: `order_id` is empty for what came from outside; `sequence` is then the number of the import.
ledger = _table(
    "ledger",
    _key("order_id"),
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
    _index_where("ledger_moves", MOVES, "item", "node", "at"),
    small=True,
)

#: Messages about stock that have been taken in, each by the id that its sender gave it.
stock_inbox = _table(
    "stock_inbox",
    _key("kind"),
    _key("key"),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),
    small=True,
)

#: `version` counts the events applied; `state` is empty until the order's capture was worked on.
#: What the customers of a region are expected to want, evenly over some days; `units` is a number that need not be whole.
forecast = _table(
    "forecast",
    _key("item"),
    _key("region"),
    Column("begins", Day, primary_key=True),
    Column("days", Integer, nullable=False),
    Column("units", Text, nullable=False),
    ForeignKeyConstraint(["shard", "item"], ["items.shard", "items.id"]),
    ForeignKeyConstraint(["shard", "region"], ["nodes.shard", "nodes.id"]),
    small=True,
)

#: What the version `program` sees ahead was made then; `orders` is how many were known when the ways were found.
ahead = _table(
    "ahead",
    Column("program", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("orders", Integer, nullable=False),
    small=True,
)

#: What a unit would be worth elsewhere; without a row, nothing.
opportunity_costs = _table("opportunity_costs", _key("item"), _key("node"), Column("price", Text, nullable=False), small=True)

#: What a unit costs a region: `costs` by node, as JSON, and what it costs not to serve it.
ways = _table(
    "ways",
    _key("item"),
    _key("region"),
    Column("not_served", Text, nullable=False),
    Column("costs", Text, nullable=False),
    small=True,
)

#: Purchase and transfer orders, and what is proposed of them; `status` is proposed, ordered, rejected or cancelled.
supply_orders = _table(
    "supply_orders",
    _key("id"),
    Column("item", KEY, nullable=False),
    Column("node", KEY, nullable=False),
    Column("status", KEY, nullable=False),
    Column("decided_at", Moment),
    Column("decided_by", Text),
    Column("body", Text, nullable=False),
    Index("supply_orders_status", "shard", "status", "id"),
    small=True,
)

#: One row from the raising of an alert to its clearing; `node` is empty where an item's nodes are watched together. `raised` and
#: `cleared` have the figures, as JSON.
alerts = _table(
    "alerts",
    _key("monitor"),
    _key("item"),
    _key("node"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("raised", Text, nullable=False),
    Column("cleared_at", Moment),
    Column("cleared", Text),
    _index_where("alerts_open", "cleared_at IS NULL", "item", "node", "monitor"),
    small=True,
)

#: What a reader of stock has seen: the version of the item's stock, on that day, by these rules.
looks = _table(
    "looks",
    _key("reader"),
    _key("item"),
    Column("version", Integer, nullable=False),
    Column("day", Day, nullable=False),
    Column("rules", Text, nullable=False),
    small=True,
)

#: What was published for a delivery method; `number` counts the publications that changed something.
publications = _table("publications", _key("method"), Column("number", Integer, nullable=False), small=True)

#: What is known outside of an item at a node, or in total where `node` is empty, since the publication `number`.
published = _table(
    "published",
    _key("method"),
    _key("item"),
    _key("node"),
    Column("available", UNITS, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Index("published_since", "shard", "method", "number", "item", "node"),
    small=True,
)

orders = _table(
    "orders",
    _key("id"),
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
    Index("orders_external_id", "shard", "channel", "external_id", unique=True),
    Index("orders_channel", "shard", "channel", "id"),
    Index("orders_status", "shard", "status", "id"),
    Index("orders_customer", "shard", "customer", "id"),
)

reservations = _table(
    "reservations",
    _key("order_id"),
    _key("line"),
    _key("item"),
    _key("node"),
    _key("supply"),
    Column("quantity", UNITS, nullable=False),
    Column("expires_at", Moment),
    _of_order(),
    CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    Index("reservations_item", "shard", "item", "node"),
    small=True,
)

#: Timers, continuations and inbound events alike: what an order is to be woken by, and when.
due = _table(
    "due",
    _key("order_id"),
    _key("key"),
    Column("due_at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text),
    Column("attempt", Integer, nullable=False),
    _of_order(),
    Index("due_next", "shard", "due_at", "order_id", "key"),
    small=True,
)

#: A message under way has its lease's end as `due_at`: when nobody acknowledges it, it is due again by itself.
outbox = _table(
    "outbox",
    _key("key"),
    Column("order_id", KEY, nullable=False),
    Column("organization", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("owner", Text),
    Column("done_at", Moment),
    Column("failure", Text),
    _of_order(),
    Index("outbox_order", "shard", "order_id", "key"),
    _index_where("outbox_next", "done_at IS NULL", "due_at", "key"),
)

inbox = _table(
    "inbox",
    _key("participant"),
    _key("key"),
    Column("order_id", KEY, nullable=False),
    Column("at", Moment, nullable=False),
    _of_order(),
    small=True,
)

#: One row an event; `notes` has what it did, in words, as a JSON list of (subject, kind, text).
history = _table(
    "history",
    _key("order_id"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("notes", Text, nullable=False),
    _of_order(),
)

records = _table(
    "records",
    _key("order_id"),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("chosen", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("body", Text, nullable=False),
    _of_order(),
)

#: `event` holds what could not be applied, where that is why the exception was opened.
exceptions = _table(
    "exceptions",
    _key("order_id"),
    _key("id"),
    Column("type", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("option", Text),
    Column("event", Text),
    _of_order(),
    _index_where("exceptions_open", "closed_at IS NULL", "opened_at", "order_id", "id"),
)
