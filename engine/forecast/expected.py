"""A forecast: how many units of an item the customers of a region will want, and numbers of units drawn from it.

A region is named by a node: the customers to whom that node is the nearest of all that the forecast names.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from math import exp

from msgspec import Struct

Demanded = tuple[str, str]  #: an item and a region


class Expected(Struct, frozen=True):
    """Units of an item that a region is expected to want, evenly over `days` days from `begins` on."""

    item: str
    region: str
    begins: date
    days: int
    units: Decimal


def remaining(forecast: Iterable[Expected], day: date) -> dict[Demanded, Decimal]:
    """Units expected from this day to the end of the forecast; what has none left is not in it."""
    found: dict[Demanded, Decimal] = {}
    for each in forecast:
        left = min(each.days, (each.begins + timedelta(days=each.days) - day).days)
        if left > 0 and each.units > 0:
            key = each.item, each.region
            found[key] = found.get(key, Decimal(0)) + each.units * left / each.days
    return found


def drawn(expected: Decimal, key: str, sample: int, samples: int) -> int:
    """A number of units as chance may bring it, the same for the same arguments: a quantile of the Poisson distribution.

    Of `samples` draws each falls into a share of its own of the distribution, so that together they stand for it evenly.
    """
    hashed = int.from_bytes(blake2b(key.encode(), digest_size=6).digest(), "big") / 2**48
    return _quantile(float(expected), (sample + hashed) / samples)


def _quantile(mean: float, share: float) -> int:
    """The least number k with P(Poisson(mean) <= k) >= share; the bound keeps rounding from counting on for ever."""
    count, chance = 0, exp(-mean)
    reached = chance
    while reached < share and count < 10 * mean + 20:
        count += 1
        chance *= mean / count
        reached += chance
    return count
