"""All files of a book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from orderloom.dsl import graph
from orderloom.dsl.book.frame import CSS, SEARCH, index, page, text
from orderloom.dsl.book.mentions import mentions, names
from orderloom.dsl.book.pages import UP, body, link
from orderloom.dsl.book.things import Thing, things
from orderloom.dsl.documents import read_documents
from orderloom.dsl.pictures.decisions import decisions_svg
from orderloom.dsl.program import Program
from orderloom.dsl.resolve import resolve
from orderloom.dsl.source import Source
from orderloom.dsl.steps import Process


def book(sources: Sequence[Source], program: Program) -> Mapping[str, str]:
    """The files of the book by their path, of sources that compile to this program."""
    reading, _ = read_documents(sources)
    definitions, _ = resolve(reading, sources)
    every = things(definitions)
    known = names(every)
    found = {thing: mentions(thing, known) for thing in every}
    used_by: dict[Thing, dict[Thing, None]] = {}
    for thing in every:
        for mention in found[thing]:
            used_by.setdefault(mention.of, {})[thing] = None
    home = program.workspace
    files = {"orderloom-book.css": CSS, "search.js": SEARCH, "index.js": index(_entries(every))}
    files["index.html"] = _home(home, every, program)
    for thing in every:
        drawn = body(thing, found[thing], used_by.get(thing, ()), known, program)
        files[thing.page] = page(f"{thing.title} · {home}", drawn, UP, home)
    return files


def _entries(every: Iterable[Thing]) -> Iterator[Mapping[str, str]]:
    """All names, and those of the steps of processes."""
    for thing in every:
        yield {"name": thing.name, "title": thing.title, "kind": thing.kind, "page": thing.page}
        if isinstance(thing.body, Process):
            for step in graph.every_step(thing.body):
                if step.name is not None:
                    yield {"name": step.name.value, "title": f"step of {thing.name}", "kind": "step", "page": thing.page}


def _home(name: str, every: Sequence[Thing], program: Program) -> str:
    parts = [f"<h1>{text(name)}</h1>"]
    for kind in dict.fromkeys(thing.kind for thing in every):
        rows = "".join(
            f"<li>{link(thing, thing.title, '')} <code>{text(thing.name)}</code></li>" for thing in every if thing.kind == kind
        )
        parts.append(f'<section><h2>{text(kind)}</h2><ul class="columns">{rows}</ul></section>')
    if program.decisions:
        parts.append(f'<section><h2>What decisions need</h2><div class="picture">{decisions_svg(program)}</div></section>')
    return page(name, "\n".join(parts), "", name)
