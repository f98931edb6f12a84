"""Tables as a whole: texts that name other definitions, rows that overlap or never fire, cases without a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from orderloom.dsl.checks.doubts import NO_ZONE, ZONE_HINT, is_local
from orderloom.dsl.checks.witness import case, example
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import WrittenType
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rows import Rows, as_diagnostic
from orderloom.dsl.source import Span
from orderloom.dsl.steps import Process
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Decision
from orderloom.dsl.tables import Table
from orderloom.dsl.tables.findings import Finding, findings
from orderloom.dsl.tables.grid import fault
from orderloom.dsl.tables.nearest import nearest

_REFERENCE = re.compile(r"name of (\w+)")
_TEXT = re.compile(r'"([^"\\]*)"')
_NO_OFFER = "add a row: appeasements choose their offers by this table, and somebody asks for this case; [] offers nothing"
MOST_GAPS = 5  #: gaps of one table that are told; the first of them often closes others


def referenced_kind(written: WrittenType) -> str | None:
    """The kind of document that the texts of a column name, as in `name of process`."""
    found = _REFERENCE.fullmatch(written.text.value) if written.text is not None else None
    return found[1] if found else None


def references(decision: Decision, rows: Rows, definitions: Definitions) -> Iterator[Diagnostic]:
    """A text in a column `name of process` names a process, and one of the right purpose."""
    for column, pair in enumerate(decision.outputs):
        kind = referenced_kind(pair.value)
        if kind is None or kind in definitions.lost:
            continue
        known = definitions.documents.get(kind, {})
        for at, row in enumerate(rows.rows):
            cell = row.results[column]
            text = _TEXT.fullmatch(cell.text)
            name = text[1] if text else cell.text
            if not text and not (cell.bare and name != "null"):
                continue
            problem = partial(fault, row=at, column=len(row.cells) + column, at=cell)
            if name not in known:
                yield as_diagnostic(problem("E416", f"there is no {kind} {name}", hint_for(name, known)), rows.place)
            elif not _suits(decision.name.value, known[name]):
                yield as_diagnostic(problem("E431", f"the process {name} is for something else", "see its `for`"), rows.place)


#: What the processes may be for that entry decisions name.
_PURPOSES: dict[str, Callable[[str], bool]] = {
    "process-for-order": lambda purpose: purpose == "order",
    "process-for-unit": lambda purpose: purpose not in ("order", "return", "repair"),
    "process-for-supply": lambda purpose: purpose in ("purchase", "transfer"),
}


def _suits(decision: str, document: Document) -> bool:
    """Whether the process that an entry decision names is for what the decision is about."""
    body = document.body
    if decision not in _PURPOSES or not isinstance(body, Process) or body.purpose is None:
        return True
    return _PURPOSES[decision](body.purpose.value)


def whole_table(
    decision: Decision, table: Table, rows: Rows, answers_all: bool = False, needed: str = ""
) -> Iterator[Diagnostic]:
    """Rows that overlap against the hit policy, rows that never fire, and cases without a row, each with a case that shows it.

    A case that takes a value which nothing names, such as any other text, is no gap: that no row answers is what was written;
    unless the table must answer all. Null counts where a cell names it, once all values have their rows. `needed` says what
    cannot be done without an answer: then a gap is an error.
    """
    found = findings(table)
    for finding in found:
        if finding.kind == "overlap":
            yield _overlap(table, rows, finding)
        elif finding.kind == "shadowed":
            yield _never_fires(table, rows, finding)
    gaps = [finding for finding in found if finding.kind == "gap" and (answers_all or not finding.unnamed)]
    of_values = [finding for finding in gaps if not finding.nulls]
    for finding in (of_values or gaps)[:MOST_GAPS]:
        gap = _gap(decision, table, rows, finding)
        if answers_all:
            yield replace(gap, code="E830", hint=_NO_OFFER)
        else:
            yield replace(gap, code="E822", message=f"{gap.message}; {needed}") if needed else gap


def without_zone(table: Table, rows: Rows, zoned: Sequence[bool]) -> Iterator[Diagnostic]:
    """Cells of a column of times in a zone that have a time without one, which none of them is ever compared with."""
    for column, _ in enumerate(zoned):
        for at, row in enumerate(table.rows) if zoned[column] else ():
            cell = row.cells[column]
            if cell.test is not None and any(is_local(text) for text in _TEXT.findall(cell.text)):
                place = fault("", "", row=at, column=column, at=rows.rows[at].cells[column])
                yield Diagnostic("E316", NO_ZONE, rows.place(place), hint=ZONE_HINT)


def _overlap(table: Table, rows: Rows, finding: Finding) -> Diagnostic:
    one, other = finding.rows[:2]
    labels = (Label(_row(rows, one), "the other row"),)
    words = f"this row and another both answer for {case(table, finding)}"
    hint = f"`{table.policy}` wants one answer: make the rows exclude each other"
    return Diagnostic("E820", words, _row(rows, other), labels, hint)


def _gap(decision: Decision, table: Table, rows: Rows, finding: Finding) -> Diagnostic:
    words, span = f"no row answers for {case(table, finding)}", decision.name.span
    closest = nearest(table, finding.witness)
    if closest is not None:
        row, column = closest
        words, span = f"{words}; this row comes closest", _cell(rows, row, column)
    shown = example(decision, finding)
    ways = "add a row, or say with `default` what holds otherwise (null: nothing)"
    code = "W822" if finding.nulls else "W821"
    return Diagnostic(code, words, span, hint=f"for example {shown}: {ways}" if shown else ways)


def _never_fires(table: Table, rows: Rows, finding: Finding) -> Diagnostic:
    span = _row(rows, finding.rows[0])
    if len(finding.rows) == 1:
        return Diagnostic(
            "W820", "this row never fires: no value that may come in passes it", span, hint="delete it, or allow its values"
        )
    labels = (Label(_row(rows, finding.rows[1]), "the row that fires instead"),)
    words = f"this row never fires: for {case(table, finding)} another does"
    return Diagnostic("W820", words, span, labels, "put it above the other, or delete it")


def _row(rows: Rows, at: int) -> Span:
    return _cell(rows, at, 0)


def _cell(rows: Rows, row: int, column: int) -> Span:
    return rows.place(fault("", "", row=row, column=column, at=rows.rows[row].cells[column]))
