"""Fixes of entries: a key that is missing, one that has no effect, what stands twice, what nothing uses, ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePosixPath

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fields import keys
from orderloom.dsl.fixes.fix import Edit, Fix, replacing
from orderloom.dsl.fixes.places import around, is_flow, map_at, trees, with_entry, without_entry, without_item
from orderloom.dsl.nodes import Entry, Map, Node, Scalar, Seq
from orderloom.dsl.source import Span
from orderloom.dsl.syntax import KINDS

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_VERBS = ("do", "ask", "tell", "wait", "task", "decide", "raise", "take-back", "end", "run")
_NO_WAY = re.compile(r"the outcome (\S+) of this step has no way out")


def missing(found: Diagnostic) -> Fix | None:
    """The name of a document is that of its file, the name of a step what it does."""
    source, at = found.span.source, found.span.start
    within = map_at(source, at)
    if within is None or not within.entries:
        return None
    if found.message == "the key name is missing" and within.get("kind") is not None:
        return _first(within, "name", PurePosixPath(source.path).stem.split(".")[0], behind="kind")
    if found.message == "the key step is missing":
        verb = next((entry.value for entry in within.entries if entry.key.text in _VERBS), None)
        return _first(within, "step", verb.text) if isinstance(verb, Scalar) else None
    return None


def _first(map: Map, key: str, value: str, behind: str = "") -> Fix | None:
    """A map with one more entry at its beginning, or behind another one."""
    if not _NAME.fullmatch(value):
        return None
    before = next((at + 1 for at, entry in enumerate(map.entries) if entry.key.text == behind), 0)
    if before >= len(map.entries):
        edit = with_entry(map, key, value)
    else:
        start = map.entries[before].key.start
        column = map.source.position(map.entries[0].key.start)[1] - 1
        text = f"{key}: {value}, " if is_flow(map) else f"{key}: {value}\n{' ' * column}"
        edit = Edit(Span(map.source, start, start), text)
    return Fix(f"write {key}: {value}", (edit,))


def kind(found: Diagnostic) -> Fix | None:
    """The one kind that has all of these keys, and asks for no others."""
    within = map_at(found.span.source, found.span.start)
    if within is None or not within.entries:
        return None
    written = {entry.key.text for entry in within.entries}
    fitting = []
    for name, of in KINDS.items():
        declared = keys(of)
        texts, needed = {key.text for key in declared}, {key.text for key in declared if key.required}
        if needed <= written <= texts:
            fitting.append(name)
    return _first(within, "kind", fitting[0]) if len(fitting) == 1 else None


def delete(found: Diagnostic) -> Fix | None:
    """An entry or an item that has no effect."""
    return _deleted(found, loses=False)


def not_taken(found: Diagnostic) -> Fix | None:
    """The way that is never taken, beside the one that is."""
    path = around(found.span.source, found.span.start)
    at = next((i for i in range(len(path) - 1, 0, -1) if isinstance(path[i], Entry)), 0)
    above, here = path[at - 1], path[at]
    if not isinstance(above, Map) or not isinstance(here, Entry):
        return None
    edit = without_entry(above, above.entries.index(here))
    return Fix(f"delete {here.key.text}", (edit,)) if edit is not None else None


def named_twice(found: Diagnostic) -> Fix | None:
    """The second one of a list."""
    return delete(found) if found.message.endswith(" twice") else None


def unused(found: Diagnostic) -> Fix | None:
    """An entry, or a whole document, that nothing uses."""
    if found.code in ("W410", "W411", "W412"):
        return _document(found)
    return _deleted(found, loses=True)


def _deleted(found: Diagnostic, loses: bool) -> Fix | None:
    source, at = found.span.source, found.span.start
    edit, what = next(_ways_out(around(source, at), at), (None, ""))
    return Fix(f"delete {what}", (edit,), loses) if edit is not None else None


def _ways_out(path: tuple[Node | Entry, ...], at: int) -> Iterator[tuple[Edit | None, str]]:
    """How what stands at a place is taken out of the list or the map that it stands in."""
    for above, here in reversed([*pairwise(path)]):
        if isinstance(above, Seq):
            index = next(i for i, item in enumerate(above.items) if item is here)
            yield without_item(above, index), here.span.text if isinstance(here, Scalar) else "the entry"
        elif isinstance(above, Map) and isinstance(here, Entry) and here.key.start <= at <= here.key.end:
            index = next(i for i, entry in enumerate(above.entries) if entry is here)
            yield without_entry(above, index), here.key.text


def _document(found: Diagnostic) -> Fix | None:
    """The file without one of its documents; a file with one document alone is its author's to delete."""
    source = found.span.source
    documents = trees(source)
    index = next((i for i, node in enumerate(documents) if node.start <= found.span.start <= node.end), None)
    if index is None or len(documents) < 2:
        return None
    if index + 1 < len(documents):
        span = Span(source, documents[index].start, documents[index + 1].start)
    else:
        line = source.text.rfind("\n---", 0, documents[index].start)
        span = Span(source, line + 1, len(source.text))
    return Fix(f"delete {found.span.text} from the file", (Edit(span, ""),), loses=True)


def way_out(found: Diagnostic) -> Fix | None:
    """An outcome without a way: to the step of its name, or where all other outcomes of the step lead."""
    outcome = _NO_WAY.match(found.message)
    step = map_at(found.span.source, found.span.start)
    if outcome is None or step is None:
        return None
    ways = step.get("on")
    there = {each.value.text for each in ways.entries if isinstance(each.value, Scalar)} if isinstance(ways, Map) else set()
    steps = next((node for node in reversed(around(step.source, step.start)) if isinstance(node, Seq)), None)
    names = [item.get("step") for item in steps.items if isinstance(item, Map)] if steps is not None else []
    named = any(isinstance(name, Scalar) and name.text == outcome[1] for name in names)
    target = outcome[1] if named else next(iter(there)) if len(there) == 1 else None
    if target is None:
        return None
    if isinstance(ways, Map) and ways.entries:
        edit = with_entry(ways, outcome[1], target)
    elif ways is None:
        edit = with_entry(step, "on", f"{{ {outcome[1]}: {target} }}")
    else:
        return None
    return Fix(f"lead {outcome[1]} to {target}", (edit,))


def last(found: Diagnostic) -> Fix | None:
    """The item of a list in which something stands, put behind the others."""
    path = around(found.span.source, found.span.start)
    at = next((i for i in range(len(path) - 1, -1, -1) if isinstance(path[i], Seq)), None)
    seq = path[at] if at is not None else None
    if at is None or not isinstance(seq, Seq) or at + 1 >= len(path):
        return None
    index = next(i for i, item in enumerate(seq.items) if item is path[at + 1])
    behind = [*seq.items[index + 1 :], seq.items[index]]
    edits = (Edit(item.span, other.span.text) for item, other in zip(seq.items[index:], behind, strict=True))
    return Fix("put it last", tuple(edits))


def verb(found: Diagnostic) -> Fix | None:
    """`tell` in place of `ask`, or the other way round, as the message wants it."""
    step = map_at(found.span.source, found.span.start)
    wanted = re.match(r"use (ask|tell)\b", found.hint)
    if step is None or wanted is None:
        return None
    other = "ask" if wanted[1] == "tell" else "tell"
    entry = next((entry for entry in step.entries if entry.key.text == other), None)
    return replacing(entry.key.span, wanted[1]) if entry is not None else None
