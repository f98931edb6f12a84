"""YAML text -> trees, as YAML 1.2 core: `on`, `off`, `yes`, `no` are texts, nothing is guessed to be a date or a base-60 number.

Whatever is wrong with the text is a diagnostic; what was read before it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct, field
from msgspec.structs import replace

from orderloom.dsl import traps
from orderloom.dsl.diagnostics import Diagnostic, Label, at_start
from orderloom.dsl.nodes import Entry, Map, Node, Scalar, Seq
from orderloom.dsl.source import Source, Span

MAX_BYTES = 2_000_000
MAX_DEPTH = 50
MAX_BORROWED = 10_000  #: nodes that the aliases of one file may stand for

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")


def read(source: Source) -> tuple[tuple[Node, ...], tuple[Diagnostic, ...]]:
    """The documents of a file. An empty file has none, and says so."""
    fault = _unreadable(source)
    if fault:
        return (), (fault,)
    builder = _Builder(source)
    try:
        for event in _events(source.text):
            builder.take(event)
            if len(builder.stack) > MAX_DEPTH:
                return (), (Diagnostic("E012", f"nested deeper than {MAX_DEPTH} levels", builder.stack[-1].span),)
    except yaml.MarkedYAMLError as error:
        if not any(d.code in traps.CUTS for d in builder.found):
            builder.found.append(traps.explain(source, error, builder.last))
    if not builder.documents and not builder.found:
        builder.found.append(Diagnostic("E003", "this file is empty", at_start(source), hint="delete it, or write a definition"))
    return tuple(builder.documents), tuple(builder.found)


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)


def _unreadable(source: Source) -> Diagnostic | None:
    content = source.content
    if len(content) > MAX_BYTES:
        words = f"this file is larger than {MAX_BYTES // 1_000_000} MB"
        return Diagnostic("E004", words, at_start(source), hint="split it; large tables belong into a CSV file")
    if b"\0" in content:
        return Diagnostic("E002", "this is not a text file", at_start(source))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = len(content[: error.start].decode("utf-8").removeprefix("\ufeff"))
        hint = "save the file as UTF-8 in your editor"
        return Diagnostic("E001", "this character is not UTF-8", Span(source, place, place + 1), hint=hint)
    control = _UNPRINTABLE.search(source.text)
    if control:
        words = f"the character U+{ord(control.group()):04X} cannot stand in a definition"
        return Diagnostic("E018", words, Span(source, control.start(), control.end()), hint="delete it")
    return None


class _Open(Struct):
    """A collection that is not finished yet."""

    source: Source
    start: int
    flow: bool
    is_map: bool
    anchor: str | None
    items: list[Node] = field(default_factory=list)
    broken: bool = False

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.start + 1)


class _Builder:
    """Puts the parser's events together, one after the other; never recursive, so depth costs nothing."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.documents: list[Node] = []
        self.found: list[Diagnostic] = []
        self.stack: list[_Open] = []
        self.last: Scalar | None = None
        self._anchors: dict[str, Node] = {}
        self._borrowed = 0

    def take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(event)
            case yaml.AliasEvent():
                self._add(self._alias(event))
            case yaml.DocumentStartEvent():
                self._anchors, self._borrowed = {}, 0

    def _scalar(self, event: Any) -> None:
        start, end = self._begin(event), event.end_mark.index
        scalar = Scalar(event.value, self.source, min(start, end), end, "" if event.style == ":" else event.style or "")
        self.last = scalar
        if not scalar.style and self._is_cut(scalar):
            scalar = replace(scalar, broken=True)
        self._name(event.anchor, scalar)
        self._add(scalar)

    def _is_cut(self, scalar: Scalar) -> bool:
        """Tells of a value that ended too early; the collection that a comma cut is broken as a whole."""
        parent = self.stack[-1] if self.stack else None
        if parent is not None and parent.broken:
            return False
        cut = traps.cut(scalar, in_flow=parent is not None and parent.flow)
        if cut is None:
            return False
        self.found.append(cut)
        if parent is not None and cut.code == "E013":
            parent.broken = True
        return cut.severity == "error"

    def _open(self, event: Any) -> None:
        is_map = isinstance(event, yaml.MappingStartEvent)
        self.stack.append(_Open(self.source, self._begin(event), bool(event.flow_style), is_map, event.anchor))

    def _begin(self, event: Any) -> int:
        """Where the value itself begins, after its tag and anchor."""
        start: int = event.start_mark.index
        if event.tag is not None:
            end = start + len(re.match(r"\S*", self.source.text[start:]).group())  # type: ignore[union-attr]
            self.found.append(Diagnostic("E009", "tags have no meaning here", Span(self.source, start, end), hint="delete it"))
        if event.tag is None and event.anchor is None:
            return start
        found = _PROPERTIES.match(self.source.text, start)
        return found.end() if found else start

    def _close(self, event: Any) -> None:
        done = self.stack.pop()
        end = event.end_mark.index if done.flow else max((item.end for item in done.items), default=done.start)
        size = 1 + sum(item.size for item in done.items)
        node: Node
        if done.is_map:
            entries = self._entries(done.items)
            node = Map(entries, self.source, done.start, end, size, done.broken)
        else:
            node = Seq(tuple(done.items), self.source, done.start, end, size, done.broken)
        self._name(done.anchor, node)
        self._add(node)

    def _add(self, node: Node) -> None:
        (self.stack[-1].items if self.stack else self.documents).append(node)

    def _name(self, anchor: str | None, node: Node) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _entries(self, items: list[Node]) -> tuple[Entry, ...]:
        entries: dict[str, Entry] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            fault = self._faulty_key(key, entries)
            if fault and fault.code == "E020":
                self.found.append(fault)
                break
            if fault:
                self.found.append(fault)
            elif isinstance(key, Scalar):
                entries[key.text] = Entry(key, value)
        return tuple(entries.values())

    def _faulty_key(self, key: Node, before: dict[str, Entry]) -> Diagnostic | None:
        if not isinstance(key, Scalar) or key.is_null:
            return Diagnostic("E019", "a key must be a text", key.span)
        if key.text == "<<" and not key.style:
            return Diagnostic("E008", "merge keys (<<) are not supported", key.span, hint="write the keys out")
        if key.text == "kind" and key.text in before and not self.stack:
            labels = (Label(before[key.text].key.span, "the document above begins here"),)
            return Diagnostic("E020", "--- is missing above this", key.span, labels, "write a line --- between two documents")
        if key.text in before:
            labels = (Label(before[key.text].key.span, "it stands here first"),)
            return Diagnostic("E007", f"the key {key.text} stands here twice", key.span, labels, "keep one of the two")
        return None

    def _alias(self, event: Any) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        node = self._anchors.get(event.anchor)
        span = Span(self.source, start, end)
        if node is None:
            self.found.append(Diagnostic("E011", f"there is no finished &{event.anchor} above this", span))
        elif self._borrowed <= MAX_BORROWED:
            self._borrowed += node.size
            if self._borrowed <= MAX_BORROWED:
                return node
            words = f"the aliases of this document stand for more than {MAX_BORROWED:,} values"
            self.found.append(Diagnostic("E010", words, span, hint="write out what you need"))
        return Map((), self.source, start, end, 1, broken=True)
