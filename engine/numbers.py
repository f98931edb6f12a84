"""What a formula gave, as the number that it should be."""

from __future__ import annotations

from decimal import Decimal


def number(value: object, least: int | None = None, most: int | None = None) -> Decimal | None:
    """The number; None where the value is none (true and false are none), or not within these bounds."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    within = (least is None or value >= least) and (most is None or value <= most)
    return Decimal(value) if within else None
