"""Decisions -> tables and formulas, those that others call before those that call; and as functions of expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping

from msgspec import Struct, field

from orderloom.dsl.checks.doubts import is_in_zone
from orderloom.dsl.checks.names import ENTRIES, MAY_BE_ASKED
from orderloom.dsl.checks.tables import references, whole_table, without_zone
from orderloom.dsl.columns import input_specs, output_specs, output_types, placed, result_type, strange_columns
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.feel import Function, Parameter, Scope
from orderloom.dsl.feel.types import ANY, ANY_CONTEXT, Type
from orderloom.dsl.fields import Pair
from orderloom.dsl.formulas import compile_formula, origin
from orderloom.dsl.offering import choosing
from orderloom.dsl.program import Decision, Formula
from orderloom.dsl.resolve import Definitions, Only, among
from orderloom.dsl.rows import as_diagnostic, file_of, read_rows
from orderloom.dsl.scopes import Vocabulary, written_type
from orderloom.dsl.source import Source
from orderloom.dsl.syntax import Decision as Written
from orderloom.dsl.syntax import Returns
from orderloom.dsl.tables import Policy, Table
from orderloom.dsl.tables.build import TableSpec, build

_CALLS = re.compile(r"[\w-]+(?=\s*\()")  #: whatever stands before a bracket
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')


class Decisions(Struct):
    """What has been made of the decisions so far; those of `whole` must answer every case."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    functions: MutableMapping[str, Function] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()


class _One(Struct, frozen=True):
    """What a decision is made to, and the function that it is, where it has `given`."""

    decision: Decision | None
    function: Function | None
    found: tuple[Diagnostic, ...]


def compile_decisions(
    definitions: Definitions, vocabulary: Vocabulary, functions: Mapping[str, Function], only: Only = None
) -> tuple[Decisions, tuple[Diagnostic, ...]]:
    """The decisions by name, and the functions that expressions may call: those given and those with `given`."""
    found: list[Diagnostic] = []
    made = Decisions(functions=definitions.watched("functions", functions), whole=choosing(definitions))
    written = {name: body for name, body in definitions.of_kind(Written).items() if among(only, "decision", name)}
    for name in _in_order(written, definitions, made, found):
        _add(written[name], definitions, vocabulary, made, found)
    return made, tuple(found)


def _add(written: Written, definitions: Definitions, vocabulary: Vocabulary, made: Decisions, found: list[Diagnostic]) -> None:
    name, whole = written.name.value, written.name.value in made.whole
    one = definitions.remembered((_one, whole), written, lambda: _one(written, definitions, vocabulary, made.functions, whole))
    found += one.found
    if one.decision is not None:
        made.decisions[name] = one.decision
    if one.function is not None:
        made.functions[name] = one.function


def _one(
    written: Written, definitions: Definitions, vocabulary: Vocabulary, functions: Mapping[str, Function], whole: bool
) -> _One:
    name, found = written.name.value, list[Diagnostic]()
    given = {pair.key.value: written_type(pair.value, found) for pair in written.given}
    place = "disposition" if name in _dispositions(definitions) else "decision"
    if given:
        scope = Scope(given, functions, vocabulary.entities, vocabulary.memo)
    else:
        scope = vocabulary.scope(place, functions, ANY_CONTEXT)
    decision, result = compile_decision(written, given, scope, definitions, found, whole)
    params = tuple(Parameter(key, kind) for key, kind in given.items())
    call = _caller(decision) if decision is not None else _unknown
    title = written.title.value if written.title is not None else ""
    return _One(decision, Function(name, params, result, call, title) if given else None, tuple(found))


def _dispositions(definitions: Definitions) -> set[str]:
    """The decisions that say what becomes of goods that come back: they see the return. A name that is unknown may mean any."""
    policies, written = definitions.of_kind(Returns).values(), definitions.of_kind(Written).keys()
    named = {policy.disposition.value for policy in policies if policy.disposition is not None}
    return named if named <= written else written - {*ENTRIES, *MAY_BE_ASKED}


def _caller(decision: Decision) -> Callable[..., object]:
    names, logic = tuple(decision.given), decision.logic
    if decision.where or isinstance(logic, Formula):
        return lambda *args: decision(dict(zip(names, args, strict=True)))
    if [formula.text for formula in decision.inputs.values()] == list(names):  # each column has the value of its name
        return logic.of_one() or (lambda *args: logic.decide(args, dict(zip(names, args, strict=True))).value)
    inputs = [formula.evaluate for formula in decision.inputs.values()]

    def call(*args: object) -> object:
        seen = dict(zip(names, args, strict=True))
        return logic.decide([evaluate(seen) for evaluate in inputs], seen).value

    return call


def _unknown(*args: object) -> object:
    return None


def compile_decision(
    written: Written,
    given: Mapping[str, Type],
    scope: Scope,
    definitions: Definitions,
    found: list[Diagnostic],
    answers_all: bool = False,
) -> tuple[Decision | None, Type]:
    """One decision, None where it is at fault, and the type of its answer; with `answers_all` a case without one is a fault."""
    title = written.title.value if written.title is not None else written.name.value
    inputs: dict[str, Formula] = {}
    logic: Table | Formula | None
    where, scope = _where(written, scope, found)
    if written.value is not None:
        logic, result = compile_formula(written.value, scope, "Any", found)
    else:
        inputs, types = _inputs(written, given, scope, found)
        logic, result = _table(written, types, scope, definitions, found, answers_all)
    if logic is None:
        return None, result
    return Decision(written.name.value, title, given, inputs, logic, origin(written.name.span), where), result


