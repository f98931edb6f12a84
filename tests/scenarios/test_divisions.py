"""A division that was bought: its rules and its stock, as an analyst's scenarios say it, and what follows when others change."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.scenarios.run import run_scenario
from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.load import load_workspace
from orderloom.dsl.source import Source

WORKSPACE = load_workspace(Path(__file__).parent / "divisions")


def compiled(**replaced: tuple[str, str]) -> Compiled:
    """The workspace, in its files of some names one text in the place of another."""

    def changed(source: Source) -> Source:
        text = source.text
        for name, (old, new) in replaced.items():
            if source.path.endswith(f"/{name}.yaml"):
                assert old in text
                text = text.replace(old, new)
        return Source(source.path, text.encode(), source.pack)

    return compile([changed(source) for source in WORKSPACE])


def failures(found: Compiled) -> dict[str, list[str]]:
    """By scenario, what is otherwise than it says."""
    assert found.program is not None, found.diagnostics
    by_name = {scenario.name: scenario for scenario in found.scenarios}
    played = {name: run_scenario(found.program, scenario, by_name) for name, scenario in by_name.items()}
    return {name: [failure.text for failure in result.failures] for name, result in played.items() if result.failures}


def test_the_scenarios_hold() -> None:
    found = compiled()
    assert found.diagnostics == ()
    assert len(found.scenarios) == 4
    assert failures(found) == {}


def test_without_the_relation_there_is_nothing() -> None:
    said = failures(compiled(relations=("northgate grants harbour", "harbour grants northgate")))
    assert "stock.DC3.X.available: expected 1, found 0" in said["a division that was bought"]


def test_what_harbour_says_of_cancelling_holds_for_northgate() -> None:
    found = compiled(harbour=("cancel: picked", "cancel: packed"))
    assert [*failures(found)] == ["cancel until picked"]
    assert found.program is not None
    for division in ("harbour", "northgate"):
        until = found.program.of(division).changes["order"].until["cancel"]
        assert (until.status, str(until.origin)) == ("packed", "rules/harbour.yaml:8")


def test_what_harbour_says_of_the_floor_does_not() -> None:
    found = compiled(harbour=("promising.floor: 1", "promising.floor: 2"))
    assert failures(found)["a division that was bought"] == [
        "stock.DC1.X.available: expected 49, found 48",
        "stock.S1.X.available: expected 3, found 2",
    ]
    assert found.program is not None
    floor = found.program.of("northgate").promising["company"].floor
    assert floor is not None
    assert (floor.text, str(floor.origin)) == ("3", "rules/northgate.yaml:9")


def test_who_is_granted_nothing_sees_nothing() -> None:
    relation = "northgate grants harbour: availability\n    nodes: [DC3]\n    trust: 0.5"
    told = failures(compiled(relations=(relation, "us grants harbour: status")))
    assert [text for text in told["one item as each sees it"] if "seller" in text] == [
        "sees.harbour:seller.X: expected 1, found 0: []"
    ]
