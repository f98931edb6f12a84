"""Every expression of the definitions, typed in the scope of its place and compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.answers import answer_type
from orderloom.dsl.checks.doubts import doubts
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import Document
from orderloom.dsl.elements import Elements
from orderloom.dsl.events import event_type, spoken_of
from orderloom.dsl.feel import Function, Scope, expression
from orderloom.dsl.feel.types import (
    ANY,
    ANY_CONTEXT,
    DATE,
    DATE_TIME,
    NULL,
    NUMBER,
    STRING,
    ContextType,
    ListType,
    Simple,
    Type,
    one_of,
)
from orderloom.dsl.fields import Formula as FormulaType
from orderloom.dsl.fields import Located, NodeSet, Syntax, Trigger
from orderloom.dsl.graph import every_step
from orderloom.dsl.problems import located
from orderloom.dsl.program import Formula, Origin
from orderloom.dsl.replies import reply_type
from orderloom.dsl.resolve import Definitions, Only, among
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.shape import shape
from orderloom.dsl.source import Span
from orderloom.dsl.steps import EachStep, Process
from orderloom.dsl.syntax import Appeasements, Changes, Decision, Event, Monitor, Notifications, Promising, Sourcing
from orderloom.dsl.syntax.monitor import OF_ORDERS, SCOPE_OF_EVENTS
from orderloom.dsl.syntax.monitor import SCOPE as OF_MONITORS
from orderloom.dsl.triggers import moment_of

Compiled = Mapping[Located[str], Formula]  #: by the written text, compared by identity

_NO_LANE = ContextType({})
_SCOPES = {"order": "process of an order", "return": "process of a return", "repair": "process of a return"}  #: by purpose


class _Place(Struct, frozen=True):
    """A kind of place with the lane that it sees: expressions at equal places have one scope."""

    scope: str
    lane: str = ""
    answers: str = ""  # the process whose forms it sees
    events: frozenset[str] = frozenset()  #: of which `event` may be one
    policy: str = ""  #: the appeasements whose reasons it sees


def origin(span: Span) -> Origin:
    return Origin(span.path, span.line, span.column)


def compile_formula(written: Located[str], scope: Scope, gives: str, found: list[Diagnostic]) -> tuple[Formula | None, Type]:
    """The expression as a formula, None where it is at fault, and the type of its value."""
    if scope.memo is not None:
        scope.memo.heard.append((written.node, scope))
    compiled, kind, problems = expression(written.value, scope)
    found += [located(problem, written.node) for problem in problems]
    if compiled is None:
        return None, kind
    if not problems and not _fits(kind, gives):
        words = f"this gives a {kind}, and a {gives} is needed here"
        found.append(Diagnostic("E350", words, written.node.part(0, len(written.value))))
        return None, kind
    found += [located(problem, written.node) for problem in doubts(written.value, compiled.tree, scope)]
    return Formula(written.value, origin(written.span), compiled.compiled, shape(compiled.tree)), kind


def compile_formulas(
    definitions: Definitions, vocabulary: Vocabulary, functions: Mapping[str, Function], only: Only = None
) -> tuple[Compiled, tuple[Diagnostic, ...]]:
    """All formulas but those of decisions; of some documents only, where these are named."""
    found: list[Diagnostic] = []
    compiled: dict[Located[str], Formula] = {}
    lanes = definitions.watched("lanes", _lanes(definitions, vocabulary, functions, compiled, found))
    for of, by_name in definitions.documents.items():
        for document in [each for name, each in by_name.items() if among(only, of, name)]:
            own, more = definitions.remembered(
                _of_one, document, partial(_of_one, document, definitions, vocabulary, functions, lanes)
            )
            compiled.update(own)
            found += more
    return definitions.watched("formulas", compiled), tuple(found)


def _of_one(
    document: Document,
    definitions: Definitions,
    vocabulary: Vocabulary,
    functions: Mapping[str, Function],
    lanes: Mapping[str, Type],
) -> tuple[Compiled, tuple[Diagnostic, ...]]:
    """The formulas of a document."""
    found: list[Diagnostic] = []
    compiled: dict[Located[str], Formula] = {}
    scopes: dict[_Place, Scope] = {}
    elements = Elements(document.body)
    events = spoken_of(document)
    for written, type in _formulas(document):
        place = replace(_place(type, document.body), events=events(written))
        if place not in scopes:
            scope = vocabulary.scope(place.scope, functions, lanes.get(place.lane, _NO_LANE))
            scopes[place] = _with_told(scope, document.body, definitions)
            if place.events:
                scopes[place] = scopes[place].extend({"event": event_type(place.events, definitions)})
        wrong = list[Diagnostic]()
        formula, kind = compile_formula(written, elements.seen(written, scopes[place]), type.gives, wrong)
        found += _without_unit(written, type, wrong)
        elements.learn(written, kind)
        if formula is not None:
            compiled[written] = formula
    return compiled, tuple(found)


def _without_unit(written: Located[str], type: FormulaType, found: list[Diagnostic]) -> list[Diagnostic]:
    """What is wrong with a formula; where that is a number with what it counts in, what to write is the number alone."""
    number = written.value.removesuffix(type.counted).strip() if type.counted else ""
    if not (found and number.replace(".", "", 1).isdecimal()):
        return found
    return [replace(found[0], hint=f"write {number}"), *found[1:]]


def _formulas(document: Document) -> Iterator[tuple[Located[str], FormulaType]]:
    if isinstance(document.body, Decision | Changes | Notifications):
        return
    for leaf in document.leaves:
        if isinstance(leaf.type, FormulaType) and leaf.type.scope != "lane":
            yield leaf.value, leaf.type
        elif isinstance(leaf.type, NodeSet):
            yield leaf.value, FormulaType("node", "boolean")
        elif isinstance(leaf.type, Trigger) and moment_of(leaf.value.value) is not None:
            yield leaf.value, FormulaType(leaf.type.scope, leaf.type.gives)


def _place(type: FormulaType, body: Syntax) -> _Place:
    if isinstance(body, Process):
        purpose = body.purpose.value if body.purpose is not None else ""
        return _Place(_SCOPES.get(purpose, "process of a unit"), answers=body.name.value)
    if isinstance(body, Promising):
        return _Place(type.scope, body.name.value)
    if isinstance(body, Sourcing):
        return _Place(type.scope, body.promise_by.value if body.promise_by is not None else "?")
    if isinstance(body, Monitor) and type.scope == "monitor":
        by_node = body.watch is not None and body.watch.value == "position"
        return _Place("monitor of a position" if by_node else "monitor of an item")
    if isinstance(body, Monitor) and type.scope == OF_MONITORS:
        watch = body.watch.value if body.watch is not None and body.watch.value in OF_ORDERS else "order"
        return _Place(f"monitor of {'an' if watch == 'order' else 'a'} {watch}")
    if isinstance(body, Monitor) and type.scope == SCOPE_OF_EVENTS:
        return _Place("monitor of events")
    if isinstance(body, Event):
        about = body.about.value if body.about is not None else "order"
        return _Place("event of the order" if about == "order" else f"event of a {about}")
    return _Place(type.scope, policy=body.name.value if isinstance(body, Appeasements) else "")


def _with_told(scope: Scope, body: Syntax, definitions: Definitions) -> Scope:
    """Expressions of a process see what its people fill in, and what its partners tell with their replies; those of a policy of
    appeasements one of its reasons."""
    if isinstance(body, Appeasements) and body.reasons:
        return scope.extend({"reason": one_of(*(reason.value for reason in body.reasons))})
    if not isinstance(body, Process):
        return scope
    told: dict[str, Type] = {}
    for one, all, kind in ("answer", "answers", answer_type(body)), ("reply", "replies", reply_type(body, definitions)):
        if kind is not None:
            told[one] = kind
        if kind is not None and any(isinstance(step, EachStep) for step in every_step(body)):
            told[all] = ListType(ContextType({"step": STRING, "number": NUMBER, **kind.fields}))  # of each element
    return scope.extend(told)


def _lanes(
    definitions: Definitions,
    vocabulary: Vocabulary,
    functions: Mapping[str, Function],
    compiled: dict[Located[str], Formula],
    found: list[Diagnostic],
) -> Mapping[str, Type]:
    """The type of `lane` by promising rules; a value sees those above it. Behind a name that is not known all is allowed."""
    lanes: dict[str, Type] = {}
    for name, promising in definitions.of_kind(Promising).items():
        fields, own, more = definitions.remembered(_lane, promising, partial(_lane, promising, vocabulary, functions))
        compiled.update(own)
        found += more
        lanes[name] = ContextType(fields, open="promising" in definitions.lost)
    for sourcing in definitions.of_kind(Sourcing).values():
        lanes.setdefault(sourcing.promise_by.value if sourcing.promise_by is not None else "?", ANY_CONTEXT)
    return lanes


def _lane(
    promising: Promising, vocabulary: Vocabulary, functions: Mapping[str, Function]
) -> tuple[dict[str, Type], Compiled, tuple[Diagnostic, ...]]:
    """The types and formulas of the values that promising rules name for a lane."""
    found: list[Diagnostic] = []
    compiled: dict[Located[str], Formula] = {}
    fields: dict[str, Type] = {}
    for pair in promising.lane:
        scope = vocabulary.scope("lane", functions, ContextType(dict(fields)))
        formula, fields[pair.key.value] = compile_formula(pair.value, scope, "Any", found)
        if formula is not None:
            compiled[pair.value] = formula
    return fields, compiled, tuple(found)


def _fits(kind: Type, gives: str) -> bool:
    if gives == ANY.name or kind in (ANY, NULL):
        return True
    if gives == "list":
        return isinstance(kind, ListType)
    wanted = (DATE.name, DATE_TIME.name) if gives == "date" else (gives,)
    return isinstance(kind, Simple) and kind.name in wanted
