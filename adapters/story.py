"""Everything that a store knows of one order, in the order in which it happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, select

from orderloom.engine import wire
from orderloom.engine.effects import Record
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables


class Told(Struct, frozen=True):
    """One line of an order's history: `subject` is `order` or a unit of work's id."""

    at: datetime
    sequence: int
    subject: str
    kind: str
    text: str


class Message(Struct, frozen=True):
    """A message of an order, sent at that moment."""

    at: datetime
    key: str
    organization: str
    role: str
    name: str
    body: dict[str, object]


class Recorded(Struct, frozen=True):
    """A decision record with its moment."""

    at: datetime
    sequence: int
    record: Record


class Issue(Struct, frozen=True, omit_defaults=True):
    """An exception of an order; `option` is how it was settled, None while it is open."""

    at: datetime
    id: str
    type: str
    role: str
    subject: str
    options: tuple[str, ...]
    cause: str = ""
    option: str | None = None


class Story(Struct, frozen=True):
    """One order: its state, and how it came to it. `clocks` has the moment at which each running timer runs out, by its key."""

    state: OrderState
    history: tuple[Told, ...]
    messages: tuple[Message, ...]
    records: tuple[Recorded, ...]
    issues: tuple[Issue, ...]
    clocks: dict[str, datetime]


def story(store: Store, order: str) -> Story | None:
    """The story of an order; None while the store has not worked on it."""
    t = tables.orders.c
    with store.reading() as connection:
        text = connection.execute(select(t.state).where(t.shard == store.shard, t.id == order)).scalar_one_or_none()
        if text is None:
            return None
        history = tuple(_history(connection, store.shard, order))
        return Story(
            wire.load_state(text),
            history,
            tuple(_messages(connection, store.shard, order, visits(history))),
            tuple(_records(connection, store.shard, order)),
            tuple(_issues(connection, store.shard, order)),
            dict(_clocks(connection, store.shard, order)),
        )


def _history(connection: Connection, shard: int, order: str) -> Iterator[Told]:
    t = tables.history.c
    rows = select(t.at, t.sequence, t.notes).where(t.shard == shard, t.order_id == order).order_by(t.sequence)
    for at, sequence, notes in connection.execute(rows):
        for subject, kind, text in wire.load(notes, list[tuple[str, str, str]]):
            yield Told(at, sequence, subject, kind, text)


def _messages(connection: Connection, shard: int, order: str, visits: dict[str, int]) -> list[Message]:
    """The messages in the order of sending, which is that of the visits that sent them."""
    t = tables.outbox.c
    rows = select(t.at, t.key, t.organization, t.role, t.message, t.body).where(t.shard == shard, t.order_id == order)
    found = [Message(*row[:5], wire.load(row.body, dict[str, object])) for row in connection.execute(rows)]
    return sorted(found, key=lambda message: (message.at, visits.get(visit_of(message.key), 0)))


def visit_of(key: str) -> str:
    """The visit (`instance:number`) that a message's key names, whatever the repetition."""
    return key.partition("/")[2].partition("#")[0]


def visits(history: Iterable[Told]) -> dict[str, int]:
    """The place in the history at which each visit began."""
    count: Counter[str] = Counter()
    found = {}
    for place, told in enumerate(history):
        if told.kind in ("entered", "skipped"):
            count[told.subject] += 1
            found[f"{told.subject}:{count[told.subject]}"] = place
    return found


def _records(connection: Connection, shard: int, order: str) -> Iterator[Recorded]:
    t = tables.records.c
    rows = select(t.at, t.sequence, t.body).where(t.shard == shard, t.order_id == order).order_by(t.sequence, t.number)
    return (Recorded(at, sequence, wire.load(body, Record)) for at, sequence, body in connection.execute(rows))


def _issues(connection: Connection, shard: int, order: str) -> Iterator[Issue]:
    t = tables.exceptions.c
    columns = (t.opened_at, t.id, t.type, t.role, t.subject, t.options, t.cause, t.option)
    rows = select(*columns).where(t.shard == shard, t.order_id == order).order_by(t.opened_at, t.id)
    for at, key, type, role, subject, options, cause, option in connection.execute(rows):
        yield Issue(at, key, type, role, subject, wire.load(options, tuple[str, ...]), cause, option)


def _clocks(connection: Connection, shard: int, order: str) -> Iterator[tuple[str, datetime]]:
    t = tables.due.c
    rows = select(t.body, t.due_at).where(t.shard == shard, t.order_id == order, t.kind == "timer")
    return ((str(key), due_at) for key, due_at in connection.execute(rows))
