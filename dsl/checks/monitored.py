"""Monitors of orders: what they speak of is there and can be reached, and what is compared can come in that order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fields import Located
from orderloom.dsl.points import HOLD, MILESTONES, STATUS, marks_of, points_of
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Monitor
from orderloom.dsl.syntax.monitor import OF_ORDERS, Absent, Milestone, Occurs, Pattern, Stay

Points = Mapping[str, Collection[str]]

_HOMES = {"process", "participants", "event", "holds", "exceptions", "decision"}  #: documents that give names to points
_NO_TIME = timedelta()


def monitored(definitions: Definitions) -> Iterator[Diagnostic]:
    for name, mark in marks_of(definitions).items():
        if name in MILESTONES:
            words = f"the engine itself knows when {name} is reached"
            yield Diagnostic("E656", words, mark.span, hint="give this milestone another name")
    points = points_of(definitions) if definitions.of_kind(Monitor) else {}
    for monitor in definitions.of_kind(Monitor).values():
        level = monitor.watch.value if monitor.watch is not None and monitor.watch.value in OF_ORDERS else None
        sure = not _HOMES & definitions.lost
        for milestone in filter(None, (monitor.missing, monitor.late)):
            yield from _milestone(milestone, points, level, sure)
        if monitor.stays is not None:
            yield from _stay(monitor.stays, points, level, sure)
        if monitor.pattern is not None:
            yield from _pattern(monitor.pattern, points, sure)


def _point(point: Located[str] | None, points: Points, level: str | None, sure: bool, prefix: str = "") -> Iterator[Diagnostic]:
    """That there is such a point, and that what is watched can reach it."""
    if point is None:
        return
    known = points.get(prefix + point.value)
    if known is None:
        if sure:
            names = [name.removeprefix(prefix) for name in points if name.startswith(prefix)]
            what = prefix.strip() or "milestone, status, hold, exception or event"
            yield Diagnostic("E655", f"there is no {what} {point.value}", point.span, hint=hint_for(point.value, names))
    elif level is not None and level not in known:
        an = "an" if level == "order" else "a"
        hint = "watch: " + " or ".join(sorted(known))
        yield Diagnostic("E656", f"{an} {level} never reaches `{prefix}{point.value}`", point.span, hint=hint)


def _milestone(written: Milestone, points: Points, level: str | None, sure: bool) -> Iterator[Diagnostic]:
    yield from _point(written.milestone, points, level, sure)
    yield from _point(written.of, points, level, sure)
    said = written.read_from
    by_date, by_other = said.get("date") is not None, said.get("of") is not None
    if by_date == by_other:
        words = "a moment is so long before or after one `date`, or after one milestone `of`"
        yield Diagnostic("E656", words, written.span, hint="write one of the two")
    if written.before is not None and written.after is not None:
        yield Diagnostic("E656", "it is before or after, not both", written.after.span, hint="delete one of the two")
    elif by_other and written.before is not None:
        words = "nobody knows how long it is before something that has not happened"
        yield Diagnostic("E656", words, written.before.span, hint="count `after` it, or name a date")
    elif by_other and (written.after is None or written.after.value == _NO_TIME) and said.get("after") is None:
        yield Diagnostic("E656", "nobody says how long after it", written.span, hint="add after: PT4H")
    if written.of is not None and written.milestone is not None and written.of.value == written.milestone.value:
        yield Diagnostic(
            "E656", f"{written.of.value} is not reached after itself", written.of.span, hint="name another milestone"
        )
    if written.calendar is not None and written.before is not None:
        words = "the hours of a calendar are counted onwards, not back"
        yield Diagnostic("E656", words, written.calendar.span, hint="delete `calendar`, or count `after` another moment")


def _stay(written: Stay, points: Points, level: str | None, sure: bool) -> Iterator[Diagnostic]:
    yield from _point(written.status, points, level, sure, STATUS)
    yield from _point(written.hold, points, level, sure, HOLD)
    if (written.read_from.get("status") is None) == (written.read_from.get("hold") is None):
        yield Diagnostic("E656", "something is in one status, or under one hold", written.span, hint="write one of the two")
    if written.for_ is not None and written.for_.value <= _NO_TIME:
        yield Diagnostic("E656", "it is in it for some time", written.for_.span, hint="write a duration such as PT24H")


def _pattern(written: Pattern, points: Points, sure: bool) -> Iterator[Diagnostic]:
    for each in written.events:
        yield from _point(each.event, points, written.of.value if written.of is not None else "order", sure)
    happening = [each for each in written.events if isinstance(each, Occurs)]
    many = [each.count for each in happening if each.count is not None and each.count.value > 1]
    if not written.events:
        return
    first = written.events[0]
    if isinstance(first, Absent):
        hint = "begin with the event from which the window counts"
        yield Diagnostic("E659", "a pattern begins with something that happens", first.span, hint=hint)
    no_window = written.read_from.get("within") is None or (written.within is not None and written.within.value <= _NO_TIME)
    if no_window and (many or len(written.events) > 1):
        place = many[0].span if many else written.events[1].span
        yield Diagnostic("E657", "nobody says within which time this happens", place, hint="add a window, as in within: P7D")
    names = [(each.event.value, each.where) for each in written.events if each.event is not None and isinstance(each, Absent)]
    for each in happening:
        if each.event is not None and (each.event.value, None) in names and each.where is None and _between(written, each):
            words = f"{each.event.value} is to happen, and not to happen just before"
            yield Diagnostic("E659", words, each.event.span, hint="delete one of the two, or tell them apart by `where`")


def _between(written: Pattern, element: Occurs) -> bool:
    """Whether what stands right before the event is that it does not happen."""
    at = written.events.index(element)
    before = written.events[at - 1] if at else None
    return isinstance(before, Absent) and before.event is not None and before.event.value == element.event.value
