"""A process as an SVG picture that stands for itself: no script, no font, readable on light and on dark ground."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from msgspec import Struct

from orderloom.dsl.pictures.frames import STRIP, Frame, frames
from orderloom.dsl.pictures.graph import ENGINE, Arrow, graph
from orderloom.dsl.pictures.grid import GAP, grid
from orderloom.dsl.pictures.places import BOX, HEAD, LINE, TITLE, Places, Point, places
from orderloom.dsl.pictures.style import STYLE
from orderloom.dsl.pictures.words import detail, heading, label_lines
from orderloom.dsl.program import Choose, Decide, Each, End, Parallel, Process, Raise, Run, Step, Task, Wait

ROUND = 7.0  #: radius of an arrow's corners
CUT = 10.0  #: how far the corners of a choice are cut
FADED = ' class="faded"'


class Overlay(Struct, frozen=True):
    """A running or ended instance drawn over its process: the steps that it entered, in order, and the one at which it stands."""

    path: tuple[str, ...] = ()
    current: str | None = None


def svg(process: Process, overlay: Overlay | None = None) -> str:
    """The picture of a process. The same process always gives the same text."""
    ordered = grid(process, graph(process))
    layout = places(ordered)
    name = escape(process.name)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="process" width="{layout.width:g}" height="{layout.height:g}" '
        f'viewBox="0 0 {layout.width:g} {layout.height:g}" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(process.title)}</title>',
        f'<desc id="{name}-desc">{escape(in_words(process, layout))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{layout.width:g}" height="{layout.height:g}"/>',
        *lanes_drawn(layout),
        *(_frame(layout, frame) for frame in frames(process, ordered.column, ordered.graph.row)),
        *(arrow_drawn(layout, arrow, overlay) for arrow in layout.arrows),
        *(_step(layout, step, overlay) for step in process.steps.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def in_words(process: Process, layout: Places) -> str:
    """What the picture tells, for who hears it."""
    lanes = [name for name, _, _ in layout.lanes]
    ends = dict.fromkeys(step.verb.outcome for step in process.steps.values() if isinstance(step.verb, End))
    told = [
        f"{len(process.steps)} steps in {len(lanes)} lanes ({', '.join(lanes)}).",
        f"It begins with {heading(process.steps[process.first])}" + (f" and ends with {', '.join(ends)}." if ends else "."),
        f"The main way is {', '.join(heading(step) for step in process.steps.values() if step.name in layout.main)}.",
    ]
    return " ".join(told)


def lanes_drawn(layout: Places) -> list[str]:
    """The lanes with their heads."""
    parts = []
    for number, (lane, left, right) in enumerate(layout.lanes):
        name = lane if lane == ENGINE else lane.replace("-", " ")
        kind = "lane even" if number % 2 else "lane"
        parts.append(f'<rect class="{kind}" x="{left:g}" width="{right - left:g}" height="{layout.height:g}"/>')
        parts.append(f'<text class="head" x="{(left + right) / 2:g}" y="{HEAD / 2 + 4:g}">{escape(name)}</text>')
    return parts


def _frame(layout: Places, frame: Frame) -> str:
    """A frame around boxes that stand below each other, its name above the first of them."""
    x, top = layout.at[frame.steps[0]]
    half = max(layout.widths[step] for step in frame.steps) / 2 + STRIP - 2
    bottom = layout.at[frame.steps[-1]][1] + BOX
    above = top - TITLE - 5
    place = f'x="{x - half:g}" y="{above:g}" width="{2 * half:g}" height="{bottom - above + 6:g}"'
    text = f'<text class="frame-name" x="{x - half + 7:g}" y="{above + 12:g}">{escape(frame.short)}</text>'
    return f'<g><title>{escape(frame.name)}</title><rect class="frame" {place} rx="8"/>{text}</g>'


def _step(layout: Places, step: Step, overlay: Overlay | None) -> str:
    x, y = layout.at[step.name]
    width, corner = layout.widths[step.name], BOX / 2 if isinstance(step.verb, End) else 6.0
    lines = [("name", heading(step)), ("detail", detail(step))]
    if step.status:
        lines.append(("status", f"“{step.status}”"))
    first = y + BOX / 2 - (len(lines) - 1) * LINE / 2 + 4
    texts = "".join(
        f'<text class="{kind}" x="{x:g}" y="{first + i * LINE:g}">{escape(text)}</text>' for i, (kind, text) in enumerate(lines)
    )
    shape = _shape(step, x, y, width, corner)
    tip = f"<title>{escape(step.block)}</title>" if step.block else ""
    return f'<g class="{_classes(layout, step, overlay)}" data-step="{escape(step.name)}">{tip}{shape}{texts}</g>'


def _shape(step: Step, x: float, y: float, width: float, corner: float) -> str:
    left, right, bottom = x - width / 2, x + width / 2, y + BOX
    if isinstance(step.verb, Choose | Decide):
        middle, a, b = y + BOX / 2, left + CUT, right - CUT
        points = f"{a:g},{y:g} {b:g},{y:g} {right:g},{middle:g} {b:g},{bottom:g} {a:g},{bottom:g} {left:g},{middle:g}"
        return f'<polygon class="box" points="{points}"/>'
    box = f'<rect class="box" x="{left:g}" y="{y:g}" width="{width:g}" height="{BOX:g}" rx="{corner:g}"/>'
    match step.verb:
        case Wait():
            return box + _line(left + 5, y, left + 5, bottom)
        case Task():
            return box + _person(left + 11, y + 12)
        case Run():
            return box + _line(left + 5, y, left + 5, bottom) + _line(right - 5, y, right - 5, bottom)
        case Parallel():
            return box + _line(left, bottom - 5, right, bottom - 5)
        case Each():
            return box + _line(left, bottom - 5, right, bottom - 5) + _line(left, bottom - 9, right, bottom - 9)
        case _:
            return box


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="box" x1="{x1:g}" x2="{x2:g}" y1="{y1:g}" y2="{y2:g}"/>'


def _person(x: float, y: float) -> str:
    """Somebody does it: a head and shoulders."""
    return f'<circle class="box" cx="{x:g}" cy="{y:g}" r="3"/><path class="box" d="M{x - 5:g} {y + 10:g}a5 5 0 0 1 10 0"/>'


def _classes(layout: Places, step: Step, overlay: Overlay | None) -> str:
    names = ["step"]
    names += ["main"] if step.name in layout.main else []
    names += ["raise"] if isinstance(step.verb, Raise) else ["end"] if isinstance(step.verb, End) else []
    if overlay:
        names.append("visited" if step.name in overlay.path else "faded")
        names += ["current"] if step.name == overlay.current else []
    return " ".join(names)


def arrow_drawn(layout: Places, arrow: Arrow, overlay: Overlay | None) -> str:
    """An arrow with its tip and its label; faded where an instance did not take it."""
    points = layout.points[arrow]
    main = " main" if (arrow.source, arrow.target) in layout.road else ""
    faded = overlay and (arrow.source, arrow.target) not in pairwise(overlay.path)
    x, y = points[-1]
    tip = f"{x:g},{y:g} {x - 4:g},{y - 7:g} {x + 4:g},{y - 7:g}"
    drawn = f'<path class="arrow{main}" d="{_path(points)}"/><polygon class="tip{main}" points="{tip}"/>'
    return f"<g{FADED if faded else ''}>{drawn}{_label(layout, arrow)}</g>"


def _path(points: tuple[Point, ...]) -> str:
    """A line through the points, its corners rounded."""
    parts = [f"M{points[0][0]:g} {points[0][1]:g}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _toward(corner, before), _toward(corner, after)
        parts.append(f"L{start[0]:g} {start[1]:g}Q{corner[0]:g} {corner[1]:g} {end[0]:g} {end[1]:g}")
    return "".join([*parts, f"L{points[-1][0]:g} {points[-1][1] - 5:g}"])


def _toward(start: Point, end: Point) -> Point:
    """The point a corner's radius from `start` on the way to `end`, at most half of the way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = abs(dx) + abs(dy)
    reach = min(ROUND, length / 2) / length if length else 0
    return start[0] + dx * reach, start[1] + dy * reach


def _label(layout: Places, arrow: Arrow) -> str:
    x, y = layout.points[arrow][0]
    left = arrow in layout.left
    anchor = ' text-anchor="end"' if left else ""
    at = x - GAP / 2 if left else x + GAP / 2
    return "".join(
        f'<text class="label"{anchor} x="{at:g}" y="{y + 12 + i * 12:g}">{escape(line)}</text>'
        for i, line in enumerate(label_lines(arrow.label))
    )
