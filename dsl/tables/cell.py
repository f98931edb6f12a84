"""A cell of a decision table: what it says of one input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

    def _comparable(self, value: object) -> bool:
        """FEEL's `not` of a comparison with another kind is null, which is no match; only `=` may compare with null."""
        if value is None:
            return all(span.kind is None or span.point for span in self.spans)
        return all(span.kind in (None, kind_of(value)) for span in self.spans)
