"""A cell of a decision table: what it says of one input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from orderloom.dsl.feel.compare import equal, within
from orderloom.dsl.feel.ranges import UNBOUNDED, Range
from orderloom.dsl.tables.kinds import KINDS, Kind

Test = Callable[[Mapping[str, object], object], bool]


class Span(Struct, frozen=True):
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

    @property
    def empty(self) -> bool:
        """Whether no value can lie between the ends."""
        bounded = self.low is not None and self.high is not None
        return bounded and (self.low, not self.low_closed) >= (self.high, self.high_closed)

    def holds(self, value: object) -> bool | None:
        """As FEEL compares: null where the value is of another kind."""
        if self.kind is None or self.point:
            return equal(value, self.low)
        low, high = (UNBOUNDED if end is None else end for end in (self.low, self.high))
        return within(value, Range(low, high, self.low_closed, self.high_closed))


def point(kind: Kind, value: object) -> Span:
    """The span that holds this one value."""
    return Span(kind, value, value, low_closed=True, high_closed=True)


def points(values: Iterable[object]) -> tuple[Span, ...]:
    """The spans that hold these values."""
    return tuple(point(KINDS[type(value)], value) for value in values)


NULL = Span(None)

Edge = tuple[object, bool]  #: right before a value (False) or right after it (True)


def _union(spans: Sequence[Span]) -> tuple[bool, list[Edge]]:
    """Spans of one kind as the edges at which being inside turns, and whether the lowest values are inside."""
    depth = sum(span.low is None for span in spans)
    below, edges, turns = depth > 0, [], Counter[Edge]()
    for span in spans:
        if not span.empty:
            turns.update([(span.low, not span.low_closed)] if span.low is not None else [])
            turns.subtract([(span.high, span.high_closed)] if span.high is not None else [])
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
        held = [span.holds(value) for span in self.spans]
        if self.negated:
            return all(inside is False for inside in held)
        return not held or True in held

    def edges(self, kind: Kind) -> tuple[bool, Sequence[Edge]]:
        """The values of one kind that pass: whether the lowest do, and at which edges that turns, in order."""
        if self.any:
            return True, ()
        if self.negated and any(span.kind not in (None, kind) for span in self.spans):
            return False, ()
        spans = [span for span in self.spans if span.kind is kind]
        below, edges = _union(spans) if spans else (False, [])
        return below != self.negated, edges
