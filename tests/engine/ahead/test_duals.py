"""Prices of supply, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.engine.ahead.duals import prices
from orderloom.engine.ahead.market import Lane, Market


def test_a_supply_of_which_something_is_left_is_worth_nothing() -> None:
    assert prices(Market([3], 1, [Lane(0, 0, 10.0)]), [[2]]) == [0]


def test_the_last_of_its_kind_is_worth_what_it_saves() -> None:
    assert prices(Market([2], 1, [Lane(0, 0, 10.0)]), [[3]]) == [10]


def test_a_unit_is_worth_the_way_that_it_spares_another_node() -> None:
    # Two are wanted. The near node has one, the far one has plenty and saves 4 less: without the near unit 4 would be lost.
    market = Market([1, 5], 1, [Lane(0, 0, 10.0), Lane(0, 1, 6.0)])
    assert prices(market, [[2]]) == [4, 0]


def test_the_customer_that_saves_most_decides() -> None:
    # One unit: where both regions want it, the one that saves 9 goes empty without it.
    market = Market([1], 2, [Lane(0, 0, 5.0), Lane(1, 0, 9.0)])
    assert prices(market, [[2, 0]])[0] == pytest.approx(5)
    assert prices(market, [[2, 2]])[0] == pytest.approx(9)


def test_demands_are_averaged() -> None:
    market = Market([2], 1, [Lane(0, 0, 10.0)])
    assert prices(market, [[1], [3], [3], [1]]) == [5]


@st.composite
def markets(draw: st.DrawFn) -> tuple[Market, list[list[int]]]:
    supplies = draw(st.lists(st.integers(0, 5), min_size=1, max_size=5))
    demands = draw(st.integers(1, 4))
    pairs = st.tuples(st.integers(0, demands - 1), st.integers(0, len(supplies) - 1))
    lanes = draw(st.lists(pairs, min_size=1, max_size=12, unique=True))
    saves = draw(st.lists(st.integers(1, 40), min_size=len(lanes), max_size=len(lanes)))
    wanted = draw(st.lists(st.lists(st.integers(0, 5), min_size=demands, max_size=demands), min_size=1, max_size=3))
    return Market(supplies, demands, [Lane(*pair, float(each)) for pair, each in zip(sorted(lanes), saves, strict=True)]), wanted


@given(markets())
def test_a_price_is_never_below_nothing_or_above_the_best_lane_and_repeats(given: tuple[Market, list[list[int]]]) -> None:
    market, wanted = given
    found = prices(market, wanted)
    best = [max((lane.saves for lane in market.lanes if lane.supply == n), default=0.0) for n in range(len(found))]
    assert all(0 <= price <= most + 1e-6 for price, most in zip(found, best, strict=True))
    assert found == prices(market, wanted)


@given(st.integers(0, 6), st.integers(0, 6), st.integers(1, 20))
def test_one_supply_and_one_demand(supply: int, wanted: int, saves: int) -> None:
    (price,) = prices(Market([supply], 1, [Lane(0, 0, float(saves))]), [[wanted]])
    if supply > wanted:
        assert price == 0
    if supply < wanted:
        assert Decimal(price) == saves
