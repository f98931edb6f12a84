"""When supply slips: what becomes of units of work that wait for it and are not released to their node. All within a turn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec.structs import replace

from orderloom.dsl.program import Promising, Sourcing
from orderloom.engine.effects import Record
from orderloom.engine.events import SupplyMoved
from orderloom.engine.plan import Allocation, Plan, PlannedShipment
from orderloom.engine.process.blocks import stopped
from orderloom.engine.process.points import point_of
from orderloom.engine.promises.redated import Redated, redate, redated
from orderloom.engine.promises.remedies import review
from orderloom.engine.promises.versions import promise
from orderloom.engine.sources import (
    PROCESS_FOR_UNIT,
    entries,
    planned_entries,
    policy_of,
    process_named_by,
    start_planned,
    unit_of,
)
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.state import ORDER
from orderloom.engine.supply.supplying import give_up, order_supply, proposed, unapproved
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine

SLIP, JEOPARDY = "slip", "jeopardy"  #: kinds of notes


def supply_moved(turn: Turn, event: SupplyMoved) -> None:
    """Gives new dates, or by the rules other sources, to all that waits for the supply; what is released already is only noted.

    Nothing can be dated where nobody knows the supply's day any more.
    """
    turn.note(ORDER, SLIP, _told(event))
    _due_anew(turn, event)
    planned = [shipment for shipment in turn.state.planned if _pegged(event, shipment.node, shipment.allocations)]
    waiting = [unit for unit in turn.state.units.values() if _waits(turn, unit, event)]
    if event.due_on is None:
        for unit in waiting:
            turn.note(unit.id, JEOPARDY, "HIGH: nobody knows when its supply comes")
        return
    if not (planned or waiting):
        return
    policy, _ = policy_of(turn)
    for shipment in planned:
        _keep_planned(turn, shipment, policy, event)
    for unit in waiting:
        _unit_slips(turn, unit, policy, event)
    review(turn, _told(event), {unit.id for unit in waiting})


def _due_anew(turn: Turn, event: SupplyMoved) -> None:
    """The unit of work that brings it arrives on that day."""
    for unit in turn.state.units.values():
        if unit.supply_order == event.supply and unit.outcome is None and event.due_on is not None:
            turn.put_unit(replace(unit, deliver_on=event.due_on))


def _told(event: SupplyMoved) -> str:
    return f"{event.supply} of {event.item} at {event.node} is due on {event.due_on or 'no known day'}"


def _pegged(event: SupplyMoved, node: str, parts: Iterable[Allocation | UnitLine]) -> bool:
    return node == event.node and any((part.item, part.supply) == (event.item, event.supply) for part in parts)


def _waits(turn: Turn, unit: Unit, event: SupplyMoved) -> bool:
    """Whether the unit waits for the supply and its node may not work on it yet; noted where it is too late for new dates."""
    if unit.outcome is not None or unit.shipped or unit.released or not _pegged(event, unit.node, unit.lines):
        return False
    if turn.at >= unit.release_at:
        turn.note(unit.id, "late", f"{_told(event)}; released to {unit.node} already")
        return False
    return True


def _unit_slips(turn: Turn, unit: Unit, policy: Sourcing, event: SupplyMoved) -> None:
    rules = turn.world.program.promising[policy.promising]
    found = redated(turn, unit, unit.lines, rules)
    if found is None or (found.ship_on, found.deliver_on) == (unit.ship_on, unit.deliver_on):
        return
    if rules.jeopardy is not None:
        redate(turn, unit, found)  # what becomes of that is for the rules of jeopardy to say
    elif not _source_again(turn, unit, found, policy, event):
        _keep(turn, unit, found, rules, event)


# --- it keeps its supply -----------------------------------------------------------------------------------------------


def _keep(turn: Turn, unit: Unit, found: Redated[UnitLine], rules: Promising, event: SupplyMoved) -> None:
    """Sets the unit to its new dates, and promises them."""
    moved = redate(turn, unit, found)
    reason = f"{_told(event)}: ships {moved.ship_on} instead of {unit.ship_on}"
    _promise_anew(turn, unit, reason, rules, found)


def _keep_planned(turn: Turn, shipment: PlannedShipment, policy: Sourcing, event: SupplyMoved) -> None:
    """The same for a shipment that is not a unit of work yet."""
    rules = turn.world.program.promising[policy.promising]
    found = redated(turn, shipment, shipment.allocations, rules)
    if found is None:
        return
    turn.post(planned_entries("release", turn, [shipment]))
    moved = replace(
        shipment,
        release_at=found.release_at,
        ship_on=found.ship_on,
        deliver_on=found.deliver_on,
        derivation=found.derivation,
        allocations=found.parts,
    )
    turn.post(planned_entries("reserve", turn, [moved]))
    turn.change(planned=tuple(moved if each is shipment else each for each in turn.state.planned))
    promise(turn, (part.line for part in shipment.allocations), _told(event), rules.slip)


def _promise_anew(turn: Turn, unit: Unit, reason: str, rules: Promising, found: Redated[UnitLine] | None = None) -> None:
    lines = list(dict.fromkeys(part.line for part in unit.lines))
    promise(turn, lines, reason, rules.slip, {unit.id: found.derivation} if found else None)
    made = [each for each in turn.state.promises if each.line in lines and each.made_at == turn.at and each.jeopardy]
    if made:
        worst = max(made, key=lambda each: each.days_late)
        turn.note(unit.id, JEOPARDY, f"{worst.jeopardy}: {_days(worst.days_late)} later than promised")


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


# --- it is sourced again -----------------------------------------------------------------------------------------------


def _source_again(turn: Turn, unit: Unit, found: Redated[UnitLine], policy: Sourcing, event: SupplyMoved) -> bool:
    """Gives the unit other sources, where the rules want that and there are some that save enough days for little enough."""
    rules = turn.world.program.promising[policy.promising]
    slip = rules.slip
    if not slip.source_again or (found.deliver_on - unit.deliver_on).days < slip.days_saved:
        return False
    if (passed := point_of(turn.state, unit.id)) is not None:
        turn.note(unit.id, SLIP, f"it keeps its sources: it is behind {passed.step}, from which there is no return")
        return False
    made = _other(turn, unit, policy, found.deliver_on - timedelta(days=slip.days_saved))
    if made is None:
        turn.note(unit.id, SLIP, f"no other sources save {_days(slip.days_saved)}")
        return False
    extra = made.cost - unit.cost
    orders = proposed(turn, made)
    if extra > slip.extra_cost or unapproved(turn, orders):
        because = f"cost {extra:.2f} more" if extra > slip.extra_cost else "need an agreement"
        turn.note(unit.id, SLIP, f"other sources would save {_saved(made, found.deliver_on)} and {because}")
        return False
    why: dict[str, object] = {"days saved": (found.deliver_on - _last(made)).days, "extra cost": f"{extra:.2f}"}
    turn.emit(Record("sourcing", unit.id, made.outcome, made.origin, _told(event), why, plan=made))
    turn.post(entries("release", turn, unit, unit.lines))
    _replaced(turn, unit, order_supply(turn, made, orders))
    give_up(turn, {part.supply for part in unit.lines})
    reason = f"{_told(event)}: sourced again, which saves {_saved(made, found.deliver_on)} and costs {extra:.2f} more"
    _promise_anew(turn, unit, reason, rules)
    return True


def _other(turn: Turn, unit: Unit, policy: Sourcing, deliver_by: date) -> Plan | None:
    """The cheapest plan for the unit's lines by that day, as if it had nothing reserved; None where there is none."""
    freed = turn.stock.post(entries("release", turn, unit, unit.lines))
    wanted: dict[str, int] = {}
    for part in unit.lines:
        wanted[part.line] = wanted.get(part.line, 0) + part.quantity
    world = replace(turn.world, stock=freed)
    made = plan(policy, Demand(turn.state.order, tuple(wanted.items()), deliver_by=deliver_by), world, turn.at)
    return made if made.outcome == "sourced" else None


def _replaced(turn: Turn, unit: Unit, shipments: tuple[PlannedShipment, ...]) -> None:
    """The unit becomes the first of the shipments, and begins its process anew; the others become units of their own."""
    first, *others = shipments
    turn.post(planned_entries("reserve", turn, shipments))
    new = replace(unit_of(turn, first, unit.id), id=unit.id, parent=unit.parent, type=unit.type, status=unit.status)
    turn.put_unit(new)
    stopped(turn, turn.state.instances[unit.id], SLIP)
    turn.start(unit.id, process_named_by(turn, PROCESS_FOR_UNIT, new))
    before = turn.state.planned
    turn.change(planned=tuple(others))
    start_planned(turn, parent=unit.id)
    turn.change(planned=before)


def _saved(made: Plan, deliver_on: date) -> str:
    return _days((deliver_on - _last(made)).days)


def _last(made: Plan) -> date:
    return max(shipment.deliver_on for shipment in made.shipments)
