"""What a turn has reached: milestones, statuses, holds, exceptions and events, told by two states and the notes between them.

Nothing else is asked, so that the history of an order tells the same as its turns did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from orderloom.dsl.points import EXCEPTION, HOLD, MILESTONES, STATUS
from orderloom.dsl.program import Program
from orderloom.engine.events import Event, Happened
from orderloom.engine.order import Line
from orderloom.engine.process.holds import standing_holds
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.unit import CANCELLED, Unit
from orderloom.engine.views import cancelled, delivered, shipped

MILESTONE = "milestone"  #: the kind of note of a step that is marked with one

Noted = tuple[str, str, str]  #: a note: its subject, its kind, its text


class Mark(Struct, frozen=True):
    """A point that was reached by a unit of work, by a line, or, without either, by the order itself."""

    point: str
    unit: str | None = None
    line: str | None = None


def marks(
    before: OrderState | None, after: OrderState, notes: Iterable[Noted], event: Event | None, program: Program
) -> list[Mark]:
    """Every point that was reached, each once."""
    was = before or OrderState(after.order, "")
    found = [*_milestones(was, after), *_stopped(was, after), *_noted(after, notes, program)]
    if isinstance(event, Happened):
        found.append(Mark(event.name, event.unit, event.line))
    return list(dict.fromkeys(found))


def levels(mark: Mark, state: OrderState) -> Iterator[tuple[str, str]]:
    """What has reached the point by this mark: level and id. What a unit of work reaches, its lines and its order have, too.

    Of the engine's milestones each level has its own marks.
    """
    alone = mark.point in MILESTONES
    if mark.unit is not None:
        yield "unit", mark.unit
    if mark.line is not None:
        yield "line", mark.line
    elif mark.unit is not None and not alone and mark.unit in state.units:
        yield from (("line", line) for line in dict.fromkeys(part.line for part in state.units[mark.unit].lines))
    if not alone or (mark.unit is None and mark.line is None):
        yield "order", ORDER


def _noted(after: OrderState, notes: Iterable[Noted], program: Program) -> Iterator[Mark]:
    for subject, kind, text in notes:
        root = subject.partition("/")[0]
        unit = root if root in after.units else None
        if kind == "status":
            yield Mark(STATUS + text, unit)
        elif kind == MILESTONE:
            yield Mark(text, unit)
        elif kind == "event":
            name, of, _ = text.partition(", ")
            declared = program.events.get(name)
            if of or (declared is not None and declared.when is not None and (unit is None or declared.about == "unit")):
                yield Mark(name, unit)


def _stopped(was: OrderState, after: OrderState) -> Iterator[Mark]:
    if after.holds is not was.holds:
        known = standing_holds(was)
        for key, held in standing_holds(after).items():
            if key not in known or known[key].applied_at != held.applied_at:
                yield Mark(HOLD + held.hold, None, held.line)
    for id, issue in after.exceptions.items() if after.exceptions is not was.exceptions else ():
        if id not in was.exceptions:
            root = issue.instance.partition("/")[0]
            yield Mark(EXCEPTION + issue.type, root if root in after.units else None)


# --- what the engine itself knows ------------------------------------------------------------------------------------


def _milestones(was: OrderState, after: OrderState) -> Iterator[Mark]:
    if after.instances and not was.instances:
        yield Mark("captured")
    if after.promises is not was.promises:
        known = {each.line for each in was.promises}
        yield from (Mark("promised", None, each.line) for each in after.promises if each.line not in known)
        yield from (Mark("promised") for _ in after.promises[:1] if not was.promises)
    yield from _released(was, after)
    if after.units is not was.units or after.cancelled is not was.cancelled:
        yield from _of_units(was, after)
        yield from _of_lines(was, after)
    if after.ended and not was.ended:
        yield Mark("ended")
        if after.instances[ORDER].ended == "cancelled":
            yield Mark("cancelled")


def _released(was: OrderState, after: OrderState) -> Iterator[Mark]:
    """Units of work that have begun; their order and their lines begin with the first of them."""
    if after.instances is was.instances:
        return
    begun = [id for id in after.units if _begun(after, id)]
    before = [id for id in was.units if _begun(was, id)]
    new = [id for id in begun if id not in before]
    lines = {part.line for id in before for part in was.units[id].lines}
    yield from (Mark("released", id) for id in new)
    yield from (Mark("released", None, part.line) for id in new for part in after.units[id].lines if part.line not in lines)
    yield from (Mark("released") for _ in new[:1] if not before)


def _begun(state: OrderState, unit: str) -> bool:
    instance = state.instances.get(unit)
    return instance is not None and instance.visit > 0


def _of_units(was: OrderState, after: OrderState) -> Iterator[Mark]:
    for id, unit in after.units.items():
        before = was.units.get(id)
        if before is not unit:
            known = _reached(before) if before is not None else set()
            yield from (Mark(point, id) for point in sorted(_reached(unit) - known))


def _reached(unit: Unit) -> set[str]:
    gone = unit.released or unit.outcome == CANCELLED
    found = {"shipped": unit.shipped, "delivered": unit.arrived, "cancelled": gone, "ended": unit.outcome is not None}
    return {point for point, is_so in found.items() if is_so}


class _Line(Struct, frozen=True):
    """How many units of a line have left, are there, and were given up."""

    quantity: int
    shipped: int
    delivered: int
    cancelled: int

    def reached(self) -> set[str]:
        found = {
            "shipped": 0 < self.shipped >= self.quantity - self.cancelled,
            "delivered": 0 < self.delivered >= self.quantity - self.cancelled,
            "cancelled": 0 < self.quantity == self.cancelled,
        }
        return {point for point, is_so in found.items() if is_so}


def _of_lines(was: OrderState, after: OrderState) -> Iterator[Mark]:
    """A line reaches a point when all units of it have that were not given up, and the order when all its lines have."""
    before = {line.id: _line(line, was) for line in was.order.lines}
    now = {line.id: _line(line, after) for line in after.order.lines}
    for id, line in now.items():
        known = before[id].reached() if id in before else set()
        yield from (Mark(point, None, id) for point in sorted(line.reached() - known))
    known = _whole(list(before.values()))
    yield from (Mark(point) for point in sorted(_whole(list(now.values())) - known))


def _whole(lines: list[_Line]) -> set[str]:
    reached = [line.reached() for line in lines]
    left = [points for points in reached if "cancelled" not in points]
    return {point for point in ("shipped", "delivered") if left and all(point in points for points in left)}


def _line(line: Line, state: OrderState) -> _Line:
    return _Line(line.quantity, shipped(line, state), delivered(line, state), cancelled(line, state))
