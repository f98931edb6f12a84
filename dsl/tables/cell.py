"""A cell of a decision table: what it says of one input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from orderloom.dsl.tables.kinds import Kind, kind_of

Test = Callable[[Mapping[str, object], object], bool]


@dataclass(frozen=True, slots=True)
class Span:
    """All values of one kind from `low` to `high`; None leaves a side open. A single value is a closed span on itself.

    A span without kind is the value null alone.
    """

    kind: Kind | None
    low: object = None
    high: object = None
    low_closed: bool = False
    high_closed: bool = False

    @property
    def point(self) -> bool:
        return self.low_closed and self.high_closed and self.low == self.high

    def holds(self, value: object) -> bool:
        if self.kind is None or value is None:
            return self.kind is None and value is None
        return kind_of(value) == self.kind and self._above(value) and self._below(value)

    def _above(self, value: object) -> bool:
        return self.low is None or self.low < value or (self.low_closed and self.low == value)  # type: ignore[operator]

    def _below(self, value: object) -> bool:
        return self.high is None or value < self.high or (self.high_closed and value == self.high)  # type: ignore[operator]


def point(kind: Kind, value: object) -> Span:
    """The span that holds this one value."""
    return Span(kind, value, value, low_closed=True, high_closed=True)


NULL = Span(None)

Edge = tuple[object, bool]  #: right before a value (False) or right after it (True)


def _union(spans: Sequence[Span]) -> tuple[bool, list[Edge]]:
    """Spans of one kind as the edges at which being inside turns, and whether the lowest values are inside."""
    depth = sum(span.low is None for span in spans)
    below, edges, turns = depth > 0, [], Counter[Edge]()
    for span in spans:
        start, end = (span.low, not span.low_closed), (span.high, span.high_closed)
        if span.low is None or span.high is None or start < end:  # type: ignore[operator]
            turns.update([start] if span.low is not None else [])
            turns.subtract([end] if span.high is not None else [])
    for edge in sorted(turns):
        inside, depth = depth > 0, depth + turns[edge]
        if inside != (depth > 0):
            edges.append(edge)
    return below, edges


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written and what it accepts: any of `spans` (none of them when `negated`); no spans at all is `-`.

    A cell that is more than constants has `test` instead, which may look at the context too.
    """

    text: str
    spans: tuple[Span, ...] = ()
    negated: bool = False
    test: Test | None = field(default=None, compare=False, repr=False)

    @property
    def any(self) -> bool:
        """Whether every value passes."""
        return not self.spans and self.test is None

    def accepts(self, value: object, context: Mapping[str, object]) -> bool:
        if self.test is not None:
            return self.test(context, value)
        if self.negated:
            return self._comparable(value) and not any(span.holds(value) for span in self.spans)
        return not self.spans or any(span.holds(value) for span in self.spans)

    def edges(self, kind: Kind) -> tuple[bool, Sequence[Edge]]:
        """The values of one kind that pass: whether the lowest do, and at which edges that turns, in order."""
        if self.any:
            return True, ()
        if self.negated and any(span.kind not in (None, kind) for span in self.spans):
            return False, ()
        below, edges = _union([span for span in self.spans if span.kind is kind])
        return below != self.negated, edges

    def _comparable(self, value: object) -> bool:
        """FEEL's `not` of a comparison with another kind is null, which is no match; only `=` may compare with null."""
        if value is None:
            return all(span.kind is None or span.point for span in self.spans)
        return all(span.kind in (None, kind_of(value)) for span in self.spans)
