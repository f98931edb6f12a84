"""Asking a decision by hand: inputs from texts, the answer, the rows that fired, and why another row did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from orderloom.dsl.feel import Scope, expression
from orderloom.dsl.feel.conform import is_a
from orderloom.dsl.feel.types import ANY, Type
from orderloom.dsl.program import Decision
from orderloom.dsl.suggest import with_hint
from orderloom.dsl.tables import Table, Written
from orderloom.dsl.tables.read import text_of

Problems = tuple[str, ...]


class Question(Struct, frozen=True):
    """`context` is what the decision's expressions see; `columns` are values that were given for a column itself."""

    context: Mapping[str, object]
    columns: Mapping[str, object]


class Told(Struct, frozen=True):
    """`inputs` are the values of the table's columns, `where` the values that the decision names; `rows` fired."""

    value: object
    inputs: Mapping[str, object]
    where: Mapping[str, object]
    rows: tuple[int, ...] = ()


class Refusal(Struct, frozen=True):
    """A cell that kept a row from firing, with the value that it did not accept."""

    column: str
    cell: str
    value: object


def question(decision: Decision, texts: Mapping[str, str]) -> tuple[Question, Problems]:
    """The inputs by name, and what is wrong with them.

    A name is a parameter of the decision; where it has none, a column of its table, or a path such as `order.channel`. Values
    are FEEL; words and days need no quotes.
    """
    context: dict[str, Any] = {}
    columns: dict[str, object] = {}
    types = dict(decision.given) or _column_types(decision)
    problems = [f"{decision.name} needs {name}" for name in decision.given if name not in texts]
    for name, text in texts.items():
        by_path = "." in name and not decision.given
        if not by_path and name not in types:
            problems.append(with_hint(f"{decision.name} has no input {name}", name, types))
            continue
        value, wrong = _value(text, ANY if by_path else types[name])
        problems += [f"{name}: {wrong}"] if wrong else []
        if by_path:
            _put(context, name, value)
        else:
            (context if decision.given else columns)[name] = value
    return Question(context, columns), tuple(problems)


def _column_types(decision: Decision) -> dict[str, Type]:
    return {column.name: column.type for column in decision.logic.inputs} if isinstance(decision.logic, Table) else {}


def _put(context: dict[str, Any], path: str, value: object) -> None:
    *above, name = path.split(".")
    for part in above:
        context = context.setdefault(part, {})
    context[name] = value


def _value(text: str, kind: Type) -> tuple[object, str]:
    """The value of a text, and what is wrong with it. What is no expression is words, where words may stand."""
    read, _, problems = expression(text_of(Written(text, bare=True), kind), Scope())
    value = text if read is None and kind == ANY else read.evaluate({}) if read is not None else None
    if problems and kind != ANY:
        return None, problems[0].message
    return value, "" if value is None or is_a(value, kind) else f"{text} is no {kind}"


def ask(decision: Decision, asked: Question) -> Told:
    """The answer, with what it came from."""
    seen = decision.seen(asked.context)
    where = {name: seen[name] for name in decision.where}
    if not isinstance(decision.logic, Table):
        return Told(decision.logic(seen), {}, where)
    inputs = {name: asked.columns[name] if name in asked.columns else of(seen) for name, of in decision.inputs.items()}
    hit = decision.logic.decide(tuple(inputs.values()), seen)
    return Told(hit.value, inputs, where, hit.rows)


def why_not(decision: Decision, asked: Question, row: int) -> tuple[Refusal, ...]:
    """The cells that kept a row of the decision's table from firing; none when all accept their values."""
    assert isinstance(decision.logic, Table)
    values = tuple(ask(decision, asked).inputs.values())
    refused = decision.logic.explain(values, row, decision.seen(asked.context))
    names, cells = tuple(decision.inputs), decision.logic.rows[row].cells
    return tuple(Refusal(names[at], cells[at].text, values[at]) for at in refused)
