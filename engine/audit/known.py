"""One order as it can be understood: its state and its history, and for every row that cannot be read a finding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from msgspec import DecodeError, Struct, ValidationError, field
from sqlalchemy import RowMapping

from orderloom.engine import wire
from orderloom.engine.audit.finding import Finding
from orderloom.engine.audit.rows import OrderRows
from orderloom.engine.change import applied, state_of, timers_after
from orderloom.engine.effects import Record
from orderloom.engine.events import Event
from orderloom.engine.state import OrderState
from orderloom.engine.task import Task

TIMER = "timer/"  #: the keys of timers among what is due
RESTORE = "restore the row from a backup, or the order from an archive"

T = TypeVar("T")
UNREADABLE = (DecodeError, ValidationError, wire.NewerWire, ValueError, TypeError, AttributeError, LookupError, AssertionError)


class Known(Struct):
    """What the store says of one order. `state` is None where it cannot be read, `unreadable` then says why.

    `told` is the state by its history, None where that does not tell it all, `timers` are those that it has set and not ended.
    """

    rows: OrderRows
    row: RowMapping
    state: OrderState | None = None
    unreadable: str = ""
    told: OrderState | None = None
    timers: dict[str, datetime] | None = None
    notes: list[tuple[int, str, str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.rows.id

    def add(self, law: str, because: str, table: str = "orders", key: str = "", todo: str = "") -> None:
        """Adds a finding of this order."""
        self.findings.append(Finding(law, self.id, because, table, key or self.id, todo, self.id))

    def read(self, law: str, table: str, key: str, make: Callable[[], T], todo: str = RESTORE) -> T | None:
        """What a row says; None, and a finding, where it cannot be read."""
        try:
            return make()
        except UNREADABLE as fault:
            self.add(law, f"{table} {key}: {fault}", table, key, todo)
            return None


def known(rows: OrderRows, row: RowMapping) -> Known:
    """Reads everything of an order."""
    found = Known(rows, row)
    _read_history(found)
    if row["state"]:
        try:
            found.state = wire.load_state(row["state"])
        except UNREADABLE as fault:
            found.unreadable = str(fault) or type(fault).__name__
    for each in rows["records"]:
        key = f"{each['sequence']}/{each['number']}"
        found.read("a decision record can be read", "records", key, partial(wire.load, each["body"], Record))
    for each in rows["outbox"]:
        found.read("a message can be read", "outbox", each["key"], partial(wire.load, each["body"], dict))
    for each in rows["exceptions"]:
        found.read("an exception can be read", "exceptions", each["id"], partial(wire.load, each["options"], tuple))
    for each in rows["tasks"]:
        found.read("a task can be read", "tasks", each["id"], partial(wire.load, each["body"], Task))
    for each in rows["due"]:
        found.read("what is due can be read", "due", each["key"], partial(_due, each))
    return found


def _due(row: RowMapping) -> None:
    wire.moment_of(row["due_at"])
    if row["kind"] != "timer":
        wire.load_event(row["body"])


def _read_history(found: Known) -> None:
    """Goes through the history event by event; from the first one that cannot be read on it tells nothing."""
    fields, timers, told = None, dict[str, datetime](), False
    for row in found.rows["history"]:
        try:
            moment_and_event(row)
            notes = wire.load(row["notes"], list[tuple[str, str, str]])
            fields = applied(fields, row["sequence"], row["event"], row["change"])
            timers = timers_after(timers, cause_of(found.id, row["cause"]).removeprefix(TIMER), row["change"])
        except UNREADABLE as fault:
            todo = "restore the row from a backup; the order itself goes on"
            found.add("a history can be read", f"event {row['sequence']}: {fault}", "history", str(row["sequence"]), todo)
            return
        told = fields is not None
        found.notes += [(row["sequence"], *note) for note in notes]
    if told and fields is not None:
        found.timers = timers
        found.told = found.read("a history can be read", "history", "change", lambda: state_of(fields))


def moment_and_event(row: RowMapping) -> tuple[datetime, Event]:
    """When an event took effect, and the event; raises what UNREADABLE names."""
    return wire.moment_of(row["at"]), wire.load_event(row["event"])


def put_aside(found: Known) -> set[str]:
    """The keys by which events were due that wait beside the order until somebody has them applied again."""
    waiting = [row["id"] for row in found.rows["exceptions"] if row["event"] is not None and row["closed_at"] is None]
    waiting += [row["key"] for row in found.rows["due"] if row["kind"] == "again"]
    return {cause_of(found.id, key) for key in waiting}


def cause_of(order: str, key: str) -> str:
    """The key by which an event was due at first; each time that it is put aside its order's id is set before it."""
    while key.startswith(f"{order}/"):
        key = key[len(order) + 1 :]
    return key
