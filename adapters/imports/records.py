"""Records that come in one by one instead of in a file: a verdict for each, and good ones in whatever the others are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

from msgspec import Struct

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import Kind, Verdict, Warned
from orderloom.adapters.imports.known import Known
from orderloom.engine.refused import Refused

T = TypeVar("T")


class Outcome(Struct, frozen=True, omit_defaults=True):
    """What became of a record, known by its `key`; `because` says why it was rejected, or what somebody should look at."""

    key: str
    verdict: Verdict | Literal["rejected"]
    because: str = ""
    left_out: tuple[str, ...] = ()  #: names that nothing declares
    known_as: str = ""  #: under which key the same record is there, where that is another one


def take_in(rows: Sequence[Mapping[str, object]], kind: Kind[T], known: Known) -> list[Outcome]:
    """Takes records of a kind in, in one transaction; an outcome for each, in order."""
    read = [_read(row, kind, known) for row in rows]
    seen: set[str] = set()
    good: dict[int, tuple[str, T, tuple[str, ...]]] = {}
    outcomes: dict[int, Outcome] = {}
    for place, found in enumerate(read):
        if isinstance(found, Outcome):
            outcomes[place] = found
        elif found[0] in seen:
            outcomes[place] = Outcome(found[0], "rejected", "it is there twice in this request")
        else:
            seen.add(found[0])
            good[place] = found
    written = kind.write([record for _, record, _ in good.values()]) if good else ()
    for (place, (key, _, left_out)), verdict in zip(good.items(), written, strict=True):
        outcomes[place] = _outcome(key, verdict, left_out)
    return [outcomes[place] for place in range(len(rows))]


def _read(row: Mapping[str, object], kind: Kind[T], known: Known) -> Outcome | tuple[str, T, tuple[str, ...]]:
    fields = Fields(row)
    record = kind.decode(fields, known)
    if fields.problems:
        return Outcome(str(row.get("id", "")), "rejected", "; ".join(fields.problems))
    fields.done("")
    return kind.key(record), record, tuple(sorted(fields.unknown))


def _outcome(key: str, verdict: Verdict | Warned | Refused, left_out: tuple[str, ...]) -> Outcome:
    if isinstance(verdict, Refused):
        return Outcome(key, "rejected", verdict.because)
    if isinstance(verdict, Warned):
        return Outcome(key, verdict.verdict, verdict.words, left_out, verdict.known_as)
    return Outcome(key, verdict, left_out=left_out)
