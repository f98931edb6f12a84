"""Laws over any order of events: handlers strand no instance, and what is cancelled leaves nothing reserved."""

from __future__ import annotations

from datetime import timedelta

from handling import ADDRESS, UNDOING, played
from hypothesis import given, settings
from hypothesis import strategies as st
from plays import START, Play

from orderloom.engine.effects import ClearTimer, SetTimer
from orderloom.engine.events import Cancelled, Event, Happened, Replied, Resolved, TimeReached, Undelivered

TEXT = (
    UNDOING.replace("    point-of-no-return: POINT\n", "")
    + """
  - { step: regret, take-back: everything }
  - { step: regretted, end: regretted }
handlers:
  - on: address-changed
    when: event.urgent
    steps:
      - { step: say-so, tell: customer, message: shipped, when: 'event.zip != "1"', next: pick }
  - on: address-changed
    beside: true
    steps:
      - { step: also, ask: fulfiller, message: pack-request }
  - on: vendor-shipped
    steps:
      - { step: over, tell: customer, message: shipped, next: regret }
"""
    + ADDRESS
)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["urgent", "change", "regret", "reply", "cancel", "time", "collect", "undelivered", "resolve"]),
        st.integers(0, 9),
    ),
    max_size=12,
)


def move(play: Play, kind: str, number: int) -> Event | None:
    waiting = [each for each in play.live.instances.values() if each.waiting is not None and each.waiting.kind == "reply"]
    asked = waiting[number % len(waiting)] if waiting else None
    match kind:
        case "urgent" | "change":
            return Happened(START, "address-changed", data={"zip": str(number % 2), "urgent": kind == "urgent"})
        case "regret":
            return Happened(START, "vendor-shipped", "O1-1")
        case "collect":
            return Happened(START, "collected", "O1-1")
        case "reply" if asked:
            return Replied(START, f"O1/{asked.key}", "packed" if "/" in asked.id else "picked")
        case "undelivered" if asked:
            return Undelivered(START, f"O1/{asked.key}", "down")
        case "cancel":
            return Cancelled(START, "ann")
        case "resolve" if play.live.exceptions:
            issue = list(play.live.exceptions.values())[number % len(play.live.exceptions)]
            return Resolved(START, issue.id, issue.options[0], "ann")
        case "time" if timers(play):
            key = sorted(timers(play))[number % len(timers(play))]
            return TimeReached(START + timedelta(days=3), key)
    return None


def timers(play: Play) -> set[str]:
    found: set[str] = set()
    for effect in play.effects:
        if isinstance(effect, SetTimer):
            found.add(effect.key)
        elif isinstance(effect, ClearTimer):
            found.discard(effect.key)
    return found


@settings(max_examples=60, deadline=None)
@given(MOVES)
def test_no_instance_is_stranded_and_nothing_stays_reserved(moves: list[tuple[str, int]]) -> None:
    play = played(TEXT)
    for kind, number in moves:
        event = move(play, kind, number)
        if event is not None:
            play.feed(event)
        assert_nobody_is_stranded(play)
    play.feed(Cancelled(START, "ann"))
    for _ in range(20):  # every open undo is answered
        event = move(play, "reply", 0) or move(play, "resolve", 0)
        if event is None or play.live.ended:
            break
        play.feed(event)
    if play.live.ended:
        position = play.world.stock.position("TEE", play.live.units["O1-1"].node)
        assert position is not None and sum(supply.reserved for supply in position.supplies) == 0
        assert all(each.ended is not None for each in play.live.instances.values())
    assert_nobody_is_stranded(play)


def assert_nobody_is_stranded(play: Play) -> None:
    """Who has not ended waits; for an undo only while somebody is at it, for an exception that is open."""
    live = [each for each in play.live.instances.values() if each.ended is None]
    for each in live:
        assert each.waiting is not None, each
        if each.waiting.kind == "exception":
            assert each.waiting.name in play.live.exceptions
        if each.waiting.kind == "undo":
            parts = {undoing.part for undoing in play.live.undoing.values()}
            assert any(other.id in parts for other in live), each