def _where(written: Written, scope: Scope, found: list[Diagnostic]) -> tuple[dict[str, Formula], Scope]:
    """The formulas of the named values, and the scope that has their names."""
    formulas: dict[str, Formula] = {}
    for pair in written.where:
        if pair.key.value in scope.names:
            words = f"{pair.key.value} has a meaning here already"
            found.append(Diagnostic("E116", words, pair.key.span, hint="give yours another name"))
        formula, kind = compile_formula(pair.value, scope, "Any", found)
        scope = scope.extend({pair.key.value: kind})
        if formula is not None:
            formulas[pair.key.value] = formula
    return formulas, scope


def _inputs(
    written: Written, given: Mapping[str, Type], scope: Scope, found: list[Diagnostic]
) -> tuple[dict[str, Formula], dict[str, Type]]:
    """The formula and the type of each input column; without `inputs` the parameters themselves."""
    formulas: dict[str, Formula] = {}
    types: dict[str, Type] = {}
    for pair in written.inputs or tuple(Pair(pair.key, pair.key) for pair in written.given):
        formula, types[pair.key.value] = compile_formula(pair.value, scope, "Any", found)
        if formula is not None:
            formulas[pair.key.value] = formula
    return formulas, types


def _table(
    written: Written,
    inputs: Mapping[str, Type],
    scope: Scope,
    definitions: Definitions,
    found: list[Diagnostic],
    answers_all: bool,
) -> tuple[Table | None, Type]:
    policy = Policy(written.hit.value) if written.hit is not None else Policy.UNIQUE
    outputs = output_types(written, found)
    result = result_type(policy, outputs)
    if not inputs or not outputs or (written.table is None and written.file is None and not written.rows):
        return None, result
    if scope.memo is not None and written.table is not None:
        scope.memo.heard.append((written.table.node, scope))
    rows, problems = read_rows(written, tuple(inputs), tuple(outputs), definitions.files)
    found += problems
    if rows is None:
        return None, result
    found += (*strange_columns(written, inputs, outputs), *references(written, rows, definitions))
    columns, results = input_specs(written, inputs), output_specs(written, outputs)
    table, faults = build(TableSpec(policy, columns, results, rows.rows, rows.annotations), scope)
    place = placed(written, (*inputs, *outputs), rows.place)
    found += [as_diagnostic(fault, place) for fault in faults]
    if table is not None:
        found += whole_table(written, table, rows, answers_all, _needed(written, definitions))
        found += without_zone(table, rows, [is_in_zone(each.value.value, scope) for each in written.inputs])
    return table, result


def _needed(written: Written, definitions: Definitions) -> str:
    """What stands still where the decision has no answer; empty where others say what holds then."""
    if written.name.value in ENTRIES:
        return f"nobody would know {ENTRIES[written.name.value]}"
    return "nobody would know what becomes of the goods" if written.name.value in _dispositions(definitions) else ""


def _in_order(
    written: Mapping[str, Written], definitions: Definitions, made: Decisions, found: list[Diagnostic]
) -> Iterable[str]:
    """The names, those that are called before those that call them. Of a circle each counts as a function of unknown type."""
    functions = {name for name, body in written.items() if body.given}
    calls = {name: functions & _calls(body, definitions) for name, body in written.items()}
    done: dict[str, None] = {}
    left = list(written)
    while left:
        ready = [name for name in left if calls[name] <= done.keys()]
        if not ready:
            ready = _circle(left, calls, written, made, found)
        done |= dict.fromkeys(ready)
        left = [name for name in left if name not in done]
    return done


def _circle(
    left: list[str],
    calls: Mapping[str, Collection[str]],
    written: Mapping[str, Written],
    made: Decisions,
    found: list[Diagnostic],
) -> list[str]:
    """The members of the first circle among decisions of which each waits for another."""
    path = [left[0]]
    while path[-1] not in path[:-1]:
        path.append(min(name for name in calls[path[-1]] if name in left))
    circle = path[path.index(path[-1]) :]
    members = circle[:-1]
    words = "these decisions call each other in a circle: " + " -> ".join(circle)
    found.append(Diagnostic("E421", words, written[min(members)].name.span, hint="let one of them do without the others"))
    for name in members:
        params = tuple(Parameter(pair.key.value) for pair in written[name].given)
        made.functions[name] = Function(name, params, ANY, _unknown)
    return members


def _calls(body: Written, definitions: Definitions) -> frozenset[str]:
    return definitions.remembered(_calls, body, lambda: _called(body, definitions.files))


def _called(body: Written, files: Mapping[str, Source]) -> frozenset[str]:
    """The words that stand before a bracket in an expression or a cell."""
    named = (*body.inputs, *body.where, *body.default)
    written_here = [*(pair.value for pair in named), body.value, body.table, *(cell for row in body.rows for cell in row)]
    texts = [text.value for text in written_here if text is not None]
    sheet = file_of(body.file, files) if body.file is not None else None
    texts += [sheet.text] if sheet is not None and sheet.path.endswith(".csv") else []
    return frozenset(name for text in texts for name in _CALLS.findall(_TEXTS.sub("", text)))
