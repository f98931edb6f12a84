"""How an order's turn makes planned supply real: what is bought or transferred, who must agree, what becomes of it afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from orderloom.engine.effects import OrderSupply
from orderloom.engine.ledger.stock import Entry
from orderloom.engine.plan import Allocation, Plan, PlannedShipment
from orderloom.engine.process.issues import open_issue
from orderloom.engine.state import Instance, OrderState, Waiting
from orderloom.engine.supply.replenishment import PLANNED, Need, Offer, Planned, offers
from orderloom.engine.supply_order import SUPPLY_TYPES, TRANSFER, Approval, Peg, SupplyOrder
from orderloom.engine.turn import Turn
from orderloom.engine.unit import UnitLine

APPROVAL = "supply-approval"  #: the exception by which a role is asked whether supply may be ordered
APPROVE, REJECT = "approve", "reject"


def proposed(turn: Turn, made: Plan) -> tuple[SupplyOrder, ...]:
    """The orders of supply that the plan asks for, numbered within the order; their pegs are the plan's allocations."""
    pegs: dict[Planned, list[Peg]] = {}
    for shipment in made.shipments:
        for a in shipment.allocations:
            if a.supply_type == PLANNED:
                peg = Peg(turn.state.order.id, a.line, a.quantity)
                pegs.setdefault((a.item, shipment.node, a.supply), []).append(peg)
    numbers = {"purchase": "PO", "transfer": "TO"}
    found: list[SupplyOrder] = []
    for key, parts in pegs.items():
        offer = _offer(turn, made, key, sum(peg.quantity for peg in parts))
        number = 1 + sum(each.kind == offer.way.kind for each in (*turn.state.supply_orders, *found))
        found.append(_supply_order(turn, key, offer, tuple(parts), f"{turn.state.order.id}-{numbers[offer.way.kind]}{number}"))
    return tuple(found)


def _offer(turn: Turn, made: Plan, key: Planned, needed: int) -> Offer:
    item, node, supply = key
    need = Need(item, node, needed, turn.world.program.sourcing[made.policy].promising, turn.at)
    found, _ = offers(need, turn.here(), turn.context()["order"])
    return next(offer for offer in found if offer.free.supply == supply)


def _supply_order(turn: Turn, key: Planned, offer: Offer, pegs: tuple[Peg, ...], number: str) -> SupplyOrder:
    item, node, planned = key
    needed = sum(peg.quantity for peg in pegs)
    return SupplyOrder(
        id=number,
        kind=offer.way.kind,
        item=item,
        source=offer.way.source,
        node=node,
        quantity=offer.ordered(needed),
        due_on=offer.free.usable_on,
        made_at=turn.at,
        planned=planned,
        origin=str(offer.way.origin),
        price=offer.free.price,
        supply=offer.supply,
        pegs=pegs,
        approved_by=offer.rules.approved_by,
        ships_on=offer.ships_on,
    )


# --- approval --------------------------------------------------------------------------------------------------------


def refused(state: OrderState) -> frozenset[Planned]:
    """Planned supply that somebody has refused to this order."""
    return frozenset((each.item, each.node, each.planned) for each in state.approvals if not each.units)


def unapproved(turn: Turn, orders: Iterable[SupplyOrder]) -> tuple[SupplyOrder, ...]:
    """Those to which a role has yet to agree, of one role at a time."""
    agreed = {(each.item, each.node, each.planned): each.units for each in turn.state.approvals}
    asked = [each for each in orders if each.approved_by and each.pegged > agreed.get((each.item, each.node, each.planned), 0)]
    return tuple(each for each in asked if each.approved_by == asked[0].approved_by)


def ask_for_approval(turn: Turn, instance: Instance) -> None:
    """Puts what is proposed into the queue of the role that has to agree; the instance waits for its answer."""
    asked = turn.state.proposed
    role = asked[0].approved_by
    assert role is not None, "what nobody has to approve is not proposed"
    issue = open_issue(turn, instance, APPROVAL, (APPROVE, REJECT), "; ".join(map(str, asked)), role)
    turn.put(replace(instance, waiting=Waiting("exception", issue.id)))


def answered(turn: Turn, option: str) -> None:
    """Takes the role's answer for what was proposed."""
    said = (Approval(each.item, each.node, each.planned, each.pegged * (option == APPROVE)) for each in turn.state.proposed)
    turn.change(approvals=(*turn.state.approvals, *said), proposed=())


# --- making it real --------------------------------------------------------------------------------------------------


