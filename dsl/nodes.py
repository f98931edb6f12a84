"""The tree of a YAML document, each node with its place. Scalars stay texts: what they mean is decided by their key."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

from msgspec import Struct

from orderloom.dsl.source import Source, Span

BLOCK_STYLES = ("|", ">")
_ESCAPED_LENGTH = {"x": 4, "u": 6, "U": 10}
_SPACE = " \t\r\n"


class Scalar(Struct, frozen=True, eq=False):
    """A text; `style` is empty for a plain scalar, else the character that begins it: ' " | >.

    A `broken` node has a fault that is told already.
    """

    text: str
    source: Source
    start: int
    end: int
    style: str = ""
    broken: bool = False

    size: ClassVar[int] = 1

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    @property
    def is_null(self) -> bool:
        return not self.style and self.text in ("", "~", "null", "Null", "NULL")

    def part(self, start: int, end: int) -> Span:
        """The place in the file of a part of the text, given by offsets into `text`."""
        places = _places(self)
        last = len(self.text)
        begin = places[min(max(start, 0), last)]
        return Span(self.source, begin, places[min(end, last) - 1] + 1 if end > start else begin)


class Entry(Struct, frozen=True, eq=False):
    key: Scalar
    value: Node


class Map(Struct, frozen=True, eq=False):
    """`size` counts the nodes below, aliases written out."""

    entries: tuple[Entry, ...]
    source: Source
    start: int
    end: int
    size: int
    broken: bool = False

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def get(self, key: str) -> Node | None:
        return next((entry.value for entry in self.entries if entry.key.text == key), None)


class Seq(Struct, frozen=True, eq=False):
    items: tuple[Node, ...]
    source: Source
    start: int
    end: int
    size: int
    broken: bool = False

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)


Node = Scalar | Map | Seq


@lru_cache(maxsize=16)
def _places(scalar: Scalar) -> list[int]:
    """The file's offset of each character of the text, and of its end, whatever the style.

    YAML only drops, folds or escapes characters, so one walk over both texts finds each character again.
    """
    raw = scalar.source.text
    if not scalar.style and scalar.end - scalar.start == len(scalar.text):
        return list(range(scalar.start, scalar.end + 1))
    if scalar.style == "|":
        return _by_lines(scalar, raw)
    position = _first_character(scalar, raw)
    places = []
    for character in scalar.text:
        position = _find(raw, position, scalar.end, character, scalar.style)
        places.append(position)
        position = min(_after(raw, position, scalar.style), scalar.end)
    return [*places, places[-1] + 1 if places else scalar.start]


def _by_lines(scalar: Scalar, raw: str) -> list[int]:
    """Of a literal text, whose lines are those of the file without what indents them."""
    places: list[int] = []
    line = _first_character(scalar, raw)
    *lines, last = scalar.text.split("\n")
    for text in lines:
        end = raw.find("\n", line, scalar.end)
        end = end if end >= 0 else scalar.end
        behind = end - raw[line:end].endswith("\r")
        places += range(behind - len(text), behind)
        places.append(end)
        line = min(end + 1, scalar.end)
    end = raw.find("\n", line, scalar.end)
    end = end if end >= 0 else scalar.end
    behind = end - raw[line:end].endswith("\r")
    places += range(behind - len(last), behind)
    return [*places, places[-1] + 1 if places else scalar.start]


def _first_character(scalar: Scalar, raw: str) -> int:
    if scalar.style in BLOCK_STYLES:
        return raw.find("\n", scalar.start, scalar.end) + 1 or scalar.end
    return scalar.start + (1 if scalar.style else 0)


def _find(raw: str, position: int, end: int, character: str, style: str) -> int:
    """Where the character stands at or after the position; only white space is ever passed over."""
    if style == '"' and raw[position : position + 1] == "\\" and raw[position + 1 : position + 2] not in _SPACE:
        return position
    if character == "\n":
        found = raw.find("\n", position, end)
        return found if found >= 0 else min(position, end)
    while position < end and raw[position] != character and raw[position] in _SPACE + "\\":
        if character == " " and raw[position] in "\r\n" and style != "|":
            return position
        position += 1
    return min(position, end)


def _after(raw: str, position: int, style: str) -> int:
    here = raw[position : position + 2]
    if style == '"' and here.startswith("\\"):
        return position + _ESCAPED_LENGTH.get(here[1:], 2)
    return position + (2 if style == "'" and here == "''" else 1)
