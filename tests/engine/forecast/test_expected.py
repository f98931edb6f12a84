"""What is left of a forecast, and the demands that are drawn from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.engine.forecast.expected import Expected, drawn, remaining

FIRST_WEEK = Expected("TEE", "DC1", date(2026, 3, 2), 7, Decimal(14))
SECOND_WEEK = Expected("TEE", "DC1", date(2026, 3, 9), 7, Decimal(7))


@pytest.mark.parametrize(
    ("day", "units"),
    [
        (date(2026, 2, 20), 21),  # all of it is ahead
        (date(2026, 3, 2), 21),
        (date(2026, 3, 6), 13),  # 3 days of 2 a day, and the second week
        (date(2026, 3, 15), 1),  # the last day
    ],
)
def test_a_period_counts_by_the_days_that_are_left_of_it(day: date, units: int) -> None:
    assert remaining([FIRST_WEEK, SECOND_WEEK], day) == {("TEE", "DC1"): units}


def test_after_its_end_a_forecast_expects_nothing() -> None:
    assert remaining([FIRST_WEEK, SECOND_WEEK], date(2026, 3, 16)) == {}


def test_nothing_expected_is_not_in_it() -> None:
    assert remaining([Expected("TEE", "DC1", date(2026, 3, 2), 7, Decimal(0))], date(2026, 3, 2)) == {}


def test_nothing_expected_draws_nothing() -> None:
    assert drawn(Decimal(0), "TEE DC1", 9, 10) == 0


@given(st.decimals(0, 500, places=2), st.text(max_size=20), st.integers(1, 20))
def test_draws_of_one_key_rise_and_repeat(expected: Decimal, key: str, samples: int) -> None:
    draws = [drawn(expected, key, sample, samples) for sample in range(samples)]
    assert draws == sorted(draws)
    assert draws == [drawn(expected, key, sample, samples) for sample in range(samples)]


@given(st.integers(1, 200))
def test_draws_stand_for_what_is_expected(expected: int) -> None:
    draws = [drawn(Decimal(expected), "TEE DC1", sample, 50) for sample in range(50)]
    assert sum(draws) / 50 == pytest.approx(expected, abs=0.5 + 0.02 * expected)


def test_different_keys_draw_apart() -> None:
    assert len({drawn(Decimal(100), f"I{n} DC1", 0, 1) for n in range(50)}) > 10
