"""Maps of statuses: each status has one word, and what has a word is a status."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.changes import statuses
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax.status_map import StatusMap

#: Statuses that the engine itself sets.
OWN = ("cancelled", "changed")


def status_maps(definitions: Definitions) -> Iterator[Diagnostic]:
    if "process" in definitions.lost:
        return
    known = dict.fromkeys((*statuses(definitions), *OWN))
    for each in definitions.of_kind(StatusMap).values():
        spoken = dict.fromkeys((*statuses(definitions, each.read_from.source.pack), *OWN))
        yield from _words(each, known, spoken)


def _words(written: StatusMap, known: dict[str, None], spoken: dict[str, None]) -> Iterator[Diagnostic]:
    told: dict[str, Located[str]] = {}
    for pair in written.words:
        for status in pair.value:
            if status.value in told:
                labels = (Label(told[status.value].span, "the first"),)
                yield Diagnostic("E678", f"{status.value} has two words", status.span, labels, "keep one of them")
            elif status.value not in spoken:
                words = f"nothing ever has the status {status.value}"
                yield Diagnostic("E678", words, status.span, hint=hint_for(status.value, spoken))
            told.setdefault(status.value, status)
    missing = [status for status in known if status not in told]
    if missing and written.otherwise is None and written.name is not None:
        words = f"{', '.join(missing)} ha{'s' if len(missing) == 1 else 've'} no word"
        yield Diagnostic("E677", words, written.name.span, hint="give each a word, or say with `otherwise` what the rest is")
