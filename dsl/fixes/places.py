"""Where in the tree of a file a finding stands, and how an entry is taken out of a file, or written into one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from orderloom.dsl.fixes.fix import Edit
from orderloom.dsl.nodes import Entry, Map, Node, Scalar, Seq
from orderloom.dsl.reader import read
from orderloom.dsl.source import Source, Span


@lru_cache(maxsize=8)
def trees(source: Source) -> tuple[Node, ...]:
    return read(source)[0]


def around(source: Source, at: int) -> tuple[Node | Entry, ...]:
    """The nodes and entries around a place, the document first."""
    for node in trees(source):
        if node.start <= at <= node.end:
            return tuple(_down(node, at))
    return ()


def _down(node: Node, at: int) -> Iterator[Node | Entry]:
    yield node
    inner: tuple[Entry | Node, ...] = node.entries if isinstance(node, Map) else node.items if isinstance(node, Seq) else ()
    for each in inner:
        start, end = (each.key.start, max(each.key.end, each.value.end)) if isinstance(each, Entry) else (each.start, each.end)
        if not start <= at <= end:
            continue
        if not isinstance(each, Entry):
            yield from _down(each, at)
        else:
            yield each
            yield from [each.key] if at <= each.key.end else _down(each.value, at)
        return


def scalar_at(source: Source, at: int) -> Scalar | None:
    """The value or key that stands at a place."""
    found = around(source, at)
    last = found[-1] if found else None
    return last if isinstance(last, Scalar) else None


def map_at(source: Source, at: int) -> Map | None:
    """The innermost map around a place."""
    return next((node for node in reversed(around(source, at)) if isinstance(node, Map)), None)


def is_flow(node: Map | Seq) -> bool:
    """Whether it is written in braces or brackets."""
    return node.source.text[node.start : node.start + 1] in ("{", "[")


def without_item(seq: Seq, at: int) -> Edit | None:
    """A list without one of its items; None where it is the only one."""
    return _without(seq, [(item.start, item.end) for item in seq.items], at)


def without_entry(map: Map, at: int) -> Edit | None:
    """A map without one of its entries; None where it is the only one."""
    return _without(map, [(entry.key.start, max(entry.key.end, entry.value.end)) for entry in map.entries], at)


def _without(node: Map | Seq, parts: list[tuple[int, int]], at: int) -> Edit | None:
    if len(parts) < 2:
        return None
    source = node.source
    start, end = parts[at]
    if is_flow(node):
        return Edit(Span(source, *(start, parts[at + 1][0]) if at + 1 < len(parts) else (parts[at - 1][1], end)), "")
    first = source.text.rfind("\n", 0, start) + 1
    lead = source.text[first:start]
    if lead.strip() not in ("", "-") or (isinstance(node, Map) and lead.strip()):
        return Edit(Span(source, start, parts[at + 1][0]), "") if at + 1 < len(parts) else None
    return Edit(Span(source, first, line_end(source, end)), "")


def line_end(source: Source, at: int) -> int:
    """Where the next line begins."""
    return source.text.find("\n", max(at - 1, 0)) + 1 or len(source.text)


def with_entry(map: Map, key: str, value: str) -> Edit:
    """A map with one more entry at its end."""
    source = map.source
    last = max((max(entry.key.end, entry.value.end) for entry in map.entries), default=map.start + 1)
    if is_flow(map):
        text = f", {key}: {value}" if map.entries else f" {key}: {value} "
        return Edit(Span(source, last, last), text)
    column = source.position(map.entries[0].key.start)[1] - 1
    return Edit(Span(source, last, last), f"\n{' ' * column}{key}: {value}")
