"""What a decision requires of others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from orderloom.dsl.dmn.document import Document

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def with_required(names: Iterable[str], documents: Mapping[str, Document]) -> tuple[Document, ...]:
    """The named decisions and all that they call, in the order of `documents`."""
    required = requirements(documents)
    wanted: set[str] = set()
    left = set(names)
    while left:
        wanted |= left
        left = {other for name in left for other in required[name]} - wanted
    return tuple(document for name, document in documents.items() if name in wanted)


def requirements(documents: Mapping[str, Document]) -> Mapping[str, tuple[str, ...]]:
    """The other decisions that each decision calls, with whatever arguments; what stands in a text calls nothing.

    In a model of DMN one that is called with other arguments than its own is no requirement, but a function: `write.py`.
    """
    calls = {name: re.compile(rf"(?<![\w-]){re.escape(name)}\s*\(") for name in documents}
    found = {}
    for name, document in documents.items():
        text = _TEXT.sub('""', "\n".join(texts(document)))
        found[name] = tuple(other for other, called in calls.items() if other != name and called.search(text))
    return found


def texts(document: Document) -> Iterator[str]:
    """All expressions of a decision."""
    yield from document.where.values()
    logic = document.logic
    if isinstance(logic, str):
        yield logic
        return
    yield from (column.expression for column in logic.inputs)
    yield from (column.default for column in logic.outputs)
    for rule in logic.rules:
        yield from (*rule.cells, *rule.results)
