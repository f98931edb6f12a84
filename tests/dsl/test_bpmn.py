"""BPMN models: valid, whole, read by others' readers, and drawn without anything lying on anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import combinations, pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from geometry import Box, meet, random_process
from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator

from orderloom.dsl.bpmn import bpmn
from orderloom.dsl.bpmn.timers import iso
from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.program import Process

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SHIPPED = {
    f"{pack}-{name}": process
    for pack in packs()
    for name, process in (compile(pack_sources(pack)).program or pytest.fail(pack)).processes.items()
}
RANDOM = {f"random-{seed}": random_process(seed) for seed in range(60)}
EVERY = SHIPPED | RANDOM
TEXT = """
kind: process
name: backorder
title: Every kind of block
for: fulfillment
steps:
  - { step: tell, tell: customer, message: backordered, when: order.total > 10, undo: release-stock, status: backordered }
  - step: prepare
    parallel:
      picking:
        - { step: pick, ask: fulfiller, message: pick-request, within: P2D, on: { short-picked: join, late: join }, next: join }
      papers:
        - { step: sign, task: sign-papers, to: operations }
    join: any
    within: PT36H
    on: { late: arrive }
  - step: per-line
    each: order.lines
    as: line
    steps:
      - { step: rest, wait: PT1H }
  - { step: arrive, wait: collected, within: P1D, on: { late: undoing, transfer-received: done } }
  - { step: undoing, take-back: everything }
  - { step: done, end: done }
handlers:
  - on: vendor-shipped
    steps:
      - { step: say-so, tell: customer, message: shipped, next: arrive }
  - on: return-withdrawn
    beside: true
    steps:
      - { step: also, tell: customer, message: shipped }
  - after: P30D
    beside: true
    steps:
      - { step: remind, tell: customer, message: backordered }
