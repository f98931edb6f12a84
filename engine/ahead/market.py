"""A market: supplies, demands, and what is saved when one serves the other. What `duals` puts prices on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Lane(NamedTuple):
    """From a supply to a demand, by their indexes; what a unit costs less on it than a unit that is not served, above 0."""

    demand: int
    supply: int
    saves: float


class Market(NamedTuple):
    """Units of each supply, the number of demands, and the lanes between them, in order of their demands."""

    supplies: Sequence[int]
    demands: int
    lanes: Sequence[Lane]
