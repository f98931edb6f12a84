"""Built-in functions that compare points and ranges in time or number, and ranges from text.

A point is any value that has an order. Definitions: DMN 1.5, table 78.
"""

import re
from collections.abc import Callable
from typing import Any

from orderloom.dsl.feel.compare import both, either, equal, less, order_key, within
from orderloom.dsl.feel.ranges import UNBOUNDED, Range
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.signature import built_in
from orderloom.dsl.feel.strings import number_from
from orderloom.dsl.feel.temporal import parse_temporal
from orderloom.dsl.feel.values import from_python

Answer = bool | None
Relation = Callable[[Any, Any], Answer]


def _bounded(range_: Range) -> bool:
    return not any(end is None or end is UNBOUNDED for end in (range_.low, range_.high))


def _relation(cases: dict[tuple[bool, bool], Relation]) -> Relation:
    """A function that is defined for some pairs of (is a range, is a range); null for the others."""

    def relate(one: object, other: object) -> Answer:
        one, other = from_python(one), from_python(other)
        if not all(_bounded(value) for value in (one, other) if isinstance(value, Range)):
            return None
        found = cases.get((isinstance(one, Range), isinstance(other, Range)))
        return found(one, other) if found else None

    return relate


POINT_POINT, POINT_RANGE, RANGE_POINT, RANGE_RANGE = (False, False), (False, True), (True, False), (True, True)


def _same(one: object, other: object) -> Answer:
    return None if order_key(one, other) is None else equal(one, other)


def _open(answer: Answer, closed: bool) -> Answer:
    """Touching counts only where both are closed."""
    return both(answer, not closed) if answer is not None else None


def _before_range(point: object, range_: Range) -> Answer:
    return either(less(point, range_.low), _open(_same(point, range_.low), range_.low_closed))


def _after_range(point: object, range_: Range) -> Answer:
    return either(less(range_.high, point), _open(_same(point, range_.high), range_.high_closed))


def _before_ranges(one: Range, other: Range) -> Answer:
    return either(less(one.high, other.low), _open(_same(one.high, other.low), one.high_closed and other.low_closed))


before = _relation(
    {
        POINT_POINT: less,
        POINT_RANGE: _before_range,
        RANGE_POINT: lambda r, p: _after_range(p, r),
        RANGE_RANGE: _before_ranges,
    }
)


def after(one: object, other: object) -> Answer:
    return before(other, one)


def _closed(answer: Answer, *closed: bool) -> Answer:
    return both(answer, all(closed)) if answer is not None else None


meets = _relation({RANGE_RANGE: lambda a, b: _closed(_same(a.high, b.low), a.high_closed, b.low_closed)})


def met_by(one: object, other: object) -> Answer:
    return meets(other, one)


def _overlaps(one: Range, other: Range) -> Answer:
    return both(_negated(_before_ranges(one, other)), _negated(_before_ranges(other, one)))


