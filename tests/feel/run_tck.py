"""Evaluate conformance rows: `python tests/feel/run_tck.py ROWS.jsonl RESULTS.jsonl`.

A row is one result node of the DMN TCK with everything it needs (tests/feel/tck/README.md). Each result line is
`{"id": ROW_ID, "value": VALUE}`; what a row expects is never read.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from orderloom.dsl import feel, tables
from orderloom.dsl.feel import boxed
from orderloom.dsl.feel.conform import conformed
from orderloom.dsl.feel.invoke import invoke, invoke_named
from orderloom.dsl.feel.kinds import kind_of
from orderloom.dsl.feel.scope import Function, Parameter, Scope
from orderloom.dsl.feel.strings import number_text
from orderloom.dsl.feel.temporal import parse_temporal
from orderloom.dsl.feel.types import ANY, ContextType, ListType, Type
from orderloom.dsl.feel.values import from_python

Json = dict[str, Any]
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)

# -- values ------------------------------------------------------------------------------------------------------------


def decode(value: Json | None) -> object:
    if value is None or value.get("value") is None:
        return None
    kind, content = value["type"], value["value"]
    if kind == "list":
        return [decode(item) for item in content]
    if kind == "context":
        return {name: decode(item) for name, item in content.items()}
    if kind in ("string", "boolean"):
        return content
    return boxed_number(content) if kind == "number" else parse_temporal(content)


def boxed_number(text: str) -> object:
    expression, _ = feel.parse(text, Scope())
    return feel.compile(expression, Scope())({}) if expression else None


def encode(value: object) -> Json:
    value = from_python(value)
    kind = kind_of(value)
    if isinstance(value, list):
        return {"type": kind, "value": [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"type": kind, "value": {name: encode(item) for name, item in value.items()}}
    if kind in ("null", "string", "boolean"):
        return {"type": kind, "value": value}
    return {"type": kind, "value": number_text(value) if kind == "number" else str(value)}


# -- types -------------------------------------------------------------------------------------------------------------


class Types:
    """A row's item definitions; names that it does not know are Any."""

    def __init__(self, definitions: Mapping[str, Json]) -> None:
        self.definitions = definitions
        self.named: dict[str, Type] = {}
        for name in definitions:
            self.named[name] = self._define(name)

    def __call__(self, name: str | None) -> Type:
        if not name or name in self.named:
            return self.named.get(name or "", ANY)
        found, _ = feel.parse_type(name, self.named)
        return found or ANY

    def _define(self, name: str) -> Type:
        if name not in self.named:
            self.named[name] = ANY  # a type that holds itself
            self.named[name] = self._item(self.definitions[name])
        return self.named[name]

    def _item(self, definition: Json) -> Type:
        fields = definition.get("fields")
        base = definition.get("base", "Any")
        if fields:
            kind: Type = ContextType({name: self._item(each) for name, each in fields.items()})
        else:
            kind = self._define(base) if base in self.definitions else self(base)
        return ListType(kind) if definition.get("list") else kind


# -- logic -------------------------------------------------------------------------------------------------------------


