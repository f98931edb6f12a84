"""DMN models to documents: decision tables, literal and boxed expressions, knowledge models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element

from msgspec import Struct

from orderloom.dsl.dmn.boxes import boxed, inside, local_names
from orderloom.dsl.dmn.document import Column, Document, Rule, TableLogic
from orderloom.dsl.dmn.names import plain, renamed, slug
from orderloom.dsl.dmn.xml import DmnProblem, child, children, local, parse_xml, text_in
from orderloom.dsl.feel.types import ANY, BY_NAME, ListType, Simple
from orderloom.dsl.tables import Policy

Problems = tuple[DmnProblem, ...]

_NO_TEXT = DmnProblem(
    "E863", "there is no logic here that can be taken over", "a table stands by itself or as the result of a context"
)
_FEEL = ("", "feel")  # how the last word of an expression language's address may read


class Model(Struct, frozen=True):
    """The parts of a model that decisions refer to, by id and by name."""

    inputs: Mapping[str, Element]
    decisions: Mapping[str, Element]
    knowledge: Mapping[str, Element]
    types: Mapping[str, Element]


def dmn_import(text: str) -> tuple[tuple[Document, ...], Problems]:
    """The decisions of a DMN 1.1 to 1.5 model in their order, and what could not be taken over.

    A decision's parameters are the input data that it needs, its own and those of the decisions that it requires; where it
    names a required decision, it calls it.
    """
    root, problems = parse_xml(text)
    if root is None:
        return (), problems
    if local(root) != "definitions":
        return (), (DmnProblem("E862", f"this is no DMN model: it begins with {local(root)}", "DMN begins with definitions"),)
    model = Model(
        {f"#{each.get('id')}": each for each in children(root, "inputData")},
        {f"#{each.get('id')}": each for each in children(root, "decision")},
        {f"#{each.get('id')}": each for each in children(root, "businessKnowledgeModel")},
        {each.get("name", ""): each for each in children(root, "itemDefinition")},
    )
    read = [_knowledge(each, model) for each in model.knowledge.values()]
    read += [_decision(each, model) for each in children(root, "decision")]
    documents = tuple(document for document, _ in read if document is not None)
    return documents, (*_left_out(root), *(problem for _, found in read for problem in found))


def _left_out(root: Element) -> Iterator[DmnProblem]:
    for element in children(root, "decisionService"):
        yield DmnProblem("E863", "decision services are not taken over", "make it a decision", element.get("name", ""))


def _decision(decision: Element, model: Model) -> tuple[Document | None, Problems]:
    given = _given(decision, model, frozenset())
    variable = child(decision, "variable")
    kind = _type(variable.get("typeRef") if variable is not None else None, model)
    return _document(decision, decision, given, kind, model)


def _knowledge(element: Element, model: Model) -> tuple[Document | None, Problems]:
    """A knowledge model is a decision; its parameters are those of its function."""
    function = child(element, "encapsulatedLogic")
    if function is None:
        return None, (DmnProblem("E863", "this knowledge model has no logic", decision=element.get("name", "")),)
    given = {each.get("name", ""): _type(each.get("typeRef"), model) for each in children(function, "formalParameter")}
    return _document(element, function, given, _type(function.get("typeRef"), model), model)


def _document(
    element: Element, body: Element, given: Mapping[str, str], kind: str, model: Model
) -> tuple[Document | None, Problems]:
    """A decision or knowledge model whose logic stands in `body`."""
    name = element.get("name", "")
    names = {each: plain(each) for each in (*local_names(body), *given)} | dict(_calls(element, model))
    where, rest = _where(body, names)
    logic, problems = _logic(rest, element, names, model) if rest is not None else (None, (_NO_TEXT,))
    if logic is None:
        return None, tuple(DmnProblem(each.code, each.message, each.hint, name) for each in problems)
    types = {plain(each): kind for each, kind in given.items()}
    return Document(slug(name), element.get("label") or name, types, logic, kind, where), ()


def _where(body: Element, names: Mapping[str, str]) -> tuple[dict[str, str], Element | None]:
    """The named entries of a context with a result, and where the result stands; None where an entry has no text in FEEL."""
    context = child(body, "context")
    entries = [(entry, child(entry, "variable")) for entry in children(context, "contextEntry")] if context is not None else []
    results = [entry for entry, variable in entries if variable is None]
    if len(results) != 1:
        return {}, body
    texts = {plain(named.get("name", "")): boxed(inside(entry)) for entry, named in entries if named is not None}
    where = {name: _line(renamed(text, names)) for name, text in texts.items() if text is not None}
    return where, results[0] if len(where) == len(texts) else None


def _required(decision: Element, kind: str) -> Iterator[str]:
    """The references of a decision to input data (`requiredInput`) or decisions (`requiredDecision`)."""
    for requirement in children(decision, "informationRequirement"):
        yield from (each.get("href", "") for each in children(requirement, kind))


def _given(decision: Element, model: Model, above: frozenset[str]) -> dict[str, str]:
    """Names and types of all input data that the decision needs; a circle of requirements is walked once."""
    found: dict[str, str] = {}
    for href in _required(decision, "requiredInput"):
        data = model.inputs.get(href)
        if data is not None:
            variable = child(data, "variable")
            found[data.get("name", "")] = _type(variable.get("typeRef") if variable is not None else None, model)
    for href in _required(decision, "requiredDecision"):
        if href in model.decisions and href not in above:
            found |= {
                name: kind for name, kind in _given(model.decisions[href], model, above | {href}).items() if name not in found
            }
    return found


def _calls(decision: Element, model: Model) -> Iterator[tuple[str, str]]:
    for href in _required(decision, "requiredDecision"):
        if href in model.decisions:
            required = model.decisions[href]
            yield required.get("name", ""), call(slug(required.get("name", "")), map(plain, _given(required, model, frozenset())))
    for requirement in children(decision, "knowledgeRequirement"):
        for each in children(requirement, "requiredKnowledge"):
            known = model.knowledge.get(each.get("href", ""))
            if known is not None:
                yield known.get("name", ""), slug(known.get("name", ""))


def call(name: str, given: Iterable[str]) -> str:
    """How an expression asks another decision."""
    return f"{name}({', '.join(given)})"


def _type(name: str | None, model: Model, above: frozenset[str] = frozenset()) -> str:
    """FEEL's name of a type; an item definition counts as the type that it restricts, or as a list of it."""
    name = (name or "Any").rpartition(":")[2]
    if name not in model.types or name in above:
        found = BY_NAME.get(name, ANY)
        return str(found) if isinstance(found, Simple | ListType) else "Any"
    base = _type(text_in(model.types[name], "typeRef"), model, above | {name})
    return f"list<{base}>" if model.types[name].get("isCollection") == "true" else base


