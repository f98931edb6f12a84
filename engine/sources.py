"""From open quantities to reserved shipments and units of work: what the actions of orders and units share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from msgspec.structs import replace

from orderloom.dsl.program import Raise
from orderloom.engine.decisions import Answer, decide
from orderloom.engine.effects import Record, SetTimer
from orderloom.engine.errors import NoWayForward
from orderloom.engine.plan import Plan, PlannedShipment
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.state import Instance, OrderState, Promise, Waiting
from orderloom.engine.stock import Entry
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine

PROCESS_FOR_UNIT = "process-for-unit"
SOURCING_FOR_ORDER = "sourcing-for-order"
SOURCED_AGAIN = timedelta(days=1)  #: how long a backorder waits before its sources are looked for again
CHOSEN_BY = "chosen by"  #: among a sourcing record's inputs: the row that chose the policy


def open_quantities(state: OrderState) -> tuple[tuple[str, int], ...]:
    """Units of each line that are neither planned, nor in a unit of work, nor cancelled."""
    taken = dict(state.cancelled)
    parts: list[tuple[str, int]] = [(a.line, a.quantity) for s in state.planned for a in s.allocations]
    parts += [(x.line, x.quantity) for unit in state.units.values() if not unit.released for x in unit.lines]
    for line, quantity in parts:
        taken[line] = taken.get(line, 0) + quantity
    left = ((line.id, line.quantity - taken.get(line.id, 0)) for line in state.order.lines)
    return tuple((line, quantity) for line, quantity in left if quantity > 0)


def source_open(turn: Turn, avoid: frozenset[tuple[str, str]] = frozenset()) -> Plan:
    """Plans sources for all open quantities, reserves and promises them.

    What stays unfilled is cancelled where the policy says so; else it stays open (see `unfilled`).
    """
    program = turn.world.program
    answer = ask(turn, SOURCING_FOR_ORDER)
    policy = program.sourcing.get(str(answer.value))
    if policy is None:
        raise NoWayForward(f"decision {SOURCING_FOR_ORDER} names no sourcing policy for this order")
    made = plan(policy, Demand(turn.state.order, open_quantities(turn.state), avoid), turn.here(), turn.at)
    why = {**answer.inputs, CHOSEN_BY: answer.origin}
    turn.emit(Record("sourcing", "order", made.outcome, made.origin, policy.title, why, plan=made))
    turn.post(_planned("reserve", turn, made.shipments))
    turn.change(planned=(*turn.state.planned, *made.shipments))
    _promise(turn, made.shipments)
    if policy.fallback == "cancel":
        turn.cancel_units((u.line, u.quantity) for u in made.unfilled)
    return made


def unfilled(turn: Turn, instance: Instance, made: Plan, outcome: str) -> str | None:
    """How a step goes on after sourcing, by the policy's `if nothing fits`, when units are left without a source.

    cancel: by its outcome. backorder: the step waits, and is entered anew every day. exception: by its outcome where that leads
    to a `raise` step, else the instance has no way forward.
    """
    fallback = turn.world.program.sourcing[made.policy].fallback
    if not made.unfilled or fallback == "cancel":
        return outcome
    if fallback == "backorder":
        turn.put(replace(instance, waiting=Waiting("time")))
        turn.emit(SetTimer(turn.key(instance), turn.at + SOURCED_AGAIN))
        return None
    way = turn.step(instance).ways.get(outcome)
    if way is None or not isinstance(turn.process(instance).steps[way].verb, Raise):
        raise NoWayForward("no source for " + "; ".join(f"{u.quantity} of {u.item}: {u.because}" for u in made.unfilled))
    return outcome


def ask(turn: Turn, decision: str, unit: Unit | None = None) -> Answer:
    """Asks a decision that the engine itself needs, by its name."""
    known = turn.world.program.decisions.get(decision)
    if known is None:
        raise NoWayForward(f"the workspace has no decision {decision}")
    return decide(known, turn.context(unit=unit))


def start_planned(turn: Turn, parent: str | None = None) -> None:
    """Makes a unit of work of each planned shipment and starts the process that `process-for-unit` names."""
    for shipment in turn.state.planned:
        unit = _unit(f"{turn.state.order.id}-{len(turn.state.units) + 1}", shipment, parent)
        process = process_named_by(turn, PROCESS_FOR_UNIT, unit)
        turn.put_unit(unit)
        turn.start(unit.id, process)
    turn.change(planned=())


def process_named_by(turn: Turn, decision: str, unit: Unit | None = None) -> str:
    """The name of the process that a decision chooses for the order or for a unit of work; recorded."""
    answer = ask(turn, decision, unit)
    if answer.value not in turn.world.program.processes:
        raise NoWayForward(f"decision {decision} names no process for {unit.id if unit else 'the order'}")
    turn.emit(Record("process", unit.id if unit else "order", str(answer.value), answer.origin, inputs=answer.inputs))
    return str(answer.value)


def _unit(unit_id: str, shipment: PlannedShipment, parent: str | None) -> Unit:
    return Unit(
        id=unit_id,
        node=shipment.node,
        method=shipment.method,
        service=shipment.service,
        supply=shipment.supply_type,
        lines=tuple(UnitLine(a.line, a.item, a.quantity, a.supply) for a in shipment.allocations),
        release_at=shipment.release_at,
        ship_on=shipment.ship_on,
        deliver_on=shipment.deliver_on,
        parent=parent,
    )


def give_up_rest(turn: Turn) -> None:
    """Counts as cancelled whatever no unit of work has; what was planned for it is free again."""
    turn.post(_planned("release", turn, turn.state.planned))
    turn.change(planned=())
    turn.cancel_units(open_quantities(turn.state))


def _planned(kind: Literal["reserve", "release"], turn: Turn, shipments: Iterable[PlannedShipment]) -> Iterable[Entry]:
    for s in shipments:
        for a in s.allocations:
            yield Entry(kind, a.item, s.node, a.supply, a.quantity, turn.state.order.id, a.line, s.ship_on)


def _promise(turn: Turn, shipments: Iterable[PlannedShipment]) -> None:
    made = list(turn.state.promises)
    for s in shipments:
        for a in s.allocations:
            version = 1 + sum(promise.line == a.line for promise in turn.state.promises)
            made.append(Promise(a.line, a.quantity, s.node, s.ship_on, s.deliver_on, turn.at, version, s.derivation))
    turn.change(promises=tuple(made))


def entries(kind: str, turn: Turn, unit: Unit, lines: Iterable[UnitLine]) -> Iterable[Entry]:
    """Ledger entries that release or ship lines of a unit."""
    for part in lines:
        if part.quantity:
            yield Entry(kind, part.item, unit.node, part.supply, part.quantity, turn.state.order.id, part.line, unit.ship_on)  # type: ignore[arg-type]
