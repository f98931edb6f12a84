"""The tables. Every key begins with `shard`, so that a store can be cut by shard without touching a row.

Moments are UTC text of fixed width, days are ISO text, JSON is text as `wire` writes it: the same bytes in every store.
Keys compare by bytes everywhere, because the order of keys decides the order of work.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, Text, text

from orderloom.engine.store.schema import KEY, UNITS, index_where, key, of_order, table
from orderloom.engine.store.schema import Day as Day
from orderloom.engine.store.schema import Moment as Moment
from orderloom.engine.store.schema import metadata as metadata

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

#: Timers, continuations and inbound events alike: what an order is to be woken by, and when. `queue` is the order's.
due = table(
    "due",
    key("order_id"),
    key("key"),
    Column("due_at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text),
    Column("attempt", Integer, nullable=False),
    Column("queue", KEY, nullable=False, server_default=text("'0/'")),
    of_order(),
    Index("due_next", "shard", "queue", "due_at", "order_id", "key"),
    small=True,
)

#: A message under way has its lease's end as `due_at`: when nobody acknowledges it, it is due again. Those of an order to
#: an organization go in the order of (sequence, number). `queue` is the organization, a slash, and the order's queue.
outbox = table(
    "outbox",
    key("key"),
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
    Column("sequence", Integer, nullable=False, server_default=text("0")),  # of the event that asked for it; 0 where not known
    Column("traceparent", Text),  # of the order, where its channel brought one
    Column("number", Integer, nullable=False, server_default=text("0")),  # among those that this event asked for
    Column("queue", KEY, nullable=False, server_default=text("''")),
    of_order(),
    Index("outbox_order", "shard", "order_id", "key"),
    index_where("outbox_next", "done_at IS NULL", "queue", "due_at", "key"),
    index_where("outbox_failing", "done_at IS NULL AND failure IS NOT NULL", "queue", "at"),
)

inbox = table(
    "inbox",
    key("participant"),
    key("key"),
    Column("order_id", KEY, nullable=False),
    Column("at", Moment, nullable=False),
    of_order(),
    Index("inbox_order", "shard", "order_id"),
    small=True,
)

#: Events of nodes and participants that were told without an order; `after` is the last order that was looked at for one.
broadcasts = table(
    "broadcasts",
    key("participant"),
    key("key"),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("after", KEY, nullable=False),
    Column("reached", Integer, nullable=False),
    Column("done_at", Moment),
    Index("broadcasts_at", "shard", "at", "participant", "key"),
    index_where("broadcasts_begun", "done_at IS NULL", "at"),
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

#: `event` holds what could not be applied, where that is why the exception was opened.
exceptions = table(
    "exceptions",
    key("order_id"),
    key("id"),
    Column("type", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("option", Text),
    Column("event", Text),
    Column("title", Text, nullable=False, server_default=text("''")),
    Column("priority", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Moment),
    Column("claimed_by", Text),
    Column("escalated", Integer, nullable=False, server_default=text("0")),
    Column("remedies", Text, nullable=False, server_default=text("'[]'")),
    Column("rank", KEY, nullable=False, server_default=text("'09/~'")),  # by which open ones are in order: priority, deadline
    of_order(),
    index_where("exceptions_open", "closed_at IS NULL", "rank", "opened_at", "order_id", "id"),
    index_where("exceptions_open_of_role", "closed_at IS NULL", "role", "rank", "opened_at", "order_id", "id"),
    index_where("exceptions_settled", "closed_at IS NOT NULL", "opened_at", "order_id", "id"),
    index_where("exceptions_settled_of_role", "closed_at IS NOT NULL", "role", "opened_at", "order_id", "id"),
)

#: Holds that stand or stood, by their key within the order: the last time that each was applied.
holds = table(
    "holds",
    key("order_id"),
    key("id"),
    Column("hold", KEY, nullable=False),
    Column("line", Text),
    Column("role", KEY, nullable=False),
    Column("because", Text, nullable=False),
    Column("applied_at", Moment, nullable=False),
    Column("applied_by", Text, nullable=False),
    Column("resolved_at", Moment),
    Column("resolved_by", Text),
    of_order(),
    index_where("holds_standing", "resolved_at IS NULL", "hold", "order_id"),
    small=True,
)

#: What customers accepted in place of returns, numbered within the customer: of two who grant at once one finds the number taken
#: and asks again, so that no limit is exceeded. It outlives orders that are archived.
appeasements = table(
    "appeasements",
    key("customer"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("order_id", KEY, nullable=False),
    Column("id", KEY, nullable=False),
    Column("line", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("offer", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("amount", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("returned_at", Moment),
    Column("body", Text, nullable=False),
    Index("appeasements_of_order", "shard", "order_id"),
    Index("appeasements_latest", "shard", "at", "order_id", "id"),
    small=True,
)

#: Work for people; `body` is the task as a whole, `rank` its deadline, by which open ones are in order.
tasks = table(
    "tasks",
    key("order_id"),
    key("id"),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("skill", Text),
    Column("claimed_by", Text),
    Column("due_at", Moment),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("outcome", Text),
    Column("rank", KEY, nullable=False),
    Column("body", Text, nullable=False),
    of_order(),
    index_where("tasks_open", "closed_at IS NULL", "rank", "opened_at", "order_id", "id"),
    index_where("tasks_open_of_role", "closed_at IS NULL", "role", "rank", "opened_at", "order_id", "id"),
    index_where("tasks_open_of_person", "closed_at IS NULL", "claimed_by", "rank", "opened_at", "order_id", "id"),
    index_where("tasks_closed", "closed_at IS NOT NULL", "opened_at", "order_id", "id"),
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
