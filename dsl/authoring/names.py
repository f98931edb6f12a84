"""Where every name is defined and used: in keys that name something, in expressions, in tables, in addresses of divisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from msgspec import Struct

from orderloom.dsl.authoring.sight import look, type_of
from orderloom.dsl.authoring.whole import Whole
from orderloom.dsl.checks.tables import referenced_kind
from orderloom.dsl.documents import Document
from orderloom.dsl.entities import EXTENSIBLE
from orderloom.dsl.feel import Scope, tree
from orderloom.dsl.fields import Located, Ref, Trigger
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.program import JOIN
from orderloom.dsl.rows import read_rows
from orderloom.dsl.source import Source, Span
from orderloom.dsl.steps import EVERYTHING, NEXT, Step, TakeBackStep
from orderloom.dsl.syntax import KINDS, Attributes, Decision, Division, Holds, Participants
from orderloom.dsl.tables.grid import fault
from orderloom.dsl.triggers import event_of
from orderloom.dsl.walk import Leaf

_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_TEXT = re.compile(r'"([^"\\]*)"')


class Symbol(NamedTuple):
    """A name: its kind, and its home where names of that kind are of something, as a step is of its process."""

    kind: str
    name: str
    home: str = ""


class Use(Struct, frozen=True):
    """A place where a name stands; it is told of there first where it `defines` the name."""

    symbol: Symbol
    span: Span
    defines: bool = False


def uses(whole: Whole) -> tuple[Use, ...]:
    """Every name of every file, each place once."""
    found: dict[tuple[str, int, Symbol], Use] = {}
    for use in _all(whole):
        known = found.get((use.span.path, use.span.start, use.symbol))
        if known is None or use.defines:
            found[use.span.path, use.span.start, use.symbol] = use
    return tuple(found.values())


def symbol_at(found: Iterable[Use], path: str, at: int) -> Use | None:
    """The name at a place."""
    there = [use for use in found if use.span.path == path and use.span.start <= at <= use.span.end]
    return min(there, key=lambda use: use.span.end - use.span.start, default=None)


def _all(whole: Whole) -> Iterator[Use]:
    for page in whole.pages.values():
        for document in page.documents:
            yield Use(Symbol(document.kind, document.name.value), _inner(document.name.node), defines=True)
            for leaf in document.leaves:
                yield from _of_leaf(leaf, document)
            yield from _of_body(document, whole)
    functions = {name: _called(name) for name, body in whole.definitions.of_kind(Decision).items() if body.given}
    for node, scope in chain.from_iterable(whole.scopes.values()):
        yield from _calls(node, functions)
        if not node.style.startswith("|"):
            yield from _fields(node, scope, whole)
    for source in whole.files.values():
        if source.path.endswith(".csv"):
            whole_file = Scalar(source.text, source, 0, len(source.text))
            yield from _calls(whole_file, functions)


def _inner(node: Scalar) -> Span:
    """A word without its quotes."""
    return node.part(0, len(node.text)) if node.style else node.span


def _of_leaf(leaf: Leaf, document: Document) -> Iterator[Use]:
    value, section = leaf.value, leaf.section
    if isinstance(section, Step) and value is section.name:
        yield Use(Symbol("step", value.value, document.name.value), _inner(value.node), defines=True)
    elif isinstance(section, TakeBackStep) and value is section.take_back and value.value != EVERYTHING:
        yield Use(Symbol("step", value.value, document.name.value), _inner(value.node))
    elif isinstance(leaf.type, Ref):
        yield from _of_ref(leaf.type.to, leaf, document)
    elif isinstance(leaf.type, Trigger) and (event := event_of(value.value)) is not None:
        yield Use(Symbol("event", event), _inner(value.node))


def _of_ref(to: str, leaf: Leaf, document: Document) -> Iterator[Use]:
    name, home = leaf.value.value, ""
    if to == "step":
        if name in (NEXT, JOIN):
            return
        home = document.name.value
    if to == "message":
        roles = (getattr(leaf.section, each, None) for each in ("ask", "tell", "notify"))
        role = next((role for role in roles if isinstance(role, Located)), None)
        home = role.value if role is not None else ""
    yield Use(Symbol(to, name, home), _inner(leaf.value.node))


def _of_body(document: Document, whole: Whole) -> Iterator[Use]:
    """What documents define or name in ways of their own."""
    match document.body:
        case Participants(roles=roles):
            for role in roles:
                yield Use(Symbol("role", role.key.value), _inner(role.key.node), defines=True)
                for message in role.value.receives:
                    yield Use(Symbol("message", message.key.value, role.key.value), _inner(message.key.node), defines=True)
                for event in role.value.sends:
                    yield Use(Symbol("event", event.value), _inner(event.node), defines=True)
        case Holds(order=of_order, line=of_line):
            for name in (*(hold.key for hold in of_order), *(hold.key for hold in of_line)):
                yield Use(Symbol("hold", name.value), _inner(name.node), defines=True)
        case Attributes() as body:
            for entity in EXTENSIBLE:
                for pair in getattr(body, entity):
                    yield Use(Symbol("field", pair.key.value, entity), _inner(pair.key.node), defines=True)
        case Decision() as body:
            yield from _cells(body, whole)
        case Division(override=override):
            for pair in override:
                yield from _address(pair.key)


def _cells(decision: Decision, whole: Whole) -> Iterator[Use]:
    """Texts of columns such as `name of process`."""
    columns = [(at, referenced_kind(pair.value)) for at, pair in enumerate(decision.outputs)]
    if not any(kind for _, kind in columns):
        return
    inputs = tuple(pair.key.value for pair in decision.inputs or decision.given)
    files: dict[str, Source] = dict(whole.files)
    rows, _ = read_rows(decision, inputs, tuple(pair.key.value for pair in decision.outputs), files)
    for at, row in enumerate(rows.rows if rows is not None else ()):
        for column, kind in columns:
            cell = row.results[column]
            text = _TEXT.fullmatch(cell.text)
            if rows is None or kind is None or not (text or cell.bare):
                continue
            span = rows.place(fault("", "", row=at, column=len(row.cells) + column, at=cell))
            if span.path.endswith(".xlsx"):
                continue
            start = span.start + (1 if text else 0)
            name = text[1] if text else cell.text
            yield Use(Symbol(kind, name), Span(span.source, start, start + len(name)))


def _address(key: Located[str]) -> Iterator[Use]:
    kind, _, rest = key.value.partition(".")
    name = rest.partition(".")[0]
    if kind in KINDS and name:
        start = len(kind) + 1
        yield Use(Symbol(kind, name), key.node.part(start, start + len(name)))


def _called(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?=\s*\()")


def _calls(node: Scalar, functions: dict[str, re.Pattern[str]]) -> Iterator[Use]:
    """The decisions that are called in an expression or a table; names within texts are none."""
    text = _TEXTS.sub(lambda found: " " * len(found[0]), node.text)
    for name, pattern in functions.items():
        if name in text:
            for call in pattern.finditer(text):
                yield Use(Symbol("decision", name), node.part(call.start(), call.end()))


def _fields(node: Scalar, scope: Scope, whole: Whole) -> Iterator[Use]:
    """The user's own fields that an expression speaks of."""
    own = whole.definitions.attributes
    names = {name for fields in own.values() for name in fields}
    if not any(name in node.text for name in names):
        return
    seen = look(node.text, scope)
    entities = {id(kind): name for name, kind in scope.types.items()}
    for each in seen:
        if not isinstance(each.node, tree.Path) or each.node.name not in names:
            continue
        base = type_of(seen, each.node.base)
        entity = entities.get(id(getattr(base, "of", base)), "")
        if each.node.name in own.get(entity, {}):
            span = node.part(each.node.end - len(each.node.name), each.node.end)
            yield Use(Symbol("field", each.node.name, entity), span)
