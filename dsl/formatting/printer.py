"""YAML's tokens, written anew: where each stands on its line is ours, what it says is the author's."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import yaml
from msgspec import Struct, field

from orderloom.dsl.formatting.blocks import block
from orderloom.dsl.formatting.lines import Line

STEP = 2  #: spaces for each level

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_OPEN = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSE = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_LEVELS = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken)
_MARKERS = (yaml.DocumentStartToken, yaml.DocumentEndToken, yaml.DirectiveToken)


class Level(Struct, frozen=True):
    """A block: the column of its keys or dashes as it was, and as it will be. A `loose` list stood as far out as its key."""

    was: int
    now: int
    is_list: bool
    loose: bool = False


def printed(text: str) -> list[Line]:
    """The lines of a file in the one style; columns of tables are still as they were."""
    printer = _Printer(text)
    for before, token in pairwise(yaml.scan(text, Loader=_LOADER)):
        printer.take(token, is_key=isinstance(before, yaml.KeyToken))
    printer.gap(len(text), 0)
    return printer.lines


class _Printer(Struct):
    text: str
    lines: list[Line] = field(default_factory=lambda: [Line()])
    levels: list[Level] = field(default_factory=list)
    left: list[Level] = field(default_factory=list)  #: the levels at the token that was written last
    last: Any = None  #: that token
    end: int = 0  #: and where it ended
    key: str = ""  #: the scalar that was written last
    flow: int = 0  #: how many braces and brackets are open
    tables: int = 0

    def take(self, token: Any, is_key: bool) -> None:
        """Writes a token, with what stands between the last one and it."""
        start, end = token.start_mark.index, token.end_mark.index
        if isinstance(token, yaml.BlockEndToken) or (isinstance(token, yaml.KeyToken) and not self.flow):
            self._leave(whole=isinstance(token, yaml.BlockEndToken))
        elif isinstance(token, _LEVELS):
            self._enter(token, start)
        elif isinstance(token, yaml.BlockEntryToken) and not self.levels[-1].is_list:
            self.levels.append(Level(token.start_mark.column, self._inner(), is_list=True, loose=True))
        if not isinstance(token, (yaml.BlockEndToken, *_LEVELS)) and self.text[start:end].strip():
            self._write(token, start, end, is_key)

    def _enter(self, token: Any, start: int) -> None:
        follows = isinstance(self.last, yaml.BlockEntryToken | yaml.KeyToken) and "\n" not in self.text[self.end : start]
        now = len(self.lines[-1].code) + 1 if follows else self._inner()
        self.levels.append(Level(token.start_mark.column, now, isinstance(token, yaml.BlockSequenceStartToken)))

    def _leave(self, whole: bool) -> None:
        if self.levels and self.levels[-1].loose:
            self.levels.pop()
        if whole:
            self.levels.pop()

    def _write(self, token: Any, start: int, end: int, is_key: bool) -> None:
        self.flow -= isinstance(token, _CLOSE)
        self.gap(start, self._column(token, is_key), token)
        if isinstance(token, yaml.ScalarToken):
            end = self._scalar(token, start, end)
        else:
            self.lines[-1].code += self.text[start:end].rstrip()
        self.flow += isinstance(token, _OPEN)
        self.last, self.end, self.left = token, end, list(self.levels)

    def _scalar(self, token: Any, start: int, end: int) -> int:
        """Writes a text, and gives the place where it ends."""
        if not token.plain and self.text[start] in "|>":
            found = block(self.text, start, self.levels[-1].was if self.levels else -1)
            self.tables += 1
            table = self.tables if self.key == "table" and found.head == "|" else 0
            indent = " " * ((self.levels[-1].now if self.levels else 0) + (found.indicator or STEP))
            self.lines[-1].code += found.head
            self.lines[-1].comment = found.comment
            self.lines += [Line(indent + line if line else "", "", table, verbatim=True) for line in found.lines]
            return found.end
        first, *others = self.text[start:end].rstrip().split("\n")
        self.lines[-1].code += first.rstrip() if others else first
        indent = " " * (self._inner() + STEP * self.flow)
        self.lines += [Line(indent + line.strip() if line.strip() else "") for line in others]
        self.key = token.value
        return start + len(self.text[start:end].rstrip())

    # --- where things stand --------------------------------------------------------------------------------------------

    def _inner(self) -> int:
        return self.levels[-1].now + STEP if self.levels else 0

    def _column(self, token: Any, is_key: bool) -> int:
        """Where a line begins whose first token it is."""
        if isinstance(token, _MARKERS) or not self.levels:
            return STEP * self.flow
        if self.flow or isinstance(token, _CLOSE):
            return self.levels[-1].now + STEP * self.flow
        starts = is_key or isinstance(token, yaml.BlockEntryToken | yaml.KeyToken | yaml.ValueToken)
        return self.levels[-1].now if starts else self._inner()

    def gap(self, start: int, column: int, token: Any = None) -> None:
        """Writes what stands before a token, None for the end of the file: spaces, comments, one empty line at most."""
        first, *others = self.text[self.end : start].split("\n")
        if not others and token is not None and not first.strip():
            self.lines[-1].code += _space(self.last, token)
            return
        self.lines[-1].comment = self.lines[-1].comment or first.strip()
        for line in others[:-1] if token is not None else others:
            if line.strip():
                self.lines.append(Line(" " * self._of_comment(len(line) - len(line.lstrip()), column, token) + line.strip()))
            elif self.lines[-1] != Line() and not isinstance(self.last, _MARKERS):
                self.lines.append(Line())
        if token is not None:
            self.lines.append(Line(" " * column))

    def _of_comment(self, was: int, column: int, token: Any) -> int:
        """A comment stands with what comes after it, or, further in than that, with what came before."""
        if token is not None and was <= token.start_mark.column:
            return column
        return next((level.now for level in self.left if level.was == was), column)


def _space(last: Any, token: Any) -> str:
    """What stands between two tokens of a line."""
    if last is None or isinstance(last, yaml.FlowSequenceStartToken):
        return ""
    if isinstance(token, yaml.ValueToken | yaml.FlowEntryToken):
        return " " if isinstance(last, yaml.AliasToken | yaml.ValueToken) else ""
    if isinstance(token, yaml.FlowMappingEndToken):
        return "" if isinstance(last, yaml.FlowMappingStartToken) else " "
    return "" if isinstance(token, yaml.FlowSequenceEndToken) else " "
