"""A share: what one node could give to one line, and why it cannot."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Promising, Sourcing
from orderloom.engine.availability import Availability, availability
from orderloom.engine.lanes import Lane
from orderloom.engine.plan import Candidate
from orderloom.engine.sourcing.costs import ZERO
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.stock import ON_HAND, Position
from orderloom.engine.views import position_view
from orderloom.engine.world import World


class StockUnit(NamedTuple):
    """One unit that may be taken: the index of its supply among the free ones, its first day, what is left on hand after.

    What is yet to come leaves all on hand that is there.
    """

    supply: int
    usable_on: date
    left: int


class Share(Struct, frozen=True, eq=False):
    """What a node has for a line, and what expressions see of the three. No more units of a supply than the line wants."""

    want: Want
    available: Availability
    units: tuple[StockUnit, ...]
    context: dict[str, object]


def share(lane: Lane, want: Want, demand: Demand, policy: Sourcing, promising: Promising, world: World) -> Share | Candidate:
    """The share, or why there is none."""
    node, item = lane.node.id, want.line.item
    if (item, node) in demand.excluded:
        return Candidate(node, f"{item} is not to come from here again", line=want.line.id)
    position = world.stock.position(item, node)
    if position is None:
        return Candidate(node, f"no stock of {item}", line=want.line.id)
    view = position_view(position, world.program.attributes)
    worth = world.opportunity_costs.get((item, node), ZERO)
    asked = {"line": want.view, "method": want.line.method, "item": want.item_view, "position": view}
    context = {**lane.context, **asked, "opportunity_cost": worth}
    for exclusion in policy.exclusions:
        if exclusion.when.evaluate(context) is True:
            return Candidate(node, exclusion.because, line=want.line.id, origin=str(exclusion.origin))
    available = availability(position, promising, context, item, node)
    if not available.free:
        return Candidate(node, available.why, line=want.line.id, origin=str(promising.origin))
    if demand.claimed:
        available = _unclaimed(available, want, node, demand)
        if not available.free:
            return Candidate(node, f"other lines take all of {item}", line=want.line.id)
    return Share(want, available, _units(position, available, want.quantity), context)


def _unclaimed(available: Availability, want: Want, node: str, demand: Demand) -> Availability:
    """What other lines of the item leave of it."""
    claims = [demand.claimed.get((want.line.id, node, free.supply), 0) for free in available.free]
    left = [(free, free.quantity - claimed) for free, claimed in zip(available.free, claims, strict=True)]
    return replace(available, free=tuple(replace(free, quantity=quantity) for free, quantity in left if quantity > 0))


def _units(position: Position, available: Availability, wanted: int) -> tuple[StockUnit, ...]:
    on_hand = sum([supply.unreserved for supply in position.supplies if supply.type == ON_HAND])
    units, taken = [], 0
    for index, free in enumerate(available.free):
        for _ in range(min(free.quantity, wanted)):
            taken += free.type == ON_HAND
            units.append(StockUnit(index, free.usable_on, on_hand - taken if free.type == ON_HAND else on_hand))
    return tuple(units)
