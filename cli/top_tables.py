"""How a store is doing, as tables and as data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import asdict

from orderloom.cli.output import Table
from orderloom.engine.store.vitals import MOST, Vitals
from orderloom.engine.store.workers import Seen


class Frame(Struct, frozen=True):
    """A look at a store: its vitals, its orders by status, and the events that each worker applied a second."""

    vitals: Vitals
    statuses: Mapping[str, int]
    speeds: Mapping[str, float]


class Speeds(Struct):
    """How fast workers are, between the last two times that they told."""

    _told: dict[str, Seen] = field(default_factory=dict)
    _speeds: dict[str, float] = field(default_factory=dict)

    def after(self, workers: tuple[Seen, ...]) -> Mapping[str, float]:
        """Events a second by worker, of those that are alive and were heard twice."""
        alive = {each.owner: each for each in workers if each.alive}
        self._speeds = {owner: speed for owner, speed in self._speeds.items() if owner in alive}
        for owner, now in alive.items():
            before = self._told.get(owner, now)
            if now.seen_at > before.seen_at:
                seconds = (now.seen_at - before.seen_at).total_seconds()
                self._speeds[owner] = (now.doing.turns - before.doing.turns) / seconds
        self._told = alive
        return dict(self._speeds)


def tables_of(frame: Frame) -> list[Table]:
    """What there is to see, the most urgent first."""
    return [_now(frame), _participants(frame), _exceptions(frame), _tasks(frame), _orders(frame), _workers(frame)]


def data_of(frame: Frame) -> dict[str, object]:
    """The same for programs; counts end at 10,000, moments are in UTC."""
    now = frame.vitals
    return {
        "at": now.at,
        "queue": now.queue,
        "late": now.late,
        "dead_rows": now.dead_rows,
        "orders": frame.statuses,
        "outbox": [{**asdict(each), "breaker": _breaker(frame, each.organization)} for each in now.outbox],
        "exceptions": now.exceptions,
        "tasks": now.tasks,
        "workers": [{**asdict(each), "events_per_second": frame.speeds.get(each.owner)} for each in now.workers],
    }


def _now(frame: Frame) -> Table:
    now, queue = frame.vitals, frame.vitals.queue
    speed = f"{sum(frame.speeds.values()):,.1f}" if frame.speeds else None
    row = (
        _count(queue.due),
        _since(queue.oldest, now.at),
        _count(queue.soon),
        _since(now.at, queue.next),
        _count(now.late),
        speed,
    )
    columns = ("due now", "oldest waits", "due in an hour", "next in", "late orders", "events/s")
    return Table(f"Store at {now.at:%Y-%m-%d %H:%M:%S} UTC", columns, [row])


def _participants(frame: Frame) -> Table:
    now = frame.vitals
    rows = [
        (
            each.organization,
            _count(each.messages),
            _count(each.failing),
            _since(each.oldest, now.at),
            _breaker(frame, each.organization),
        )
        for each in now.outbox
    ]
    return Table("Messages not delivered yet", ("participant", "messages", "failed before", "oldest waits", "breaker"), rows)


def _exceptions(frame: Frame) -> Table:
    rows = [(each.role, each.type, _count(each.count), _count(each.overdue)) for each in frame.vitals.exceptions]
    return Table("Open exceptions", ("role", "type", "open", "overdue"), rows)


def _tasks(frame: Frame) -> Table:
    rows = [(each.role, _count(each.count), _count(each.overdue)) for each in frame.vitals.tasks]
    return Table("Open tasks", ("role", "open", "overdue"), rows)


def _orders(frame: Frame) -> Table:
    return Table("Orders", ("status", "orders"), [(status, _count(count)) for status, count in frame.statuses.items()])


def _workers(frame: Frame) -> Table:
    now = frame.vitals.at
    rows = []
    for each in frame.vitals.workers:
        state = _since(each.started_at, now) if each.alive else f"silent for {_since(each.seen_at, now)}"
        speed = frame.speeds.get(each.owner)
        told = each.doing.turns, each.doing.messages, each.doing.failures, each.doing.conflicts
        rows.append((each.owner, state, *told, None if speed is None else f"{speed:,.1f}"))
    return Table("Workers", ("worker", "runs for", "events", "messages", "failures", "conflicts", "events/s"), rows)


def _breaker(frame: Frame, organization: str) -> str:
    """What a worker that is alive says; open where one has it open, half-open where another one tries."""
    told = [each.doing.breakers.get(organization) for each in frame.vitals.workers if each.alive]
    return next((state for state in ("open", "half-open") if state in told), "closed")


def _count(number: int) -> int | str:
    return number if number < MOST else f"{MOST:,}+"


def _since(then: datetime | None, now: datetime | None) -> str | None:
    """How long, in the two largest units."""
    if then is None or now is None:
        return None
    seconds = max(0, int((now - then) / timedelta(seconds=1)))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
