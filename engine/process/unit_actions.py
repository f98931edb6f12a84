"""The actions of a unit's process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from orderloom.engine.effects import OPERATIONS, CloseException, OpenException
from orderloom.engine.errors import NoWayForward
from orderloom.engine.ledger.stock import ON_HAND, Entry, on_hand_id
from orderloom.engine.money.billing import bill, charge_unit, refund_unit
from orderloom.engine.money.shares import rounded
from orderloom.engine.numbers import number
from orderloom.engine.process.issues import type_of
from orderloom.engine.promises.remedies import review
from orderloom.engine.sources import PROCESS_FOR_UNIT, entries, process_named_by, source_open, start_planned, unfilled
from orderloom.engine.state import Instance
from orderloom.engine.supply.supplying import with_source
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine

MOST_CHARGED = 10**15  #: no amount is as much
SHORTAGE = "shortage"  #: the type of the exception that a pick opens when it finds less than was promised


def choose_process(turn: Turn, instance: Instance) -> None:
    """Sets the unit, whose supply has arrived, to the process that fits it now."""
    unit = turn.put_unit(replace(turn.unit(instance), supply=ON_HAND))
    turn.start(unit.id, process_named_by(turn, PROCESS_FOR_UNIT, unit))


def ship(turn: Turn, instance: Instance) -> str:
    """Takes the unit's lines out of its node's inventory, once; of one that was given back nothing is left to ship."""
    unit = turn.unit(instance)
    if not (unit.shipped or unit.released):
        turn.post(_not_told_of(turn, unit))
        turn.post(with_source(turn, entries("ship", turn, unit, unit.lines)))
        turn.put_unit(replace(unit, shipped=True))
    return "shipped"


def finish(turn: Turn, instance: Instance) -> str:
    """Lets begin what follows the unit."""
    turn.put_unit(replace(turn.unit(instance), finished=True))
    return "finished"


def _not_told_of(turn: Turn, unit: Unit) -> Iterator[Entry]:
    """Receipts of what ships though nobody has told of its arrival yet."""
    wanted = Counter[tuple[str, str]]()
    for part in unit.lines:
        wanted[part.item, part.supply] += part.quantity
    for (item, id), quantity in wanted.items():
        position = turn.stock.position(item, unit.node)
        supply = position.supply(id) if position else None
        if supply is not None and supply.received < quantity:
            more = quantity - supply.received
            yield Entry("presume", item, unit.node, id, more, turn.state.order.id)


def invoice(turn: Turn, instance: Instance) -> str:
    """Bills the unit's lines at the order's prices, once."""
    bill(turn, turn.unit(instance))
    return "invoiced"


def refund(turn: Turn, instance: Instance) -> str:
    """Gives back what the unit's lines were billed or paid, once."""
    refund_unit(turn, turn.unit(instance))
    return "refunded"


def charge(turn: Turn, instance: Instance) -> str:
    """A fee of what a partner told with its reply, once."""
    told = turn.state.replies.get(instance.root, {}).get("amount")
    amount = number(told, 0, MOST_CHARGED)
    if amount is None:
        because = (
            f"{told} cannot be charged: an amount is 0 or more" if told is not None else "nobody has told an amount to charge"
        )
        raise NoWayForward(because)
    charge_unit(turn, turn.unit(instance), rounded(amount, turn.state.order.currency))
    return "charged"


def release_stock(turn: Turn, instance: Instance) -> str:
    """Gives the unit's reservations back and cancels its lines, once."""
    unit = turn.unit(instance)
    if not (unit.released or unit.shipped):
        turn.post(with_source(turn, entries("release", turn, unit, unit.lines)))
        turn.cancel_units((part.line, part.quantity) for part in unit.lines)
        turn.put_unit(replace(unit, released=True))
    return "released"


def return_stock(turn: Turn, instance: Instance) -> str:
    """Puts what the unit has shipped back on hand at its node and cancels its lines; of one that has not, the reservations."""
    unit = turn.unit(instance)
    if not unit.shipped:
        release_stock(turn, instance)
        return "returned"
    order = turn.state.order.id
    back = [part for part in unit.lines if part.quantity]
    turn.post(
        Entry("adjust", x.item, unit.node, on_hand_id(x.item, unit.node), x.quantity, order, x.line, supply_type=ON_HAND)
        for x in back
    )
    turn.cancel_units((part.line, part.quantity) for part in unit.lines)
    turn.put_unit(replace(unit, shipped=False, released=True))
    return "returned"


def source_again(turn: Turn, instance: Instance) -> str | None:
    """Plans new units of work for what the unit lacks; a pick that came up short freezes the item at its node, and is told.

    The answer's `picked` (line -> units found) tells what there was; without it the unit lacks everything.
    """
    unit = turn.unit(instance)
    if unit.shipped or unit.released:
        return "sourced"
    picked = instance.answer.get("picked")
    found = _found(unit, picked if isinstance(picked, dict) else {})
    missing = [replace(part, quantity=part.quantity - kept.quantity) for part, kept in zip(unit.lines, found, strict=True)]
    turn.post(with_source(turn, entries("release", turn, unit, missing)))
    if isinstance(picked, dict):
        turn.post(Entry("quarantine", part.item, unit.node, order=turn.state.order.id) for part in missing if part.quantity)
    turn.put_unit(replace(unit, lines=tuple(found)))
    lost = _not_coming(turn, missing)
    lacking = lost or {part.item for part in missing if part.quantity}
    avoid = frozenset((item, unit.node) for item in lacking if not lost)
    lacks = f"{unit.node} lacks {' and '.join(sorted(lacking)) or 'nothing'}"
    made = source_open(turn, avoid, lacks)
    outcome = "short" if made.unfilled else "sourced"
    if isinstance(picked, dict) and avoid:
        _tell_shortage(turn, instance, lacks, outcome)
    start_planned(turn, parent=unit.id)
    review(turn, lacks)
    return unfilled(turn, instance, made, outcome)


def _not_coming(turn: Turn, missing: list[UnitLine]) -> set[str]:
    """Items of which the supply was cancelled: the node may well get them by another way."""
    cancelled = {order.id for order in turn.state.supply_orders if order.cancelled}
    return {part.item for part in missing if part.quantity and part.supply in cancelled}


def _tell_shortage(turn: Turn, instance: Instance, cause: str, outcome: str) -> None:
    """An exception that settles itself: nobody has to decide, and the queue still has it."""
    key = f"{turn.key(instance)}/{SHORTAGE}"
    kind = type_of(turn, SHORTAGE)
    owner = kind.owner or OPERATIONS
    turn.emit(OpenException(key, SHORTAGE, owner, instance.id, (outcome,), cause, kind.title))
    turn.emit(CloseException(key, outcome))


def _found(unit: Unit, picked: dict[str, object]) -> list[UnitLine]:
    """The unit's lines with what was found of each; a line in several parts is filled from its first part on."""
    left = {line: max(0, quantity) for line, quantity in picked.items() if isinstance(quantity, int)}
    found = []
    for part in unit.lines:
        kept = min(part.quantity, left.get(part.line, 0))
        left[part.line] = left.get(part.line, 0) - kept
        found.append(replace(part, quantity=kept))
    return found
