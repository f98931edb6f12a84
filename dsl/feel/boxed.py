"""Boxed expressions of DMN: contexts, invocations, functions, conditions, loops, filters, lists and relations.

A box is compiled into a Python function of the context. Its leaves are FEEL texts; a decision table comes in as `Embedded`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from orderloom.dsl.feel.access import as_list, loop_over
from orderloom.dsl.feel.compile import compile, compile_condition
from orderloom.dsl.feel.conform import conformed
from orderloom.dsl.feel.invoke import invoke_named
from orderloom.dsl.feel.limits import Exhausted, Meter
from orderloom.dsl.feel.parse import parse
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.scope import Function, Parameter, Scope
from orderloom.dsl.feel.types import ANY, Type

Context = Mapping[str, object]
Evaluate = Callable[[Context], object]
Condition = Callable[[Context, object], object]
Problems = tuple[Problem, ...]
Read = tuple[Evaluate | None, Problems]


class Literal(Struct, frozen=True):
    text: str


class Embedded(Struct, frozen=True):
    """Anything that is compiled elsewhere, such as a decision table."""

    read: Callable[[Scope], Read]


class Typed(Struct, frozen=True):
    """A box with a declared type: a value that does not conform is null."""

    box: "Box"
    type: Type


class Entry(Struct, frozen=True):
    name: str
    box: "Box"
    type: Type = ANY


class ContextBox(Struct, frozen=True):
    """Entries that each see those before; with a result, its value is that, else the context of all entries."""

    entries: tuple[Entry, ...]
    result: "Box | None" = None


class Invocation(Struct, frozen=True):
    """A call by parameter names."""

    callee: "Box"
    args: tuple[Entry, ...]


class FunctionBox(Struct, frozen=True):
    params: tuple[Parameter, ...]
    body: "Box"
    result: Type = ANY


class Conditional(Struct, frozen=True):
    condition: "Box"
    then: "Box"
    otherwise: "Box"


class Loop(Struct, frozen=True):
    """`for` (a list of the body's values, which sees `partial`), `some` or `every` (the body is a condition)."""

    kind: str
    variable: str
    domain: "Box"
    body: "Box"


class FilterBox(Struct, frozen=True):
    domain: "Box"
    condition: "Box"


class ListBox(Struct, frozen=True):
    items: tuple["Box", ...]


class Relation(Struct, frozen=True):
    """A list of contexts, written as a table."""

    columns: tuple[tuple[str, Type], ...]
    rows: tuple[tuple["Box", ...], ...]


Box = (
    Literal | Embedded | Typed | ContextBox | Invocation | FunctionBox | Conditional | Loop | FilterBox | ListBox | Relation
)  # fmt: skip


def compile_box(box: Box, scope: Scope) -> Read:
    """The box as a function of the context, or None and what cannot be read in it. It never raises for an expression."""
    evaluate, problems = _read(box, scope)
    return (_guarded(evaluate) if evaluate else None), problems


def _guarded(evaluate: Evaluate) -> Evaluate:
    def guarded(context: Context) -> object:
        try:
            return evaluate(context)
        except (ArithmeticError, Exhausted, RecursionError):
            return None

    return guarded


def _read(box: Box, scope: Scope) -> Read:
    return _READERS[type(box)](box, scope)


def _all(boxes: Iterable[Box], scope: Scope) -> tuple[list[Evaluate] | None, Problems]:
    read = [_read(box, scope) for box in boxes]
    found = [evaluate for evaluate, _ in read if evaluate is not None]
    return found if len(found) == len(read) else None, tuple(problem for _, problems in read for problem in problems)


def _literal(box: Literal, scope: Scope) -> Read:
    tree, problems = parse(box.text, scope)
    return (compile(tree, scope) if tree else None), problems


def _embedded(box: Embedded, scope: Scope) -> Read:
    return box.read(scope)


def _typed(box: Typed, scope: Scope) -> Read:
    evaluate, problems = _read(box.box, scope)
    return (_conforming(evaluate, box.type) if evaluate else None), problems


def _conforming(evaluate: Evaluate, kind: Type) -> Evaluate:
    return evaluate if kind is ANY else lambda context: conformed(evaluate(context), kind)


def _context(box: ContextBox, scope: Scope) -> Read:
    steps: list[tuple[str, Evaluate]] = []
    problems: Problems = ()
    for entry in box.entries:
        own = scope.extend({entry.name: entry.type}) if isinstance(entry.box, FunctionBox) else scope
        evaluate, found = _read(entry.box, own)
        problems += found
        scope = scope.extend({entry.name: entry.type})
        if evaluate:
            steps.append((entry.name, _conforming(evaluate, entry.type)))
    result, found = _read(box.result, scope) if box.result else (None, ())
    if len(steps) < len(box.entries) or (box.result and not result):
        return None, problems + found
    return lambda context: _fill(steps, result, context), problems + found


def _fill(steps: list[tuple[str, Evaluate]], result: Evaluate | None, context: Context) -> object:
    """`inner` grows entry by entry; functions keep hold of it, so that they see themselves."""
    inner: dict[str, object] = dict(context)
    for name, evaluate in steps:
        inner[name] = evaluate(inner)
    return result(inner) if result else {name: inner[name] for name, _ in steps}


def _invocation(box: Invocation, scope: Scope) -> Read:
    callee, problems = _read(box.callee, scope)
    args, found = _all([entry.box for entry in box.args], scope)
    if callee is None or args is None:
        return None, problems + found
    names = [entry.name for entry in box.args]
    typed = [_conforming(arg, entry.type) for arg, entry in zip(args, box.args, strict=True)]
    given = list(zip(names, typed, strict=True))
    return lambda context: invoke_named(callee(context), {name: arg(context) for name, arg in given}), problems + found


def _function(box: FunctionBox, scope: Scope) -> Read:
    names = [param.name for param in box.params]
    body, problems = _read(box.body, scope.extend({param.name: param.type for param in box.params}))
    if body is None:
        return None, problems
    run = _conforming(body, box.result)

    def make(context: Context) -> Function:
        return Function("", box.params, box.result, lambda *args: run({**context, **dict(zip(names, args, strict=False))}))

    return make, problems


def _conditional(box: Conditional, scope: Scope) -> Read:
    parts, problems = _all([box.condition, box.then, box.otherwise], scope)
    if parts is None:
        return None, problems
    condition, then, otherwise = parts

    def choose(context: Context) -> object:
        """A condition that is neither boolean nor null makes the whole null."""
        found = condition(context)
        if found is not None and not isinstance(found, bool):
            return None
        return then(context) if found else otherwise(context)

    return choose, problems


def _loop(box: Loop, scope: Scope) -> Read:
    domain, problems = _read(box.domain, scope)
    inner = {box.variable: ANY} | ({"partial": ANY} if box.kind == "for" else {})
    body, found = _read(box.body, scope.extend(inner))
    if domain is None or body is None:
        return None, problems + found
    run = _for if box.kind == "for" else _quantified(box.kind)
    return lambda context: run(box.variable, loop_over(domain(context)), body, context), problems + found


def _for(variable: str, items: Iterable[object] | None, body: Evaluate, context: Context) -> list[object] | None:
    if items is None:
        return None
    partial: list[object] = []
    meter = Meter()
    for item in items:
        meter.spend(1 + len(partial))
        partial.append(body({**context, variable: item, "partial": list(partial)}))
    return partial


def _quantified(kind: str) -> Callable[[str, Any, Evaluate, Context], bool | None]:
    def run(variable: str, items: Iterable[object] | None, body: Evaluate, context: Context) -> bool | None:
        """One answer that is no boolean makes the whole null."""
        if items is None:
            return None
        answers = [body({**context, variable: item}) for item in items]
        if not all(isinstance(answer, bool) for answer in answers):
            return None
        return any(answers) if kind == "some" else all(answers)

    return run


def _filter(box: FilterBox, scope: Scope) -> Read:
    domain, problems = _read(box.domain, scope)
    condition, found = _condition(box.condition, scope.extend({"item": ANY}))
    if domain is None or condition is None:
        return None, problems + found
    return lambda context: _kept(domain(context), condition, context), problems + found


def _condition(box: Box, scope: Scope) -> tuple[Condition | None, Problems]:
    """A FEEL text sees the item's entries by name, as in a filter; another box sees `item`."""
    if isinstance(box, Literal):
        tree, problems = parse(box.text, scope)
        return (compile_condition(tree, scope) if tree else None), problems
    evaluate, problems = _read(box, scope)
    return (None if evaluate is None else lambda context, item: evaluate({**context, "item": item})), problems


def _kept(domain: object, condition: Condition, context: Context) -> list[object] | None:
    """One answer that is no boolean makes the whole null."""
    kept = []
    for item in as_list(domain):
        answer = condition(context, item)
        if not isinstance(answer, bool):
            return None
        if answer:
            kept.append(item)
    return kept


def _list(box: ListBox, scope: Scope) -> Read:
    items, problems = _all(box.items, scope)
    return (None if items is None else lambda context: [item(context) for item in items]), problems


def _relation(box: Relation, scope: Scope) -> Read:
    rows: list[Box] = [
        ContextBox(tuple(Entry(name, cell, kind) for (name, kind), cell in zip(box.columns, row, strict=False)))
        for row in box.rows
    ]
    return _list(ListBox(tuple(rows)), scope)


_READERS: Mapping[type, Callable[[Any, Scope], Read]] = {
    Literal: _literal,
    Embedded: _embedded,
    Typed: _typed,
    ContextBox: _context,
    Invocation: _invocation,
    FunctionBox: _function,
    Conditional: _conditional,
    Loop: _loop,
    FilterBox: _filter,
    ListBox: _list,
    Relation: _relation,
}
