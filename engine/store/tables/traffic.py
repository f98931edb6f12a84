"""Tables of what comes to orders and goes out: timers, messages and facts."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Text, text

from orderloom.engine.store.schema import KEY, Moment, index_where, key, of_order, table

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
