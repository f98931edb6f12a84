"""Objectives as goals, weights and limits in World W, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.engine.sourcing.goals import counted, missed

World = Callable[..., Any]

# DC1 has A for 5.00 + 1.00, V1 has B for 5.00 + 0.00: 11.00 in two shipments. DC2 has both for 20.00 + 2 x 1.00 in one.
STOCK = {"DC1": {"A": 1}, "V1": {"B": 1}, "DC2": {"A": 1, "B": 1}}
BASE = 'if node.id = "DC2" then 20 else 5'
CANCEL = "  per cancelled unit:\n    cancel: 3"


def objectives(**named: str) -> str:
    """The objective form in the place of `minimise`."""
    return "objectives:\n" + "".join(f"  {name.replace('_', ' ')}: {{ {what} }}\n" for name, what in named.items()) + "costs"


def nodes(plan: Any) -> list[str]:
    return sorted(shipment.node for shipment in plan.shipments)


def test_a_goal_decides_before_cost(world_w: World) -> None:
    cheapest = world_w(STOCK, base=BASE).plan({"A": 1, "B": 1})
    fewest = world_w(STOCK, base=BASE, form=objectives(shipments="goal: 1")).plan({"A": 1, "B": 1})
    assert (nodes(cheapest), cheapest.cost, cheapest.goals) == (["DC1", "V1"], Decimal(11), {})
    assert (nodes(fewest), fewest.cost, fewest.goals) == (["DC2"], Decimal(22), {"shipments": 1})
    assert fewest.terms == {"base": Decimal(20), "late": 0, "handling": Decimal(2)}
    assert fewest.shipments[0].costs == fewest.terms


def test_what_lost_by_a_goal_says_so(world_w: World) -> None:
    made = world_w(STOCK, base=BASE, form=objectives(shipments="goal: 1")).plan({"A": 1, "B": 1})
    assert [(each.cost, each.because) for each in made.alternatives] == [(Decimal(11), "shipments: 1 more; costs 11.00")]
    lost = {each.node: each.because for each in made.candidates if each.line is None}
    assert "shipments: 1 more" in lost["V1"]


def test_to_fill_as_a_goal_sends_what_would_be_cheaper_to_leave(world_w: World) -> None:
    stock = {"DC1": {"A": 1}}
    left = world_w(stock, terms=CANCEL, fallback="cancel").plan({"A": 1})
    sent = world_w(stock, terms=CANCEL, fallback="cancel", form=objectives(fill="goal: 1")).plan({"A": 1})
    assert (nodes(left), left.cost) == ([], Decimal(3))
    assert (nodes(sent), sent.cost, sent.goals) == (["DC1"], Decimal(6), {"fill": 0})


@pytest.mark.parametrize(("first", "shipments", "fill"), [("fill", 2, 0), ("shipments", 0, 2)])
def test_the_first_goal_decides_before_the_second(world_w: World, first: str, shipments: int, fill: int) -> None:
    ranks = {"fill": "goal: 1", "shipments": "goal: 2"} if first == "fill" else {"fill": "goal: 2", "shipments": "goal: 1"}
    form = objectives(**ranks)
    made = world_w({"DC1": {"A": 1}, "DC2": {"B": 1}}, terms=CANCEL, fallback="cancel", form=form).plan({"A": 1, "B": 1})
    assert made.goals == {"fill": fill, "shipments": shipments}
    assert next(iter(made.goals)) == first


@pytest.mark.parametrize(("weight", "chosen", "cost"), [("10", ["DC1", "V1"], 31), ("12", ["DC2"], 34)])
def test_a_weight_is_added_to_the_cost(world_w: World, weight: str, chosen: list[str], cost: int) -> None:
    # two shipments 11 + 2 x weight, one 22 + weight: equal at 11
    made = world_w(STOCK, base=BASE, form=objectives(cost="weight: 1", shipments=f"weight: {weight}")).plan({"A": 1, "B": 1})
    assert (nodes(made), made.cost) == (chosen, cost)
    assert made.terms["shipments"] == int(weight) * len(chosen)


@pytest.mark.parametrize(("most", "chosen"), [(1, ["DC2"]), (2, ["DC1", "V1"])])
def test_a_limit_of_shipments(world_w: World, most: int, chosen: list[str]) -> None:
    made = world_w(STOCK, base=BASE, form=objectives(shipments=f"at most: {most}")).plan({"A": 1, "B": 1})
    assert nodes(made) == chosen


@pytest.mark.parametrize(("most", "chosen"), [(1, []), (2, ["DC2"])])
def test_days_late_are_weighed_and_bounded(world_w: World, most: int, chosen: list[str]) -> None:
    # From DC2 on Monday it takes four days, to Friday: two days late, for each of two units at 2.00 a day.
    form = objectives(days_late=f"weight: 2.00, at most: {most}")
    made = world_w({"DC2": {"A": 2}}, limits="", form=form).plan({"A": 2}, want_by=date(2026, 3, 4))
    assert nodes(made) == chosen
    assert made.terms.get("days late", 0) == (8 if chosen else 0)


def test_days_late_as_a_goal(world_w: World) -> None:
    made = world_w(
        {"DC1": {"A": 2}, "DC2": {"A": 2}}, base='if node.id = "DC1" then 50 else 1', form=objectives(days_late="goal: 1")
    )
    plan = made.plan({"A": 2}, want_by=date(2026, 3, 4))
    assert (nodes(plan), plan.goals) == (["DC1"], {"days late": 0})


def test_distance_is_in_whole_miles_from_node_to_customer(world_w: World) -> None:
    policy = world_w(STOCK, form=objectives(distance="weight: 0.01, at most: 300")).program.sourcing["policy"]
    # Along a meridian, a degree is 3958.8 x pi / 180 = 69.09 miles: five are 345.
    near, far = (
        {"node": {"lat": Decimal(40), "lon": Decimal(-90)}, "order": {"ship_to": {"lat": Decimal(40 + n), "lon": Decimal(-90)}}}
        for n in (0, 5)
    )
    [term] = [term for term in policy.terms if term.name == "distance"]
    assert (term.scope, term.formula(near), term.formula(far)) == ("shipment", 0, Decimal("3.45"))
    assert [policy.exclusions[-1].when(context) for context in (near, far)] == [False, True]
    assert policy.exclusions[-1].because == "it is more than 300 miles away"


UNITS = st.integers(0, 3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(UNITS, UNITS), min_size=5, max_size=5), UNITS, UNITS)
def test_fewest_shipments_then_cheapest_is_the_cheapest_with_the_least_limit(
    world_w: World, stock: list[tuple[int, int]], a: int, b: int
) -> None:
    """What a goal finds is what the limit finds that is as tight as it can be."""
    held = {node: {"A": x, "B": y} for node, (x, y) in zip(("DC1", "DC2", "S1", "S2", "V1"), stock, strict=True)}
    wanted = {"A": a, "B": b}
    by_goal = world_w(held, fallback="backorder", form=objectives(shipments="goal: 1")).plan(wanted)
    assert by_goal.optimal
    free = world_w(held, fallback="backorder").plan(wanted)
    assert sum(each.quantity for each in by_goal.unfilled) == sum(each.quantity for each in free.unfilled)
    tight = world_w(held, fallback="backorder", limits=f"shipments: {max(1, len(by_goal.shipments))}").plan(wanted)
    assert by_goal.cost == tight.cost
    if len(by_goal.shipments) > 1:
        less = world_w(held, fallback="backorder", limits=f"shipments: {len(by_goal.shipments) - 1}").plan(wanted)
        assert sum(each.quantity for each in less.unfilled) > sum(each.quantity for each in by_goal.unfilled)


GOALS = (("fill", Decimal(10**14)), ("shipments", Decimal(10**8)))


@given(st.integers(0, 10**6), st.integers(0, 499_999), st.decimals(-49_000_000, 49_000_000, places=4))
def test_counts_and_money_come_apart_as_they_went_in(fill: int, shipments: int, cost: Decimal) -> None:
    assert counted(fill * GOALS[0][1] + shipments * GOALS[1][1] + cost, GOALS) == ((fill, shipments), cost)


def test_the_first_goal_that_is_missed_is_told() -> None:
    assert missed(GOALS[0][1] - 3 * GOALS[1][1] + 5, GOALS) == "fill: 1 more"
    assert missed(2 * GOALS[1][1] - 5, GOALS) == "shipments: 2 more"
    assert missed(Decimal("0.01"), GOALS) == ""
