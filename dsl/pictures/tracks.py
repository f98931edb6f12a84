"""Parallel runs of arrows in one channel or gutter: which lies beside which, so that as few as possible cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from orderloom.dsl.pictures.graph import Arrow

Place = tuple[int, float]  #: along the run: the number of a column, gutter or channel, and the place within it
NEAR = 7.0  #: places closer than this are the same to the eye
OVERLAP = 10  #: what it weighs when two arrows would lie on each other


class End(Struct, frozen=True):
    """One end of a run: where along the run it is, and whether the arrow goes on to the near side (above, left)."""

    at: Place
    near: bool


class Run(Struct, frozen=True):
    """The part of an arrow that lies in one channel or gutter."""

    arrow: Arrow
    ends: tuple[End, End]

    @property
    def low(self) -> Place:
        return min(self.ends[0].at, self.ends[1].at)

    @property
    def high(self) -> Place:
        return max(self.ends[0].at, self.ends[1].at)

    def meets(self, other: Run) -> bool:
        """True when the two lie beside each other somewhere."""
        return not (_before(self.high, other.low) or _before(other.high, self.low))


def arranged(runs: Sequence[Run]) -> Mapping[Arrow, int]:
    """The track of each run, 0 next to the near side; runs that do not meet may share one."""
    order: list[Run] = []
    for run in runs:
        order.insert(_place(run, order), run)
    level: dict[Arrow, int] = {}
    for i, run in enumerate(order):
        level[run.arrow] = max((level[other.arrow] + 1 for other in order[:i] if run.meets(other)), default=0)
    return level


def _place(run: Run, order: Sequence[Run]) -> int:
    """Where among the others the run adds the fewest crossings; the first such place."""
    cost = best = sum(_crossings(run, other) for other in order)
    place = 0
    for i, other in enumerate(order, 1):
        cost += _crossings(other, run) - _crossings(run, other)
        if cost < best:
            best, place = cost, i
    return place


def _crossings(near: Run, far: Run) -> int:
    """How often two runs cross when the first lies nearer."""
    if not near.meets(far):
        return 0
    count = sum(not end.near and _inside(end.at, far) for end in near.ends)
    count += sum(end.near and _inside(end.at, near) for end in far.ends)
    touching = sum(_same(a.at, b.at) and not a.near and b.near for a in near.ends for b in far.ends)
    return count + OVERLAP * touching


def _inside(place: Place, run: Run) -> bool:
    return run.low < place < run.high


def _same(a: Place, b: Place) -> bool:
    return a[0] == b[0] and abs(a[1] - b[1]) < NEAR


def _before(a: Place, b: Place) -> bool:
    return a < b and not _same(a, b)
