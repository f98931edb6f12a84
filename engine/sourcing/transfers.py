"""Transfers take from stock that other shipments take from, too: what one of them takes, the others cannot have."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from orderloom.engine.plan import Allocation, Plan
from orderloom.engine.supply.replenishment import PLANNED, Need, Offer, Planned, offers
from orderloom.engine.world import World

Held = tuple[str, str, str]  #: item, source, supply


def overdrawn(made: Plan, promising: str, order: object, world: World, at: datetime) -> frozenset[Planned]:
    """The last transfer of the plan for which its source has not enough left, with all that the plan takes of it; else none.

    `order` is the order's context.
    """
    taken: Counter[Held] = Counter()
    transfers: dict[Planned, Offer] = {}
    for node, a in _allocations(made):
        offer = _transfer(Need(a.item, node, a.quantity, promising, at), a, world, order)
        if offer is None:
            taken[a.item, node, a.supply] += a.quantity
        else:
            taken[a.item, offer.way.source, offer.supply] += a.quantity
            transfers[a.item, node, a.supply] = offer
    short = [key for key, offer in transfers.items() if taken[key[0], offer.way.source, offer.supply] > offer.there]
    return frozenset(short[-1:])


def _allocations(made: Plan) -> list[tuple[str, Allocation]]:
    return [(shipment.node, a) for shipment in made.shipments for a in shipment.allocations]


def _transfer(need: Need, allocation: Allocation, world: World, order: object) -> Offer | None:
    """The transfer that the allocation asks for, None where it takes what the node has or what is bought for it."""
    if allocation.supply_type != PLANNED:
        return None
    found, _ = offers(need, world, order)
    return next((offer for offer in found if offer.free.supply == allocation.supply and offer.way.kind == "transfer"), None)
