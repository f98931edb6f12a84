"""Monitors in an order's turn: what was reached is kept, timers are set for what is still to come, what is due is raised."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Milestone, OrderMonitor
from orderloom.engine.alarm import Alarm
from orderloom.engine.effects import ClearTimer, Note, SetTimer
from orderloom.engine.events import Event
from orderloom.engine.monitoring.deadlines import Due, Subject, due, since
from orderloom.engine.monitoring.points import Mark, levels, marks
from orderloom.engine.monitoring.raising import raise_alarm
from orderloom.engine.promises.overdue import first_promise
from orderloom.engine.promises.versions import first_promised
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.views import View
from orderloom.engine.watched import Watched

PATTERN = "/pattern/"


class Looked(Struct, frozen=True):
    """What monitors make of an order: what they know of it from now on, with the timers that are to be set, and their alarms."""

    watched: Watched
    alarms: tuple[Alarm, ...]


def watch(turn: Turn, before: OrderState | None, event: Event | None, told: int = 0) -> bool:
    """Looks at what the turn has changed since that state and so many effects; whether anything was raised."""
    notes = [(each.subject, each.kind, each.text) for each in turn.effects[told:] if isinstance(each, Note)]
    found = looked(turn, marks(before, turn.state, notes, event, turn.world.program))
    _keep(turn, found.watched)
    for alarm in found.alarms:
        raise_alarm(turn, alarm)
    return bool(found.alarms)


def looked(turn: Turn, found: Collection[Mark]) -> Looked:
    """What monitors make of the order as it stands, with what it has reached just now."""
    monitors = turn.world.program.order_monitors
    watched = reached(turn.state, found, monitors.values(), turn.at)
    alarms, timers = list[Alarm](), dict[str, datetime]()
    view = turn.order_view()
    subjects = {level: list(_subjects(turn, level, view)) for level in {each.watch for each in monitors.values()}}
    for monitor in monitors.values():
        for subject in subjects[monitor.watch]:
            watched = since(monitor, subject, turn.state, watched, turn.at)
            answer = due(monitor, subject, turn.state, watched, turn.at, turn.world.program)
            key = subject.has(monitor.name)
            last = watched.raised.get(key)
            if answer is not None and answer.at > turn.at:
                timers[key] = answer.at
            elif answer is not None and (last is None or last < answer.at):
                watched = replace(watched, raised={**watched.raised, key: answer.at})
                alarms.append(_alarm(turn, monitor, subject, answer))
    return Looked(watched if watched.timers == timers else replace(watched, timers=timers), tuple(alarms))


def reached(state: OrderState, found: Collection[Mark], monitors: Collection[OrderMonitor], at: datetime) -> Watched:
    """What is known of the order with the first moment of every point that its monitors ask for."""
    asked = {
        point for monitor in monitors if isinstance(monitor.rule, Milestone) for point in (monitor.rule.point, monitor.rule.of)
    }
    before, new = state.watched, dict[str, datetime]()
    for mark in found:
        if mark.point in asked:
            for level, id in levels(mark, state):
                key = f"line {id}/{mark.point}" if level == "line" else f"{id}/{mark.point}"
                if key not in before.reached:
                    new.setdefault(key, at)
    return replace(before, reached={**before.reached, **new}) if new else before


def is_watch(order: str, key: str) -> bool:
    """Whether a timer is of a monitor."""
    return key.startswith((_timer(order, ""), f"{order}{PATTERN}"))


def pattern_timer(order: str, monitor: str, key: str) -> str:
    """The key of the timer that looks whether what a pattern waits for has happened."""
    return f"{order}{PATTERN}{monitor}/{key}"


def _timer(order: str, key: str) -> str:
    return f"{order}/monitor/{key}"


def _keep(turn: Turn, watched: Watched) -> None:
    order, before = turn.state.order.id, turn.state.watched
    for key, moment in watched.timers.items():
        if before.timers.get(key) != moment:
            turn.emit(SetTimer(_timer(order, key), moment))
    for key in before.timers.keys() - watched.timers.keys():
        turn.emit(ClearTimer(_timer(order, key)))
    if watched is not before:
        turn.change(watched=watched)


def _subjects(turn: Turn, level: str, view: View) -> Iterator[Subject]:
    state = turn.state
    if level == "unit":
        for unit in state.units.values():
            yield Subject(level, unit.id, {**turn.context(unit.id, order=view), "promised_on": first_promise(unit, state)})
        return
    context = turn.context(order=view)
    days: dict[str, date | None] = {line.id: first_promised(state, line.id) for line in state.order.lines}
    if level == "order":
        yield Subject(level, ORDER, {**context, "promised_on": max(filter(None, days.values()), default=None)})
        return
    for line in cast(list[View], view["lines"]):
        id = str(line["id"])
        yield Subject(level, id, {**context, "line": line, "item": line["item"], "promised_on": days[id]})


def _alarm(turn: Turn, monitor: OrderMonitor, subject: Subject, answer: Due) -> Alarm:
    order = turn.state.order.id
    return Alarm(
        monitor=monitor.name,
        id=f"{order}/{subject.key}/{turn.state.sequence}",
        order=order,
        at=turn.at,
        because=answer.because,
        raises=monitor.raises,
        origin=str(monitor.origin),
        title=monitor.title,
        unit=subject.id if subject.level == "unit" else None,
        line=subject.id if subject.level == "line" else None,
    )
