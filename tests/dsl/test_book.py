"""The book of a workspace: every link leads somewhere, everything has a page and can be searched, names are links both ways."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from orderloom.dsl import graph
from orderloom.dsl.book import book
from orderloom.dsl.book.frame import prose
from orderloom.dsl.book.things import things
from orderloom.dsl.compile import compile
from orderloom.dsl.documents import read_documents
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.resolve import Definitions, resolve
from orderloom.dsl.source import Source
from orderloom.dsl.steps import Process
from orderloom.dsl.tables import Table

OWN = Source(
    "processes/own.yaml",
    b'kind: process\nname: own\ntitle: "<b>Own</b> & \\"more\\""\nfor: order\nsteps:\n  - { step: done, end: done }\n',
)


def written(pack: str, *more: Source) -> tuple[Mapping[str, str], Definitions]:
    sources = (*pack_sources(pack), *more)
    compiled = compile(sources)
    assert compiled.program is not None, compiled.diagnostics
    return book(sources, compiled.program), resolve(read_documents(sources)[0], sources)[0]


@pytest.fixture(scope="module", params=packs())
def made(request: pytest.FixtureRequest) -> tuple[Mapping[str, str], Definitions]:
    return written(request.param)


def tree(page: str) -> Element:
    assert page.startswith("<!DOCTYPE html>\n")
    return ElementTree.fromstring(page.partition("\n")[2])


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def reached(page: str, href: str) -> str:
    """The file that a relative link leads to."""
    parts: list[str] = []
    for part in (*PurePosixPath(page).parent.parts, *PurePosixPath(href.partition("#")[0]).parts):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def test_every_page_is_well_formed_and_every_link_leads_somewhere(made: tuple[Mapping[str, str], Definitions]) -> None:
    files, _ = made
    for name, content in files.items():
        if name.endswith(".html"):
            root = tree(content)
            links = [link for each in root.iter() for link in (each.get("href"), each.get("src")) if link]
            assert [link for link in links if reached(name, link) not in files] == [], name
            ids = [each.get("id") for each in root.iter() if each.get("id")]
            assert len(ids) == len(set(ids)), name


def test_every_definition_has_a_page_that_the_index_and_the_search_lead_to(made: tuple[Mapping[str, str], Definitions]) -> None:
    files, definitions = made
    entries = json.loads(files["index.js"].removeprefix("const BOOK = ").rstrip().removesuffix(";"))
    searched = {(entry["kind"], entry["name"]): entry["page"] for entry in entries}
    expected = {(kind, name) for kind, by_name in definitions.documents.items() for name in by_name}
    expected |= {("role", name) for name in definitions.roles}
    expected |= {
        ("step", step.name.value)
        for process in definitions.of_kind(Process).values()
        for step in graph.every_step(process)
        if step.name is not None
    }
    assert searched.keys() == expected
    assert set(searched.values()) <= files.keys()
    linked = {each.get("href") for each in tree(files["index.html"]).iter() if local(each) == "a"}
    assert {page for (kind, _), page in searched.items() if kind != "step"} <= linked


def test_a_page_shows_the_text_whole_with_its_place(made: tuple[Mapping[str, str], Definitions]) -> None:
    files, definitions = made
    for thing in things(definitions):
        root = tree(files[thing.page])
        shown = next("".join(each.itertext()) for each in root.iter() if local(each) == "pre")
        assert shown == thing.text
        assert thing.place in files[thing.page]


def names_in(files: Mapping[str, str], page: str, head: str) -> set[str]:
    """The pages that a section leads to."""
    for section in (each for each in tree(files[page]).iter() if local(each) == "section"):
        if [each.text for each in section if local(each) == "h2"] == [head]:
            return {reached(page, each.get("href") or "") for each in section.iter() if local(each) == "a"}
    return set()


def test_what_one_page_uses_the_other_tells_as_used_by(made: tuple[Mapping[str, str], Definitions]) -> None:
    files, definitions = made
    pages = [thing.page for thing in things(definitions)]
    uses = {(page, other) for page in pages for other in names_in(files, page, "Uses")}
    used = {(other, page) for page in pages for other in names_in(files, page, "Used by")}
    assert uses == used != set()
    processes = {f"process/{name}.html" for name in definitions.of_kind(Process)}
    assert processes <= {other for _, other in uses}  # every process is chosen or run by something


def test_processes_are_drawn_and_tables_shown() -> None:
    files, _ = written("retail")
    root = tree(files["process/ship-to-customer.html"])
    assert sum(local(each) == "svg" for each in root.iter()) == 1
    program = compile(pack_sources("retail")).program
    assert program is not None
    for name, decision in program.decisions.items():
        if isinstance(decision.logic, Table):
            rows = [each for each in tree(files[f"decision/{name}.html"]).iter() if local(each) == "tr"]
            assert len(rows) == 1 + len(decision.logic.rows)
    told = "".join(tree(files["role/carrier.html"]).itertext())
    assert "is asked transport-request" in told
    assert "process/ship-to-customer.html" in names_in(files, "decision/process-for-unit.html", "Uses")


def test_a_workspace_lists_its_own_scenarios_alone() -> None:
    """Those of a pack speak of definitions that the workspace may have replaced; the book of the pack has them."""
    manifest = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
    own = b"kind: scenario\nname: mine\nclock: 2026-03-02T10:00:00Z\ngiven: {}\nwhen: []\nthen: []\n"
    files, _ = written("retail", Source("orderloom.yaml", manifest), Source("scenarios/mine.yaml", own))
    assert [path for path in files if path.startswith("scenario/")] == ["scenario/mine.html"]
    assert len([path for path in written("retail")[0] if path.startswith("scenario/")]) > 5


def test_the_text_of_the_analyst_cannot_break_a_page() -> None:
    files, _ = written("retail", OWN)
    heading = next(each for each in tree(files["process/own.html"]).iter() if local(each) == "h1")
    assert (heading.text or "").startswith('<b>Own</b> & "more"')
    assert "<b>Own" not in files["index.js"] and "<b>Own" not in files["process/own.html"]


def test_what_stands_between_backticks_is_code() -> None:
    assert prose("`a < b` and `c`.") == "<code>a &lt; b</code> and <code>c</code>."
    files, _ = written("retail")
    told = [each for each in tree(files["sourcing/cheapest.html"]).iter() if each.get("class") == "doc"]
    assert told and "`" not in "".join("".join(each.itertext()) for each in told)
