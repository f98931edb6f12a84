"""Brings a file of records into the store: good rows in, bad ones into a reject file with the reason and the original text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Generic, Literal, TypeVar

import msgspec
from msgspec import Struct, field

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.adapters.imports.rows import Row, open_rows
from orderloom.adapters.imports.seen import Seen
from orderloom.dsl.suggest import closest
from orderloom.engine.refused import Refused

BATCH = 500  #: rows that are written in one transaction
REASONS = 3  #: reasons of rejects that a report keeps
WARNINGS = 20  #: warnings that a report keeps

T = TypeVar("T")
Verdict = Literal["added", "unchanged", "written"]  #: `written` where a record replaces the one that may be there
Progress = Callable[[int, int], None]  #: told the bytes read so far and the size of the file


class Warned(Struct, frozen=True):
    """A record that was taken in, and what somebody should look at because of it; `known_as` where it is there as another one."""

    verdict: Verdict
    words: str
    known_as: str = ""


class Kind(Struct, Generic[T], frozen=True):
    """A kind of record. `key` names a record among its own kind; `write` stores many in one transaction, a verdict for each."""

    name: str
    decode: Callable[[Fields, Known], T]
    key: Callable[[T], str]
    write: Callable[[Sequence[T]], Sequence[Verdict | Warned | Refused]]


class Report(Struct):
    """What became of the rows of a file; `left_out` are the columns that nothing declares.

    `reasons` are the first ones of rejects, with how many rows have each and the line of the first; `warnings` are the first ones
    of `warned`. `refused` are the rejected rows that could be read.
    """

    counts: Counter[Verdict] = field(default_factory=Counter)
    rejected: int = 0
    left_out: set[str] = field(default_factory=set)
    reasons: dict[str, tuple[int, int]] = field(default_factory=dict)
    refused: int = 0
    warned: int = 0
    warnings: list[str] = field(default_factory=list)

    def warn(self, words: str) -> None:
        """Counts a warning."""
        self.warned += 1
        if self.warned <= WARNINGS:
            self.warnings.append(words)

    def reject(self, line: int, reason: str) -> None:
        """Counts a rejected row."""
        self.rejected += 1
        count, first = self.reasons.get(reason, (0, line))
        if count or len(self.reasons) < REASONS:
            self.reasons[reason] = (count + 1, first)


def import_file(
    path: Path,
    kind: Kind[T],
    known: Known,
    rejects: Path,
    renames: Mapping[str, str],
    progress: Progress | None = None,
    limit: int | None = None,
) -> Report:
    """Imports a file; the same file again changes nothing. The reject file is there afterwards only if it has a row.

    `renames` maps the file's names to ours, `limit` is how many rows are read. Raises OSError when a file cannot be opened or
    written.
    """
    report = Report()
    with open_rows(path) as source, _RejectFile(rejects, report) as reject, Seen() as seen:
        good = _decoded(islice(source.rows(), limit), kind, known, renames, seen, reject)
        for batch in _batches(good):
            for (row, _), verdict in zip(batch, kind.write([record for _, record in batch]), strict=True):
                _note(report, reject, row, verdict)
            if progress:
                progress(source.consumed, source.size)
        if progress:
            progress(source.size, source.size)
    return report


def _note(report: Report, reject: _RejectFile, row: Row, verdict: Verdict | Warned | Refused) -> None:
    if isinstance(verdict, Refused):
        report.refused += 1
        reject(row, verdict.because)
    elif isinstance(verdict, Warned):
        report.counts[verdict.verdict] += 1
        report.warn(verdict.words)
    else:
        report.counts[verdict] += 1


class _RejectFile:
    """Writes rejected rows, and counts them."""

    def __init__(self, path: Path, report: Report) -> None:
        self.report = report
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> _RejectFile:
        if self._path.is_file():  # never a device such as /dev/null
            self._path.unlink()
        return self

    def __exit__(self, *fault: object) -> None:
        if self._file:
            self._file.close()

    def __call__(self, row: Row, reason: str) -> None:
        self._file = self._file or self._path.open("wb")
        self.report.reject(row.number, reason)
        self._file.write(msgspec.json.encode({"line": row.number, "reason": reason, "text": row.text}) + b"\n")


def _decoded(
    rows: Iterable[Row], kind: Kind[T], known: Known, renames: Mapping[str, str], seen: Seen, reject: _RejectFile
) -> Iterator[tuple[Row, T]]:
    for row in rows:
        fields = Fields(renamed(row.values, renames))
        record = None if row.problem else kind.decode(fields, known)
        if record is None or fields.problems:
            reject(row, row.problem or _why(fields))
            continue
        fields.done("")
        reject.report.left_out |= fields.unknown
        key = kind.key(record)
        first = seen.first(key, row.number)
        if first == row.number:
            yield row, record
        else:
            reject(row, f"{key} is already on line {first} of this file")


def _why(fields: Fields) -> str:
    """Everything that is wrong with the record; where a field is missing, also the names that might stand for one of ours."""
    fields.done("")
    if not (fields.missing and fields.unknown):
        return "; ".join(fields.problems)
    names = sorted(name.rpartition(".")[2] for name in fields.unknown)
    ours = (fields.missing | fields.taken) - fields.values.keys()
    like = [f"--rename {name}={meant}" for name in names if (meant := closest(name, ours))]
    todo = f": {' '.join(like)}" if like else "; --rename THEIRS=OURS maps names"
    return "; ".join([*fields.problems, f"the file has {', '.join(names)}{todo}"])


def renamed(values: Mapping[str, object], renames: Mapping[str, str]) -> dict[str, object]:
    """The values under our names, at every depth."""
    return {renames.get(name, name): _deeply(value, renames) for name, value in values.items()} if renames else dict(values)


def _deeply(value: object, renames: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        return renamed(value, renames)
    return [_deeply(entry, renames) for entry in value] if isinstance(value, list) else value


def _batches(rows: Iterator[tuple[Row, T]]) -> Iterator[list[tuple[Row, T]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
