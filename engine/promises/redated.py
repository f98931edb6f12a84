"""New dates for what was promised already, after its supply moved: by the same rules, with the same work and transit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Calendar, Promising, Wait
from orderloom.engine.effects import ClearTimer
from orderloom.engine.ledger.stock import ON_HAND, Supply
from orderloom.engine.plan import Allocation, PlannedShipment
from orderloom.engine.process.blocks import tree
from orderloom.engine.promising.calendars import add_working_days, first_working_day, local
from orderloom.engine.promising.lanes import lane, lane_context
from orderloom.engine.promising.promise import dates, derivation, release_at
from orderloom.engine.sources import entries
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine

Part = TypeVar("Part", UnitLine, Allocation)


class Redated(Struct, Generic[Part], frozen=True):
    """The dates, how they came about, and the parts with the new days of the work on them."""

    release_at: datetime
    ship_on: date
    deliver_on: date
    derivation: tuple[str, ...]
    parts: tuple[Part, ...]


def redated(turn: Turn, was: Unit | PlannedShipment, parts: Sequence[Part], rules: Promising) -> Redated[Part] | None:
    """The dates by the supply as it is due now; None where they cannot be worked out.

    start = the node's first working day on or after the latest supply, never before today; as many working days of work, and as
    many days of transit, as were promised; no delivery on a day on which the service does not deliver.
    """
    node = turn.world.catalog.nodes.get(was.node)
    if node is None:
        return None
    found = lane(node, lane_context(node, turn.context(), rules, turn.here()), rules, turn.here(), _promised_at(turn, was))
    if isinstance(found, str):
        return None
    usable_on = max((_usable_on(turn, part, was.node, rules) for part in parts), default=date.min)
    calendar = found.begins.calendar
    before = first_working_day(calendar, local(calendar, was.release_at).date())
    begins = replace(found.begins, processing_days=_working_days(calendar, before, was.ship_on))
    when = dates(begins, max(usable_on, local(calendar, turn.at).date()))
    there = when.ship_on + (was.deliver_on - was.ship_on)
    delivers = next((each.delivers_on for each in rules.services if each.name == was.service), None)
    deliver_on = first_working_day(found.calendars[delivers], there) if delivers else there
    told = derivation(begins, usable_on, was.service, when, deliver_on)
    moved = tuple(_worked(part, calendar, before, when.start) for part in parts)
    return Redated(max(release_at(begins, when.start), turn.at), when.ship_on, deliver_on, told, moved)


def redate(turn: Turn, unit: Unit, found: Redated[UnitLine]) -> Unit:
    """Sets the unit to its new dates: what it takes of its node's days, and the clock of a step that waits for them."""
    turn.post(entries("release", turn, unit, unit.lines))
    dates = {"release_at": found.release_at, "ship_on": found.ship_on, "deliver_on": found.deliver_on}
    moved = turn.put_unit(replace(unit, lines=found.parts, **dates))
    turn.post(entries("reserve", turn, moved, moved.lines))
    for instance in tree(turn, unit.id):
        if instance.waiting is not None and isinstance(turn.step(instance).verb, Wait):
            turn.emit(ClearTimer(turn.key(instance)))
            turn.queue.append((instance.id, instance.step))  # the wait begins anew, by the new dates
    return moved


def _promised_at(turn: Turn, was: Unit | PlannedShipment) -> datetime:
    """When these units were promised: the moment from which their lead time counts."""
    made = (each.made_at for each in turn.state.promises if (each.node, each.ship_on) == (was.node, was.ship_on))
    return min(made, default=turn.at)


def _usable_on(turn: Turn, part: UnitLine | Allocation, node: str, rules: Promising) -> date:
    position = turn.stock.position(part.item, node)
    supply = position.supply(part.supply) if position else None
    if supply is None or supply.type == ON_HAND or supply.due_on is None or _here(supply):
        return date.min
    rule = rules.supply.get(supply.type)
    return supply.due_on + timedelta(days=rule.days_after_due if rule else 0)


def _here(supply: Supply) -> bool:
    """Whether all that is claimed of it has come."""
    return supply.received >= supply.reserved


def _worked(part: Part, calendar: Calendar, before: date, start: date) -> Part:
    """The part with work that begins as many working days after the start as it did before."""
    work = [replace(each, on=add_working_days(calendar, start, _working_days(calendar, before, each.on))) for each in part.work]
    return replace(part, work=tuple(work))


def _working_days(calendar: Calendar, first: date, last: date) -> int:
    """Working days after the first day until the last one is reached."""
    return next(days for days in count() if add_working_days(calendar, first, days) >= last)
