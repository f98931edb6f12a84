"""Outcomes of the same orders on two versions, set against each other, order by order: memory does not grow with them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from msgspec import Struct, field

from orderloom.adapters.figures import Figures
from orderloom.adapters.replay.outcome import Outcome


class Whole(Struct):
    """What all orders come to on one version; `days` are those from capture to delivery of the lines `promised`, all together."""

    figures: Figures = field(default_factory=Figures)
    promised: int = 0
    days: int = 0

    def add(self, outcome: Outcome) -> None:
        """Adds an order."""
        self.figures.add(outcome.figures)
        self.promised += len(outcome.promised)
        self.days += outcome.days

    @property
    def cost(self) -> Decimal:
        """Of all plans, all terms."""
        return sum(self.figures.costs.values(), Decimal(0))

    @property
    def mean_days(self) -> Decimal:
        """From capture to the promised delivery, a line; two decimals."""
        return (Decimal(self.days) / self.promised).quantize(Decimal("0.01")) if self.promised else Decimal(0)


class Difference(Struct, frozen=True):
    """An order that comes out differently than before, on the version that it is set against; `days` later, over all lines."""

    order: str
    cost: Decimal
    days: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    standing: tuple[str, str]

    @property
    def weight(self) -> tuple[bool, Decimal, int]:
        """The most important difference has the most of it: another end, then money, then days."""
        return self.standing[0] != self.standing[1], abs(self.cost), abs(self.days)


class Comparison(Struct):
    """How the outcomes differ. `promises` counts lines by kept, earlier, later, gained, lost; at most `room` orders are told."""

    room: int
    decisions: int = 0
    differing: int = 0
    promises: Counter[str] = field(default_factory=Counter)
    _found: list[Difference] = field(default_factory=list)

    def add(self, before: Outcome, after: Outcome) -> None:
        """Adds an order's two outcomes."""
        self.decisions += before.sources != after.sources
        for line in sorted(before.promised.keys() | after.promised.keys()):
            self.promises[_moved(before.promised.get(line), after.promised.get(line))] += 1
        if difference := _difference(before, after):
            self.differing += 1
            self._found.append(difference)
            if len(self._found) > 2 * self.room:
                self._found = self.top

    @property
    def top(self) -> list[Difference]:
        """The greatest differences, the greatest first; of equal ones those of the earlier orders."""
        return sorted(self._found, key=lambda each: each.weight, reverse=True)[: self.room]


def _difference(before: Outcome, after: Outcome) -> Difference | None:
    if (before.sources, before.promised, before.standing, before.cost) == (
        after.sources,
        after.promised,
        after.standing,
        after.cost,
    ):
        return None
    standing = (before.standing, after.standing)
    return Difference(after.order, after.cost - before.cost, _days(before, after), before.sources, after.sources, standing)


def _days(before: Outcome, after: Outcome) -> int:
    both = before.promised.keys() & after.promised.keys()
    return sum((after.promised[line] - before.promised[line]).days for line in both)


def _moved(before: date | None, after: date | None) -> str:
    if before is None or after is None:
        return "gained" if before is None else "lost"
    return "kept" if before == after else "earlier" if after < before else "later"
