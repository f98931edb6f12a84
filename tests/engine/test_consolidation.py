"""Units of work become one before their node has begun with them, and not after that."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from plays import START, Play, changed, order

from orderloom.engine.events import ModificationAsked
from orderloom.engine.modifications.request import Part

#: A unit of work of more than one goes round `consolidate`, by way of what stands for %s.
STEPS = """
  - step: which
    choose:
      - { when: unit.quantity > 1, next: alone }
      - { otherwise: gather }
  - { step: gather, do: consolidate, next: pick }
  - { step: alone, %s }
  - { step: pick, ask: fulfiller, message: pick-request, within: P2D, status: picking, on: { short-picked: next, late: next } }
  - { step: hand-over, do: ship }
  - { step: done, end: shipped }
"""
WAITS = {
    "is asked": "ask: fulfiller, message: pick-request, within: P2D, next: pick, on: { short-picked: next, late: next }",
    "is behind": "wait: PT4H, next: pick",
    "is asked before": "ask: fulfiller, message: pick-request, within: P2D, next: gather, on: { short-picked: next, late: next }",
    "is before": "wait: PT4H, next: gather",
}


@pytest.mark.parametrize(("waits", "together"), [("is asked", 0), ("is behind", 0), ("is asked before", 0), ("is before", 3)])
def test_only_what_its_node_has_not_begun_with_is_taken_in(waits: str, together: int) -> None:
    play = Play(changed("ship-to-customer", "fulfillment", STEPS % WAITS[waits], DC1=9), order(2))
    assert play.running()["O1-1"] == "alone"
    more = Part("add-line", add=replace(order(1).lines[0], id="2"))
    play.feed(ModificationAsked(START, "M1", (more,), "customer-service"))
    quantities = [unit.quantity for unit in play.live.units.values()]
    assert quantities == ([0, 3] if together else [2, 1])
    assert play.running()["O1-2"] == "pick"
    assert play.live.units["O1-1"].outcome == ("consolidated" if together else None)
