"""Runs an analyst's scenarios: what is given, what happens, and whether what must be true then is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC

from msgspec import Struct

from orderloom.adapters.play import Failure, Play
from orderloom.adapters.props import props_of
from orderloom.adapters.stage import Props, stage
from orderloom.adapters.story import Story
from orderloom.dsl.program import Program
from orderloom.dsl.scenario import Scenario


class ScenarioResult(Struct, frozen=True):
    """What came of a scenario; `stories` are those of the orders that it captured, for coverage."""

    name: str
    title: str
    origin: str
    covers: tuple[int, ...]
    failures: tuple[Failure, ...]
    stories: tuple[Story, ...]

    @property
    def passed(self) -> bool:
        """True when everything that it says is so."""
        return not self.failures


def run_scenarios(program: Program, scenarios: Sequence[Scenario]) -> Iterator[ScenarioResult]:
    """Plays every scenario, each on a stage of its own."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    return (run_scenario(program, scenario, by_name) for scenario in scenarios)


def run_scenario(program: Program, scenario: Scenario, others: Mapping[str, Scenario] | None = None) -> ScenarioResult:
    """Plays one scenario; `others` has, by name, those whose givens it may share."""
    given, unknown = _given(scenario, others or {}, ())
    props, problems = props_of(given, program)
    problems = (*unknown, *problems)
    play = Play(stage(program, Props() if problems else props, scenario.clock.astimezone(UTC)))
    play.failures += [Failure(str(scenario.origin), f"given: {text}") for text in problems]
    if not problems and all(play.do(entry) for entry in scenario.when):
        for entry in scenario.then:
            play.expect(entry.key, entry.value, entry.origin)
    stories = [play.stage.story(order) for order in play.orders]
    play.stage.store.close()
    found = tuple(story for story in stories if story)
    return ScenarioResult(scenario.name, scenario.title, str(scenario.origin), scenario.covers, tuple(play.failures), found)


def _given(
    scenario: Scenario, others: Mapping[str, Scenario], below: tuple[str, ...]
) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """The scenario's givens over those of the scenario that it is like."""
    if scenario.like is None:
        return scenario.given, ()
    other = others.get(scenario.like)
    if other is None:
        return scenario.given, (f"there is no scenario {scenario.like}",)
    if other.name in below:
        return scenario.given, (f"{' is like '.join((*below, other.name))}: that never ends",)
    base, problems = _given(other, others, (*below, scenario.name))
    return _merged(base, scenario.given), problems


def _merged(base: Mapping[str, object], own: Mapping[str, object]) -> Mapping[str, object]:
    """Maps are merged at every depth; of anything else, one's own replaces the other."""
    both = dict(base)
    for key, value in own.items():
        before = both.get(key)
        both[key] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return both
