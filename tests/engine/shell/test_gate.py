"""What a worker sends to a participant that is up, slow, down, and up again."""

from __future__ import annotations

from decimal import Decimal

from orderloom.engine.shell.gate import FAILURES, LONGEST_PAUSE, MOST, Gate
from orderloom.engine.shell.observe import Breaker


def call(gate: Gate, now: float, reached: bool, seconds: float = 0.1, retry_after: float = 0.0) -> int:
    """One call with as many messages as there is room for; how many that were."""
    messages = gate.room(now, 1)
    if messages:
        gate.began(messages, now, None)
        gate.ended(reached, now + seconds, seconds, retry_after)
    return messages


def test_a_participant_that_answers_quickly_gets_more_each_time_up_to_a_limit() -> None:
    gate = Gate()
    assert [call(gate, n, True) for n in range(9)] == [1, 2, 4, 8, 16, 32, 64, MOST, MOST]


def test_one_that_takes_long_gets_less() -> None:
    gate = Gate()
    assert [call(gate, n, True) for n in range(4)] == [1, 2, 4, 8]
    assert [call(gate, 10, True, seconds=6), call(gate, 20, True, seconds=2), call(gate, 30, True)] == [16, 8, 8]


def test_one_that_is_down_is_left_alone_and_tried_by_one_message_now_and_then() -> None:
    gate = Gate()
    for n in range(5):
        call(gate, n, True)
    assert [call(gate, 10 + n, False) for n in range(FAILURES)] == [32, 1, 1, 1, 1]
    assert gate.breaker is Breaker.OPEN
    tried = sum(call(gate, 15 + tenth / 10, False) for tenth in range(36_000))
    assert 60 <= tried <= 140  # an hour: a try every 30 to 60 seconds, after the first few
    assert gate.breaker is Breaker.OPEN


def test_when_it_is_back_what_has_waited_comes_little_by_little() -> None:
    gate = Gate()
    for n in range(20):
        call(gate, n * 100, False)
    later = 20 * 100 + LONGEST_PAUSE
    gate.began(gate.room(later, 1), later, None)
    assert gate.breaker is Breaker.HALF_OPEN and gate.room(later, 4) == 0
    gate.ended(True, later, 0.1)
    assert gate.breaker is Breaker.CLOSED
    assert [call(gate, later + n, True) for n in range(3)] == [2, 4, 8]


def test_so_many_calls_at_a_time_and_no_more() -> None:
    gate = Gate()
    for expected in (1, 1, 0):
        assert gate.room(0, 2) == expected
        if expected:
            gate.began(1, 0, None)
    gate.ended(True, 0, 0.1)
    assert gate.room(0, 2) == 2


def test_a_rate_is_kept() -> None:
    """64 messages at 32 a second: the next call is two seconds later."""
    gate = Gate()
    for n in range(6):
        call(gate, n, True)
    gate.began(gate.room(100, 1), 100, Decimal(32))
    gate.ended(True, 100.1, 0.1)
    assert [gate.room(101.9, 1), gate.room(102, 1)] == [0, 100]


def test_the_time_that_a_participant_asks_for_is_given() -> None:
    gate = Gate()
    call(gate, 0, False, retry_after=30)
    assert [gate.room(29, 1), gate.room(30.2, 1)] == [0, 1]