def _allowed(name: str | None, model: Model) -> str:
    definition = model.types.get((name or "").rpartition(":")[2])
    return text_in(definition, "allowedValues", "text")


def _logic(body: Element, decision: Element, names: Mapping[str, str], model: Model) -> tuple[TableLogic | str | None, Problems]:
    table = child(body, "decisionTable")
    if table is not None:
        return _table(table, decision, names, model)
    languages = {each.get("expressionLanguage", "") for each in body.iter() if local(each) == "literalExpression"}
    foreign = sorted(each for each in languages if each.rstrip("/").rpartition("/")[2].lower() not in _FEEL)
    if foreign:
        return None, (DmnProblem("E863", f"the expression is written in {foreign[0]}, not in FEEL"),)
    text = next((found for each in body if (found := boxed(each)) is not None), None)
    return (renamed(text, names), ()) if text is not None else (None, (_NO_TEXT,))


def _table(table: Element, decision: Element, names: Mapping[str, str], model: Model) -> tuple[TableLogic | None, Problems]:
    policy = " ".join(filter(None, (table.get("hitPolicy", "UNIQUE"), table.get("aggregation")))).lower()
    if policy not in set(Policy):
        return None, (DmnProblem("E863", f"there is no hit policy {policy}", "one of: " + ", ".join(Policy)),)
    inputs = [_input(each, names, model) for each in children(table, "input")]
    outputs = [_output(each, decision, names, model) for each in children(table, "output")]
    rules = tuple(_rule(each, names) for each in children(table, "rule"))
    width = len(inputs), len(outputs)
    if any((len(rule.cells), len(rule.results)) != width for rule in rules):
        return None, (DmnProblem("E863", "a rule has not as many entries as the table has columns"),)
    annotations = tuple(each.get("name") or "note" for each in children(table, "annotation"))
    notes = annotations or (("note",) if any(any(rule.notes) for rule in rules) else ())
    fitted = tuple(Rule(rule.cells, rule.results, (*rule.notes, *[""] * len(notes))[: len(notes)]) for rule in rules)
    return TableLogic(Policy(policy), _distinct(inputs), _distinct(outputs), fitted, notes), ()


def _input(element: Element, names: Mapping[str, str], model: Model) -> Column:
    written = text_in(element, "inputExpression", "text")
    asked = child(element, "inputExpression")
    kind = asked.get("typeRef") if asked is not None else None
    allowed = text_in(element, "inputValues", "text") or _allowed(kind, model)
    return Column(plain(element.get("label", written)), _type(kind, model), _line(renamed(written, names)), _line(allowed))


def _output(element: Element, decision: Element, names: Mapping[str, str], model: Model) -> Column:
    variable = child(decision, "variable")
    kind = element.get("typeRef") or (variable.get("typeRef") if variable is not None else None)
    name = element.get("name") or element.get("label") or decision.get("name") or ""
    allowed = text_in(element, "outputValues", "text") or _allowed(kind, model)
    default = renamed(text_in(element, "defaultOutputEntry", "text"), names)
    return Column(plain(name), _type(kind, model), "", _line(allowed), _line(default))


def _rule(element: Element, names: Mapping[str, str]) -> Rule:
    cells = tuple(_line(renamed(text_in(each, "text"), names)) or "-" for each in children(element, "inputEntry"))
    results = tuple(_line(renamed(text_in(each, "text"), names)) or "null" for each in children(element, "outputEntry"))
    notes = [_line(text_in(each, "text")) for each in children(element, "annotationEntry")]
    return Rule(cells, results, tuple(notes or [_line(text_in(element, "description"))]))


def _line(text: str) -> str:
    """On one line, as a row of a text table needs it."""
    return re.sub(r"\s*[\r\n]\s*", " ", text)


def _distinct(columns: list[Column]) -> tuple[Column, ...]:
    """Columns of the same name are numbered."""
    found: dict[str, Column] = {}
    for column in columns:
        name, count = column.name, 1
        while name in found:
            count += 1
            name = f"{column.name}_{count}"
        found[name] = Column(name, column.type, column.expression, column.allowed, column.default)
    return tuple(found.values())
