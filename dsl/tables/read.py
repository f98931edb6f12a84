"""One written cell to what the table holds: a test of an input, or a result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from orderloom.dsl.feel import Problem, Scope, check_tests, compile_tests, expression, parse_tests
from orderloom.dsl.feel.conform import conformed, is_a
from orderloom.dsl.feel.suggest import did_you_mean
from orderloom.dsl.feel.types import ANY, DATE, DATE_TIME, NULL, Simple, Type, same_kind
from orderloom.dsl.tables.cell import Cell, Span, points
from orderloom.dsl.tables.grid import Written
from orderloom.dsl.tables.simple import simple_cell, simple_value
from orderloom.dsl.tables.table import Input, Output, Result

_BARE = re.compile(r"(?!not\s*\(|null$)[^\W_][^\"(),]*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Problems = tuple[Problem, ...]


def text_of(written: Written, kind: Type) -> str:
    """The FEEL text of a cell.

    In a sheet, words in a column of strings, days in a column of dates and TRUE stand for themselves; an expression that
    could be taken for words, such as `(order.channel)`, stands in brackets.
    """
    text = written.text
    if not written.bare or not isinstance(kind, Simple):
        return text
    if kind.name == "string" and _BARE.fullmatch(text):
        return '"' + text.replace("\\", "\\\\") + '"'
    if kind.name == "date" and _DAY.fullmatch(text):
        return f'@"{text}"'
    return text.lower() if kind.name == "boolean" and text in ("TRUE", "FALSE") else text


def read_cell(written: Written, column: Input, scope: Scope) -> tuple[Cell | None, Problems]:
    """What the cell accepts, or None and what is wrong with it; offsets are in the written text."""
    if not written.text:
        if written.bare:
            return Cell("-"), ()
        return None, (Problem("E812", 0, 0, "this cell is empty", "write - for any value"),)
    text = text_of(written, column.type)
    cell = simple_cell(text)
    if cell is not None and _fits(cell, column.type):
        return cell, (*_empty(cell), *_forbidden(cell.spans, column.allowed, cell.text))
    tests, problems = parse_tests(text, scope)
    problems = check_tests(tests, scope, column.type) if tests is not None else problems
    if tests is None or problems:
        return None, problems
    return Cell(text, test=compile_tests(tests, scope)), ()


def read_result(written: Written, column: Output, scope: Scope) -> tuple[Result | None, Problems]:
    """What the row puts out, or None and what is wrong with it."""
    if not written.text:
        return None, (Problem("E812", 0, 0, "this result is empty", "write null for no value"),)
    text = text_of(written, column.type)
    constant, value = simple_value(text)
    if constant and (value is None or is_a(value, column.type)):
        return Result(text, value), _forbidden(points([value] if value is not None else []), column.allowed, text)
    read, kind, problems = expression(text, scope)
    if read is None:
        return None, problems
    if not _may_be(kind, column.type):
        return None, (Problem("E350", 0, len(text), f"this gives a {kind}, and a {column.type} is needed here"),)
    return Result(text, evaluate=typed(read.evaluate, column.type)), ()


def _may_be(kind: Type, target: Type) -> bool:
    """Whether an expression of one type can give a value of the other; lists and contexts are left to run time."""
    simple = isinstance(kind, Simple) and isinstance(target, Simple)
    return not simple or kind == NULL or same_kind(kind, target) or (kind, target) == (DATE, DATE_TIME)


def typed(evaluate: Callable[[Mapping[str, object]], object], kind: Type) -> Callable[[Mapping[str, object]], object]:
    """The same expression, with null for what is not of the declared type."""
    return evaluate if kind == ANY else lambda context: conformed(evaluate(context), kind)


def _fits(cell: Cell, kind: Type) -> bool:
    """Whether the cell speaks of values of the column's type; the FEEL checker has the words for the others."""
    return all(span.kind is None or is_a(span.low if span.high is None else span.high, kind) for span in cell.spans)


def _empty(cell: Cell) -> Problems:
    if any(span.empty for span in cell.spans):
        return (Problem("E814", 0, len(cell.text), "no value lies in this interval", "write the smaller end first"),)
    return ()


def _forbidden(spans: Iterable[Span], allowed: Cell | None, text: str) -> Problems:
    """Single values that the column's allowed values leave out."""
    if allowed is None:
        return ()
    wrong = [span.low for span in spans if span.kind is not None and span.point and not allowed.accepts(span.low, {})]
    return tuple(_not_allowed(value, allowed, text) for value in wrong)


def _not_allowed(value: object, allowed: Cell, text: str) -> Problem:
    """At the very value, where the cell has it as it is."""
    literal = f'"{value}"' if isinstance(value, str) else str(value)
    start = max(text.find(literal), 0)
    end = start + len(literal) if literal in text else len(text)
    known = [str(span.low) for span in allowed.spans if span.kind is not None and span.point]
    hint = did_you_mean(str(value), known) or f"allowed: {allowed.text}"
    return Problem("E813", start, end, f"{value} is not among the allowed values", hint)
