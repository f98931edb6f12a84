"""Lines as they are written: code, and a comment behind it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from msgspec import Struct

BESIDE = 60  #: comments behind longer lines stand by themselves


class Line(Struct):
    """A line of a file. `table` marks those of one text table by its number; of `verbatim` ones not even spaces at the end go."""

    code: str = ""
    comment: str = ""
    table: int = 0
    verbatim: bool = False


def text_of(lines: Iterable[Line]) -> str:
    """The file of these lines, without empty ones at its ends. Comments behind lines of a paragraph stand below each other."""
    written: list[str] = []
    for _, paragraph in groupby(lines, key=lambda line: line.code in ("", "---")):
        together = list(paragraph)
        width = max((len(line.code) for line in together if line.comment and len(line.code) <= BESIDE), default=0)
        written += [_written(line, width) for line in together]
    return "\n".join(written).strip("\n") + "\n" if any(written) else ""


def _written(line: Line, width: int) -> str:
    if line.comment:
        return f"{line.code.ljust(width)}  {line.comment}" if line.code else line.comment
    return line.code if line.verbatim else line.code.rstrip()
