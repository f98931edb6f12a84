"""A value as text, as FEEL's `string()` writes it, and numbers from text."""

import re
from collections.abc import Mapping
from decimal import Decimal

from orderloom.dsl.feel.arithmetic import CONTEXT
from orderloom.dsl.feel.limits import CHARACTERS, Exhausted
from orderloom.dsl.feel.names import is_plain
from orderloom.dsl.feel.ranges import UNBOUNDED, Range
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.values import from_python

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def text_of(value: object) -> str:
    """The text of any value but null: plain numbers, texts as they are, quoted inside lists and contexts."""
    value = from_python(value)
    return value if isinstance(value, str) else "".join(_pieces(value, [CHARACTERS]))


def _pieces(value: object, left: list[int]) -> list[str]:
    """The text in pieces. `left` bounds it while it grows, as a small value may hold itself many times over."""
    value = from_python(value)
    if isinstance(value, list):
        return _joined("[", [_pieces(item, left) for item in value], "]", left)
    if isinstance(value, Mapping):
        return _joined("{", [[_key(name), ": ", *_pieces(item, left)] for name, item in value.items()], "}", left)
    piece = _piece(value)
    left[0] -= len(piece) + 1
    if left[0] < 0:
        raise Exhausted("a text grew too long")
    return [piece]


def _joined(opening: str, parts: list[list[str]], closing: str, left: list[int]) -> list[str]:
    left[0] -= 2
    out = [opening]
    for i, part in enumerate(parts):
        out += [", ", *part] if i else part
    return [*out, closing]


def _piece(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Range):
        return _range_text(value)
    return f"function {value.name}".strip() if isinstance(value, Function) else str(value)


def number_text(value: Decimal) -> str:
    """Plain notation, without zeros at the end of the fraction."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _key(name: str) -> str:
    return name if is_plain(name) else quoted(name)


def _range_text(value: Range) -> str:
    if value.low is UNBOUNDED:
        return f"{'<=' if value.high_closed else '<'} {_piece(value.high)}"
    if value.high is UNBOUNDED:
        return f"{'>=' if value.low_closed else '>'} {_piece(value.low)}"
    opening, closing = "[" if value.low_closed else "(", "]" if value.high_closed else ")"
    return f"{opening}{_piece(value.low)}..{_piece(value.high)}{closing}"


def number_from(text: str, grouping: str | None = None, decimal: str | None = None) -> Decimal | None:
    """The number that a text holds, with its own grouping and decimal separators."""
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ".", ",") or (grouping and grouping == decimal):
        return None
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(decimal, ".") if decimal else plain
    return CONTEXT.create_decimal(plain) if _NUMBER.fullmatch(plain) else None
