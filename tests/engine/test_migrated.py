"""What an order that moves to another version takes with it, and what keeps it from moving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from handling import UNDOING, played, program_of
from msgspec.structs import replace
from plays import START, Play

from orderloom.dsl.stepmap import state_map
from orderloom.engine.events import Migrated, MigratedBack, TimeReached
from orderloom.engine.shell.kept import kept_of
from orderloom.engine.state import Done
from orderloom.engine.statemap import Stays, moves

STEPS = UNDOING.replace("    point-of-no-return: POINT\n", "")
BY_TIME = """
---
kind: holds
name: stops
order:
  inventory: { because: x, apply: { at: date("2026-03-04") }, resolve: { by: [operations] } }
"""


def moved(play: Play, text: str) -> None:
    old, new = play.world.program, program_of(text)
    found = moves(play.live, old, new, state_map(old, new, {}))
    assert not isinstance(found, Stays), found
    play.world = replace(play.world, program=new)
    play.feed(Migrated(START, 1, old.digest, new.digest, "ann", found))


def test_a_hold_of_the_new_version_is_applied_at_its_time() -> None:
    play = played(STEPS)
    moved(play, STEPS + BY_TIME)
    assert "O1/hold/inventory" in play.timers()
    play.feed(TimeReached(datetime(2026, 3, 4, tzinfo=UTC), "O1/hold/inventory"))
    assert list(play.live.holds) == ["inventory"]


CLOCK = """
handlers:
  - after: P3D
    beside: true
    steps:
      - { step: remind, tell: customer, message: shipped }
"""


def test_a_clock_of_the_process_begins_with_the_move_and_goes_back_with_it() -> None:
    play, key = played(STEPS), "O1/clock/O1-1@remind"
    moved(play, STEPS + CLOCK)
    assert key in play.timers() and play.live.instances["O1-1"].clocks == {"remind": START + timedelta(days=3)}
    with_clock = play.live
    moved(play, STEPS + CLOCK.replace("P3D", "P9D"))  # one that runs goes on running
    assert play.live.instances["O1-1"].clocks == with_clock.instances["O1-1"].clocks
    moved(play, STEPS)
    assert key not in play.timers() and play.live.instances["O1-1"].clocks == {}
    back = kept_of(with_clock, play.live, {key: START + timedelta(days=3)}, False)
    before, play.world = play.live.program, replace(play.world, program=program_of(STEPS + CLOCK))
    play.feed(MigratedBack(START, 2, before, play.world.program.digest, "ann", back.back, back.clocks))
    assert key in play.timers() and play.live.instances["O1-1"].clocks == with_clock.instances["O1-1"].clocks


def test_who_has_done_what_the_new_version_cannot_undo_stays() -> None:
    play = played(STEPS)
    play.reply("picked")
    assert play.live.done == (
        Done("O1-1", "ship-to-customer", "pick"),
        Done("O1-1", "ship-to-customer", "hand-over", "ship"),
    )
    old = play.world.program
    new = program_of(STEPS.replace("    undo: return-stock\n", ""))
    because = "it has done hand-over, which could not be undone by steps that are gone"
    assert moves(play.live, old, new, state_map(old, new, {})) == Stays(because)
    assert not isinstance(moves(play.live, old, old, state_map(old, old, {})), Stays)
