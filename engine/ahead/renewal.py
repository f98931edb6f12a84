"""What is seen ahead, made anew: the prices from what is expected now, the ways when much more is known of customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program import Sourcing
from orderloom.engine.ahead.outlook import outlook
from orderloom.engine.ahead.ways import Way, ways
from orderloom.engine.forecast.expected import Demanded, Expected, remaining
from orderloom.engine.ledger.stock import Key
from orderloom.engine.order import Order
from orderloom.engine.world import World

LATEST = 200  #: orders from which is known who the customers are
FEW = 100  #: orders that tell too little to find the ways anew
MORE = 4  #: how many times as many orders must be known for the ways to be found anew


class Ahead(Struct, frozen=True):
    """What a policy sees ahead: the price of a unit by item and node; what is not in it is worth nothing elsewhere.

    `orders` is how many had been placed when the ways were found.
    """

    prices: Mapping[Key, Decimal]
    ways: Mapping[Demanded, Way]
    orders: int


def looks_ahead(policy: Sourcing) -> bool:
    """Whether a term of the policy asks for the opportunity cost."""
    return any(term.notional for term in policy.terms)


def renewed(
    before: Ahead | None,
    policy: Sourcing,
    forecast: Sequence[Expected],
    orders: int,
    latest: Sequence[Order],
    world: World,
    at: datetime,
) -> Ahead:
    """What the policy sees ahead now. `orders` have been placed so far, of which `latest` are the last `LATEST`.

    The ways to the customers are found anew when `MORE` times as many orders are known as when they were found, and at least
    `FEW`. Equal input gives an equal result.
    """
    expected = remaining(forecast, at.date())
    if before is None or orders >= max(FEW, MORE * before.orders):
        found, known = ways(policy, expected, latest, world, at), orders
    else:
        found, known = dict(before.ways), before.orders
    return Ahead(outlook(policy, expected, found, world), found, known)
