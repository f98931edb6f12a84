"""Handlers on time: so long after a process began, or at a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from handling import ADDRESS, UNDOING, UNIT, notes, played, steps
from plays import START, Play

from orderloom.engine.effects import ClearTimer, SetTimer
from orderloom.engine.events import Happened, Replied, TimeReached

DAY = timedelta(days=1)
KEY = "O1/clock/O1-1@remind"
REMIND = "handlers:\n  - WHEN\n    steps:\n      - { step: remind, tell: customer, message: shipped }\n"
BESIDE = REMIND.replace("WHEN", "after: P1D\n    beside: true")
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
    assert timers(play) == [START + DAY]
    for days in (1, 2):
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
    assert (timers(play), play.live.instances["O1-1"].clocks) == ([START + DAY, None], {})
    tick(play, 1)
    assert steps(play, "O1-1/@time.remind.1") == []


def test_it_leads_back_and_comes_no_second_time() -> None:
    play = played(UNIT + REMIND.replace("WHEN", "after: P1D").replace("shipped }", "shipped, next: pick }"))
    for days in (1, 2, 5):
        tick(play, days)
    assert steps(play, "O1-1") == ["pick", "remind", "pick"]


def test_its_condition_is_asked_when_its_time_comes_and_noted_where_it_is_not_true() -> None:
    play = played(UNIT + BESIDE.replace("after: P1D", "after: P1D\n    when: order.quantity = 7"))
    tick(play, 1)
    assert steps(play, "O1-1/@time.remind.1") == []
    assert notes(play, "time") == [("O1-1", "1 day after it began, but not order.quantity = 7")]


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
    assert timers(play, "O1/clock/O1-1/both@remind") == [START + DAY]
    play.feed(TimeReached(START + DAY, "O1/clock/O1-1/both@remind"))
    assert steps(play, "O1-1/both/@time.remind.1") == ["remind"]


# --- what is due together -----------------------------------------------------------------------------------------------

OPEN = UNIT.replace("    within: P2D\n", "").replace(", late: gone", "")
GIVE_UP = "  - after: P10D\n    steps:\n      - { step: give-up, do: release-stock }\n      - { step: over, end: lost }\n"
AGAIN = "  - after: P3D\n    steps:\n      - { step: remind, tell: customer, message: shipped, next: pick }\n"
LOST = ["pick", "remind", "pick", "give-up", "over"]


@pytest.mark.parametrize("struck", [["remind", "give-up"], ["give-up"], ["give-up", "remind"]])
def test_of_clocks_that_are_due_together_none_is_lost_and_the_first_due_is_first(struck: list[str]) -> None:
    play = played(OPEN + "handlers:\n" + GIVE_UP + AGAIN)
    for first in struck:
        tick(play, 11, f"O1/clock/O1-1@{first}")
    assert (steps(play, "O1-1"), play.live.instances["O1-1"].ended) == (LOST, "lost")
    assert [text for _, text in notes(play, "time")] == ["3 days after it began", "10 days after it began"]


def test_of_clocks_that_are_due_at_once_each_has_its_turn_as_the_file_has_them() -> None:
    equal = GIVE_UP.replace("P10D", "P3D")
    ended, both = (played(OPEN + "handlers:\n" + text) for text in (equal + AGAIN, AGAIN + equal))
    for play in (ended, both):
        tick(play, 3)
    assert (steps(ended, "O1-1"), steps(both, "O1-1")) == (["pick", "give-up", "over"], LOST)


def test_an_event_that_a_handler_takes_up_is_not_dropped_for_a_clock_that_is_due() -> None:
    on = "  - on: address-changed\n    steps:\n      - { step: relabel, tell: customer, message: shipped, next: pick }\n"
    play = played(OPEN + "handlers:\n" + on + AGAIN + ADDRESS.lstrip("\n"))
    play.feed(Happened(START + 4 * DAY, "address-changed", data={"zip": "1"}))
    assert (steps(play, "O1-1"), KEY in play.clocks) == (["pick", "relabel", "pick"], True)
    tick(play, 4)
    assert steps(play, "O1-1") == ["pick", "relabel", "pick", "remind", "pick"]


def test_an_event_that_moves_a_moment_into_the_past_is_taken_up_before_the_moment() -> None:
    on = "  - on: asked-for\n    steps:\n      - { step: thank, tell: customer, message: shipped, next: pick }\n"
    at = AGAIN.replace("after: P3D", "at: 'if event.name = null then null else date(event.day)'")
    play = played(OPEN + "handlers:\n" + on + at + MOVING.lstrip("\n"))
    play.feed(Happened(START + DAY, "asked-for", unit="O1-1", data={"day": "2026-03-01"}))
    assert (steps(play, "O1-1"), timers(play)) == (["pick", "thank", "pick"], [START + DAY])
    tick(play, 1)
    assert steps(play, "O1-1") == ["pick", "thank", "pick", "remind", "pick"]


@pytest.mark.parametrize("key", ["O1/O1-1:1", KEY])
@pytest.mark.parametrize(("within", "entered"), [("P2D", ["pick", "gone"]), ("P5D", ["pick", "remind", "pick"])])
def test_the_clock_of_a_step_has_its_place_among_them_whichever_is_told_of_at_last(
    key: str, within: str, entered: list[str]
) -> None:
    play = played(UNIT.replace("P2D", within) + "handlers:\n" + AGAIN)
    tick(play, 6, key)
    assert steps(play, "O1-1") == entered


def test_what_is_due_while_something_is_undone_comes_when_that_is_over() -> None:
    waits = "  - { step: wait, wait: collected, within: P2D, on: { late: back } }\n  - { step: shipped, end: shipped }\n"
    back = "  - { step: back, take-back: everything }\n  - { step: stay, wait: collected }\n  - { step: done, end: kept }\n"
    unit = UNDOING.replace("    within: P2D\n", "").replace(", late: gone", "").replace("    point-of-no-return: POINT\n", "")
    unit = unit.replace("  - step: wait\n    wait: collected\n  - step: shipped\n    end: shipped\n", waits + back)
    play = played(unit + "handlers:\n" + AGAIN.replace("next: pick", "next: stay"))
    play.reply("picked")
    tick(play, 2, f"O1/{play.live.instances['O1-1'].key}")
    tick(play, 3)
    undoing = next(each for each in play.live.instances.values() if ".undo." in each.id and each.ended is None)
    assert "remind" not in steps(play, "O1-1")
    play.feed(Replied(START + 4 * DAY, f"O1/{undoing.key}", "packed"))
    assert (steps(play, "O1-1")[-1], timers(play)[-1]) == ("stay", START + 4 * DAY)
    tick(play, 4)
    assert steps(play, "O1-1")[-2:] == ["remind", "stay"]
