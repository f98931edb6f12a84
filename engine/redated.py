"""New dates for what was promised already, after its supply moved: by the same rules, with the same work and transit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Calendar, Promising
from orderloom.engine.calendars import add_working_days, first_working_day, local
from orderloom.engine.lanes import lane, lane_context
from orderloom.engine.plan import Allocation, PlannedShipment
from orderloom.engine.promise import dates, derivation, release_at
from orderloom.engine.stock import ON_HAND, Supply
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine


class Redated(Struct, frozen=True):
    """The dates, and how they came about."""

    release_at: datetime
    ship_on: date
    deliver_on: date
    derivation: tuple[str, ...]


def redated(turn: Turn, was: Unit | PlannedShipment, parts: Iterable[UnitLine | Allocation], rules: Promising) -> Redated | None:
    """The dates by the supply as it is due now; None where they cannot be worked out.

    start = the node's first working day on or after the latest supply, never before today; as many working days of work, and as
    many days of transit, as were promised.
    """
    node = turn.world.catalog.nodes.get(was.node)
    if node is None:
        return None
    found = lane(node, lane_context(node, turn.context(), rules, turn.here()), rules, turn.here(), _promised_at(turn, was))
    if isinstance(found, str):
        return None
    usable_on = max((_usable_on(turn, part, was.node, rules) for part in parts), default=date.min)
    begins = replace(found.begins, processing_days=_work_days(found.begins.calendar, was))
    when = dates(begins, max(usable_on, local(begins.calendar, turn.at).date()))
    deliver_on = when.ship_on + (was.deliver_on - was.ship_on)
    told = derivation(begins, usable_on, was.service, when, deliver_on)
    return Redated(max(release_at(begins, when.start), turn.at), when.ship_on, deliver_on, told)


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


def _work_days(calendar: Calendar, was: Unit | PlannedShipment) -> int:
    """Working days from the start of work to shipping, as promised."""
    start = first_working_day(calendar, local(calendar, was.release_at).date())
    return next(days for days in count() if add_working_days(calendar, start, days) >= was.ship_on)
