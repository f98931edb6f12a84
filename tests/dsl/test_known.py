"""Rechecking: what is known of a workspace is worth nothing if it says anything else than a compilation from nothing."""

from __future__ import annotations

import random
import re

import pytest

from orderloom.dsl.compile import compile
from orderloom.dsl.known import Known
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

_WORD = re.compile(r"[\w.-]+")
Files = dict[str, str]

DIVISIONS = """\
kind: division
name: harbour
nodes: { own: [DC1, S1] }
override: { promising.floor: 1 }
---
kind: division
name: northgate
extends: harbour
orders: order.channel = "northgate-web"
nodes: { own: [DC3], without: [S1] }
override: { promising.floor: 3, process.ship-to-customer.steps.pick.within: PT8H }
---
kind: division
name: RETAIL
---
kind: division
name: B2B
"""


def as_of(files: Files) -> tuple[Source, ...]:
    return tuple(Source(path, text.encode()) for path, text in files.items())


def as_workspace(name: str) -> Files:
    """A pack as somebody's own workspace: every warning counts. That of retail has two divisions."""
    files = {s.path: s.text for s in pack_sources(name) if s.path.endswith((".yaml", ".csv"))}
    return files | {"rules/divisions.yaml": DIVISIONS} if name == "retail" else files


def agree(files: Files, known: Known) -> bool:
    """Whether what is known says the same as if nothing were; and whether there is a program."""
    again, anew = compile(as_of(files), known), compile(as_of(files))
    assert again.diagnostics == anew.diagnostics
    assert (again.program is None) == (anew.program is None)
    if again.program is not None and anew.program is not None:
        assert again.program.digest == anew.program.digest
        assert again.scenarios == anew.scenarios
    return anew.program is not None


def edited(files: Files, original: Files, chance: random.Random) -> Files:
    """One file changed as people and accidents change files: a word for another, a line less or twice, a slip, a file gone."""
    path = chance.choice(sorted(original))
    text = files.get(path, original[path])
    lines, at = text.split("\n"), chance.randrange(text.count("\n") + 1)
    match chance.choice(("word", "word", "word", "own word", "less", "twice", "slip", "back", "gone")):
        case "word":
            lines[at] = _another_word(lines[at], original[chance.choice(sorted(original))], chance)
        case "own word":
            lines[at] = _another_word(lines[at], text, chance)
        case "less":
            del lines[at]
        case "twice":
            lines.insert(at, lines[at])
        case "slip":
            lines[at] = lines[at].replace(chance.choice(':}"|]'), "", 1)
        case "back":
            lines = original[path].split("\n")
        case "gone":
            return {each: files[each] for each in files if each != path}
    return {**files, path: "\n".join(lines)}


def _another_word(line: str, text: str, chance: random.Random) -> str:
    words = list(_WORD.finditer(line))
    if not words:
        return line
    word = chance.choice(words)
    return line[: word.start()] + chance.choice(_WORD.findall(text)) + line[word.end() :]


def walk(name: str, seed: int, edits: int) -> int:
    """Edits a pack again and again, and goes back to it now and then; how many states of it gave a program."""
    original, chance, known, sound = as_workspace(name), random.Random(seed), Known(), 0
    files = original
    for at in range(edits):
        files = original if at % 6 == 5 else edited(files, original, chance)
        try:
            sound += agree(files, known)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, edit {at}") from error
    return sound


def test_what_is_known_says_what_a_compilation_from_nothing_says() -> None:
    assert walk("telecom", 1, 12) > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", ["retail", "telecom", "manufacturing"])
def test_any_edits_of_any_pack(name: str, seed: int) -> None:
    assert walk(name, seed, 40) > 0