class Boxes:
    """A row's logic as boxed expressions."""

    def __init__(self, types: Types, services: "Graph") -> None:
        self.types, self.graph = types, services

    def __call__(self, logic: Json) -> boxed.Box:
        box = getattr(self, "_" + logic["box"])(logic)
        kind = self.types(logic.get("type"))
        return box if kind is ANY else boxed.Typed(box, kind)

    def _expr(self, logic: Json) -> boxed.Box:
        return boxed.Literal(logic["text"] or "null")

    def _context(self, logic: Json) -> boxed.Box:
        result = self(logic["result"]) if logic.get("result") else None
        return boxed.ContextBox(self._entries(logic["entries"]), result)

    def _entries(self, entries: list[Json]) -> tuple[boxed.Entry, ...]:
        return tuple(boxed.Entry(each["name"], self._optional(each["logic"]), self.types(each.get("type"))) for each in entries)

    def _optional(self, logic: Json | None) -> boxed.Box:
        return self(logic) if logic else boxed.Literal("null")

    def _invocation(self, logic: Json) -> boxed.Box:
        return boxed.Invocation(self(logic["callee"]), self._entries(logic["args"]))

    def _function(self, logic: Json) -> boxed.Box:
        params = tuple(Parameter(each["name"], self.types(each.get("type"))) for each in logic["params"])
        if logic.get("lang", "FEEL") != "FEEL":
            return boxed.FunctionBox(params, boxed.Literal("null"))
        return boxed.FunctionBox(params, self._optional(logic["body"]))

    def _service(self, logic: Json) -> boxed.Box:
        function = self.graph.service(logic)
        return boxed.Embedded(lambda _scope: ((lambda _context: function), ()))

    def _if(self, logic: Json) -> boxed.Box:
        return boxed.Conditional(*(self._optional(logic[part]) for part in ("if", "then", "else")))

    def _loop(self, logic: Json) -> boxed.Box:
        return boxed.Loop(logic["box"], logic["var"], self(logic["in"]), self(logic["body"]))

    _for = _some = _every = _loop

    def _filter(self, logic: Json) -> boxed.Box:
        return boxed.FilterBox(self(logic["in"]), self(logic["match"]))

    def _list(self, logic: Json) -> boxed.Box:
        return boxed.ListBox(tuple(map(self._optional, logic["items"])))

    def _relation(self, logic: Json) -> boxed.Box:
        columns = tuple((each["name"], self.types(each.get("type"))) for each in logic["columns"])
        return boxed.Relation(columns, tuple(tuple(map(self._optional, row)) for row in logic["rows"]))

    def _table(self, logic: Json) -> boxed.Box:
        return boxed.Embedded(lambda scope: read_table(logic, self.types, scope))


def read_table(logic: Json, types: Types, scope: Scope) -> boxed.Read:
    policy = tables.Policy(" ".join(part for part in (logic["hit"], logic["agg"]) if part and part != "LIST").lower())
    ranked = policy in (tables.Policy.PRIORITY, tables.Policy.OUTPUT_ORDER)
    inputs = tuple(tables.InputSpec(each["label"] or each["expr"], types(each["type"])) for each in logic["inputs"])
    outputs = tuple(
        tables.OutputSpec(each["name"] or "", types(each["type"]), each["values"] if ranked else None, each["default"])
        for each in logic["outputs"]
    )
    spec = tables.TableSpec(policy, inputs, outputs, tuple(map(_written, logic["rules"])))
    table, problems = tables.build(spec, scope)
    expressions = [
        boxed.compile_box(boxed.Typed(boxed.Literal(each["expr"]), types(each["type"])), scope) for each in logic["inputs"]
    ]
    evaluates = [evaluate for evaluate, _ in expressions if evaluate]
    if table is None or len(evaluates) < len(expressions):
        found = [(each.code, each.message) for each in problems] + [
            (each.code, each.message) for _, ps in expressions for each in ps
        ]
        return None, tuple(feel.Problem(code, 0, 0, message) for code, message in found)
    return lambda context: table.decide([evaluate(context) for evaluate in evaluates], context).value, ()


def _written(rule: Json) -> tables.WrittenRow:
    cells = tuple(tables.Written(text or "-") for text in rule["when"])
    return tables.WrittenRow(cells, tuple(tables.Written(text or "null") for text in rule["then"]))


# -- definitions -------------------------------------------------------------------------------------------------------


