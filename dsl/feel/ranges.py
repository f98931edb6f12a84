"""Ranges as values."""

from dataclasses import dataclass
from typing import Final


class Unbounded:
    """The side of `< 10` on which there is no end: it is neither a value nor null."""

    def __repr__(self) -> str:
        return "unbounded"


UNBOUNDED: Final = Unbounded()


@dataclass(frozen=True, slots=True)
class Range:
    low: object
    high: object
    low_closed: bool
    high_closed: bool
