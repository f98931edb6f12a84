"""A share: what one node could give to one line, and why it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from orderloom.engine.ledger.stock import ON_HAND, Position
from orderloom.engine.plan import Candidate
from orderloom.engine.promising.availability import Availability
from orderloom.engine.promising.lanes import Lane
from orderloom.engine.promising.work import Taken, fees_of, worked
from orderloom.engine.sourcing.costs import ZERO
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.sourcing.holdings import holding
from orderloom.engine.sourcing.rates import Rates
from orderloom.engine.supply.replenishment import PLANNED, Need, with_planned
from orderloom.engine.views import NO_ALERTS
from orderloom.engine.world import World


class Lot(NamedTuple):
    """Units of one supply that may be taken: its index among the free ones, their first day, the first one's number in the share.

    `left` is what is left on hand after the first of them; each further one of a lot that is `on_hand` leaves one less. What is
    yet to come leaves all on hand that is there. `price` is what one of them is bought for; what is `planned` has
    to be ordered first.
    """

    supply: int
    usable_on: date
    first: int
    units: int
    left: int
    on_hand: bool
    price: Decimal = ZERO
    planned: bool = False

    def part(self, start: int, units: int) -> Lot:
        """So many units, without the first ones."""
        left = self.left - start if self.on_hand else self.left
        return Lot(self.supply, self.usable_on, self.first + start, units, left, self.on_hand, self.price, self.planned)

    @property
    def lefts(self) -> Sequence[int]:
        """What is left on hand after each unit; a single number where it stays the same."""
        return range(self.left, self.left - self.units, -1) if self.on_hand else (self.left,)


class Share(Struct, frozen=True, eq=False):
    """What a node has for a line, and what expressions see of the three.

    No more units of a supply than all lines of the item want.
    """

    want: Want
    available: Availability
    lots: tuple[Lot, ...]
    context: dict[str, object]


def share(lane: Lane, want: Want, demand: Demand, rates: Rates, world: World, taken: Taken) -> Share | Candidate:
    """The share, or why there is none; `taken` is the node's capacity for work that lines before this one may take."""
    node, item, promising = lane.node.id, want.line.item, rates.promising
    if (item, node) in demand.excluded:
        return Candidate(node, f"{item} is not to come from here again", line=want.line.id)
    position = world.stock.position(item, node)
    if position is None:
        if not world.program.replenishment:
            return Candidate(node, f"no stock of {item}", line=want.line.id)
        position = Position(item, node)
    worth, alerts = world.opportunity_costs.get((item, node), ZERO), world.alerts.get((item, node), NO_ALERTS)
    asked = {"line": want.view, "method": want.line.method, "item": want.item_view, "opportunity_cost": worth}
    context = {**lane.context, **asked}
    available = holding(rates.holdings, position, alerts, context, promising, world.program.attributes).available
    for exclusion in rates.policy.exclusions:
        if exclusion.when.evaluate(context) is True:
            return Candidate(node, exclusion.because, line=want.line.id, origin=str(exclusion.origin))
    if world.program.replenishment:
        need = Need(item, node, want.together, promising.name, lane.begins.at)
        available = with_planned(available, need, demand.refused, world, context["order"])
    if not available.free:
        return Candidate(node, available.why, line=want.line.id, origin=str(promising.origin))
    if want.line.services:
        fees = fees_of(want.line.services, promising, context)
        after = worked(available, want.line.services, want.together, lane, promising, world.stock, taken)
        if isinstance(fees, str) or isinstance(after, str):
            because = after if isinstance(after, str) else str(fees)
            return Candidate(node, because, line=want.line.id, origin=str(promising.origin))
        available = after
    return Share(want, available, _lots(position, available, want.together), context)


def _lots(position: Position, available: Availability, wanted: int) -> tuple[Lot, ...]:
    there = sum([supply.unreserved for supply in position.supplies if supply.type == ON_HAND])
    lots, number, taken = [], 0, 0
    for index, free in enumerate(available.free):
        count, on_hand = min(free.quantity, wanted), free.type == ON_HAND
        left, planned = there - taken - 1 if on_hand else there, free.type == PLANNED
        lots.append(Lot(index, free.usable_on, number, count, left, on_hand, free.price, planned))
        number += count
        taken += count if on_hand else 0
    return tuple(lots)
