"""A decision as plain texts: what stands between a DMN model, a YAML document and the compiled program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml
from msgspec import Struct, field

from orderloom.dsl.feel.types import ANY, BY_NAME, Simple, Type
from orderloom.dsl.program import Decision, Formula
from orderloom.dsl.tables import Grid, Policy, Row, Table, Written, print_text
from orderloom.dsl.tables.kinds import Kind
from orderloom.dsl.tables.read import text_of
from orderloom.dsl.tables.simple import simple_cell


class Column(Struct, frozen=True):
    """An input or output column. `allowed` and `default` are FEEL texts; an input's `expression` says what is tested."""

    name: str
    type: str = "Any"
    expression: str = ""
    allowed: str = ""
    default: str = ""


class Rule(Struct, frozen=True):
    cells: tuple[str, ...]
    results: tuple[str, ...]
    notes: tuple[str, ...] = ()


class TableLogic(Struct, frozen=True):
    """A decision table as written."""

    policy: Policy
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...] = ()


class Document(Struct, frozen=True):
    """One decision; `given` are its parameters with their types, `logic` is a table or one FEEL expression.

    `where` has the FEEL expressions of the values that the logic names.
    """

    name: str
    title: str
    given: Mapping[str, str]
    logic: TableLogic | str
    type: str = "Any"
    where: Mapping[str, str] = field(default_factory=dict)


def document_of(decision: Decision) -> Document:
    """The document of a compiled decision."""
    given = {name: _type_text(kind) for name, kind in decision.given.items()}
    where = {name: formula.text for name, formula in decision.where.items()}
    logic = decision.logic.text if isinstance(decision.logic, Formula) else _logic_of(decision.logic, decision.inputs)
    return Document(decision.name, decision.title, given, logic, where=where)


def _logic_of(table: Table, formulas: Mapping[str, Formula]) -> TableLogic:
    inputs = [
        Column(column.name, _type_text(column.type), formulas[column.name].text, column.allowed.text if column.allowed else "")
        for column in table.inputs
    ]
    outputs = [
        Column(
            column.name,
            _type_text(column.type),
            allowed=column.allowed.text if column.allowed else "",
            default=column.default.text if column.default else "",
        )
        for column in table.outputs
    ]
    return TableLogic(table.policy, tuple(inputs), tuple(outputs), tuple(map(_rule_of, table.rows)), table.annotations)


def _rule_of(row: Row) -> Rule:
    return Rule(tuple(cell.text for cell in row.cells), tuple(result.text for result in row.results), row.notes)


def _type_text(kind: Type) -> str:
    return kind.name if isinstance(kind, Simple) else str(kind)


def yaml_of(document: Document) -> str:
    """The YAML document, its table drawn as text."""
    lines = [f"kind: decision\nname: {document.name}\n", f"title: {_flow(document.title)}\n"]
    if document.given:
        lines.append(f"given: {_flow(_given(document))}\n")
    if document.where:
        lines += ["where:\n", *(f"  {name}: {_flow(text)}\n" for name, text in document.where.items())]
    if isinstance(document.logic, str):
        return "".join([*lines, f"value: {_flow(document.logic)}\n"])
    return "".join([*lines, *_table_lines(document.logic, document.given)])


def _given(document: Document) -> dict[str, object]:
    """The parameters' types; the values that a column allows are listed with the parameter that it tests."""
    columns = document.logic.inputs if isinstance(document.logic, TableLogic) else ()
    allowed = {column.expression: _listed(column) for column in columns}
    return {name: allowed.get(name) or kind for name, kind in document.given.items()}


def _listed(column: Column) -> list[object] | None:
    """The texts that a column of strings allows, where it lists texts."""
    cell = simple_cell(column.allowed) if column.type == "string" and column.allowed else None
    if cell is None or cell.negated or not all(span.kind is Kind.STRING and span.point for span in cell.spans):
        return None
    return [span.low for span in cell.spans]


def _table_lines(logic: TableLogic, given: Mapping[str, str]) -> Sequence[str]:
    columns = (*logic.inputs, *logic.outputs)
    typed = [column for column in columns if _listed(column) and (column.expression in given or column in logic.outputs)]
    keys = {
        "hit": str(logic.policy),
        "inputs": {column.name: column.expression for column in logic.inputs},
        "outputs": {column.name: _listed(column) or column.type for column in logic.outputs},
        "allowed": {column.name: column.allowed for column in columns if column.allowed and column not in typed},
        "default": {column.name: _bare(column) for column in columns if column.default},
    }
    lines = [f"{key}: {_flow(value)}\n" for key, value in keys.items() if value]
    table = print_text(_grid(logic)).splitlines(keepends=True)
    return [*lines, "table: |\n", *(f"  {line}" for line in table)]


def _bare(column: Column) -> str:
    """The default; an expression that could be taken for words stands in brackets."""
    read = text_of(Written(column.default, bare=True), BY_NAME.get(column.type, ANY))
    return column.default if read == column.default else f"({column.default})"


def _grid(logic: TableLogic) -> Grid:
    headings = [*(column.name for column in (*logic.inputs, *logic.outputs)), *logic.annotations]
    rows = [(*rule.cells, *rule.results, *(note.replace("|", "/") for note in rule.notes)) for rule in logic.rules]
    return Grid(tuple(map(Written, headings)), tuple(tuple(map(Written, row)) for row in rows), len(logic.inputs))


def _flow(value: object) -> str:
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
