"""From open quantities to reserved shipments and units of work: what the actions of orders and units share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from orderloom.dsl.program import Raise, Slip, Sourcing
from orderloom.engine.chained import unchained
from orderloom.engine.decisions import Answer, decide
from orderloom.engine.effects import Record
from orderloom.engine.errors import NoWayForward
from orderloom.engine.ledger.stock import Entry
from orderloom.engine.order import Order
from orderloom.engine.plan import Allocation, Plan, PlannedShipment
from orderloom.engine.process.clocks import let_wait
from orderloom.engine.process.following import arrivals, start_unit
from orderloom.engine.promises.versions import promise
from orderloom.engine.promising.usual import SOURCING_FOR_ORDER
from orderloom.engine.servicing.whole import plan_whole
from orderloom.engine.sourcing import Demand
from orderloom.engine.sourcing.choice import PICKUP
from orderloom.engine.state import ORDER, Document, Instance, OrderState, Waiting
from orderloom.engine.supply.supplying import ask_for_approval, order_supply, proposed, refused, unapproved, with_source
from orderloom.engine.turn import Turn, add_document
from orderloom.engine.unit import BUILD, FULFILLMENT, SERVICE, Unit, UnitLine

PROCESS_FOR_ORDER = "process-for-order"
PROCESS_FOR_UNIT = "process-for-unit"
PROCESS_FOR_SUPPLY = "process-for-supply"
SOURCED_AGAIN = timedelta(days=1)  #: how long a backorder waits before its sources are looked for again
MORE = "more of it has a source now"  #: the reason for another promise of a line that was promised in part
Change = Literal["reserve", "release", "ship"]  #: of what a shipment takes from the ledger
WORK_ORDER = "work-order"
CHOSEN_BY = "chosen by"  #: among a sourcing record's inputs: the row that chose the policy


def open_quantities(state: OrderState) -> tuple[tuple[str, int], ...]:
    """Units of each line that are neither planned, nor in a unit of work, nor cancelled."""
    taken = dict(state.cancelled)
    parts: list[tuple[str, int]] = [(a.line, a.quantity) for s in state.planned for a in s.allocations]
    parts += [(x.line, x.quantity) for unit in state.units.values() if not unit.released for x in unit.lines]
    for line, quantity in parts:
        taken[line] = taken.get(line, 0) + quantity
    left = ((line.id, line.quantity - taken.get(line.id, 0)) for line in state.order.sourced_lines)
    return tuple((line, quantity) for line, quantity in left if quantity > 0)


def source_open(turn: Turn, avoid: frozenset[tuple[str, str]] = frozenset(), reason: str = MORE) -> Plan:
    """Plans sources for all open quantities, reserves and promises them; `reason` tells why, where there is a promise already.

    What stays unfilled is cancelled where the policy says so; else it stays open (see `unfilled`). Where a role has to agree to
    supply that the plan orders, nothing is reserved yet.
    """
    policy, answer = policy_of(turn)
    chosen = turn.state.order.promise
    demand = Demand(
        order=turn.state.order,
        quantities=open_quantities(turn.state),
        excluded=avoid,
        deliver_by=chosen.deliver_by if chosen else None,
        refused=refused(turn.state),
        counters=_counters(turn.state),
        arrivals=tuple(arrivals(turn.state).items()),
    )
    made = _in_time(turn, policy, demand)
    why = {**answer.inputs, CHOSEN_BY: answer.origin}
    turn.emit(Record("sourcing", "order", made.outcome, made.origin, policy.title, why, plan=made))
    if made.broken:
        raise NoWayForward("no source can be told for what is open: " + "; ".join(made.broken))
    orders = proposed(turn, made)
    turn.change(proposed=unapproved(turn, orders))
    if not turn.state.proposed:
        _take(turn, order_supply(turn, made, orders), reason, turn.world.program.promising[policy.promising].slip)
    if policy.fallback == "cancel":
        turn.cancel_units((u.line, u.quantity) for u in made.unfilled)
    return made


def _counters(state: OrderState) -> frozenset[str]:
    """The nodes that hand over what the order has already."""
    units = (unit for unit in state.units.values() if unit.method == PICKUP and unit.quantity and not unit.released)
    return frozenset(unit.node for unit in units)


def policy_of(turn: Turn) -> tuple[Sourcing, Answer]:
    """The order's sourcing policy, and what decided it."""
    answer = ask(turn, SOURCING_FOR_ORDER)
    policy = turn.world.program.sourcing.get(str(answer.value))
    if policy is None:
        raise NoWayForward(f"decision {SOURCING_FOR_ORDER} names no sourcing policy for this order")
    return policy, answer


def _in_time(turn: Turn, policy: Sourcing, demand: Demand) -> Plan:
    """The plan by the day of the chosen option; where that cannot be kept any more after it was promised, the best one at all."""
    made = planned(turn, policy, demand)
    if made.outcome == "sourced" or demand.deliver_by is None or not turn.state.promises:
        return made
    turn.note(ORDER, "promise", f"cannot be kept: {' and '.join(made.clash)}")
    return planned(turn, policy, replace(demand, deliver_by=None))


def planned(turn: Turn, policy: Sourcing, demand: Demand) -> Plan:
    """The best plan as things stand; where the turn is worked on again, the one that it had."""
    if turn.world.recorded is None:
        return plan_whole(policy, demand, turn.here(), turn.at)
    before = sum(isinstance(effect, Record) and effect.plan is not None for effect in turn.effects)
    return turn.world.recorded[before]


