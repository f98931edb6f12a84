"""Mistakes seeded into the shipped packs: the compiler finds them, or a scenario of the pack fails.

What escapes is listed in the report: mostly what is no worse for anybody, see docs/decisions/099-mutation.md.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from mutants import KINDS, PACKS, definitions, drawn, written
from trial import EQUIVALENT, ESCAPED, FOUND, by_kind, verdict

from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

ESCAPING = 0.25  #: of all mistakes at most
Report = Callable[[str, object], None]


def test_there_are_many_kinds_of_mistakes() -> None:
    assert len(KINDS) >= 30


@pytest.mark.parametrize("pack", PACKS)
def test_a_file_that_is_only_written_anew_is_no_mistake(pack: str) -> None:
    paths = {each.path for each in definitions(pack)}
    anew = [Source(each.path, written(pack, each.path), pack) if each.path in paths else each for each in pack_sources(pack)]
    before, after = compile(pack_sources(pack)), compile(anew)
    assert after.diagnostics == () and after.program is not None and before.program is not None
    assert after.program.digest == before.program.digest


def test_mistakes_in_a_pack_do_not_escape() -> None:
    """Fifteen of them, in the pack of which the scenarios are quick."""
    found = [verdict(mutant)[0] for mutant in drawn(Random(1), 15, ("manufacturing",))]
    assert found.count(FOUND) >= 5
    assert found.count(ESCAPED) <= ESCAPING * len(found)


@pytest.mark.soak
def test_2000_mistakes_do_not_escape(record_property: Report) -> None:
    verdicts: list[tuple[str, str]] = []
    for mutant in drawn(Random(2026), 2000):
        what, _ = verdict(mutant)
        verdicts.append((mutant.kind, what))
        if what == ESCAPED:
            record_property("report", f"escaped: {mutant.kind}: {mutant.told()}")
    for line in by_kind(verdicts):
        record_property("report", line)
    real = [what for _, what in verdicts if what != EQUIVALENT]
    assert real.count(ESCAPED) <= ESCAPING * len(real)
