"""A file as it was read, and places in it. Lines and columns count from 1, columns in characters."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from msgspec import Struct


@dataclass(frozen=True)
class Source:
    """One file of a workspace or of a shipped pack; `pack` names the pack, None for the workspace's own files."""

    path: str
    content: bytes = field(repr=False)
    pack: str | None = None

    @cached_property
    def text(self) -> str:
        """The content as text without a byte order mark; what is not UTF-8 shows as U+FFFD."""
        return self.content.decode("utf-8", errors="replace").removeprefix("\ufeff")

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset into the text."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def start_of(self, line: int) -> int:
        """The offset at which a line begins; the end of the text where there is no such line."""
        return self._line_starts[line - 1] if 1 <= line <= len(self._line_starts) else len(self.text)

    def line(self, number: int) -> str:
        """The text of a line without its end; empty where the file has no such line."""
        if not 1 <= number <= len(self._line_starts):
            return ""
        start = self._line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")


class Span(Struct, frozen=True):
    """From `start` up to, not including, `end`."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.path}:{line}:{column}"
