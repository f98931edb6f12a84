"""What one turn of an order tells the patterns over many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import product
from typing import cast

from msgspec import Struct

from orderloom.dsl.feel import to_python
from orderloom.dsl.program import PatternMonitor
from orderloom.engine import wire
from orderloom.engine.events import Event, Happened
from orderloom.engine.monitoring.pattern import Seen
from orderloom.engine.monitoring.points import Mark, Noted, levels, marks
from orderloom.engine.monitoring.watch import PATTERN
from orderloom.engine.process.told import event_view
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.views import View
from orderloom.engine.words import storable
from orderloom.engine.world import World

LONGEST = 120  #: characters of a key that stands as it is
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Told(Struct, frozen=True):
    """Something that a pattern is told of what has `key` in common: what was seen of an order; with nothing seen, the time."""

    monitor: str
    key: str
    order: str
    at: datetime
    seen: Seen | None = None


def number_of(moment: datetime) -> int:
    """A moment as matchers count it."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_at(number: int) -> datetime:
    """The moment of such a number."""
    return _EPOCH + number * _MICROSECOND


def pattern_of(order: str, timer: str) -> tuple[str, str] | None:
    """The monitor and the key of a pattern's timer; None for any other."""
    start = order + PATTERN
    if not timer.startswith(start):
        return None
    monitor, _, key = timer.removeprefix(start).partition("/")
    return monitor, key


def told_by(
    world: World, before: OrderState | None, after: OrderState, notes: Iterable[Noted], event: Event
) -> tuple[list[Told], list[str]]:
    """What the patterns of the world's program are told by a turn, and in words what they could not be told.

    A value that is not of the type that this program has for it is trouble of the patterns, and none of the order.
    """
    asked = {element.point for monitor in world.program.patterns.values() for element in monitor.elements}
    turn = Turn(world, after, event.at, world.stock)
    found, untold = list[Told](), list[str]()
    reached = [each for each in enumerate(marks(before, after, notes, event, world.program)) if each[1].point in asked]
    try:
        order = turn.order_view() if reached else {}
    except Exception as fault:
        return found, list(dict.fromkeys(_untold(mark, fault) for _, mark in reached))
    for number, mark in reached:
        for level, id in levels(mark, after):
            try:
                found += list(_told_of(turn, order, mark, number, level, id, event))
            except Exception as fault:
                untold.append(_untold(mark, fault))
    return found, list(dict.fromkeys(untold))


def _untold(mark: Mark, fault: Exception) -> str:
    return f"{mark.point}: {type(fault).__name__}"


def _told_of(turn: Turn, order: View, mark: Mark, number: int, level: str, id: str, event: Event) -> Iterator[Told]:
    context: dict[str, object] = {}
    for monitor in turn.world.program.patterns.values():
        if monitor.of == level and any(each.point == mark.point for each in monitor.elements):
            context = context or _context(turn, order, mark, level, id, event)
            yield from _told(monitor, mark, level, id, context, turn.state, number, event.at)


def _told(
    monitor: PatternMonitor, mark: Mark, level: str, id: str, context: Mapping[str, object],
    state: OrderState, number: int, at: datetime,
) -> Iterator[Told]:  # fmt: skip
    elements = tuple(
        index
        for index, each in enumerate(monitor.elements)
        if each.point == mark.point and (each.where is None or each.where(context) is True)
    )
    if not elements:
        return
    unit, line = mark.unit, id if level == "line" else None
    seen = Seen(number_of(at), state.order.id, state.sequence, number, elements, unit, line)
    for key in keys(monitor, context):
        yield Told(monitor.name, key, state.order.id, at, seen)


def keys(monitor: PatternMonitor, context: Mapping[str, object]) -> Iterator[str]:
    """What an event has in common with others: one key, one for each value of a list, or none where something is not known."""
    values: list[list[object]] = []
    for formula in monitor.same:
        value = to_python(formula(context))
        each = value if isinstance(value, list) else [value]
        values.append(list(dict.fromkeys(wire.dump(x) if isinstance(x, (dict, list)) else str(x) for x in each if x is not None)))
    for parts in product(*values):
        yield _short(str(parts[0]) if len(parts) == 1 else wire.dump(parts) if parts else "")


def _short(key: str) -> str:
    """The key as every store can have it: one that is long, or has what no store takes as text, as its beginning and its hash."""
    clean = storable(key)
    if clean == key and len(key) <= LONGEST:
        return key
    return f"{clean[:LONGEST]} #{sha256(key.encode(errors='surrogatepass')).hexdigest()[:32]}"


def _context(turn: Turn, order: View, mark: Mark, level: str, id: str, event: Event) -> dict[str, object]:
    context = {"line": None, "item": None, "unit": None, "node": None} | turn.context(mark.unit or ORDER, order=order)
    if level == "line":
        view = next((line for line in cast(list[View], order["lines"]) if line["id"] == id), None)
        context |= {"line": view, "item": view and view["item"]}
    if isinstance(event, Happened) and event.name == mark.point:
        context["event"] = event_view(event, turn.world.program)
        if event.node is not None:
            context["node"] = turn.world.catalog.node_views.get(event.node)
    else:
        context["event"] = {"name": mark.point, "at": turn.at}
    return context
