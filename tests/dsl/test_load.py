from __future__ import annotations

from pathlib import Path

from orderloom.dsl.compile import compile, compile_workspace
from orderloom.dsl.load import load_workspace
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.reader import MAX_BYTES

MANIFEST = "orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def test_the_files_of_a_workspace_with_paths_relative_to_it(tmp_path: Path) -> None:
    files = {
        "orderloom.yaml": MANIFEST,
        "processes/a.yaml": "",
        "rules/deep/down/b.yml": "",
        "rules/c.csv": "",
        "scenarios/d.yaml": "",
        "rules/notes.txt": "",
        "elsewhere/e.yaml": "",
    }
    write(tmp_path, files)
    own = [source.path for source in load_workspace(tmp_path) if source.pack is None]
    assert own == ["orderloom.yaml", "processes/a.yaml", "rules/c.csv", "rules/deep/down/b.yml", "scenarios/d.yaml"]


def test_the_files_of_its_packs_come_first(tmp_path: Path) -> None:
    write(tmp_path, {"orderloom.yaml": MANIFEST})
    assert load_workspace(tmp_path)[:-1] == pack_sources("retail")


def test_a_pack_is_found_in_the_package() -> None:
    assert "retail" in packs()
    paths = [source.path for source in pack_sources("retail")]
    assert "processes/retail/sales-order.yaml" in paths
    assert "rules/retail/orderloom.yaml" in paths
    assert all(source.pack == "retail" for source in pack_sources("retail"))
    assert pack_sources("no-such-pack") == ()


def test_a_pack_brings_what_it_builds_on_once(tmp_path: Path) -> None:
    retail, phases = pack_sources("retail"), pack_sources("retail-phases")
    assert phases[: len(retail)] == retail
    assert {source.pack for source in phases[len(retail) :]} == {"retail-phases"}
    for named in ("[retail-phases]", "[retail, retail-phases]", "[retail-phases, retail]"):
        write(tmp_path, {"orderloom.yaml": MANIFEST.replace("[retail]", named)})
        assert load_workspace(tmp_path)[:-1] in (phases, retail + phases[len(retail) :])


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    write(tmp_path, {"orderloom.yaml": MANIFEST, "rules/big.yaml": "a: 1\n" * 2_000_000})
    big = next(source for source in load_workspace(tmp_path) if source.path == "rules/big.yaml")
    assert len(big.content) == MAX_BYTES + 1


def test_a_manifest_that_cannot_be_read_brings_no_more_than_its_own_fault(tmp_path: Path) -> None:
    write(tmp_path, {"orderloom.yaml": MANIFEST + "\tx: 1\n", "processes/a.yaml": PROCESS})
    assert [d.code for d in compile_workspace(tmp_path).diagnostics] == ["E006"]


PROCESS = """\
kind: process
name: quick
for: fulfillment
steps:
  - { step: tell, tell: customer, message: shipped }
  - { step: which, choose: [{ when: order.total > tier-weight("gold"), next: done }, { otherwise: done }] }
  - { step: done, end: done }
"""


def test_a_pack_that_is_not_known_does_not_make_its_names_unknown_too(tmp_path: Path) -> None:
    write(tmp_path, {"orderloom.yaml": MANIFEST.replace("[retail]", "[retial]"), "processes/a.yaml": PROCESS})
    assert [d.code for d in compile_workspace(tmp_path).diagnostics] == ["E418"]


def test_a_misspelt_key_still_names_the_packs(tmp_path: Path) -> None:
    write(tmp_path, {"orderloom.yaml": MANIFEST.replace("packs:", "pakcs:"), "processes/a.yaml": PROCESS})
    assert [d.code for d in compile_workspace(tmp_path).diagnostics] == ["E101", "W412"]


def test_both_endings_of_yaml_are_read(tmp_path: Path) -> None:
    write(tmp_path, {"orderloom.yaml": MANIFEST, "processes/a.yml": PROCESS})
    assert [d.code for d in compile(load_workspace(tmp_path)).diagnostics] == ["W412"]
