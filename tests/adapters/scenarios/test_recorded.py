"""Orders of played scenarios, written as scenarios of their own: each passes, or says at which moment it has no words."""

from __future__ import annotations

from datetime import UTC

import pytest

from orderloom.adapters.scenarios.given import props_of
from orderloom.adapters.scenarios.like import Unlike, given_of
from orderloom.adapters.scenarios.play import Play
from orderloom.adapters.scenarios.recorded import Recorded, recorded
from orderloom.adapters.scenarios.run import _played, run_scenario
from orderloom.adapters.stage import stage
from orderloom.dsl.compile import compile, compile_pack
from orderloom.dsl.formatting import formatted
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source
from orderloom.engine.refused import Refused

RETAIL = compile_pack("retail")
SCENARIOS = {each.name: each for each in RETAIL.scenarios}
SOURCES = tuple(source for source in pack_sources("retail") if "scenarios" not in source.path)
FEW = ("two mugs from one DC", "a mug and a T-shirt from two DCs")


def told(name: str) -> list[tuple[str, Recorded | Refused]]:
    """What is written of each order of a scenario that is played."""
    scenario = SCENARIOS[name]
    given, unlike = given_of(scenario, SCENARIOS)
    props, problems = props_of(given, RETAIL.program)
    assert not isinstance(unlike, Unlike) and not problems
    play = Play(stage(RETAIL.program, props, scenario.clock.astimezone(UTC)))
    assert _played(play, scenario, SCENARIOS)
    found = [(order, recorded(play.stage.store, order, f"as {order}")) for order in play.orders]
    play.stage.store.close()
    return found


def passes(found: Recorded, order: str) -> None:
    compiled = compile((*SOURCES, Source("rules/retail/scenarios/new.yaml", found.text.encode(), "retail")))
    assert compiled.program is not None, compiled.diagnostics
    [scenario] = compiled.scenarios
    assert run_scenario(compiled.program, scenario).failures == (), found.text
    assert formatted(found.text) == found.text


@pytest.mark.parametrize("name", FEW)
def test_an_order_from_capture_to_delivery_passes_at_once(name):
    [(order, found)] = told(name)
    assert isinstance(found, Recorded) and not found.left_out
    passes(found, order)


def test_it_says_what_was_given_told_and_done():
    [(_, found)] = told("two mugs from one DC")
    assert "clock: 2026-03-02T10:00:00Z" in found.text
    assert "stock: { DC-EAST: { MUG: { on hand: 10 } }" in found.text
    assert "  - reply: { unit: 1, message: pick-request, reply: picked }" in found.text
    assert "  - at: 2026-03-03T15:00:00Z" in found.text
    assert "  - order.status: delivered" in found.text
    assert "documents: [{ invoice: 24.00 }]" in found.text


def test_an_order_that_is_not_there_is_refused():
    empty = stage(RETAIL.program, props_of({}, RETAIL.program)[0], SCENARIOS[FEW[0]].clock)
    assert isinstance(recorded(empty.store, "W9", "w9"), Refused)


@pytest.mark.soak
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_order_of_the_pack_passes_or_says_where_words_end(name):
    for order, found in told(name):
        if isinstance(found, Recorded):
            passes(found, order)
