"""One order told from its beginning: its state, and how it came to it, in the order in which it happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from orderloom.engine.state import OrderState, visit_of
from orderloom.engine.store import Store, queries, tables
from orderloom.engine.store.queries import ExceptionLine, HistoryLine, MessageLine, RecordLine
from orderloom.engine.task import Task


class Story(Struct, frozen=True):
    """An order that was worked on. `history` has what events did, without the events themselves; `messages` stand in the
    order of sending; `clocks` has the moment at which each running timer runs out, by its key.
    """

    state: OrderState
    history: tuple[HistoryLine, ...]
    messages: tuple[MessageLine, ...]
    records: tuple[RecordLine, ...]
    exceptions: tuple[ExceptionLine, ...]
    clocks: dict[str, datetime]
    tasks: tuple[Task, ...] = ()


def story(store: Store, order: str) -> Story | None:
    """The story of an order; None while the store has not worked on it."""
    whole = queries.order(store, order)
    if whole is None or whole.state is None:
        return None
    history = tuple(told for told in whole.history if told.subject)
    began = visits(history)
    messages = sorted(whole.messages, key=lambda message: (message.at, began.get(visit_of(message.key), 0)))
    return Story(whole.state, history, tuple(messages), whole.records, whole.exceptions, _clocks(store, order), whole.tasks)


def _clocks(store: Store, order: str) -> dict[str, datetime]:
    t = tables.due.c
    rows = select(t.body, t.due_at).where(t.shard == store.shard, t.order_id == order, t.kind == "timer")
    with store.reading() as connection:
        return {str(key): due_at for key, due_at in connection.execute(rows)}


def visits(history: Iterable[HistoryLine]) -> dict[str, int]:
    """The place in the history at which each visit began, and each document was made."""
    count: Counter[str] = Counter()
    found = {}
    for place, told in enumerate(history):
        if told.kind in ("entered", "skipped"):
            count[told.subject] += 1
            found[f"{told.subject}:{count[told.subject]}"] = place
        elif told.kind == "document":
            found[f"{told.text.split()[1]}:1"] = place  # a refund is sent under its number
    return found
