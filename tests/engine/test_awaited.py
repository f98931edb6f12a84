"""A step that waits for the first of several events: each leads its own way, whenever it comes, and the others come late."""

from __future__ import annotations

import pytest
from handling import ADDRESS, played
from plays import START

from orderloom.engine.events import Happened

STEPS = """
kind: process
name: ship-to-customer
for: fulfillment
steps:
  - { step: pick, ask: fulfiller, message: pack-request }
  - step: rest
    wait: collected
    within: P2D
    on: { vendor-shipped: come, address-changed: moved, late: nobody }
  - { step: done, end: collected }
  - { step: come, status: on its way, end: come }
  - step: moved
    choose: [{ when: event.urgent, next: come }, { otherwise: rest }]
  - { step: nobody, end: forgotten }
"""


@pytest.mark.parametrize(("event", "end"), [("collected", "collected"), ("vendor-shipped", "come")])
@pytest.mark.parametrize("early", [False, True])
def test_the_first_event_leads_its_way(event: str, end: str, early: bool) -> None:
    play = played(STEPS + ADDRESS)
    if early:
        play.happens(event)
    play.reply("packed")
    assert early or play.timers() == {"O1/O1-1:2"}
    if not early:
        play.happens(event)
    assert (play.live.instances["O1-1"].ended, play.timers()) == (end, set())
    other = {"collected": "vendor-shipped", "vendor-shipped": "collected"}[event]
    play.happens(other)
    assert play.notes("late")[-1] == ("O1-1", f"event {other}")


def test_what_is_told_of_the_event_is_seen_behind_the_wait() -> None:
    play = played(STEPS + ADDRESS)
    play.reply("packed")
    for urgent, step in ((False, "rest"), (True, "come")):
        play.feed(Happened(START, "address-changed", data={"zip": "1", "urgent": urgent}))
        assert play.live.instances["O1-1"].step == step


def test_time_is_over_before_any_of_them_comes() -> None:
    play = played(STEPS + ADDRESS)
    play.reply("packed")
    play.time_out()
    assert play.live.instances["O1-1"].ended == "forgotten"