def _take(turn: Turn, shipments: tuple[PlannedShipment, ...], reason: str, rules: Slip) -> None:
    """Reserves and promises the shipments."""
    turn.post(planned_entries("reserve", turn, shipments))
    turn.change(planned=(*turn.state.planned, *shipments))
    promise(turn, (part.line for shipment in shipments for part in shipment.allocations), reason, rules)


def unfilled(turn: Turn, instance: Instance, made: Plan, outcome: str) -> str | None:
    """How a step goes on after sourcing, by the policy's `if nothing fits`, when units are left without a source.

    cancel: by its outcome. backorder: the step waits, and is entered anew every day. exception: by its outcome where that leads
    to a `raise` step, else the instance has no way forward. Where a role has to agree to an order of supply, it waits, too.
    """
    if turn.state.proposed:
        ask_for_approval(turn, instance)
        return None
    fallback = turn.world.program.sourcing[made.policy].fallback
    if not made.unfilled or fallback == "cancel":
        return outcome
    if fallback == "backorder":
        let_wait(turn, instance, Waiting("time"), turn.at + SOURCED_AGAIN)
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
    """Makes a unit of work of each planned shipment and starts the process that `process-for-unit` names.

    Where there is `process-for-supply`, orders of supply get units of work, too.
    """
    for shipment in turn.state.planned:
        unit = unit_of(turn, shipment, parent)
        process = process_named_by(turn, PROCESS_FOR_UNIT, unit)
        turn.put_unit(unit)
        if unit.type == BUILD:
            _order_work(turn, unit)
        start_unit(turn, unit, process)
    turn.change(planned=())
    for unit in unchained(turn) if PROCESS_FOR_SUPPLY in turn.world.program.decisions else ():
        turn.put_unit(unit)
        turn.start(unit.id, process_named_by(turn, PROCESS_FOR_SUPPLY, unit))


def _order_work(turn: Turn, unit: Unit) -> None:
    """The document by which the unit's components are put together."""
    number = 1 + sum(document.kind == WORK_ORDER for document in turn.state.documents)
    add_document(turn, Document(WORK_ORDER, f"{turn.state.order.id}-W{number}", turn.at, Decimal(0), unit.id, unit.node))


def process_named_by(turn: Turn, decision: str, unit: Unit | None = None) -> str:
    """The name of the process that a decision chooses for the order or for a unit of work; recorded."""
    answer = ask(turn, decision, unit)
    if answer.value not in turn.world.program.processes:
        raise NoWayForward(f"decision {decision} names no process for {unit.id if unit else 'the order'}")
    turn.emit(Record("process", unit.id if unit else "order", str(answer.value), answer.origin, inputs=answer.inputs))
    return str(answer.value)


def unit_of(turn: Turn, shipment: PlannedShipment, parent: str | None = None) -> Unit:
    """The next unit of work, for a planned shipment; `parent` is the unit in place of which it comes."""
    before = turn.state.units[parent] if parent is not None else None
    return Unit(
        id=f"{turn.state.order.id}-{len(turn.state.units) + 1}",
        node=shipment.node,
        method=shipment.method,
        service=shipment.service,
        supply=shipment.supply_type,
        lines=tuple(UnitLine(a.line, a.item, a.quantity, a.supply, a.work) for a in shipment.allocations),
        release_at=shipment.release_at,
        ship_on=shipment.ship_on,
        deliver_on=shipment.deliver_on,
        type=_type_of(turn.state.order, shipment),
        parent=parent,
        promised_on=(before and before.promised_on) or shipment.deliver_on,
        cost=sum(shipment.costs.values(), Decimal(0)),
        after=shipment.after,
    )


def _type_of(order: Order, shipment: PlannedShipment) -> str:
    """What the unit is: where components that belong together are in it, they are put together."""
    if shipment.method == SERVICE:
        return SERVICE
    parts = (order.line(allocation.line) for allocation in shipment.allocations)
    return BUILD if any(line.part_of is not None and not line.apart for line in parts) else FULFILLMENT


def give_up_rest(turn: Turn) -> None:
    """Counts as cancelled whatever no unit of work has; what was planned for it is free again."""
    turn.post(with_source(turn, planned_entries("release", turn, turn.state.planned)))
    turn.change(planned=())
    turn.cancel_units(open_quantities(turn.state))


def planned_entries(kind: Change, turn: Turn, shipments: Iterable[PlannedShipment]) -> Iterator[Entry]:
    """Ledger entries for planned shipments and the work on them."""
    for shipment in shipments:
        yield from _entries(kind, turn, shipment.node, shipment.ship_on, shipment.allocations)


def entries(kind: Change, turn: Turn, unit: Unit, lines: Iterable[UnitLine]) -> Iterator[Entry]:
    """Ledger entries for lines of a unit and the work on them."""
    return _entries(kind, turn, unit.node, unit.ship_on, lines)


def _entries(kind: Change, turn: Turn, node: str, ship_on: date, parts: Iterable[Allocation | UnitLine]) -> Iterator[Entry]:
    order = turn.state.order.id
    for part in parts:
        if not part.quantity:
            continue
        if part.supply:  # a slot takes of no supply
            yield Entry(kind, part.item, node, part.supply, part.quantity, order, part.line, ship_on)
        if kind != "ship":  # what was worked on for units that have shipped stays booked
            for each in part.work:
                yield Entry(kind, part.item, node, "", part.quantity, order, part.line, each.on, resource=each.work)
