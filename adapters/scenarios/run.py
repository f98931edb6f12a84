"""Runs an analyst's scenarios: what is given, what happens, and whether what must be true then is true."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from msgspec import Struct
from msgspec.structs import replace

from orderloom.adapters.props import Props
from orderloom.adapters.scenarios.given import props_of
from orderloom.adapters.scenarios.like import Unlike, given_of, order_like
from orderloom.adapters.scenarios.play import Failure, Play
from orderloom.adapters.scenarios.when import do
from orderloom.adapters.stage import stage
from orderloom.adapters.story import Story
from orderloom.dsl.program import Program
from orderloom.dsl.scenario import Scenario
from orderloom.engine.audit import audit


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


def run_scenario(program: Program, scenario: Scenario, others: Mapping[str, Scenario] | None = None) -> ScenarioResult:
    """Plays one scenario; `others` has, by name, those that it may be like. A store that it leaves unsound is a failure, too."""
    others = others or {}
    given, unlike = given_of(scenario, others)
    props, problems = props_of(given, program)
    found = [Failure(str(scenario.origin), f"given: {text}") for text in (*unlike, *problems)]
    play = Play(stage(program, Props() if found else props, scenario.clock.astimezone(UTC)), failures=found)
    if not found and _played(play, scenario, others):
        for entry in scenario.then:
            play.expect(entry.key, entry.value, entry.origin)
    play.failures += [Failure(str(scenario.origin), f"audit: {each.subject}: {each.because}") for each in audit(play.stage.store)]
    stories = [play.stage.story(order) for order in play.orders]
    play.stage.store.close()
    told = tuple(story for story in stories if story)
    return ScenarioResult(scenario.name, scenario.title, str(scenario.origin), scenario.covers, tuple(play.failures), told)


def _played(play: Play, scenario: Scenario, others: Mapping[str, Scenario]) -> bool:
    """Lets everything of `when` happen, up to what cannot be done."""
    for entry in scenario.when:
        meant = order_like(entry.value, others)
        if isinstance(meant, Unlike):
            play.failures.append(Failure(str(entry.origin), f"{entry.key}: {meant.problem}"))
            return False
        if not do(play, replace(entry, value=meant)):
            return False
    return True
