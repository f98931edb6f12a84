"""What of an order will be late as things stand, and everything that would help. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program.jeopardy import RemedyKind
from orderloom.engine.plan import Plan
from orderloom.engine.process.following import arrivals, followers
from orderloom.engine.process.points import point_of
from orderloom.engine.promises.versions import due_on
from orderloom.engine.servicing.booking import asked, free_slots, request
from orderloom.engine.servicing.slots import Slot
from orderloom.engine.sources import entries, planned_entries, policy_of
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.state import OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.unit import SERVICE, Unit

ZERO = Decimal(0)


class Risk(Struct, frozen=True):
    """A unit of work that will be late: a slot that comes before what it follows (`causes`), or goods, themselves the cause."""

    unit: Unit
    causes: tuple[Unit, ...]
    due_on: date
    comes_on: date
    want_by: date | None

    @property
    def days(self) -> int:
        """Days late."""
        return (self.comes_on - self.due_on).days


class Way(Struct, frozen=True):
    """A remedy as it would be now: what it costs more, and the day to which it moves the customer's date, None where it does not.

    `beyond` tells that this day is later than the customer accepts.
    """

    kind: RemedyKind
    words: str
    extra: Decimal = ZERO
    moves_to: date | None = None
    later: int = 0
    beyond: bool = False
    plans: tuple[tuple[Unit, Plan], ...] = ()
    slot: Slot | None = None

    def __str__(self) -> str:
        moved = f"{days_in_words(self.later)} later" if self.moves_to else "the date is kept"
        return f"{self.words}, {self.extra:+.2f}, {moved}" + (", later than acceptable" if self.beyond else "")


def days_in_words(count: int) -> str:
    """As in `1 day`."""
    return f"{count} day" if count == 1 else f"{count} days"


def risks(turn: Turn, moved: Collection[str]) -> Iterator[Risk]:
    """Every slot that comes before what it follows, and of the units that have moved those that come too late."""
    state, coming = turn.state, arrivals(turn.state)
    for unit in state.units.values():
        comes_on = max((coming[line] for line in unit.after if line in coming), default=date.min)
        if _still_to_come(unit) and unit.release_at > turn.at and comes_on > unit.deliver_on:
            causes = tuple(each for each in state.units.values() if _delays(each, unit))
            yield Risk(unit, causes, unit.deliver_on, comes_on, _want_by(state, unit))
    for unit in [state.units[id] for id in moved]:
        due = max((day for part in unit.lines if (day := due_on(state, part.line))), default=unit.deliver_on)
        if _still_to_come(unit) and not followers(state, unit) and unit.deliver_on > due:
            yield Risk(unit, (unit,), due, unit.deliver_on, _want_by(state, unit))


def _still_to_come(unit: Unit) -> bool:
    return bool(unit.quantity) and not (unit.shipped or unit.released or unit.outcome)


def _delays(unit: Unit, service: Unit) -> bool:
    follows = any(part.line in service.after and part.quantity for part in unit.lines)
    return follows and not unit.released and unit.deliver_on > service.deliver_on


def _want_by(state: OrderState, unit: Unit) -> date | None:
    days = (state.order.line(part.line).want_by for part in unit.lines)
    return min((day for day in days if day is not None), default=None)


def ways(turn: Turn, risk: Risk) -> Iterator[Way]:
    """Everything that would help, whatever it costs."""
    yield from _other_sources(turn, risk)
    yield from _later_slot(turn, risk) if risk.unit.type == SERVICE else _wait(risk)


def _other_sources(turn: Turn, risk: Risk) -> Iterator[Way]:
    """Other sources in time for all that comes too late, if there are any for each: as if it had nothing reserved.

    What is behind a point of no return is not given up for others.
    """
    policy, _ = policy_of(turn)
    stock, plans, extra = turn.stock, list[tuple[Unit, Plan]](), ZERO
    for unit in risk.causes:
        if not _still_to_come(unit) or unit.type == SERVICE or point_of(turn.state, unit.id):
            return
        stock = stock.post(entries("release", turn, unit, unit.lines))
        avoid = frozenset((part.item, unit.node) for part in unit.lines)
        demand = Demand(turn.state.order, _quantities(unit), avoid, deliver_by=risk.due_on)
        made = plan(policy, demand, replace(turn.world, stock=stock), turn.at)
        if made.outcome != "sourced" or not _is_there(turn, made):
            return
        stock = stock.post(planned_entries("reserve", turn, made.shipments))
        plans.append((unit, made))
        extra += made.cost - unit.cost
    if plans:
        nodes = ", ".join(dict.fromkeys(each.node for _, made in plans for each in made.shipments))
        yield Way("source again", f"source again from {nodes}", extra, plans=tuple(plans))


def _quantities(unit: Unit) -> tuple[tuple[str, int], ...]:
    wanted: dict[str, int] = {}
    for part in unit.lines:
        wanted[part.line] = wanted.get(part.line, 0) + part.quantity
    return tuple(wanted.items())


def _is_there(turn: Turn, made: Plan) -> bool:
    """Whether the plan takes only of supply that nobody has to order first."""
    parts = [(part, shipment.node) for shipment in made.shipments for part in shipment.allocations]
    positions = ((turn.stock.position(part.item, node), part.supply) for part, node in parts)
    return all(position is not None and position.supply(supply) is not None for position, supply in positions)


def _later_slot(turn: Turn, risk: Risk) -> Iterator[Way]:
    of = request(turn.state.order, turn.here(), turn.at)
    found = asked(of, turn.state.order.line(risk.unit.lines[0].line), risk.unit.quantity)
    if isinstance(found, str):
        return
    last = max(found.last, risk.comes_on + found.service.look_ahead)
    slot = next(free_slots(found, risk.comes_on, of, turn.stock, last), None)
    if slot is not None:
        yield _moving("rebook", f"rebook {slot}", slot.day, risk, slot)


def _wait(risk: Risk) -> Iterator[Way]:
    yield _moving("wait", f"wait until {risk.comes_on}", risk.comes_on, risk)


def _moving(kind: RemedyKind, words: str, day: date, risk: Risk, slot: Slot | None = None) -> Way:
    beyond = risk.want_by is not None and day > risk.want_by
    return Way(kind, words, ZERO, day, (day - risk.due_on).days, beyond, slot=slot)