"""


@pytest.fixture(scope="module")
def validator() -> BpmnValidator:
    return BpmnValidator()


def model(process: Process) -> Element:
    return ElementTree.fromstring(bpmn(process))


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def nodes(root: Element) -> Iterator[tuple[Element, Element]]:
    """Every flow node with what it stands in."""
    for parent in root.iter():
        if local(parent) in ("process", "subProcess"):
            for child in parent:
                if local(child).endswith(("Event", "Task", "Gateway", "Activity", "subProcess")):
                    yield parent, child


@pytest.mark.parametrize("name", EVERY)
def test_it_is_valid_by_the_schema_and_read_by_another_engine(name: str, validator: BpmnValidator) -> None:
    """SpiffWorkflow brings the schema; what it cannot run itself is compensation, which it says."""
    process = EVERY[name]
    text = bpmn(process)
    assert text == bpmn(process)
    parser = BpmnParser(validator=validator)
    parser.add_bpmn_str(text.encode())
    if "compensateEventDefinition" not in text:
        read = parser.get_spec(process.name)
        known = {spec.bpmn_id for spec in read.task_specs.values()}
        assert name not in SHIPPED or {f"node_{step.name}" for step in process.steps.values() if not step.block} <= known


@pytest.mark.parametrize("name", EVERY)
def test_every_element_is_drawn_once_and_every_flow_is_told_at_both_ends(name: str) -> None:
    root = model(EVERY[name])
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert max(ids.values()) == 1
    drawn = [element.get("bpmnElement") for element in root.iter() if local(element) in ("BPMNShape", "BPMNEdge")]
    lines = [element for element in root.iter() if local(element) in ("sequenceFlow", "association")]
    expected = [child.get("id") for _, child in nodes(root)] + [line.get("id") for line in lines]
    expected += [element.get("id") for element in root.iter() if local(element) in ("participant", "lane")]
    assert sorted(map(str, drawn)) == sorted(map(str, expected))
    told = {(child.get("id"), way.text) for _, child in nodes(root) for way in child.findall(f"{MODEL}outgoing")}
    assert told == {(line.get("sourceRef"), line.get("id")) for line in lines if local(line) == "sequenceFlow"}
    told = {(child.get("id"), way.text) for _, child in nodes(root) for way in child.findall(f"{MODEL}incoming")}
    assert told == {(line.get("targetRef"), line.get("id")) for line in lines if local(line) == "sequenceFlow"}


@pytest.mark.parametrize("name", EVERY)
def test_every_step_has_its_node_and_its_lane(name: str) -> None:
    process = EVERY[name]
    root = model(process)
    found = {str(child.get("id")): parent for parent, child in nodes(root)}
    undone = {f"{step.name}.undo" for step in process.steps.values() if step.undo}
    steps = {step.name for step in process.steps.values() if step.block not in undone}
    assert {f"node_{step}" for step in steps} <= found.keys()
    assert {f"node_{step}" for step in undone} <= found.keys()
    held = Counter(str(each.text) for each in root.iter() if local(each) == "flowNodeRef")
    top = {key for key, parent in found.items() if local(parent) == "process" and not key.startswith("on_")}
    assert held == Counter(top)


def bounds(shape: Element) -> Box:
    found = shape.find(f"{DC}Bounds")
    assert found is not None
    x, y, wide, high = (float(found.get(key) or 0) for key in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def inside(box: Box, by: float) -> Box:
    return box[0] + by, box[1] + by, box[2] - by, box[3] - by


@pytest.mark.parametrize("name", EVERY)
def test_nodes_lie_clear_of_each_other_and_of_flows_that_are_not_theirs(name: str) -> None:
    root = model(EVERY[name])
    hosts = {child.get("id"): child.get("attachedToRef") for _, child in nodes(root)}
    ends = {line.get("id"): (line.get("sourceRef"), line.get("targetRef")) for line in root.iter() if line.get("sourceRef")}
    for plane in root.iter(f"{DI}BPMNPlane"):
        boxes = {s.get("bpmnElement"): bounds(s) for s in plane.iter(f"{DI}BPMNShape") if s.get("bpmnElement") in hosts}
        for one, other in combinations(boxes, 2):
            assert other in (hosts[one],) or one in (hosts[other],) or not meet(boxes[one], boxes[other]), (one, other)
        for edge in plane.iter(f"{DI}BPMNEdge"):
            points = [(float(p.get("x") or 0), float(p.get("y") or 0)) for p in edge.iter(WAYPOINT)]
            source, target = ends[edge.get("bpmnElement")]
            own = {source, target, hosts[source]}
            assert on_border(points[0], boxes[source]) and on_border(points[-1], boxes[target]), edge.get("bpmnElement")
            for a, b in pairwise(points):
                piece = min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])
                hit = [key for key, box in boxes.items() if key not in own and meet(piece, inside(box, 0.5))]
                assert not [key for key in hit if hosts[key] not in own], (edge.get("bpmnElement"), hit)


def on_border(point: tuple[float, float], box: Box) -> bool:
    """At the border of a box, or of the circle or diamond in it; never far inside and never outside."""
    x, y = point
    near = box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1
    return near and not meet((x, y, x + 0.1, y + 0.1), inside(box, (box[3] - box[1]) * 0.3))


def test_every_construct_has_its_element(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file(TEXT)
    assert compiled.program is not None, compiled.diagnostics
    root = model(compiled.program.processes["backorder"])
    by_id = {element.get("id"): element for element in root.iter()}
    kinds = {
        "node_tell": "sendTask", "node_pick": "serviceTask", "node_sign": "userTask", "node_rest": "intermediateCatchEvent",
        "node_arrive": "receiveTask", "node_undoing": "intermediateThrowEvent", "node_done": "endEvent",
        "node_prepare": "subProcess", "node_per-line": "subProcess", "node_tell-3a-when": "exclusiveGateway",
        "node_prepare-3a-split": "parallelGateway", "node_prepare-3a-join": "complexGateway",
        "node_tell.undo": "serviceTask", "on_pick.late": "boundaryEvent",
    }  # fmt: skip
    assert {key: local(by_id[key]) for key in kinds} == kinds
    assert by_id["node_tell.undo"].get("isForCompensation") == "true"
    other = by_id["on_arrive.transfer-received"]
    assert other.get("attachedToRef") == "node_arrive"
    assert [each.get("messageRef") for each in other if local(each) == "messageEventDefinition"] == ["message_transfer-received"]
    assert by_id["message_transfer-received"].get("name") == "transfer-received"
    assert by_id["on_prepare.late"].get("attachedToRef") == "node_prepare"
    durations = [element.text for element in root.iter(f"{MODEL}timeDuration")]
    assert sorted(map(str, durations)) == ["P1D", "P1DT12H", "P2D", "P30D", "PT1H"]
    timed = by_id["node_-40-time.remind"].find(f"{MODEL}startEvent")
    assert timed is not None and timed.get("isInterrupting") == "false"
    assert timed.find(f"{MODEL}timerEventDefinition") is not None
    handler, beside = by_id["node_-40-vendor-shipped"], by_id["node_-40-return-withdrawn"]
    assert handler.get("triggeredByEvent") == beside.get("triggeredByEvent") == "true"
    starts = [each.find(f"{MODEL}startEvent") for each in (handler, beside)]
    assert [start is not None and start.get("isInterrupting") for start in starts] == [None, "false"]
    assert "go on at arrive" in {element.get("name") for element in handler}
    assert [element.text for element in root.iter(f"{MODEL}loopCardinality")] == ["count(order.lines)"]


def test_a_choice_keeps_its_order_and_its_default() -> None:
    root = model(SHIPPED["retail-sales-order"])
    flows = [each for each in root.iter(f"{MODEL}sequenceFlow") if each.get("sourceRef") == "node_outcome"]
    gateway = next(each for each in root.iter(f"{MODEL}exclusiveGateway") if each.get("id") == "node_outcome")
    written = [each.findtext(f"{MODEL}conditionExpression") for each in flows if each.get("id") != gateway.get("default")]
    assert written == ["order.delivered_quantity = 0", "order.delivered_quantity < order.quantity"]
    assert next(each for each in flows if each.get("id") == gateway.get("default")).get("name") == "otherwise"


def test_durations_are_written_as_iso_8601() -> None:
    spans = [timedelta(days=2), timedelta(hours=36), timedelta(minutes=90), timedelta()]
    assert [iso(each) for each in spans] == ["P2D", "P1DT12H", "PT1H30M", "PT0S"]
