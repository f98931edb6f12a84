"""A process as mermaid text, for places that draw it themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import dumps

from orderloom.dsl.pictures.frames import block_names
from orderloom.dsl.pictures.graph import ENGINE, Arrow, Graph, graph
from orderloom.dsl.pictures.words import detail, heading
from orderloom.dsl.program import Choose, Decide, Each, End, Parallel, Process, Run, Step, Wait


def mermaid(process: Process) -> str:
    """A mermaid flowchart: a node for each step, in the order of the file, blocks in frames, and an arrow for each way."""
    drawn = graph(process)
    lines = ["---", f"title: {dumps(process.title, ensure_ascii=False)}", "---", "flowchart TD"]
    lines += _nodes(process, drawn, "", "  ")
    for block in dict.fromkeys(step.block for step in process.steps.values() if step.block.startswith("@")):
        lines += _frame(process, drawn, block, block_names(process)[block], "  ")
    lines += [f"  {_arrow(arrow)}" for arrow in drawn.arrows]
    return "\n".join(lines) + "\n"


def _nodes(process: Process, drawn: Graph, block: str, indent: str) -> list[str]:
    """The steps of a block, each with a frame for every block that it holds."""
    lines = []
    for step in (step for step in process.steps.values() if step.block == block):
        lines.append(indent + _node(step, drawn))
        for name, title in _blocks(step, block_names(process)):
            lines += _frame(process, drawn, name, title, indent)
    return lines


def _frame(process: Process, drawn: Graph, block: str, title: str, indent: str) -> list[str]:
    begin = f"{indent}subgraph {id_of(block)}_[{_quoted(escaped(title))}]"
    return [begin, *_nodes(process, drawn, block, indent + "  "), f"{indent}end"]


def _blocks(step: Step, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The blocks that a step holds, and that which undoes it, with their titles."""
    own = [f"{step.name}.undo"] if step.undo else []
    if isinstance(step.verb, Parallel):
        own = own or [f"{step.name}.{branch.name}" for branch in step.verb.branches]
    elif isinstance(step.verb, Each):
        own = own or [step.name]
    return [(block, names[block]) for block in own]


def id_of(name: str) -> str:
    """A name that is no word of mermaid's own."""
    return "s_" + re.sub(r"\W", "_", name)


def _node(step: Step, drawn: Graph) -> str:
    lane = drawn.lane[step.name]
    words = [heading(step), detail(step) if lane == ENGINE else f"{lane} · {detail(step)}"]
    text = _quoted("<br/>".join(escaped(word) for word in words))
    match step.verb:
        case Choose() | Decide():
            return f"{id_of(step.name)}{{{{{text}}}}}"
        case End():
            return f"{id_of(step.name)}([{text}])"
        case Wait():
            return f"{id_of(step.name)}[/{text}/]"
        case Run():
            return f"{id_of(step.name)}[[{text}]]"
        case _:
            return f"{id_of(step.name)}[{text}]"


def _arrow(arrow: Arrow) -> str:
    label = f"|{_quoted(escaped(arrow.label))}|" if arrow.label else ""
    return f"{id_of(arrow.source)} -->{label} {id_of(arrow.target)}"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(text: str) -> str:
    return f'"{text}"'
