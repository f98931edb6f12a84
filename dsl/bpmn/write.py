"""A process as one BPMN 2.0 document, with its diagrams."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from orderloom.dsl.bpmn.elements import fill, key
from orderloom.dsl.bpmn.scopes import UNDO, Scope, scope_of
from orderloom.dsl.bpmn.shapes import BPMNDI, DC, DI, Drawn, drawn, plane, pool, shapes
from orderloom.dsl.pictures.graph import ENGINE, graph
from orderloom.dsl.program import LATE, Process, Tell, Wait

NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
FEEL = "https://www.omg.org/spec/DMN/20230324/FEEL/"


def bpmn(process: Process) -> str:
    """The BPMN model of a process. The same process always gives the same text."""
    for prefix, name in (("bpmndi", BPMNDI), ("dc", DC), ("di", DI), ("xsi", XSI)):
        register_namespace(prefix, name)
    scope = scope_of(process)
    head = {"xmlns": NAMESPACE, "id": "model", "name": process.title, "targetNamespace": "urn:orderloom"}
    root = Element("definitions", head, expressionLanguage=FEEL)
    scopes = [drawn(each, graph(each.process, merged=False)) for each in _all(scope)]
    for role in dict.fromkeys(lane for each in scopes for lane in each.seen.lanes if lane != ENGINE):
        SubElement(root, "resource", id=key("role", role), name=role)
    for message in dict.fromkeys(name for each in scopes for name in _messages(each.scope)):
        SubElement(root, "message", id=key("message", message), name=message)
    collaboration = SubElement(root, "collaboration", id="collaboration")
    SubElement(collaboration, "participant", id="pool", name=process.title, processRef=process.name)
    element = SubElement(root, "process", id=process.name, name=process.title, isExecutable="true")
    _lanes(element, scopes[0])
    fill(element, scope, scopes[0].seen)
    _diagrams(root, scopes)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _all(scope: Scope) -> Iterator[Scope]:
    yield scope
    for _, inner in scope.inner:
        yield from _all(inner)


def _messages(scope: Scope) -> Iterator[str]:
    """What is sent and waited for by name."""
    if scope.handler and scope.handler.event:
        yield scope.handler.event
    for node in scope.nodes.values():
        verb = node.step.verb if node.step else None
        if isinstance(verb, Tell):
            yield verb.message
        elif isinstance(verb, Wait) and verb.event:
            yield verb.event
            yield from (name for name in scope.process.steps[node.name].ways if name not in ("", LATE, UNDO))


def _lanes(process: Element, shown: Drawn) -> None:
    lanes = SubElement(process, "laneSet", id="lanes")
    for lane, _, _ in shown.layout.lanes:
        element = SubElement(lanes, "lane", id=key("lane", lane), name=lane)
        for name in (name for name in shown.scope.nodes if shown.seen.lane[name] == lane):
            SubElement(element, "flowNodeRef").text = key("node", name)


def _diagrams(root: Element, scopes: list[Drawn]) -> None:
    """The process in its pool, and each block on a diagram of its own, to which its closed box leads."""
    first = plane(root, "collaboration", scopes[0].scope.title)
    pool(first, scopes[0], "pool")
    shapes(first, scopes[0])
    for each in scopes[1:]:
        shapes(plane(root, key("node", each.scope.name), each.scope.title), each)
