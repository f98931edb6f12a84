"""The cells that nearly all rows consist of, read without the FEEL parser: constants, comparisons, intervals, lists of them.

`simple_cell` and `simple_value` answer None for whatever needs the parser, so that one grammar decides what is right.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from orderloom.dsl.feel.dates import parse_date
from orderloom.dsl.feel.durations import parse_duration
from orderloom.dsl.tables.cell import NULL, Cell, Span, point
from orderloom.dsl.tables.kinds import KINDS

_STRING = r'"[^"\\\n]*"'
_NUMBER = r"-?(?:\d{1,34}(?:\.\d{1,34})?|\.\d{1,34})"
_LITERAL = rf"{_NUMBER}|{_STRING}|true|false|null|@\s*{_STRING}|(?:date|duration)\(\s*{_STRING}\s*\)"
_TEST = re.compile(
    rf"""\s*(?:
      (?P<op> <=|>=|<|> )? \s* (?P<value> {_LITERAL} )
    | (?P<open> [\[(\]] ) \s* (?P<low> {_LITERAL} ) \s* \.\. \s* (?P<high> {_LITERAL} ) \s* (?P<close> [\])\[] )
    )\s*(?: , | $ )""",
    re.VERBOSE,
)
_VALUE = re.compile(_LITERAL)
_NOT = re.compile(r"\s*not\s*\((.*)\)\s*", re.DOTALL)
MAX_DIGITS = 34
UNKNOWN = object()


def simple_cell(text: str) -> Cell | None:
    """The cell that a text stands for, or None where it takes the parser to know."""
    if text == "-":
        return Cell(text)
    inside = _NOT.fullmatch(text)
    spans = _spans(inside[1] if inside else text)
    if not spans:
        return None
    return Cell(text, tuple(spans), negated=inside is not None)


def simple_value(text: str) -> tuple[bool, Any]:
    """Whether the text is a constant, and which."""
    value = _constant(text) if _VALUE.fullmatch(text) else UNKNOWN
    return value is not UNKNOWN, value


def _spans(text: str) -> list[Span] | None:
    spans: list[Span] = []
    at = 0
    while at < len(text) or text[at - 1 : at] == ",":
        found = _TEST.match(text, at)
        span = _span(found) if found else None
        if found is None or span is None:
            return None
        spans.append(span)
        at = found.end()
    return spans


def _span(found: re.Match[str]) -> Span | None:
    if found["open"]:
        return _interval(found["open"] == "[", _constant(found["low"]), _constant(found["high"]), found["close"] == "]")
    value, op = _constant(found["value"]), found["op"]
    kind = KINDS.get(type(value))
    if value is None and op is None:
        return NULL
    if kind is None or (op and isinstance(value, bool)):
        return None
    match op:
        case None:
            return point(kind, value)
        case "<" | "<=":
            return Span(kind, None, value, high_closed=op == "<=")
        case _:
            return Span(kind, value, None, low_closed=op == ">=")


def _interval(low_closed: bool, low: Any, high: Any, high_closed: bool) -> Span | None:
    kind = KINDS.get(type(low))
    if kind is None or kind is not KINDS.get(type(high)) or isinstance(low, bool):
        return None
    return Span(kind, low, high, low_closed, high_closed)


def _constant(text: str) -> Any:
    """The value of a literal; UNKNOWN for a time, or a date that the calendar does not have."""
    if text[0] == '"':
        return text[1:-1]
    if text in _WORDS:
        return _WORDS[text]
    if '"' in text:
        inner = text[text.index('"') + 1 : text.rindex('"')]
        day = None if text.startswith("duration") else parse_date(inner)
        length = None if text.startswith("date") else parse_duration(inner)
        return day or length or UNKNOWN
    return Decimal(text) if len(text) <= MAX_DIGITS else UNKNOWN


_WORDS = {"true": True, "false": False, "null": None}
