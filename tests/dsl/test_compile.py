from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.compile import Compiled, compile, compile_pack, compile_workspace
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source

MANIFEST = Source("orderloom.yaml", b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n")
RETAIL = [source for source in pack_sources("retail") if source.path.endswith(".yaml")]


def test_the_shipped_packs_have_no_findings() -> None:
    for pack in packs():
        assert compile_pack(pack).diagnostics == ()


def test_the_same_sources_give_the_same_digest_wherever_they_stand() -> None:
    digest = program_of(RETAIL).digest
    moved = [Source(f"elsewhere/{source.path}", b"# a comment\n\n" + source.content, source.pack) for source in RETAIL]
    assert program_of(moved).digest == digest
    assert program_of(list(reversed(RETAIL))).digest == digest


def program_of(sources: list[Source]) -> Program:
    program = compile(sources).program
    assert program is not None
    return program


def test_a_status_may_have_any_characters() -> None:
    """The pack's table of changes asks for them all."""
    statuses = ('say "hi"', "< 5", "a, b", "-", "not(x)", "back \\ slash", "picked <up>")
    steps = "".join(f"  - step: s{at}\n    do: invoice\n    status: '{status}'\n" for at, status in enumerate(statuses))
    process = f"kind: process\nname: odd\nfor: fulfillment\nsteps:\n{steps}  - step: done\n    end: done\n"
    found = compile([*RETAIL, MANIFEST, Source("processes/odd.yaml", process.encode())])
    assert [(d.code, d.message) for d in found.diagnostics] == [("W412", "nothing uses the process odd")]
    assert found.program is not None
    changes = found.program.changes["retail"].table
    for status in statuses:
        asked = {"what": "quantity", "level": "line", "status": status, "role": "customer"}
        assert changes(asked) == {"answer": "allow", "because": None, "price": None}


def test_a_changed_rule_changes_the_digest() -> None:
    changed = [
        Source(s.path, s.content.replace(b"split: 2.00", b"split: 2.50"), s.pack) if "sourcing" in s.path else s for s in RETAIL
    ]
    assert program_of(changed).digest != program_of(RETAIL).digest


def test_a_document_of_the_workspace_replaces_the_one_of_its_pack(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file("kind: process\nname: backorder\nfor: fulfillment\nsteps:\n  - step: done\n    end: given-up\n")
    assert compiled.diagnostics == ()
    assert compiled.program is not None
    assert list(compiled.program.processes["backorder"].steps) == ["done"]
    assert "drop-ship" in compiled.program.processes


def test_an_error_in_one_file_does_not_bring_errors_in_others(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file("kind: participants\nname: retail\nroles:\n\tcustomer:\n")
    assert [d.code for d in compiled.diagnostics] == ["E006"]


def test_what_a_workspace_does_to_its_pack_is_told(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file("kind: decision\nname: tier-weight\ngiven: { level: number, more: number }\nvalue: level + more\n")
    assert {d.code for d in compiled.diagnostics} == {"E311"}
    assert {d.span.path for d in compiled.diagnostics} == {"rules/retail/sourcing.yaml", "rules/retail/fewest-shipments.yaml"}


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "orderloom.yaml").write_bytes(MANIFEST.content)
    (tmp_path / "rules" / "more").mkdir(parents=True)
    text = "kind: decision\nname: tier-weight\ngiven: { tier: string }\noutputs: { weight: number }\nfile: ../tiers.csv\n"
    (tmp_path / "rules" / "more" / "tiers.yaml").write_text(text)
    (tmp_path / "rules" / "tiers.csv").write_text("tier,weight\ngold,1.5\n-,1\n")
    compiled = compile_workspace(tmp_path)
    assert [(d.code, d.span.path) for d in compiled.diagnostics] == [("E820", "rules/tiers.csv")]
    (tmp_path / "rules" / "tiers.csv").write_text('tier,weight\ngold,1.5\nnot("gold"),1\n')
    program = compile_workspace(tmp_path).program
    assert program is not None
    weight = program.decisions["tier-weight"]
    assert (weight({"tier": "gold"}), weight({"tier": "silver"})) == (Decimal("1.5"), 1)
    assert weight.row_origin((1,)) == "rules/tiers.csv:3"


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    assert [d.code for d in compile_workspace(tmp_path).diagnostics] == ["E118"]


def test_a_manifest_without_the_name_of_its_workspace_is_told_and_nothing_else() -> None:
    sources = [
        Source("orderloom.yaml", b"orderloom: 1\ncurrency: USD\ntimezone: UTC\npacks: [retail]\n"),
        *pack_sources("retail"),
    ]
    found = compile(sources)
    assert found.program is None and {d.span.path for d in found.diagnostics} == {"orderloom.yaml"}


SLICES = st.tuples(
    st.sampled_from(RETAIL), st.floats(0, 1), st.integers(0, 40), st.text("ab:-[]{}#|'\"<>(),.= \n\t1", max_size=12)
)


@settings(max_examples=20, deadline=None)
@given(SLICES)
def test_no_change_of_a_file_makes_it_raise(change: tuple[Source, float, int, str]) -> None:
    raises_nothing(change)


@pytest.mark.soak
@settings(max_examples=3_000, deadline=None)
@given(SLICES)
def test_no_change_of_many_makes_it_raise(change: tuple[Source, float, int, str]) -> None:
    raises_nothing(change)


def raises_nothing(change: tuple[Source, float, int, str]) -> None:
    source, where, length, put = change
    text = source.text
    at = int(where * len(text))
    broken = Source(source.path, (text[:at] + put + text[at + length :]).encode(), source.pack)
    compiled = compile([broken if other is source else other for other in RETAIL])
    assert (compiled.program is None) == any(d.severity == "error" for d in compiled.diagnostics)
    for diagnostic in compiled.diagnostics:
        assert diagnostic.span.line >= 1


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet=st.characters(codec="utf-8"), max_size=200).map(str.encode))
def test_no_file_makes_it_raise(content: bytes) -> None:
    compiled = compile([MANIFEST, *RETAIL, Source("rules/any.yaml", content)])
    assert compiled.program is None


TAB = b"\tx: 1\n"
USER = "kind: decision\nname: sourcing-for-order\nvalue: "


@pytest.mark.parametrize(
    ("lost", "value"),
    [
        (b"kind: attributes\nname: mine\nitem:\n  fragile: boolean\n", "order.lines[1].item.fragile"),
        (b"kind: decision\nname: base\ngiven: { x: number }\nvalue: x\n", "base(order.total)"),
        (b"kind: process\nname: kit\nfor: build\nsteps:\n  - step: done\n    end: done\n", "'\"kit\"'"),
    ],
)
def test_what_may_stand_in_a_file_that_cannot_be_read_is_not_missing(
    lost: bytes, value: str, compile_file: Callable[..., Compiled]
) -> None:
    assert compile_file(USER + value, "user", Source("rules/lost.yaml", lost)).diagnostics == ()
    broken = compile_file(USER + value, "user", Source("rules/lost.yaml", lost + TAB))
    assert [d.code for d in broken.diagnostics] == ["E006"]


def test_a_misspelt_field_is_told_though_another_file_cannot_be_read(compile_file: Callable[..., Compiled]) -> None:
    broken = compile_file(USER + "order.totl", "user", Source("rules/lost.yaml", b"kind: calendar\nname: c\n" + TAB))
    assert sorted(d.code for d in broken.diagnostics) == ["E006", "E402"]


def test_without_packs_nothing_is_said_to_be_unused() -> None:
    manifest = Source("orderloom.yaml", b"orderloom: 1\nworkspace: shop\ncurrency: USD\ntimezone: UTC\n")
    process = b"kind: process\nname: odd\nfor: fulfillment\nsteps:\n  - step: done\n    end: done\n"
    roles = b"---\nkind: participants\nname: more\nroles: { customer: { receives: { hello: } } }\n"
    compiled = compile([manifest, Source("rules/own.yaml", process + roles)])
    assert {d.code for d in compiled.diagnostics} == {"E430"}
