"""The page of a thing: its picture or table, what it says key by key, its text with links, and what it has to do with others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orderloom.dsl import graph
from orderloom.dsl.book.frame import text
from orderloom.dsl.book.mentions import BY_TEXT, Mention, Names
from orderloom.dsl.book.things import ROLE, Thing
from orderloom.dsl.book.words import told
from orderloom.dsl.pictures import svg
from orderloom.dsl.pictures.owners import owned
from orderloom.dsl.program import Program
from orderloom.dsl.steps import AskStep, Process, RaiseStep, TaskStep, TellStep
from orderloom.dsl.tables import Table

UP = "../"


def link(thing: Thing, words: str = "", up: str = UP) -> str:
    return f'<a href="{up}{thing.page}">{text(words or thing.name)}</a>'


def body(thing: Thing, found: Sequence[Mention], used_by: Iterable[Thing], known: Names, program: Program) -> str:
    """All that stands on the page of a thing."""
    parts = [
        f"<h1>{text(thing.title)} <small>{text(thing.kind)} <code>{text(thing.name)}</code></small></h1>",
        f'<p class="place">{text(thing.place)}{" (shipped)" if thing.source.pack else ""}</p>',
    ]
    if thing.kind == "process" and thing.name in program.processes:
        parts.append(f'<section class="picture">{svg(owned(program.processes[thing.name], program.exceptions))}</section>')
    if thing.kind == "decision" and thing.name in program.decisions:
        parts.append(_decided(program.decisions[thing.name].logic, known))
    if thing.kind == ROLE:
        parts.append(_work(thing, known))
    if thing.kind != "scenario" and (words := told(thing.body)):
        parts.append(f"<section><h2>In words</h2>{words}</section>")
    uses = dict.fromkeys(mention.of for mention in found)
    parts += [_related("Uses", uses), _related("Used by", used_by), _text(thing, found)]
    return "\n".join(part for part in parts if part)


def _related(head: str, others: Iterable[Thing]) -> str:
    by_kind: dict[str, list[Thing]] = {}
    for thing in others:
        by_kind.setdefault(thing.kind, []).append(thing)
    rows = "".join(
        f"<li>{text(kind)}: {', '.join(link(each) for each in sorted(of, key=lambda each: each.name))}</li>"
        for kind, of in sorted(by_kind.items())
    )
    return f"<section><h2>{head}</h2><ul>{rows}</ul></section>" if rows else ""


def _text(thing: Thing, found: Sequence[Mention]) -> str:
    """The text as it was written, each name a link."""
    parts, at = [], thing.start
    for mention in found:
        parts += [text(thing.source.text[at : mention.start]), link(mention.of, thing.source.text[mention.start : mention.end])]
        at = mention.end
    parts.append(text(thing.source.text[at : thing.end].rstrip()))
    return f"<section><h2>As written</h2><pre>{''.join(parts)}</pre></section>"


def _decided(logic: object, known: Names) -> str:
    if not isinstance(logic, Table):
        return ""
    heads = [f"<th>{text(column.name)}</th>" for column in logic.inputs]
    heads += [f'<th class="out">{text(column.name)}</th>' for column in logic.outputs]
    heads += [f"<th>{text(name)}</th>" for name in logic.annotations]
    rows = []
    for row in logic.rows:
        written = [*(cell.text for cell in row.cells), *(result.text for result in row.results)]
        cells = [*(_cell(each, known) for each in written), *map(text, row.notes)]
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    policy = f"<p>Hit policy: {text(str(logic.policy))}</p>"
    return f"<section>{policy}<table><thead><tr>{''.join(heads)}</tr></thead><tbody>{''.join(rows)}</tbody></table></section>"


def _cell(written: str, known: Names) -> str:
    named = next((known.things[kind, written.strip('"')] for kind in BY_TEXT if (kind, written.strip('"')) in known.things), None)
    return link(named, written) if named is not None and written.startswith('"') else f"<code>{text(written)}</code>"


def _work(role: Thing, known: Names) -> str:
    """What a role gets to do in which process."""
    rows = []
    for (kind, _), thing in known.things.items():
        if kind != "process" or not isinstance(thing.body, Process):
            continue
        for step in graph.every_step(thing.body):
            match step:
                case AskStep(ask=who, message=what):
                    does = "is asked"
                case TellStep(tell=who, message=what):
                    does = "is told"
                case TaskStep(to=who, task=what):
                    does = "does the task"
                case RaiseStep(to=who, exception=what):
                    does = "resolves"
                case _:
                    continue
            if who is not None and who.value == role.name and what is not None and step.name is not None:
                cells = (link(thing), f"<code>{text(step.name.value)}</code>", f"{does} <code>{text(what.value)}</code>")
                rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    head = "<thead><tr><th>process</th><th>step</th><th>what</th></tr></thead>"
    return f"<section><h2>In processes</h2><table>{head}<tbody>{''.join(rows)}</tbody></table></section>" if rows else ""
