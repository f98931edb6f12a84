"""Looking ahead, kept fresh: the outlook is renewed once a day, the ways behind it when much more is known of customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from orderloom.dsl.program import Sourcing
from orderloom.engine.forecast import Demanded, Expected, remaining
from orderloom.engine.order import Order
from orderloom.engine.outlook import Outlook, outlook
from orderloom.engine.reach import Way, ways
from orderloom.engine.world import World

FRESH = timedelta(days=1)  #: how long an outlook holds
LATEST = 200  #: orders from which is known who the customers are


class Ahead(Struct, frozen=True):
    """What a policy sees ahead; `orders` is how many had been placed when the ways were found."""

    outlook: Outlook
    ways: Mapping[Demanded, Way]
    orders: int


def looks_ahead(policy: Sourcing) -> bool:
    """Whether a term of the policy asks for the opportunity cost."""
    return any(term.notional for term in policy.terms)


def stale(made_at: datetime | None, now: datetime) -> bool:
    """Whether it is time to look anew."""
    return made_at is None or now - made_at >= FRESH


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

    The ways to the customers are found anew when twice as many orders are known as when they were found.
    """
    expected = remaining(forecast, at.date())
    if before is None or orders >= 2 * before.orders:
        found, known = ways(policy, expected, latest, world, at), orders
    else:
        found, known = dict(before.ways), before.orders
    return Ahead(outlook(policy, expected, found, world, at), found, known)
