"""When a monitor of one order, line or unit of work has something to raise. Nothing is kept of what cannot come any more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Milestone, OrderMonitor, Program, Stay
from orderloom.engine.moments import moment_of
from orderloom.engine.process.clocks import clock_of
from orderloom.engine.process.holds import hold_key, standing_holds
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.views import line_status
from orderloom.engine.watched import Watched


class Subject(Struct, frozen=True):
    """What is watched: the order, a line or a unit of work, by its id, with what expressions see of it."""

    level: str
    id: str
    context: Mapping[str, object]

    @property
    def key(self) -> str:
        """Names it within its order."""
        return f"line {self.id}" if self.level == "line" else self.id

    def has(self, point: str) -> str:
        """Names a point that it may reach."""
        return f"{self.key}/{point}"


class Due(Struct, frozen=True):
    """When something is to be raised, and why."""

    at: datetime
    because: str


def due(
    monitor: OrderMonitor, subject: Subject, state: OrderState, watched: Watched, now: datetime, program: Program
) -> Due | None:
    """When the monitor raises something of it, by what is known now; None where it does not, or nothing can come any more.

    What is reached is raised at the moment at which it is.
    """
    if monitor.where is not None and monitor.where(subject.context) is not True:
        return None
    if isinstance(monitor.rule, Stay):
        return _stay(monitor, monitor.rule, subject, state, watched, now, program)
    return _milestone(monitor.rule, subject, state, watched, program)


def _milestone(rule: Milestone, subject: Subject, state: OrderState, watched: Watched, program: Program) -> Due | None:
    reached = watched.reached.get(subject.has(rule.point))
    limit = _limit(rule, subject, watched, program)
    if limit is None:
        return None
    if rule.late:
        if reached is None or reached <= limit:
            return None
        return Due(reached, f"{rule.point} was reached at {_text(reached)}, after {_text(limit)}")
    if reached is not None or _over(subject, state):
        return None
    return Due(limit, f"{rule.point} was not reached by {_text(limit)}")


def _limit(rule: Milestone, subject: Subject, watched: Watched, program: Program) -> datetime | None:
    if rule.of is not None:
        start = watched.reached.get(subject.has(rule.of))
    else:
        assert rule.date is not None, "the compiler sees that there is one of the two"
        start = moment_of(rule.date(subject.context), program.timezone)
    if start is None:
        return None
    return _later(start, rule.offset, rule.calendar, program) if rule.offset else start


def _later(start: datetime, duration: timedelta, calendar: str | None, program: Program) -> datetime | None:
    """So much later; None beyond the last day that there is, which nobody reaches."""
    try:
        return start + duration if calendar is None else clock_of(program.calendars[calendar], start, duration)
    except OverflowError:
        return None


def _stay(
    monitor: OrderMonitor, rule: Stay, subject: Subject, state: OrderState, watched: Watched, now: datetime, program: Program
) -> Due | None:  # fmt: skip
    if _over(subject, state):
        return None
    since: datetime | None
    if rule.hold is not None:
        held = standing_holds(state).get(hold_key(rule.hold, subject.id if subject.level == "line" else None))
        since, what = (held.applied_at if held is not None else None), f"under the hold {rule.hold}"
    else:
        stands = _status(subject, state) == rule.status
        since, what = (watched.since.get(subject.has(monitor.name), now) if stands else None), f"in the status {rule.status}"
    if since is None:
        return None
    at = _later(since, rule.duration, rule.calendar, program)
    return Due(at, f"it is {what} since {_text(since)}") if at is not None else None


def since(monitor: OrderMonitor, subject: Subject, state: OrderState, watched: Watched, now: datetime) -> Watched:
    """What is known of it with the moment at which it came into the status that is watched, if it is in it."""
    rule, key = monitor.rule, subject.has(monitor.name)
    if not isinstance(rule, Stay) or rule.status is None:
        return watched
    stands = _status(subject, state) == rule.status and not _over(subject, state)
    if stands is (key in watched.since):
        return watched
    rest = {other: moment for other, moment in watched.since.items() if other != key}
    return replace(watched, since={**rest, key: now} if stands else rest)


def _status(subject: Subject, state: OrderState) -> str:
    if subject.level == "order":
        return state.status
    if subject.level == "unit":
        return state.units[subject.id].status
    return line_status(state.order.line(subject.id), state)


def _over(subject: Subject, state: OrderState) -> bool:
    """Whether nothing happens to it any more."""
    if subject.level == "unit":
        return state.units[subject.id].outcome is not None
    gone = subject.level == "line" and state.cancelled.get(subject.id, 0) >= state.order.line(subject.id).quantity
    return gone or state.ended or ORDER not in state.instances


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
