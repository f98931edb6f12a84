"""The elements of a BPMN model: what the nodes of a scope are, and how the flow goes between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from orderloom.dsl.bpmn.nodes import GATEWAYS, Node
from orderloom.dsl.bpmn.scopes import UNDO, Scope
from orderloom.dsl.bpmn.timers import begins, clock, timer
from orderloom.dsl.pictures.graph import ENGINE, Arrow, Graph, graph
from orderloom.dsl.pictures.words import detail
from orderloom.dsl.program import LATE, Choose, Each, Run, Step, TakeBack, Tell, Wait

TAGS = {
    "start": "startEvent", "end": "endEvent", "timer": "intermediateCatchEvent", "take-back": "intermediateThrowEvent",
    "gateway": "exclusiveGateway", "split": "parallelGateway", "join": "parallelGateway", "some": "complexGateway",
    "service": "serviceTask", "user": "userTask", "send": "sendTask", "receive": "receiveTask", "rule": "businessRuleTask",
    "call": "callActivity", "sub": "subProcess",
}  # fmt: skip
XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"


def key(kind: str, name: str) -> str:
    """An id that XML allows, the same for the same name."""
    return f"{kind}_{re.sub(r'[^A-Za-z0-9_.-]', lambda at: f'-{ord(at[0]):x}-', name)}"


def flow_key(arrow: Arrow) -> str:
    return key("flow", f"{arrow.source}.{arrow.label}.{arrow.target}")


def boundary_key(arrow: Arrow) -> str:
    """The id of the event on the border of an activity at which an arrow leaves."""
    return key("on", f"{arrow.source}.{arrow.label}")


def attached(scope: Scope, arrow: Arrow) -> bool:
    """Whether the arrow leaves at an event on the border of its activity: by its clock, by another event, or to undo it."""
    node = scope.nodes[arrow.source]
    return node.activity and (arrow.label in (LATE, UNDO) or (node.kind == "receive" and arrow.label != ""))


def fill(container: Element, scope: Scope, seen: Graph) -> None:
    """Writes all nodes and flows of a scope, with those of the scopes within."""
    undoing = {arrow.target for arrow in seen.arrows if arrow.label == UNDO}
    for node in scope.nodes.values():
        element = _node(container, scope, node, seen, node.name in undoing)
        _lead(scope, node, element, seen)
    boundaries(container, scope, seen)
    flows = [arrow for arrow in seen.arrows if arrow.label != UNDO]
    for arrow in sorted(flows, key=lambda arrow: _rank(scope, arrow)):
        _flow(container, scope, arrow)
    for arrow in (arrow for arrow in seen.arrows if arrow.label == UNDO):
        ends = {"sourceRef": boundary_key(arrow), "targetRef": key("node", arrow.target)}
        SubElement(container, "association", {"id": flow_key(arrow), "associationDirection": "One"} | ends)


def _rank(scope: Scope, arrow: Arrow) -> int:
    """The place of a way of a choice: the first whose condition is true is taken."""
    step = scope.process.steps[arrow.source]
    texts = [way.when.text if way.when else "otherwise" for way in step.verb.ways] if isinstance(step.verb, Choose) else []
    return texts.index(arrow.label) if arrow.label in texts else 0


def _node(container: Element, scope: Scope, node: Node, seen: Graph, undoes: bool) -> Element:
    attributes = {"id": key("node", node.name)} | ({"name": node.title} if node.title else {})
    attributes |= {"isForCompensation": "true"} if undoes else {}
    inner = dict(scope.inner).get(node.name)
    if inner and inner.handler:
        attributes["triggeredByEvent"] = "true"
    step = node.step
    if step and isinstance(step.verb, Run):
        attributes["calledElement"] = step.verb.process
    if step and isinstance(step.verb, Wait) and step.verb.event and node.kind == "receive":
        attributes["messageRef"] = key("message", step.verb.event)
    if step and isinstance(step.verb, Tell):
        attributes["messageRef"] = key("message", step.verb.message)
    if node.kind in GATEWAYS and (default := _default(scope, node.name, seen)):
        attributes["default"] = flow_key(default)
    if node.kind == "start" and scope.handler and scope.handler.beside:
        attributes["isInterrupting"] = "false"
    return SubElement(container, TAGS[node.kind], attributes)


def _default(scope: Scope, name: str, seen: Graph) -> Arrow | None:
    otherwise = "otherwise" if isinstance(scope.process.steps[name].verb, Choose) else ""
    arrows = [arrow for arrow in seen.arrows if arrow.source == name]
    return next((arrow for arrow in arrows if arrow.label == otherwise and len(arrows) > 1), None)


def _lead(scope: Scope, node: Node, element: Element, seen: Graph) -> None:
    """What stands in a node: words, the flows that enter and leave, who does it, what it waits for, and the scope within."""
    for text in _words(node, scope):
        SubElement(element, "documentation").text = text
    for arrow in seen.arrows:
        if arrow.target == node.name and arrow.label != UNDO:
            SubElement(element, "incoming").text = flow_key(arrow)
    for arrow in seen.arrows:
        if arrow.source == node.name and not attached(scope, arrow):
            SubElement(element, "outgoing").text = flow_key(arrow)
    role = seen.lane[node.name]
    if node.activity and role != ENGINE:
        performer = SubElement(element, "potentialOwner" if node.kind == "user" else "performer", id=key("who", node.name))
        SubElement(performer, "resourceRef").text = key("role", role)
    if node.step and isinstance(node.step.verb, Each):
        loop = SubElement(element, "multiInstanceLoopCharacteristics", isSequential="false")
        SubElement(loop, "loopCardinality", {XSI: "tFormalExpression"}).text = f"count({node.step.verb.items.text})"
    inner = dict(scope.inner).get(node.name)
    if inner:
        fill(element, inner, graph(inner.process, merged=False))
    _definition(element, node, scope)


def _definition(element: Element, node: Node, scope: Scope) -> None:
    """What an event is about."""
    name = key("event", node.name)
    if node.kind == "start" and scope.handler:
        if scope.handler.event:
            SubElement(element, "messageEventDefinition", id=name, messageRef=key("message", scope.handler.event))
        else:
            begins(element, name, scope.handler)
    elif node.kind == "timer" and node.step:
        timer(element, name, node.step)
    elif node.kind == "take-back" and node.step and isinstance(node.step.verb, TakeBack):
        since = node.step.verb.since
        known = since is not None and since in scope.nodes and scope.nodes[since].activity
        reference = {"activityRef": key("node", since)} if since is not None and known else {}
        SubElement(element, "compensateEventDefinition", {"id": name} | reference)


def _words(node: Node, scope: Scope) -> Iterator[str]:
    step = node.step
    if node.kind == "start" and scope.handler and scope.handler.when:
        yield f"only where {scope.handler.when.text}"
    if step is None:
        return
    yield detail(step)
    if step.status:
        yield f"status: {step.status}"
    if step.milestone:
        yield f"milestone: {step.milestone}"
    if step.retry:
        yield f"tried up to {step.retry.times} times again"
    if step.point:
        yield f"{step.point} point of no return"


def _flow(container: Element, scope: Scope, arrow: Arrow) -> None:
    ends = {"targetRef": key("node", arrow.target), "sourceRef": key("node", arrow.source)}
    if attached(scope, arrow):
        ends["sourceRef"] = boundary_key(arrow)
    plain = attached(scope, arrow) or scope.nodes[arrow.source].kind != "gateway"
    label = {} if plain or not arrow.label else {"name": arrow.label}
    flow = SubElement(container, "sequenceFlow", {"id": flow_key(arrow)} | label | ends)
    condition = "" if plain else _condition(scope, arrow)
    if condition:
        SubElement(flow, "conditionExpression", {XSI: "tFormalExpression"}).text = condition


def _condition(scope: Scope, arrow: Arrow) -> str:
    """When the flow is taken: that of a choice, or the outcome of its step; none where it is the only one."""
    step: Step = scope.process.steps[arrow.source]
    if isinstance(step.verb, Choose):
        return next((way.when.text for way in step.verb.ways if way.when and way.when.text == arrow.label), "")
    if scope.nodes[arrow.source].kind != "gateway" or not arrow.label:
        return ""
    return " or ".join(f'outcome = "{name}"' for name in arrow.label.split(", "))


def boundaries(container: Element, scope: Scope, seen: Graph) -> None:
    """The events on the borders of activities: clocks that end them, and what undoes them."""
    for arrow in (arrow for arrow in seen.arrows if attached(scope, arrow)):
        step = scope.nodes[arrow.source].step
        name = "undo" if arrow.label == UNDO else arrow.label
        head = {"id": boundary_key(arrow), "name": name, "attachedToRef": key("node", arrow.source)}
        event = SubElement(container, "boundaryEvent", head)
        if arrow.label == UNDO:
            SubElement(event, "compensateEventDefinition", id=key("event", f"{arrow.source}.{name}"))
        elif arrow.label != LATE:
            SubElement(event, "outgoing").text = flow_key(arrow)
            about = {"id": key("event", f"{arrow.source}.{name}"), "messageRef": key("message", name)}
            SubElement(event, "messageEventDefinition", about)
        elif step is not None:
            SubElement(event, "outgoing").text = flow_key(arrow)
            clock(event, key("event", f"{arrow.source}.{name}"), step)