def _negated(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _starts_first(one: Range, other: Range) -> Answer:
    """Whether one begins before the other, an open end at the same point being later."""
    same = _closed(_same(one.low, other.low), one.low_closed, not other.low_closed)
    return either(less(one.low, other.low), same)


def _ends_first(one: Range, other: Range) -> Answer:
    same = _closed(_same(one.high, other.high), not one.high_closed, other.high_closed)
    return either(less(one.high, other.high), same)


def _overlaps_before(one: Range, other: Range) -> Answer:
    ends_inside = both(_negated(_before_ranges(one, other)), _negated(_ends_first(other, one)))
    return both(_starts_first(one, other), ends_inside)


def _overlaps_after(one: Range, other: Range) -> Answer:
    starts_inside = both(_starts_first(other, one), _negated(_before_ranges(other, one)))
    return both(starts_inside, _negated(_ends_first(one, other)))


overlaps = _relation({RANGE_RANGE: _overlaps})
overlaps_before = _relation({RANGE_RANGE: _overlaps_before})
overlaps_after = _relation({RANGE_RANGE: _overlaps_after})


def _finishes(one: Range, other: Range) -> Answer:
    same_end = _closed(_same(one.high, other.high), one.high_closed == other.high_closed)
    return both(same_end, _negated(_starts_first(one, other)))


def _starts(one: Range, other: Range) -> Answer:
    same_start = _closed(_same(one.low, other.low), one.low_closed == other.low_closed)
    return both(same_start, _negated(_ends_first(other, one)))


finishes = _relation({POINT_RANGE: lambda p, r: _closed(_same(p, r.high), r.high_closed), RANGE_RANGE: _finishes})
starts = _relation({POINT_RANGE: lambda p, r: _closed(_same(p, r.low), r.low_closed), RANGE_RANGE: _starts})


def finished_by(one: object, other: object) -> Answer:
    return finishes(other, one)


def started_by(one: object, other: object) -> Answer:
    return starts(other, one)


def _includes(one: Range, other: Range) -> Answer:
    return both(_negated(_starts_first(other, one)), _negated(_ends_first(one, other)))


includes = _relation({RANGE_POINT: lambda r, p: within(p, r), RANGE_RANGE: _includes})


def during(one: object, other: object) -> Answer:
    return includes(other, one)


def _coincide(one: Range, other: Range) -> Answer:
    same = both(_same(one.low, other.low), _same(one.high, other.high))
    return _closed(same, one.low_closed == other.low_closed, one.high_closed == other.high_closed)


coincides = _relation({POINT_POINT: _same, RANGE_RANGE: _coincide})

_RANGE = re.compile(r"\s*([\[(\]])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])\[])\s*", re.DOTALL)
_LITERAL = re.compile(r'@?\s*"([^"\\]*)"')
_CONVERTED = re.compile(r'(?:date|time|date\s+and\s+time|duration)\s*\(\s*"([^"\\]*)"\s*\)')


def range_from(text: str) -> Range | None:
    """A range from its text, its ends literals: `[18..21)`, `["a".."f"]`, `(@"2026-01-01"..@"2026-02-01")`.

    An end may be left out where the range is open: `[18..)` is `>= 18`. None when the text is no range, or an empty one.
    """
    found = _RANGE.fullmatch(text)
    if not found:
        return None
    low, high = _end(found[2], found[1] == "["), _end(found[3], found[4] == "]")
    if low is None or high is None or low is high:
        return None
    if low is not UNBOUNDED and high is not UNBOUNDED and less(high, low) is not False:
        return None
    return Range(low, high, found[1] == "[", found[4] == "]")


def _end(text: str, closed: bool) -> object:
    """The value at an end, UNBOUNDED when there is none, None when it cannot be read."""
    if not text:
        return None if closed else UNBOUNDED
    return _literal(text)


def _literal(text: str) -> object:
    literal, converted = _LITERAL.fullmatch(text), _CONVERTED.fullmatch(text)
    if converted or (literal and text.startswith("@")):
        return parse_temporal((converted or literal)[1])  # type: ignore[index]
    return literal[1] if literal else number_from(text)


ROWS: tuple[Function, ...] = (
    built_in("range(from: string): range<Any>", range_from, "a range from its text"),
    *(
        built_in(f"{name}({names[0]}: Any, {names[1]}: Any): boolean", call, doc)
        for name, call, doc, forms in (
            ("before", before, "whether the first ends before the second begins", "pp pr rp rr"),
            ("after", after, "whether the first begins after the second ends", "pp pr rp rr"),
            ("meets", meets, "whether the second begins where the first ends", "rr"),
            ("met by", met_by, "whether the first begins where the second ends", "rr"),
            ("overlaps", overlaps, "whether two ranges share a point", "rr"),
            ("overlaps before", overlaps_before, "whether the first begins first and ends inside", "rr"),
            ("overlaps after", overlaps_after, "whether the first begins inside and ends last", "rr"),
            ("finishes", finishes, "whether both end together, the first inside", "pr rr"),
            ("finished by", finished_by, "whether both end together, the second inside", "rp rr"),
            ("includes", includes, "whether the second lies inside the first", "rp rr"),
            ("during", during, "whether the first lies inside the second", "pr rr"),
            ("starts", starts, "whether both begin together, the first inside", "pr rr"),
            ("started by", started_by, "whether both begin together, the second inside", "rp rr"),
            ("coincides", coincides, "whether both are the same", "pp rr"),
        )
        for names in ({"pp": ("point1", "point2"), "pr": ("point", "range"), "rp": ("range", "point"),
                       "rr": ("range1", "range2")}[form] for form in forms.split())
    ),
)  # fmt: skip
