"""The ids of what an alarm opens: people read and type them, and no two are the same."""

from __future__ import annotations

from datetime import UTC, datetime

import plays
import pytest

from orderloom.dsl.program import Raising
from orderloom.engine.alarm import Alarm
from orderloom.engine.monitoring.raising import is_of_alarm, raise_alarm
from orderloom.engine.turn import Turn

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def turn() -> Turn:
    world = plays.world(DC1=9)
    state = plays.Play(world, plays.order()).state
    assert state is not None and list(state.units) == ["O1-1"]
    return Turn(world, state, AT, world.stock)


def alarm(monitor: str, unit: str | None = None, line: str | None = None) -> Alarm:
    raises = Raising(exception="late", options=("seen",), owner="operations")
    return Alarm(monitor, "any", "O1", AT, "because", raises, "here", unit=unit, line=line)


def test_an_id_names_the_monitor_what_it_is_about_and_the_event_that_raised_it(turn: Turn) -> None:
    before, number = set(turn.state.exceptions), turn.state.sequence
    for each in (alarm("slow"), alarm("slow", unit="O1-1"), alarm("slow", line="1"), alarm("slow", line="1"), alarm("odd")):
        raise_alarm(turn, each)
    opened = [id for id in turn.state.exceptions if id not in before]
    about = ["slow", "slow/O1-1", "slow/line-1", "slow/line-1", "odd"]
    assert opened == [f"O1/alarm/{of}:{number}" + (".2" if at == 3 else "") for at, of in enumerate(about)]
    assert all(is_of_alarm("O1", id) for id in opened)


def test_an_id_of_an_older_release_is_of_an_alarm_too() -> None:
    assert is_of_alarm("O1", "O1/alarm/slow/O1/line 1/5")
    assert not is_of_alarm("O1", "O1/O1-1:5")
