"""Values to try for what an expression reads: those that it is compared with, those next to them, and what its type allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from msgspec import Struct

from orderloom.dsl.entities import SCOPES
from orderloom.dsl.feel import Function, Parameter, Scope, parse, parse_tests, tree
from orderloom.dsl.feel.names_used import Paths, paths_used
from orderloom.dsl.feel.temporal import parse_temporal
from orderloom.dsl.feel.types import ANY, ContextType, ListType, Simple, Type
from orderloom.dsl.functions import FUNCTIONS
from orderloom.dsl.program import Decision, Formula, Program
from orderloom.dsl.scopes import types_of
from orderloom.dsl.tables import Table
from orderloom.dsl.tables.kinds import KINDS, Kind
from orderloom.dsl.tables.regions import SOMETHING, STEPS, between

Path = tuple[str, ...]
Space = Mapping[Path, Sequence[object]]  #: for each path that is read, the values to try, likely ones first

_DEEP = 3  #: of contexts within contexts that are made up
_ALIKE = 3  #: made-up contexts of one type


class Words(Struct, frozen=True):
    """What expressions of a program are made of: its functions, and the types of what they may read."""

    decisions: Mapping[str, Decision]
    scope: Scope
    types: Mapping[str, Type]


def words_of(program: Program) -> Words:
    """The words of a program."""
    entities = types_of(program.attributes)
    names = {name: _named(text, entities) for place in SCOPES.values() for name, text in place.items()}
    called = {name: each for name, each in program.decisions.items() if each.given}
    own = {name: Function(name, tuple(map(Parameter, each.given)), ANY, _nothing) for name, each in called.items()}
    return Words(program.decisions, Scope({}, {**FUNCTIONS, **own}, entities), names)


def _nothing(*_: object) -> None:
    return None


def _named(text: str, entities: Mapping[str, Type]) -> Type:
    if text.startswith("list<"):
        return ListType(_named(text[5:-1], entities))
    return entities.get(text) or Simple(text)


class Reading(Struct, frozen=True):
    """What expressions read, and the constants in them, by kind."""

    paths: Paths = frozenset()
    constants: frozenset[tuple[Kind, Any]] = frozenset()

    def __or__(self, other: Reading) -> Reading:
        return Reading(self.paths | other.paths, self.constants | other.constants)


def reading(texts: Iterable[str], words: Words, tests: bool = False) -> Reading:
    """Of expressions, or of cells; of what cannot be read, nothing."""
    found = Reading()
    for text in texts:
        node, _ = (parse_tests if tests else parse)(text, words.scope)
        found |= _of_tree(node, words, frozenset()) if node is not None else Reading()
    return found


def of_formula(formula: Formula | None, words: Words) -> Reading:
    """Of a formula; those of the decisions that it calls count as its own."""
    return reading([formula.text], words) if formula is not None else Reading()


def of_decision(decision: Decision, words: Words) -> Reading:
    """Of all that a decision looks at, without the names that it gives itself."""
    found = Reading()
    for formula in (*decision.inputs.values(), *decision.where.values()):
        found |= of_formula(formula, words)
    logic = decision.logic
    found |= _of_table(logic, words) if isinstance(logic, Table) else of_formula(logic, words)
    return Reading(frozenset(path for path in found.paths if path[0] not in decision.where), found.constants)


def _of_table(table: Table, words: Words) -> Reading:
    cells = [cell for row in table.rows for cell in row.cells]
    spans = {(span.kind, end) for cell in cells for span in cell.spans for end in (span.low, span.high) if end is not None}
    tested = {cell.text for cell in cells if cell.test is not None}
    worked_out = {result.text for row in table.rows for result in row.results if result.evaluate is not None}
    constants = frozenset((kind, value) for kind, value in spans if kind is not None)
    return Reading(constants=constants) | reading(tested, words, tests=True) | reading(worked_out, words)


def _of_tree(node: tree.Node, words: Words, seen: frozenset[str]) -> Reading:
    known = words.scope.functions
    paths = frozenset(path for path in paths_used(node) if path[0] not in known)
    found = Reading(paths, frozenset(_constants(node)))
    for name in {path[0] for path in paths_used(node)} & words.decisions.keys() - seen:
        logic = words.decisions[name].logic
        inside = _of_table(logic, words) if isinstance(logic, Table) else _of_text(logic.text, words, seen | {name})
        found |= Reading(constants=inside.constants)
    return found


def _of_text(text: str, words: Words, seen: frozenset[str]) -> Reading:
    node, _ = parse(text, words.scope)
    return _of_tree(node, words, seen) if node is not None else Reading()


def _constants(node: tree.Node) -> Iterator[tuple[Kind, Any]]:
    value = _value(node)
    if type(value) in KINDS:
        yield KINDS[type(value)], value
    for child in tree.children(node):
        yield from _constants(child)


def _value(node: tree.Node) -> object:
    match node:
        case tree.Number(value=value) | tree.String(value=value):
            return value
        case tree.At(text=text):
            return parse_temporal(text)
    return None


def space(read: Reading, words: Words, given: Mapping[str, Type]) -> Space:
    """The values to try for every path that is read, those of a whole before those of its parts."""
    paths = sorted(path for path in read.paths if path != ("?",))
    by_kind = {kind: sorted(value for k, value in read.constants if k is kind) for kind in Kind}
    return {path: (*_distinct(_values(_type(path, words, given), by_kind, _DEEP)), None) for path in paths}


def _type(path: Path, words: Words, given: Mapping[str, Type]) -> Type:
    kind: Type = given.get(path[0]) or words.types.get(path[0], ANY)
    for name in path[1:]:
        kind = kind.fields.get(name, ANY) if isinstance(kind, ContextType) else ANY
    return kind


def _values(kind: Type, constants: Mapping[Kind, list[Any]], deep: int) -> Iterator[object]:
    match kind:
        case ListType(of):
            one = list(_values(of, constants, deep - 1))[:_ALIKE] if deep else []
            yield from ([], *([each] for each in one), one)
        case ContextType(fields) if deep:
            tried = {name: list(_values(each, constants, deep - 1)) for name, each in fields.items()}
            for at in range(_ALIKE):
                yield {name: values[at % len(values)] for name, values in tried.items() if values}
        case Simple(values=values) if values:
            yield from values
        case Simple(name) if name in set(Kind):
            yield from _of_kind(Kind(name), constants[Kind(name)])
        case Simple("Any"):
            yield from (value for each in Kind if constants[each] for value in _of_kind(each, constants[each]))
            yield from (Decimal(0), Decimal(1), "other", True, False)
        case Simple("date and time"):
            yield SOMETHING


def _of_kind(kind: Kind, constants: list[Any]) -> Iterator[object]:
    if kind is Kind.BOOLEAN:
        yield from (True, False)
    elif kind is Kind.STRING:
        yield from (*constants, "other", "another")
    else:
        yield from (*constants, *between(kind, constants))
        yield from _ordinary(kind)


@cache
def _ordinary(kind: Kind) -> tuple[object, ...]:
    """Values that matter in sums, where nothing is compared with them."""
    if kind is Kind.NUMBER:
        return Decimal(0), Decimal(1), Decimal(10), Decimal("0.5"), Decimal(1000), Decimal(-1)
    sample = STEPS[kind][3]
    return sample, STEPS[kind][2](sample)


def _distinct(values: Iterable[object]) -> Iterator[object]:
    seen: list[object] = []
    for value in values:
        if not any(type(value) is type(each) and value == each for each in seen):
            seen.append(value)
            yield value
