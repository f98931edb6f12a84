"""Rows of a JSON-lines or CSV file, plain or gzipped, one after the other; what cannot be read is a row with a problem.

A file that begins with nothing but `{` on its line is one JSON object over many lines, as people write one by hand.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
from msgspec import Struct, field

LONGEST = 4_000_000  #: bytes of a line; a longer one is a problem, so that memory stays bounded
_JSON = msgspec.json.Decoder(float_hook=Decimal)


class Row(Struct, frozen=True):
    """One record: the number of its first line, the original text, and its values unless there is a `problem`."""

    number: int
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    problem: str | None = None


class RowFile(Struct):
    """An open file; `consumed` is how many of its `size` bytes on the disk are read, for a progress bar."""

    path: Path
    raw: BinaryIO

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def consumed(self) -> int:
        return self.raw.tell()

    def rows(self) -> Iterator[Row]:
        """Every record, blank lines skipped. A file that breaks off ends with a row that says so."""
        names = [suffix.lower() for suffix in self.path.suffixes]
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=self.raw)) if names[-1:] == [".gz"] else self.raw
        return _csv(stream) if ".csv" in names else _jsonl(stream)


@contextmanager
def open_rows(path: Path) -> Iterator[RowFile]:
    """Opens a file by its name: `.csv` or `.csv.gz` is CSV with a header, every other is JSON lines. Raises OSError."""
    with path.open("rb") as raw:
        yield RowFile(path, raw)


class _Line(Struct, frozen=True):
    number: int
    text: str
    problem: str | None = None


def _lines(stream: BinaryIO) -> Iterator[_Line]:
    number = 0
    while True:
        number += 1
        try:
            data = stream.readline(LONGEST + 1)
            long = len(data) > LONGEST
            while long and data and not data.endswith(b"\n"):
                data = stream.readline(LONGEST + 1)
        except (EOFError, OSError, zlib.error) as fault:
            yield _Line(number, "", f"the file cannot be read from here on: {fault}")
            return
        if not data and not long:
            return
        yield _Line(number, "", f"the line is longer than {LONGEST} bytes") if long else _decoded(number, data)


def _decoded(number: int, data: bytes) -> _Line:
    try:
        return _Line(number, data.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return _Line(number, data.decode("utf-8", errors="replace"), "the line is not UTF-8 text")


def _jsonl(stream: BinaryIO) -> Iterator[Row]:
    lines = _lines(stream)
    begun = False
    for line in lines:
        text = line.text.rstrip("\r\n")
        if line.problem:
            yield Row(line.number, text, problem=line.problem)
        elif text.strip() == "{" and not begun:
            yield _whole(line, lines)
        elif text.strip():
            yield _json_row(line.number, text)
        begun = begun or bool(text.strip())


def _whole(first: _Line, rest: Iterator[_Line]) -> Row:
    """The one object of a file, which begins with this line."""
    text, problem = first.text, first.problem
    for line in rest:
        problem = problem or line.problem
        text += line.text if len(text) <= LONGEST else ""
    if len(text) > LONGEST:
        problem = problem or f"the object is longer than {LONGEST} bytes"
    return Row(first.number, text[:LONGEST], problem=problem) if problem else _json_row(first.number, text.rstrip("\r\n"))


def _json_row(number: int, text: str) -> Row:
    if text.lstrip().startswith("["):
        return Row(number, text, problem="a JSON array; JSON lines have one object a line, with no brackets or commas around it")
    try:
        values = _JSON.decode(text)
    except (msgspec.DecodeError, RecursionError) as fault:
        return Row(number, text, problem=f"not valid JSON: {str(fault).removeprefix('JSON is malformed: ')}")
    if not isinstance(values, dict):
        return Row(number, text, problem="not a JSON object, { ... }")
    return Row(number, text, values)


class _Feed(Struct):
    """Hands lines to the CSV reader and keeps those of the record that it is at."""

    lines: Iterator[_Line]
    taken: list[_Line] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.taken.append(line)
            yield line.text.replace("\0", "\ufffd")

    def take(self) -> tuple[int, str, str | None]:
        """First line's number, the text, and the first problem of the lines taken since the last call."""
        taken, self.taken = self.taken, []
        problems = [line.problem for line in taken if line.problem]
        text = "".join(line.text for line in taken).rstrip("\r\n")
        return taken[0].number if taken else 0, text, problems[0] if problems else None


def _csv(stream: BinaryIO) -> Iterator[Row]:
    feed = _Feed(_lines(stream))
    reader = csv.reader(feed)
    header: list[str] | None = None
    while True:
        try:
            cells = next(reader)
            fault = None
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], f"not valid CSV: {error}"
        number, text, problem = feed.take()
        if fault or problem:
            yield Row(number, text, problem=fault or problem)
        elif header is None:
            header = [name.strip() for name in cells]
            twice = sorted({name for name in header if name and header.count(name) > 1})
            if twice:
                yield Row(number, text, problem=f"two columns are called {', '.join(twice)}")
                return
        elif cells:
            yield _csv_row(number, text, header, cells)


def _csv_row(number: int, text: str, header: list[str], cells: list[str]) -> Row:
    if len(header) == 1 and (found := re.search("[;\t|]", header[0])):
        return Row(number, text, problem=f"columns are separated by commas, not by {found.group()!r}")
    if len(cells) != len(header):
        return Row(number, text, problem=f"{len(cells)} cells where the header has {len(header)}")
    return Row(number, text, dict(zip(header, cells, strict=True)))
