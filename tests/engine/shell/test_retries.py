"""Pauses between attempts."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from orderloom.engine.shell.retries import pause


@given(st.text(), st.integers(1, 30))
def test_a_pause_doubles_up_to_an_hour_less_at_most_a_half(key: str, attempt: int) -> None:
    full = min(timedelta(seconds=2**attempt), timedelta(hours=1))
    assert full / 2 <= pause(key, attempt) <= full
    assert pause(key, attempt) == pause(key, attempt)


def test_what_failed_together_is_spread_out() -> None:
    pauses = {pause(f"O{n}", 5) for n in range(100)}
    assert len(pauses) > 90 and max(pauses) - min(pauses) > timedelta(seconds=12)
