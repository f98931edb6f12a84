"""The diagram of a scope, from the layout of its picture: boxes for activities, circles and diamonds in the middle of theirs."""

from __future__ import annotations

from math import sqrt
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct

from orderloom.dsl.bpmn.elements import attached, boundary_key, flow_key, key
from orderloom.dsl.bpmn.nodes import EVENTS, GATEWAYS, Node
from orderloom.dsl.bpmn.scopes import UNDO, Scope
from orderloom.dsl.pictures.graph import Arrow, Graph
from orderloom.dsl.pictures.grid import LABEL, grid
from orderloom.dsl.pictures.places import BOX, LABEL_LINE, Places, Point, places
from orderloom.dsl.pictures.words import label_lines, width

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
POOL = 30.0  #: height of the head of a pool
CIRCLE, DIAMOND, BORDER = 18.0, 27.0, 9.0  #: half the size of an event, of a gateway, and of an event on a border


class Drawn(Struct, frozen=True):
    """A scope with its layout."""

    scope: Scope
    seen: Graph
    layout: Places


def drawn(scope: Scope, seen: Graph) -> Drawn:
    return Drawn(scope, seen, places(grid(scope.process, seen)))


def plane(root: Element, element: str, title: str) -> Element:
    """A diagram of its own, empty."""
    diagram = SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id=f"{element}_diagram", name=title)
    return SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=f"{element}_plane", bpmnElement=element)


def pool(on: Element, shown: Drawn, participant: str) -> None:
    """The pool and its lanes, upright."""
    layout = shown.layout
    _shape(on, participant, 0, 0, layout.width, layout.height + POOL, isHorizontal="false")
    for lane, left, right in layout.lanes:
        _shape(on, key("lane", lane), left, POOL, right - left, layout.height, isHorizontal="false")


def shapes(on: Element, shown: Drawn) -> None:
    """All nodes and flows of a scope."""
    for node in shown.scope.nodes.values():
        _node(on, shown, node)
    for arrow in shown.seen.arrows:
        if attached(shown.scope, arrow):
            _border(on, shown, arrow)
    for arrow in shown.seen.arrows:
        _edge(on, shown, arrow)


def _node(on: Element, shown: Drawn, node: Node) -> None:
    x, y = shown.layout.at[node.name]
    y += POOL
    wide = shown.layout.widths[node.name]
    half = _half(node)
    if not half:
        more = {"isExpanded": "false"} if node.kind == "sub" and node.name in dict(shown.scope.inner) else {}
        _shape(on, key("node", node.name), x - wide / 2, y, wide, BOX, **more)
        return
    middle = y + BOX / 2
    more = {"isMarkerVisible": "true"} if node.kind == "gateway" else {}
    shape = _shape(on, key("node", node.name), x - half, middle - half, 2 * half, 2 * half, **more)
    if node.title:
        label = SubElement(shape, f"{{{BPMNDI}}}BPMNLabel")
        room = max(wide / 2 - half / 2 - 4, 40.0)
        _bounds(label, x - half / 2 - 4 - room, y - 2, room, 24)


def _half(node: Node) -> float:
    """Half the size of a circle or a diamond; 0 for a box."""
    return CIRCLE if node.kind in EVENTS else DIAMOND if node.kind in GATEWAYS else 0.0


def _border(on: Element, shown: Drawn, arrow: Arrow) -> None:
    """An event on the lower border, where the arrow leaves."""
    x, y = shown.layout.points[arrow][0]
    y += POOL
    shape = _shape(on, boundary_key(arrow), x - BORDER, y - BORDER, 2 * BORDER, 2 * BORDER)
    label = SubElement(shape, f"{{{BPMNDI}}}BPMNLabel")
    text = "undo" if arrow.label == UNDO else arrow.label
    long = width(text, LABEL) + 2
    _bounds(label, x - BORDER - 1 - long if arrow in shown.layout.left else x + BORDER + 1, y + 2, long, 14)


def _edge(on: Element, shown: Drawn, arrow: Arrow) -> None:
    name = flow_key(arrow)
    edge = SubElement(on, f"{{{BPMNDI}}}BPMNEdge", id=f"{name}_edge", bpmnElement=name)
    points = [(x, y + POOL) for x, y in shown.layout.points[arrow]]
    start = BORDER if attached(shown.scope, arrow) else 0.0
    first = _leaving(points[0], shown, shown.scope.nodes[arrow.source]) if not start else [(points[0][0], points[0][1] + start)]
    for x, y in [*first, *points[1:-1], *_entering(points[-1], shown, shown.scope.nodes[arrow.target])]:
        SubElement(edge, f"{{{DI}}}waypoint", x=f"{x:g}", y=f"{y:g}")
    lines = label_lines(arrow.label)
    if lines and not attached(shown.scope, arrow) and shown.scope.nodes[arrow.source].kind != "split":
        x, y = points[0]
        long = max(width(line, LABEL) for line in lines) + 2
        label = SubElement(edge, f"{{{BPMNDI}}}BPMNLabel")
        _bounds(label, x - 4 - long if arrow in shown.layout.left else x + 4, y + 2, long, LABEL_LINE * len(lines) + 2)


def _leaving(point: Point, shown: Drawn, node: Node) -> list[Point]:
    """How a line from a port at the lower edge of a box begins at the node itself."""
    return [(x, y) for x, y in _to_node(point, shown, node, -1)]


def _entering(point: Point, shown: Drawn, node: Node) -> list[Point]:
    return _to_node(point, shown, node, 1)[::-1]


def _to_node(point: Point, shown: Drawn, node: Node, down: int) -> list[Point]:
    """From the border of a circle or diamond to a port: straight where the port lies below or above it, else around its side."""
    half = _half(node)
    if not half:
        return [point]
    x, y = point
    middle = shown.layout.at[node.name][0]
    level = y + down * BOX / 2
    aside = x - middle
    if abs(aside) < half:
        reach = sqrt(half**2 - aside**2) if half == CIRCLE else half - abs(aside)
        return [(x, level - down * reach)]
    return [(middle + (half if aside > 0 else -half), level), (x, level)]


def _shape(on: Element, element: str, x: float, y: float, wide: float, high: float, **more: str) -> Element:
    shape = SubElement(on, f"{{{BPMNDI}}}BPMNShape", {"id": f"{element}_shape", "bpmnElement": element} | more)
    _bounds(shape, x, y, wide, high)
    return shape


def _bounds(of: Element, x: float, y: float, wide: float, high: float) -> None:
    SubElement(of, f"{{{DC}}}Bounds", x=f"{x:g}", y=f"{y:g}", width=f"{wide:g}", height=f"{high:g}")
