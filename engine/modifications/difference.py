"""What a change comes to: the states of an order before and after it, compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from orderloom.engine.modifications.request import Difference, Moved, Promised, fields_of
from orderloom.engine.money.billing import total_left
from orderloom.engine.promises.versions import standing
from orderloom.engine.state import OrderState

PLACE = ("zip", "city", "region", "country")
COORDINATES = ("lat", "lon")


def difference(before: OrderState, after: OrderState, fee: Decimal, approve: str | None) -> Difference:
    """Price, cost and promises before and after, and what is taken back."""
    days = {state is after: _days(state) for state in (before, after)}
    lines = dict.fromkeys((*days[False], *days[True]))
    moved = tuple(Promised(line, days[False].get(line), days[True].get(line)) for line in lines)
    undone = [id for id, unit in after.units.items() if unit.released and not before.units.get(id, unit).released]
    return Difference(
        total=before.order.total,
        total_after=total_left(after),
        cost=_cost(before),
        cost_after=_cost(after),
        fee=fee,
        promised=tuple(each for each in moved if each.before != each.after),
        undone=tuple(undone),
        approve=approve,
        address=_moved(before, after),
    )


def _moved(before: OrderState, after: OrderState) -> tuple[Moved, ...]:
    """The fields of the address that are not what they were, and coordinates that are though the place is not."""
    was, is_now = fields_of(before.order.ship_to), fields_of(after.order.ship_to)
    each = [Moved(name, was.get(name), is_now.get(name)) for name in {**was, **is_now}]
    moved = [field for field in each if field.before != field.after]
    stay = [field for field in each if field.name in COORDINATES] if any(field.name in PLACE for field in moved) else []
    return tuple(dict.fromkeys((*moved, *stay)))


def _cost(state: OrderState) -> Decimal:
    """What the plans of all that goes on, or has gone, cost."""
    units = sum((unit.cost for unit in state.units.values() if not unit.released), Decimal(0))
    return units + sum((sum(each.costs.values(), Decimal(0)) for each in state.planned), Decimal(0))


def _days(state: OrderState) -> dict[str, date]:
    """The day on which the last of each line arrives, of lines of which something is still to be had or was had."""
    gone = {line for unit in state.units.values() if unit.released for line in (part.line for part in unit.lines)}
    left = {part.line for unit in state.units.values() if not unit.released for part in unit.lines if part.quantity}
    left |= {part.line for shipment in state.planned for part in shipment.allocations}
    found: dict[str, date] = {}
    for each in standing(state):
        if each.line in left or each.line not in gone:
            found[each.line] = max(found.get(each.line, each.deliver_on), each.deliver_on)
    return found
