"""Level, trend and season: figures by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.engine.forecast.trend import ahead


def test_level_and_trend() -> None:
    # begins with level 10 and trend 2
    # 12: level 0.3 x 12 + 0.7 x 12 = 12,     trend 0.1 x 2 + 0.9 x 2 = 2
    # 11: level 0.3 x 11 + 0.7 x 14 = 13.1,   trend 0.1 x 1.1 + 0.9 x 2 = 1.91
    assert ahead([10, 12, 11], 2) == (Decimal("15.01"), Decimal("16.92"))


def test_level_trend_and_season() -> None:
    # seasons of two weeks; level (10 + 20) / 2 = 15, trend (34 - 30) / 2 / 2 = 1, season -5 and 5
    # 12: before 16; level 0.3 x 17 + 0.7 x 16 = 16.3,  season -5: 0.1 x -4 + 0.9 x -5 = -4.9,   trend 0.1 x 1.3 + 0.9 = 1.03
    # 22: before 17.33; level 0.3 x 17 + 0.7 x 17.33 = 17.231, season 5: 0.1 x 4.67 + 0.9 x 5 = 4.967,
    #     trend 0.1 x 0.931 + 0.9 x 1.03 = 1.0201
    # 17.231 + 1.0201 - 4.9 = 13.3511, 17.231 + 2.0402 + 4.967 = 24.2382
    assert ahead([10, 20, 12, 22], 2, season=2) == (Decimal("13.35"), Decimal("24.24"))


@pytest.mark.parametrize(("weeks", "expected"), [([], "0.00"), ([7], "7.00"), ([9, 0, 0, 0], "0.00")])
def test_little_history_and_nothing_below_zero(weeks: list[int], expected: str) -> None:
    assert ahead(weeks, 1) == (Decimal(expected),)


@given(st.integers(0, 10_000), st.integers(2, 130), st.integers(1, 60))
def test_what_never_changes_goes_on(units: int, weeks: int, count: int) -> None:
    assert ahead([units] * weeks, count) == (Decimal(units),) * count


@given(st.lists(st.integers(0, 500), min_size=2, max_size=60), st.integers(1, 8))
def test_it_is_never_negative_and_the_same_again(weeks: list[int], count: int) -> None:
    assert ahead(weeks, count, 4) == ahead(weeks, count, 4)
    assert len(ahead(weeks, count, 4)) == count
    assert min(ahead(weeks, count, 4)) >= 0
