"""Tables of what waits for people, and of what they granted."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Text, text

from orderloom.engine.store.schema import KEY, Moment, index_where, key, of_order, table

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
