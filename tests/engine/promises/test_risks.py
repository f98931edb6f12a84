"""What would help where something comes too late."""

from __future__ import annotations

from datetime import date

from handling import UNDOING, played
from msgspec.structs import replace
from plays import START

from orderloom.engine.promises.risks import Risk, ways
from orderloom.engine.state import OrderState, Passed
from orderloom.engine.turn import Turn

STEPS = UNDOING.replace("    point-of-no-return: POINT\n", "")


def help_for(state: OrderState, turn: Turn) -> list[str]:
    (unit,) = state.units.values()
    day = date(2026, 3, 20)
    return [way.kind for way in ways(replaced(turn, state), Risk(unit, (unit,), day, day, None))]


def replaced(turn: Turn, state: OrderState) -> Turn:
    return Turn(turn.world, state, turn.at, turn.stock)


def test_what_is_behind_a_point_of_no_return_is_not_given_up_for_other_sources() -> None:
    play = played(STEPS, DC1=5, DC2=5)
    turn = Turn(play.world, play.live, START, play.world.stock)
    assert help_for(play.live, turn) == ["source again", "wait"]
    for hard in (True, False):
        passed = (Passed("O1-1/go", "pick", hard, START),)
        assert help_for(replace(play.live, points=passed), turn) == ["wait"]
