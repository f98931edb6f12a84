"""The columns of a decision's table: their types, what may stand in them, and what holds where no row answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orderloom.dsl.checks.tables import referenced_kind
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.feel.types import ANY, NUMBER, STRING, ContextType, ListType, Type
from orderloom.dsl.fields import Located, WrittenType
from orderloom.dsl.rows import Place
from orderloom.dsl.scopes import written_type
from orderloom.dsl.source import Span
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Decision
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, TableProblem
from orderloom.dsl.tables.grid import Written
from orderloom.dsl.tables.policies import LISTS
from orderloom.dsl.tables.read import text_of


def output_types(written: Decision, found: list[Diagnostic]) -> dict[str, Type]:
    """The type of each output; what names a definition is a text."""
    return {
        pair.key.value: STRING if referenced_kind(pair.value) is not None else written_type(pair.value, found)
        for pair in written.outputs
    }


def result_type(policy: Policy, outputs: Mapping[str, Type]) -> Type:
    """The type of the table's answer."""
    if policy is Policy.COUNT:
        return NUMBER
    one = next(iter(outputs.values()), ANY) if len(outputs) == 1 else ContextType(dict(outputs))
    return ListType(one) if policy in LISTS else one


def input_specs(written: Decision, inputs: Mapping[str, Type]) -> tuple[InputSpec, ...]:
    allowed = {pair.key.value: pair.value for pair in written.allowed}
    return tuple(InputSpec(name, kind, _tests(allowed.get(name), kind)) for name, kind in inputs.items())


def output_specs(written: Decision, outputs: Mapping[str, Type]) -> tuple[OutputSpec, ...]:
    allowed = {pair.key.value: pair.value for pair in written.allowed}
    default = {pair.key.value: pair.value.value for pair in written.default}
    return tuple(
        OutputSpec(name, kind, _tests(allowed.get(name), kind), _bare(default[name], kind) if name in default else None)
        for name, kind in outputs.items()
    )


def _tests(written: WrittenType | None, kind: Type) -> str | None:
    """Unary tests in FEEL; words in a column of texts need no quotes."""
    if written is None:
        return None
    texts = written.values if written.text is None else (written.text,)
    return ", ".join(_bare(text.value, kind) for text in texts)


def _bare(text: str, kind: Type) -> str:
    return text_of(Written(text, bare=True), kind)


def strange_columns(written: Decision, inputs: Mapping[str, Type], outputs: Mapping[str, Type]) -> list[Diagnostic]:
    """What `allowed` and `default` say of columns that the table does not have."""
    columns = (*inputs, *outputs)
    wrong = [(pair.key, "column", columns) for pair in written.allowed if pair.key.value not in columns]
    wrong += [(pair.key, "output", tuple(outputs)) for pair in written.default if pair.key.value not in outputs]
    return [
        Diagnostic("E856", f"this table has no {what} {key.value}", key.span, hint=hint_for(key.value, names))
        for key, what, names in wrong
    ]


def placed(written: Decision, columns: tuple[str, ...], elsewhere: Place) -> Place:
    """Where a problem stands: in `allowed`, in `default`, or, as `elsewhere` says, in the rows."""
    nodes: dict[tuple[str, str], Callable[[int, int], Span]] = {}
    for pair in written.allowed:
        if pair.value.text is not None or pair.value.values:
            nodes["allowed", pair.key.value] = _part(pair.value)
    for entry in written.default:
        nodes["default", entry.key.value] = entry.value.node.part

    def place(problem: TableProblem) -> Span:
        name = columns[problem.column] if problem.row is None and problem.column is not None else ""
        part = nodes.get((problem.place, name))
        return part(problem.start, problem.end) if part is not None else elsewhere(problem)

    return place


def _part(written: WrittenType) -> Callable[[int, int], Span]:
    """The part of a text, the first item of a list."""
    if written.text is not None:
        return written.text.node.part
    first: Located[str] = written.values[0]
    return lambda start, end: first.span
