"""Expressions compare statuses with those that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orderloom.dsl.changes import statuses
from orderloom.dsl.checks.status_maps import OWN
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import Formula
from orderloom.dsl.known import asked
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for


@asked
def any_process(definitions: Definitions) -> bool:
    return bool(definitions.documents.get("process"))


_COMPARED = re.compile(r'\b(?:order|unit)\.status\s*!?=\s*"([^"\\]*)"')
_HOMES = {"process", "decision"}  #: documents that say what statuses there are


def compared_statuses(document: Document, definitions: Definitions) -> Iterator[Diagnostic]:
    if _HOMES & definitions.lost or not any_process(definitions):
        return
    known: tuple[str, ...] = ()
    for leaf in document.leaves:
        if not isinstance(leaf.type, Formula) or ".status" not in leaf.value.value:
            continue
        known = known or (*statuses(definitions, document.name.span.source.pack), *OWN)
        for found in _COMPARED.finditer(leaf.value.value):
            if found[1] not in known:
                words = f"nothing ever has the status {found[1]}"
                place = leaf.value.node.part(found.start(1), found.end(1))
                yield Diagnostic("E679", words, place, hint=hint_for(found[1], known))
