"""Every bad file beside what is said about it. ORDERLOOM_UPDATE=1 writes the expected texts anew."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from orderloom.dsl.codes import pages
from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.diagnostics import render
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

FOLDER = Path(__file__).parents[1] / "golden" / "diagnostics"
FILES = sorted(FOLDER.glob("*.yaml"))
MANIFEST = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"

OF_MODELS = {"E861", "E862", "E863"}  #: told by the reader of DMN models, and tested there
OF_MAPS = {"E890", "E891", "E892", "E893", "W890"}  #: told of two versions, see test_migration


def too_large() -> Compiled:
    return compile([Source("orderloom.yaml", MANIFEST), *pack_sources("retail"), Source("rules/big.yaml", b"a: 1\n" * 2_100_000)])


def no_manifest() -> Compiled:
    return compile([Source("processes/one.yaml", b"kind: calendar\nname: a\ntimezone: UTC\nhours: { mon: 08:00-09:00 }\n")])


def two_manifests() -> Compiled:
    return compile([*pack_sources("retail"), Source("orderloom.yaml", MANIFEST), Source("rules/orderloom.yaml", MANIFEST)])


#: What does not fit into one file.
MADE: dict[str, Callable[[], Compiled]] = {
    "E004-too-large": too_large,
    "E118-no-manifest": no_manifest,
    "E119-two-manifests": two_manifests,
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_bad_file(path: Path, compile_file: Callable[..., Compiled]) -> None:
    companions = [
        Source(f"rules/{p.name}", p.read_bytes()) for p in FOLDER.glob(f"{path.stem}.*") if p.suffix in (".csv", ".xlsx")
    ]
    check(path.stem, compile_file(path.read_bytes(), path.stem, *companions))


@pytest.mark.parametrize("name", MADE)
def test_bad_workspace(name: str) -> None:
    check(name, MADE[name]())


def check(name: str, compiled: Compiled) -> None:
    code = name.split("-")[0]
    assert code in {d.code for d in compiled.diagnostics}
    assert (compiled.program is None) == any(d.severity == "error" for d in compiled.diagnostics)
    text = "\n\n".join(map(render, compiled.diagnostics)) + "\n"
    expected = FOLDER / f"{name}.txt"
    if os.environ.get("ORDERLOOM_UPDATE"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_every_code_has_a_golden() -> None:
    names = {path.stem.split("-")[0] for path in FILES} | {name.split("-")[0] for name in MADE}
    assert names == set(pages()) - OF_MODELS - OF_MAPS


def test_no_golden_is_left_over() -> None:
    texts = {path.stem for path in FOLDER.glob("*.txt")}
    assert texts == {path.stem for path in FILES} | set(MADE)


def test_nothing_is_told_twice() -> None:
    for path in FOLDER.glob("*.txt"):
        heads = re.findall(r"^\S+:\d+:\d+: .*$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(heads) == len(set(heads)), path.stem
