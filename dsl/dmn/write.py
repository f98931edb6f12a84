"""Documents to a DMN 1.5 model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from orderloom.dsl.dmn.document import Column, Document, TableLogic
from orderloom.dsl.dmn.names import renamed
from orderloom.dsl.dmn.read import call
from orderloom.dsl.dmn.required import texts
from orderloom.dsl.feel.types import BY_NAME

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
FEEL = "https://www.omg.org/spec/DMN/20230324/FEEL/"


def dmn_export(documents: Sequence[Document], name: str = "orderloom") -> str:
    """A model with these decisions, their parameters as input data, and what they require of each other."""
    head = {"xmlns": NAMESPACE, "id": "model", "name": name, "namespace": f"urn:{name}", "expressionLanguage": FEEL}
    root = Element("definitions", head)
    for kind in sorted({kind for document in documents for kind in _kinds(document) if kind.startswith("list<")}):
        item = SubElement(root, "itemDefinition", name=_type_name(kind), isCollection="true")
        SubElement(item, "typeRef").text = _type_name(kind.removeprefix("list<").removesuffix(">"))
    inputs = dict.fromkeys((each, kind) for document in documents for each, kind in document.given.items())
    ids = {each: f"input-{at}-{each[0]}" for at, each in enumerate(inputs, 1)}
    for (each, kind), key in ids.items():
        data = SubElement(root, "inputData", id=key, name=each)
        SubElement(data, "variable", name=each, typeRef=_type_name(kind))
    for document in documents:
        _decision(root, document, ids, [other for other in documents if other is not document])
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _kinds(document: Document) -> Iterator[str]:
    yield from (*document.given.values(), document.type)
    if isinstance(document.logic, TableLogic):
        yield from (column.type for column in (*document.logic.inputs, *document.logic.outputs))


def _type_name(kind: str) -> str:
    """Lists are item definitions of their own; contexts have no name in the model."""
    if kind.startswith("list<"):
        return f"list of {_type_name(kind.removeprefix('list<').removesuffix('>'))}"
    return kind if kind in BY_NAME else "Any"


def _decision(root: Element, document: Document, ids: Mapping[tuple[str, str], str], others: Sequence[Document]) -> None:
    decision = SubElement(root, "decision", id=f"decision-{document.name}", name=document.name, label=document.title)
    SubElement(decision, "variable", name=document.name, typeRef=_type_name(document.type))
    for pair in document.given.items():
        SubElement(SubElement(decision, "informationRequirement"), "requiredInput", href=f"#{ids[pair]}")
    calls = {call(other.name, other.given): other.name for other in others}
    text = "\n".join(texts(document))
    for asked, name in calls.items():
        if renamed(text, {asked: name}) != text:
            SubElement(SubElement(decision, "informationRequirement"), "requiredDecision", href=f"#decision-{name}")
    body = _context(decision, document.where, calls) if document.where else decision
    if isinstance(document.logic, str):
        _literal(body, renamed(document.logic, calls), typeRef=_type_name(document.type))
    else:
        _table(body, document.logic, calls)


def _context(decision: Element, where: Mapping[str, str], calls: Mapping[str, str]) -> Element:
    """A boxed context of the named values; answers where its result goes."""
    context = SubElement(decision, "context")
    for name, text in where.items():
        entry = SubElement(context, "contextEntry")
        SubElement(entry, "variable", name=name)
        _literal(entry, renamed(text, calls))
    return SubElement(context, "contextEntry")


def _literal(parent: Element, text: str, **attributes: str) -> None:
    SubElement(SubElement(parent, "literalExpression", attributes), "text").text = text


def _table(decision: Element, logic: TableLogic, calls: Mapping[str, str]) -> None:
    policy, _, aggregation = str(logic.policy).partition("collect ")
    head = {"hitPolicy": (policy or "collect").upper()} | ({"aggregation": aggregation.upper()} if aggregation else {})
    table = SubElement(decision, "decisionTable", head)
    for column in logic.inputs:
        _input(table, column, calls)
    for column in logic.outputs:
        output = SubElement(table, "output", name=column.name, typeRef=_type_name(column.type))
        _entry(output, "outputValues", column.allowed)
        _entry(output, "defaultOutputEntry", renamed(column.default, calls))
    for name in logic.annotations:
        SubElement(table, "annotation", name=name)
    for row in logic.rules:
        rule = SubElement(table, "rule")
        for tag, cells in (("inputEntry", row.cells), ("outputEntry", row.results), ("annotationEntry", row.notes)):
            for text in cells:
                SubElement(SubElement(rule, tag), "text").text = text if tag == "annotationEntry" else renamed(text, calls)


def _input(table: Element, column: Column, calls: Mapping[str, str]) -> None:
    element = SubElement(table, "input", label=column.name)
    expression = SubElement(element, "inputExpression", typeRef=_type_name(column.type))
    SubElement(expression, "text").text = renamed(column.expression, calls)
    _entry(element, "inputValues", column.allowed)


def _entry(parent: Element, tag: str, text: str) -> None:
    if text:
        SubElement(SubElement(parent, tag), "text").text = text
