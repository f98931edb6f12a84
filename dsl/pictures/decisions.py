"""The decision requirement graph: which decisions need which others and which data, and who asks them. As SVG and as mermaid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from msgspec import Struct

from orderloom.dsl.dmn.document import document_of
from orderloom.dsl.dmn.required import requirements, texts
from orderloom.dsl.pictures.graph import Arrow, Graph
from orderloom.dsl.pictures.grid import grid
from orderloom.dsl.pictures.mermaid import escaped, id_of
from orderloom.dsl.pictures.places import BOX, LINE, Places, places
from orderloom.dsl.pictures.style import STYLE
from orderloom.dsl.pictures.svg import arrow_drawn, lanes_drawn
from orderloom.dsl.program import Decide, Do, Origin, Process, Program, Step

DATA, DECISIONS, ASKING = "data", "decisions", "asked by"  #: the lanes
ABREAST = 4  #: decisions beside each other
_PATH = re.compile(r"(?<![\w.\"-])([a-z_]\w*)\.[a-z_]")
_TEXT = re.compile(r'"[^"]*"')


class Needs(Struct, frozen=True):
    """What a node is, and the names of the nodes that it needs; `titles` say what people see."""

    lane: Mapping[str, str]
    titles: Mapping[str, str]
    needed: Mapping[str, tuple[str, ...]]


def needs(program: Program) -> Needs:
    """All decisions of a program with what they need and which processes ask them."""
    documents = {name: document_of(decision) for name, decision in program.decisions.items()}
    required = requirements(documents)
    lane: dict[str, str] = {}
    titles: dict[str, str] = {}
    needed: dict[str, tuple[str, ...]] = {}
    for name, document in documents.items():
        heads = _heads("\n".join(texts(document)), {*document.where, *document.given})
        data = tuple(f"{DATA}:{each}" for each in dict.fromkeys((*document.given, *heads)))
        titles |= {each: each.partition(":")[2] for each in data}
        lane |= dict.fromkeys(data, DATA)
        lane[name], titles[name] = DECISIONS, document.title or name
        needed[name] = (*data, *required[name])
    for process in program.processes.values():
        asked = dict.fromkeys(step.verb.decision for step in process.steps.values() if isinstance(step.verb, Decide))
        if asked:
            key = f"process:{process.name}"
            lane[key], titles[key], needed[key] = ASKING, process.title, tuple(asked)
    return Needs(lane, titles, needed)


def _heads(text: str, own: set[str]) -> Iterator[str]:
    """What the paths of expressions begin with, but for the names of the decision itself."""
    return (head for head in _PATH.findall(_TEXT.sub("", text)) if head not in own)


def decisions_mermaid(program: Program) -> str:
    """A mermaid flowchart with a frame for data, decisions and who asks."""
    found = needs(program)
    lines = ["flowchart TD"]
    for lane, (begin, end) in ((DATA, ("([", "])")), (DECISIONS, ("[", "]")), (ASKING, ("[[", "]]"))):
        names = [name for name in found.lane if found.lane[name] == lane]
        nodes = [f'    {id_of(name)}{begin}"{escaped(found.titles[name])}"{end}' for name in names]
        lines += [f'  subgraph {id_of(lane)}_["{lane}"]', *nodes, "  end"] if names else []
    lines += [f"  {id_of(each)} --> {id_of(name)}" for name, others in found.needed.items() for each in others]
    return "\n".join(lines) + "\n"


def decisions_svg(program: Program) -> str:
    """The picture of all decisions: data above, what needs them below, an arrow from what is needed."""
    found = needs(program)
    layout = laid_out(found)
    size = f'width="{layout.width:g}" height="{layout.height:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="process" {size} '
        f'viewBox="0 0 {layout.width:g} {layout.height:g}" aria-labelledby="decisions-title decisions-desc">',
        '<title id="decisions-title">Decisions and what they need</title>',
        f'<desc id="decisions-desc">{escape(" ".join(_told(found)))}</desc>',
        f'<style>{STYLE}</style><rect class="ground" {size}/>',
        *lanes_drawn(layout),
        *(arrow_drawn(layout, arrow, None) for arrow in layout.arrows),
        *(_box(layout, found, name) for name in layout.at),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _told(found: Needs) -> Iterator[str]:
    for name, others in found.needed.items():
        if others:
            yield f"{found.titles[name]} needs {', '.join(found.titles[each] for each in others)}."


def laid_out(found: Needs) -> Places:
    """Where everything stands."""
    here = Origin("", 1)
    steps = {name: Step(name, Do(name), here, title=found.titles[name]) for name in found.lane}
    arrows = tuple(Arrow(each, name, "", back=False) for name, others in found.needed.items() for each in others)
    drawn = Graph(tuple(steps), arrows, (), found.lane, _rows(found))
    return places(grid(Process("decisions", "Decisions", "order", steps, next(iter(steps), ""), here), drawn))


def _rows(found: Needs) -> dict[str, int]:
    """Each below all that it needs, few of a lane beside each other."""
    row: dict[str, int] = {}
    full: Counter[tuple[str, int]] = Counter()

    def put(name: str) -> int:
        if name not in row:
            at = max((1 + put(each) for each in found.needed.get(name, ())), default=0)
            while full[found.lane[name], at] >= ABREAST:
                at += 1
            full[found.lane[name], at] += 1
            row[name] = at
        return row[name]

    for name in found.lane:
        put(name)
    return row


def _box(layout: Places, found: Needs, name: str) -> str:
    x, y = layout.at[name]
    wide, lane = layout.widths[name], found.lane[name]
    kind, corner = ("step end", BOX / 2) if lane == DATA else ("step main", 6.0) if lane == DECISIONS else ("step", 0.0)
    box = f'<rect class="box" x="{x - wide / 2:g}" y="{y:g}" width="{wide:g}" height="{BOX:g}" rx="{corner:g}"/>'
    own = name.partition(":")[2] or name
    lines = [("name", found.titles[name]), *([("detail", own)] if own != found.titles[name] else [])]
    first = y + BOX / 2 - (len(lines) - 1) * LINE / 2 + 4
    texts = "".join(
        f'<text class="{of}" x="{x:g}" y="{first + at * LINE:g}">{escape(text)}</text>' for at, (of, text) in enumerate(lines)
    )
    return f'<g class="{kind}" data-step="{escape(name)}">{box}{texts}</g>'
