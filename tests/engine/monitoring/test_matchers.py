"""Both matchers find the same, each in its own way."""

from __future__ import annotations

import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from matching import START, same

from orderloom.engine.monitoring.pattern import Events, Seen, Shape, passed, told
from orderloom.engine.monitoring.plain import Plain

MATCHING = Path(__file__).with_name("matching.py")


def test_the_plain_matcher_finds_what_there_is() -> None:
    same(Plain(), 600, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 12))
def test_the_plain_matcher_finds_what_there_is_at_length(seed: int) -> None:
    same(Plain(), 20_000, seed)


@pytest.mark.skipif(find_spec("durable") is None, reason="the extra `rete` is not installed")
@pytest.mark.parametrize("seed", (0, 1, 2))
def test_the_network_finds_what_there_is(seed: int) -> None:
    done = subprocess.run([sys.executable, str(MATCHING), "300", str(seed)], capture_output=True, text=True, check=False)
    if done.returncode == -signal.SIGSEGV:
        pytest.skip("the network has ended its process, as decision 047 says it does now and then")
    assert (done.returncode, done.stderr) == (0, "")


def events(*elements: tuple[int, int]) -> list[Seen]:
    return [Seen(START + at, "O", number, 0, (element,)) for number, (at, element) in enumerate(elements)]


def raised(shape: Shape, seen: list[Seen], until: int = 0) -> list[int]:
    """The moments of all alarms when these events come one after the other, and then time passes."""
    kept: Events = ()
    alarms: list[int] = []
    for event in seen:
        found = told(shape, Plain(), kept, event)
        kept, alarms = found.kept, [*alarms, *found.alarms]
    return [at - START for at in (*alarms, *passed(shape, Plain(), kept, START + until).alarms)]


def test_what_was_raised_counts_no_more() -> None:
    assert raised(Shape((3,), 10), events((0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0))) == [2, 5]


def test_the_window_moves_on() -> None:
    assert raised(Shape((3,), 10), events((0, 0), (8, 0), (11, 0), (18, 0))) == [18]


def test_what_does_not_happen_is_raised_when_time_is_over_and_once() -> None:
    waits = Shape((1, 0), 10)
    assert raised(waits, events((0, 0)), until=9) == []
    assert raised(waits, events((0, 0)), until=10) == [10]
    assert raised(waits, events((0, 0), (10, 1)), until=99) == []
    assert raised(waits, events((0, 0), (11, 1)), until=99) == [10], "it came too late"
    assert raised(waits, events((0, 0), (4, 0), (5, 1), (6, 0)), until=99) == [16]


def test_what_is_told_late_takes_its_place() -> None:
    late = [*events((0, 0), (6, 0)), Seen(START + 3, "P", 0, 0, (1,))]
    assert raised(Shape((1, 1, 1), 10), [*events((0, 0), (6, 2)), Seen(START + 3, "P", 0, 0, (1,))]) == [6]
    assert raised(Shape((1, 1), 10), late) == [3]


def test_nothing_is_kept_of_what_can_become_nothing() -> None:
    assert told(Shape((1, 0), 10), Plain(), (), events((0, 1))[0]).kept == ()
    found = told(Shape((1, 0), 10), Plain(), tuple(events((0, 0))), events((0, 0), (1, 1))[1])
    assert (found.kept, found.due) == ((), None)
    old = tuple(events((0, 0), (5, 0)))
    assert len(told(Shape((3,), 10), Plain(), old, Seen(START + 14, "Q", 0, 0, (0,))).kept) == 2