class Graph:
    """A row's decisions, knowledge models and services, each evaluated once for the inputs that are given."""

    def __init__(self, row: Json, given: Mapping[str, object] | None = None) -> None:
        self.row = row
        self.types = Types(row["types"])
        self.boxes = Boxes(self.types, self)
        self.values: dict[str, object] = dict(given or {})

    @cached_property
    def inputs(self) -> Mapping[str, object]:
        return {
            key: conformed(decode(each["value"]), self.types(each["type"])) if each.get("given") else None
            for key, each in self.row["inputs"].items()
        }

    def result(self) -> object:
        if not self.row["logic"]:
            return None
        value = self.evaluate(self.row["logic"], self.row["uses"])
        if self.row["logic"]["box"] in ("function", "service"):
            value = invoke_named(value, {each["name"]: self.inputs[key] for key, each in self.row["inputs"].items()})
        return conformed(value, self.types(self.row["type"]))

    def evaluate(self, logic: Json, uses: list[Json]) -> object:
        context, scope = self._context(uses)
        evaluate, problems = boxed.compile_box(self.boxes(logic), scope)
        if evaluate is None:
            raise Unreadable("; ".join(f"{each.message} ({each.start}-{each.end})" for each in problems))
        return evaluate(context)

    def _context(self, uses: list[Json]) -> tuple[dict[str, Any], Scope]:
        context: dict[str, Any] = {"now()": NOW}
        types: dict[str, Any] = {}
        for use in uses:
            *outer, name = use["path"]
            holder, fields = context, types
            for part in outer:
                holder = holder.setdefault(part, {})
                fields = fields.setdefault(part, {})
            holder[name] = self.value(use["ref"])
            fields[name] = self.type(use["ref"])
        names = {name: ContextType(kind) if isinstance(kind, dict) else kind for name, kind in types.items()}
        return context, Scope(names, types=self.types.named)

    def type(self, ref: str) -> Type:
        definition = self.row["inputs"].get(ref) or self.row["defs"].get(ref) or {}
        return ANY if definition.get("is") in ("bkm", "service") else self.types(definition.get("type"))

    def value(self, ref: str) -> object:
        if ref not in self.values:
            self.values[ref] = None
            self.values[ref] = self.inputs[ref] if ref in self.inputs else self._definition(self.row["defs"].get(ref))
        return self.values[ref]

    def _definition(self, definition: Json | None) -> object:
        if not definition or not definition["logic"]:
            return None
        kind = self.types(definition["type"])
        if definition["is"] == "service":
            return self.service(definition["logic"], kind)
        if definition["is"] == "bkm":
            return self.model(definition)
        return conformed(self.evaluate(definition["logic"], definition["uses"]), kind)

    def model(self, definition: Json) -> object:
        """A knowledge model; its body is read when it is called, as it may use itself."""
        logic = definition["logic"]
        if logic["box"] != "function":
            return self.evaluate(logic, definition["uses"])
        params = tuple(Parameter(each["name"], self.types(each.get("type"))) for each in logic["params"])
        made: list[object] = []

        def call(*args: object) -> object:
            if not made:
                made.append(self.evaluate(logic, definition["uses"]))
            return invoke(made[0], args)

        return Function("", params, ANY, call)

    def service(self, logic: Json, kind: Type = ANY) -> Function:
        """A decision service as a function of its input data and input decisions."""
        params = tuple(Parameter(each["name"], self.types(each.get("type"))) for each in logic["params"])
        refs = [each["ref"] for each in logic["params"]]

        def call(*args: object) -> object:
            inner = Graph({**self.row, "defs": {**self.row["defs"], **logic["defs"]}}, dict(zip(refs, args, strict=True)))
            outputs = {ref: inner.value(ref) for ref in logic["outputs"]}
            if len(outputs) == 1:
                return conformed(next(iter(outputs.values())), kind)
            return {inner.row["defs"][ref]["name"]: value for ref, value in outputs.items()}

        return Function("", params, ANY, call)


class Unreadable(Exception):
    """A text of the row cannot be read."""


# -- the run -----------------------------------------------------------------------------------------------------------


def rows_of(path: Path) -> Iterator[Json]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def evaluate(row: Json) -> Json:
    try:
        return encode(Graph(row).result())
    except Unreadable as error:
        return {"type": "error", "value": str(error)}
    except Exception as error:  # a fault of ours costs one row, not the run
        return {"type": "error", "value": f"{type(error).__name__}: {error}"}


def main(rows: str, results: str) -> None:
    with Path(results).open("w", encoding="utf-8") as out:
        for row in rows_of(Path(rows)):
            out.write(json.dumps({"id": row["id"], "value": evaluate(row)}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
