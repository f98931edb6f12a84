"""Ranges as values."""

from typing import Final

from msgspec import Struct


class Unbounded:
    """The side of `< 10` on which there is no end: it is neither a value nor null."""

    def __repr__(self) -> str:
        return "unbounded"


UNBOUNDED: Final = Unbounded()


class Range(Struct, frozen=True):
    low: object
    high: object
    low_closed: bool
    high_closed: bool
