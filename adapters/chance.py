"""Chance without state: the same seed, key and purpose always fall the same way, in any order and after any restart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from hashlib import blake2b

_RANGE = 2**64


def draw(seed: int, key: str, purpose: str) -> Decimal:
    """A number of [0, 1), evenly spread over keys."""
    digest = blake2b(f"{seed}/{purpose}/{key}".encode(), digest_size=8).digest()
    return Decimal(int.from_bytes(digest)) / _RANGE


def between(least: timedelta, most: timedelta, share: Decimal) -> timedelta:
    """The duration, in whole seconds, at this share of the way from `least` to `most`."""
    seconds = int((most - least).total_seconds())
    return least + timedelta(seconds=int(seconds * share))


def pick(rates: Mapping[str, Decimal], share: Decimal) -> str | None:
    """The name whose slice of [0, 1) holds the share; None for what the rates leave over."""
    reached = Decimal(0)
    for name, rate in rates.items():
        reached += rate
        if share < reached:
            return name
    return None
