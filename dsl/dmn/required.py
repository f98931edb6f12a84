"""What a decision requires of others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from orderloom.dsl.dmn.document import Document


def with_required(names: Iterable[str], documents: Mapping[str, Document]) -> tuple[Document, ...]:
    """The named decisions and all that they call, in the order of `documents`."""
    wanted: set[str] = set()
    left = set(names)
    while left:
        wanted |= left
        text = "\n".join(line for name in left for line in texts(documents[name]))
        left = {name for name in documents.keys() - wanted if re.search(rf"(?<![\w-]){re.escape(name)}\s*\(", text)}
    return tuple(document for name, document in documents.items() if name in wanted)


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
