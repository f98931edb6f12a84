"""Handlers on time: so long after a process began, or at a moment."""

from __future__ import annotations

from datetime import timedelta

from handling import UNIT, notes, played, steps
from plays import START, Play

from orderloom.engine.effects import ClearTimer, SetTimer
from orderloom.engine.events import Happened, TimeReached

DAY = timedelta(days=1)
KEY = "O1/clock/O1-1@remind"
REMIND = "handlers:\n  - WHEN\n    steps:\n      - { step: remind, tell: customer, message: shipped }\n"
BESIDE = REMIND.replace("WHEN", "after: P3D\n    beside: true")
INSTEAD = (
    REMIND.replace("WHEN", "after: P1D") + "      - { step: give-up, do: release-stock }\n      - { step: over, end: lost }\n"
)


def timers(play: Play, key: str = KEY) -> list[object]:
    found = [each for each in play.effects if isinstance(each, SetTimer | ClearTimer) and each.key == key]
    return [each.due_at if isinstance(each, SetTimer) else None for each in found]


def tick(play: Play, days: int, key: str = KEY) -> None:
    play.feed(TimeReached(START + days * DAY, key))


def test_beside_the_process_it_runs_once_and_the_process_stays_where_it_is() -> None:
    play = played(UNIT + BESIDE)
    assert timers(play) == [START + 3 * DAY]
    for days in (3, 4):
        tick(play, days)
    assert [id for id in play.live.instances if "@" in id] == ["O1-1/@time.remind.1"]
    assert (steps(play, "O1-1"), steps(play, "O1-1/@time.remind.1")) == (["pick"], ["remind"])
    play.reply("picked")
    assert play.live.units["O1-1"].outcome == "shipped"


def test_instead_of_the_process_it_ends_what_that_waits_for() -> None:
    play = played(UNIT + INSTEAD)
    tick(play, 1)
    assert (steps(play, "O1-1"), play.live.instances["O1-1"].ended) == (["pick", "remind", "give-up", "over"], "lost")
    assert notes(play, "time") == [("O1-1", "1 day after it began")]


def test_a_process_that_ends_before_clears_its_clock() -> None:
    play = played(UNIT + BESIDE)
    play.reply("picked")
    assert (timers(play), play.live.instances["O1-1"].clocks) == ([START + 3 * DAY, None], {})
    tick(play, 3)
    assert steps(play, "O1-1/@time.remind.1") == []


def test_it_leads_back_and_comes_no_second_time() -> None:
    play = played(UNIT + REMIND.replace("WHEN", "after: P1D").replace("shipped }", "shipped, next: pick }"))
    for days in (1, 2, 5):
        tick(play, days)
    assert steps(play, "O1-1") == ["pick", "remind", "pick"]


def test_its_condition_is_asked_when_its_time_comes() -> None:
    play = played(UNIT + BESIDE.replace("after: P3D", "after: P3D\n    when: order.quantity = 7"))
    tick(play, 3)
    assert (steps(play, "O1-1/@time.remind.1"), notes(play, "time")) == ([], [])


MOVING = """
---
kind: event
name: asked-for
about: order
fields: { day: date }
"""


def test_a_moment_that_moves_is_followed_and_none_is_no_clock() -> None:
    waits = UNIT.replace(
        "  - step: pick\n", "  - { step: first, wait: asked-for, within: P1D, on: { late: pick } }\n  - step: pick\n"
    )
    at = "at: 'if event.name = null then null else date and time(event.day, time(\"10:00:00Z\"))'\n    beside: true"
    play = played(waits + REMIND.replace("WHEN", at) + MOVING)
    assert timers(play) == []
    play.feed(Happened(START, "asked-for", unit="O1-1", data={"day": "2026-03-09"}))
    assert [str(each) for each in timers(play)] == ["2026-03-09 10:00:00+00:00"]


def test_hours_are_those_of_the_node_and_a_process_that_is_run_has_its_own() -> None:
    inner = UNIT.replace("ship-to-customer", "inner") + BESIDE
    outer = "kind: process\nname: ship-to-customer\nfor: fulfillment\nsteps:\n  - { step: both, run: inner, on: { gone: off } }\n"
    play = played(outer + "  - { step: sent, end: sent }\n  - { step: off, end: lost }\n---" + inner)
    assert timers(play, "O1/clock/O1-1/both@remind") == [START + 3 * DAY]
    play.feed(TimeReached(START + 3 * DAY, "O1/clock/O1-1/both@remind"))
    assert steps(play, "O1-1/both/@time.remind.1") == ["remind"]
