"""How two expressions, or two decisions that are not both tables, decide differently: by asking both until they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from orderloom.dsl.diffing.found import Case, Verdict
from orderloom.dsl.diffing.probe import Context, Logic, differing, whole
from orderloom.dsl.diffing.samples import Reading, Space, Words, of_decision, of_formula, space
from orderloom.dsl.feel import parse, tree
from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.feel.names_used import paths_used
from orderloom.dsl.feel.types import Type
from orderloom.dsl.program import Decision, Formula
from orderloom.dsl.tables.extent import shown
from orderloom.dsl.tables.table import same

FEW = 3  #: cases of one expression that are shown, each with other answers
LOOKED = 200  #: differing inputs among which they are chosen

NOTHING: Mapping[str, Type] = {}


def formulas(old: Formula | None, new: Formula | None, absent: object, words: tuple[Words, Words], condition: bool) -> Verdict:
    """Of two expressions; where one is not there, `absent` holds. Of a `condition` only counts whether it is met."""
    nodes = tuple(parse(each.text, own.scope)[0] if each else None for each, own in zip((old, new), words, strict=True))
    if old is not None and new is not None and nodes[0] is not None and nodes[0] == nodes[1]:
        return Verdict()
    read = of_formula(old, words[0]) | of_formula(new, words[1])
    tried = space(read, words[1], NOTHING)
    proved = all(node is None or _bounded(node) for node in nodes) and whole(tried)
    verdict = _verdict(_logic(old, absent), _logic(new, absent), tried, proved, condition)
    written = new or old
    return Verdict(idle=(str(written.origin),)) if verdict == Verdict() and written is not None else verdict


def _logic(formula: Formula | None, absent: object) -> Logic:
    return formula if formula is not None else lambda _: absent


def decisions(old: Decision, new: Decision, words: tuple[Words, Words]) -> Verdict:
    """Of two decisions of which one at least is no table, or whose columns see something else."""
    read = of_decision(old, words[0]) | of_decision(new, words[1])
    return _verdict(old, new, space(read, words[1], {**old.given, **new.given}), proved=False)


def asking(
    old: Logic, new: Logic, was: Sequence[Formula | None], now: Sequence[Formula | None], words: tuple[Words, Words]
) -> Verdict:
    """Of two logics that are made of these expressions."""
    read = Reading()
    for formulas_of, own in ((was, words[0]), (now, words[1])):
        for each in formulas_of:
            read |= of_formula(each, own)
    return _verdict(old, new, space(read, words[1], NOTHING), proved=False)


def _verdict(old: Logic, new: Logic, tried: Space, proved: bool, condition: bool = False) -> Verdict:
    with arithmetic():
        unlike = (each for each in differing(old, new, tried) if not (condition and _unmet(*each[1:])))
        found = list(islice(unlike, LOOKED))
        cases = tuple(_case(old, new, *each) for each in islice(_each_once(found), FEW))
    return Verdict(cases, (), "" if cases or proved else "no input was found that shows whether it decides otherwise")


def _unmet(before: object, after: object) -> bool:
    """Whether both are conditions that are not met: one without an answer is not."""
    return all(each is None or each is False for each in (before, after))


def _each_once(found: list[tuple[Context, object, object]]) -> Iterator[tuple[Context, object, object]]:
    """One input for each pair of answers."""
    told: list[tuple[object, object]] = []
    for context, before, after in found:
        if not any(same(before, one) and same(after, other) for one, other in told):
            told.append((before, after))
            yield context, before, after


def _case(old: Logic, new: Logic, context: Context, before: object, after: object) -> Case:
    least = smaller(context, lambda each: same(old(each), before) and same(new(each), after))
    return Case(dict(told(least)), shown(before), shown(after))


def smaller(context: Context, holds: Callable[[Context], bool]) -> Context:
    """The context without all that can be left out while `holds` is true of it."""
    current: Any = context
    for path in list(_paths(context)):
        without = _without(current, path)
        if without is not None and holds(without):
            current = without
    found: Context = current
    return found


def _paths(value: object, above: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """The ways to all parts, wholes before their parts, and of a list the last before the first."""
    parts: Sequence[tuple[object, object]] = ()
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))[::-1]
    for key, part in parts:
        yield (*above, key)
        yield from _paths(part, (*above, key))


def _without(value: Any, path: tuple[Any, ...]) -> Any:
    """The value without one part; None where that has gone already."""
    key, *rest = path
    if isinstance(value, list):
        if key >= len(value):
            return None
        inner = _without(value[key], tuple(rest)) if rest else ()
        return None if inner is None else [*value[:key], *([inner] if rest else []), *value[key + 1 :]]
    if not isinstance(value, Mapping) or key not in value:
        return None
    if not rest:
        return {name: part for name, part in value.items() if name != key}
    inner = _without(value[key], tuple(rest))
    return None if inner is None else {**value, key: inner}


def told(context: Context, above: str = "") -> Iterator[tuple[str, str]]:
    """A context by paths, each with its value in FEEL."""
    for name, value in context.items():
        if isinstance(value, Mapping) and value:
            yield from told(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", shown(value)


# --- expressions of which all inputs can be tried ---


def _bounded(node: tree.Node) -> bool:
    """Whether it only compares fields with constants: then values on each side of each constant are all that there is."""
    match node:
        case tree.Logic(left=left, right=right):
            return _bounded(left) and _bounded(right)
        case tree.Comparison(left=left, right=right):
            return (_is_field(left) and _is_constant(right)) or (_is_constant(left) and _is_field(right))
        case tree.Between(value=value, low=low, high=high):
            return _is_field(value) and _is_constant(low) and _is_constant(high)
        case tree.In(value=value, tests=tests):
            return _is_field(value) and all(_is_test(test) for test in tests)
        case tree.If(condition=condition, then=then, otherwise=otherwise):
            return _bounded(condition) and all(_is_constant(each) or _bounded(each) for each in (then, otherwise))
        case tree.Call(function=tree.Name(name="not"), args=(inner,)):
            return _bounded(inner)
    return _is_field(node)


def _is_test(node: tree.Node) -> bool:
    match node:
        case tree.UnaryTest(operand=operand):
            return _is_constant(operand)
        case tree.RangeOf(low=low, high=high):
            return _is_constant(low) and _is_constant(high)
    return _is_constant(node)


def _is_field(node: tree.Node) -> bool:
    return isinstance(node, tree.Name | tree.Path) and len(paths_used(node)) == 1


def _is_constant(node: tree.Node) -> bool:
    return isinstance(node, tree.Number | tree.String | tree.Boolean | tree.Null | tree.At) or (
        isinstance(node, tree.Negation) and isinstance(node.operand, tree.Number)
    )
