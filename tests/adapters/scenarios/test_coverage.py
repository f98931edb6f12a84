"""Coverage names exactly what no scenario exercised, with its place."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.scenarios.coverage import Share, coverage
from orderloom.adapters.scenarios.run import run_scenario
from orderloom.dsl.compile import compile_workspace

COMPILED = compile_workspace(Path(__file__).parents[2] / "scenarios" / "world-w")


def shares(*names: str) -> dict[tuple[str, str], Share]:
    assert COMPILED.program is not None
    by_name = {scenario.name: scenario for scenario in COMPILED.scenarios}
    stories = [story for name in names for story in run_scenario(COMPILED.program, by_name[name], by_name).stories]
    return {(share.of, share.kind): share for share in coverage(COMPILED.program, stories)}


def missed(share: Share) -> list[str]:
    return [one.what for one in share.missed]


def test_without_scenarios_everything_is_missed() -> None:
    found = shares()
    assert all(share.covered == 0 and len(share.missed) == share.all for share in found.values())
    assert missed(found["pick-and-hold", "steps"]) == [
        "hold",
        "collect",
        "hand-over",
        "collected",
        "expire",
        "give-back",
        "expired",
    ]


def test_one_scenario_covers_its_way() -> None:
    found = shares("the pickup expires")
    assert missed(found["pick-and-hold", "steps"]) == ["hand-over", "collected"]
    assert missed(found["pick-and-hold", "ways"]) == ["collect to hand-over (collected)", "hand-over to collected"]
    assert found["pick-and-hold", "ways"].covered == 4
    assert missed(found["sourcing-for-order", "rows"]) == ["row 2", "row 3", "row 4"]


def test_what_is_missed_has_its_place() -> None:
    (step, _) = shares("the pickup expires")["pick-and-hold", "steps"].missed
    path, line = step.at.split(":")
    text = (Path(__file__).parents[2] / "scenarios" / "world-w" / path).read_text().splitlines()
    assert text[int(line) - 1].strip() == "- step: hand-over"


def test_two_scenarios_cover_what_either_covers() -> None:
    found = shares("the pickup expires", "the customer collects")
    assert not found["pick-and-hold", "steps"].missed
    assert not found["pick-and-hold", "ways"].missed