def order_supply(turn: Turn, made: Plan, orders: tuple[SupplyOrder, ...]) -> tuple[PlannedShipment, ...]:
    """Orders it: the node expects it, a transfer's source holds it. The plan's shipments, pegged to what is now expected."""
    for each in orders:
        turn.post(_booked(each))
        turn.emit(OrderSupply(each))
        turn.note("order", "document", str(each))
    turn.change(supply_orders=(*turn.state.supply_orders, *orders))
    by_planned = {(each.item, each.node, each.planned): each for each in orders}
    return tuple(_pegged(shipment, by_planned) for shipment in made.shipments)


def _booked(order: SupplyOrder) -> Iterator[Entry]:
    for_order = order.pegs[0].order
    kind = SUPPLY_TYPES[order.kind]
    yield Entry("expect", order.item, order.node, order.id, order.quantity, for_order, supply_type=kind, due_on=order.due_on)
    if order.kind == TRANSFER:
        for peg in order.pegs:
            yield Entry("reserve", order.item, order.source, order.supply, peg.quantity, peg.order, peg.line)


def _pegged(shipment: PlannedShipment, orders: Mapping[Planned, SupplyOrder]) -> PlannedShipment:
    last: tuple[date, str] = (date.min, shipment.supply_type)
    allocations: list[Allocation] = []
    for a in shipment.allocations:
        order = orders.get((a.item, shipment.node, a.supply))
        if order is not None:
            a = replace(a, supply=order.id, supply_type=SUPPLY_TYPES[order.kind])
            last = max(last, (order.due_on, a.supply_type))
        allocations.append(a)
    waits_for = last[1] if shipment.supply_type == PLANNED else shipment.supply_type
    return replace(shipment, allocations=tuple(allocations), supply_type=waits_for)


# --- afterwards ------------------------------------------------------------------------------------------------------


def give_up(turn: Turn, supplies: Collection[str]) -> None:
    """Gives back what is not needed any more of these supplies, which the order has ordered, as it has other sources.

    What a transfer has not brought yet stays at its source; a purchase order of which nobody has anything is cancelled.
    """
    for each in [order for order in turn.state.supply_orders if order.id in supplies]:
        position = turn.stock.position(each.item, each.node)
        supply = position.supply(each.id) if position else None
        if supply is None or supply.received or not supply.unreserved:
            continue
        if each.kind == TRANSFER:
            turn.post(_left_there(turn, each, supply.unreserved))
        elif not (supply.reserved or each.cancelled):
            turn.post([Entry("withdraw", each.item, each.node, each.id, supply.quantity, turn.state.order.id)])
            _cancel(turn, each)


def _left_there(turn: Turn, order: SupplyOrder, units: int) -> Iterator[Entry]:
    yield Entry("withdraw", order.item, order.node, order.id, units, turn.state.order.id)
    held: dict[str, int] = {}
    parts: list[Allocation | UnitLine] = [part for shipment in turn.state.planned for part in shipment.allocations]
    parts += [part for unit in turn.state.units.values() if not unit.released for part in unit.lines]
    for part in parts:
        if part.supply == order.id:
            held[part.line] = held.get(part.line, 0) + part.quantity
    for peg in order.pegs:
        back = min(units, peg.quantity - held.get(peg.line, 0))
        units -= back
        if back:
            yield Entry("release", order.item, order.source, order.supply, back, peg.order, peg.line)


def _cancel(turn: Turn, order: SupplyOrder) -> None:
    cancelled = replace(order, cancelled=True)
    turn.change(supply_orders=tuple(cancelled if each is order else each for each in turn.state.supply_orders))
    turn.emit(OrderSupply(cancelled))
    turn.note("order", "document", f"{order.kind} order {order.id} to {order.source} is cancelled")


def with_source(turn: Turn, entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries that release or ship units for good, with what that means at the source of those that a transfer brings.

    What is shipped has left the source. What is released stays there as long as it is not received, and is expected no more; so
    is what is released of a purchase that is cancelled.
    """
    known = {each.id: each for each in turn.state.supply_orders if each.kind == TRANSFER or each.cancelled}
    for entry in entries:
        yield entry
        order = known.get(entry.supply)
        if order is None or order.node != entry.node or not entry.quantity:
            continue
        position = turn.stock.position(entry.item, entry.node)
        supply = position.supply(entry.supply) if position else None
        back = entry.kind == "release" and supply is not None and not supply.received
        if back:
            yield Entry("withdraw", entry.item, entry.node, entry.supply, entry.quantity, entry.order)
        if order.kind != TRANSFER:
            continue
        kind = "release" if back else "ship"
        yield Entry(kind, order.item, order.source, order.supply, entry.quantity, entry.order, entry.line)  # type: ignore[arg-type]
