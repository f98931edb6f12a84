"""One mistake seeded into a pack: which kinds there are, and mutants drawn of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

import of_rules
import of_steps
from trees import Change, File, read

from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

Kind = Callable[[File], Iterator[Change]]
PACKS = ("retail", "telecom", "manufacturing")


def _kinds() -> Mapping[str, Kind]:
    """Every function of the two files that is no helper, by its name in words."""
    found = (each for module in (of_steps, of_rules) for each in inspect.getmembers(module, inspect.isfunction))
    return {
        name.replace("_", " "): function
        for name, function in found
        if not name.startswith("_") and function.__module__ in ("of_steps", "of_rules")
    }


KINDS = _kinds()


@dataclass(frozen=True)
class Mutant:
    """A pack with one mistake; `before` and `after` are the lines that differ."""

    kind: str
    pack: str
    path: str
    content: bytes

    def sources(self) -> tuple[Source, ...]:
        return tuple(
            Source(each.path, self.content, each.pack) if each.path == self.path else each for each in pack_sources(self.pack)
        )

    def told(self) -> str:
        """What the mistake is."""
        before = _lines(written(self.pack, self.path).decode())
        after = _lines(self.content.decode())
        gone = [line for line in before if line not in after][:3]
        new = [line for line in after if line not in before][:3]
        return f"{self.pack} {self.path}: {' / '.join(gone) or '(order or number of lines)'} -> {' / '.join(new) or '(gone)'}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def definitions(pack: str) -> list[Source]:
    """The files of a pack that say what is done: no scenarios."""
    return [each for each in pack_sources(pack) if each.path.endswith(".yaml") and "/scenarios/" not in each.path]


def written(pack: str, path: str) -> bytes:
    """A file as it is written when nothing is changed."""
    return read(path, next(each.text for each in pack_sources(pack) if each.path == path)).text()


def drawn(chance: Random, many: int, packs: tuple[str, ...] = PACKS) -> list[Mutant]:
    """Different mutants, of all kinds alike as far as there are enough of them."""
    places = {kind: _places(kind, packs) for kind in KINDS}
    for each in places.values():
        chance.shuffle(each)
    found: dict[tuple[str, bytes], Mutant] = {}
    while len(found) < many and any(places.values()):
        for kind, left in places.items():
            if left and len(found) < many:
                pack, path, at = left.pop()
                mutant = Mutant(kind, pack, path, _changed(kind, pack, path, at))
                if mutant.content != written(pack, path):
                    found.setdefault((path, mutant.content), mutant)
    mutants = list(found.values())
    chance.shuffle(mutants)
    return mutants


def _places(kind: str, packs: tuple[str, ...]) -> list[tuple[str, str, int]]:
    found = []
    for pack in packs:
        for source in definitions(pack):
            many = sum(1 for _ in KINDS[kind](read(source.path, source.text)))
            found += [(pack, source.path, at) for at in range(many)]
    return found


def _changed(kind: str, pack: str, path: str, at: int) -> bytes:
    file = read(path, next(each.text for each in pack_sources(pack) if each.path == path))
    for n, change in enumerate(KINDS[kind](file)):
        if n == at:
            change()
            break
    return file.text()
