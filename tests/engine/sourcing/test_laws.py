"""Laws of sourcing on random orders: the planner, HiGHS and brute force agree, limits are kept, no order of rows matters."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from sourcing_cases import At, Brute, Case, Wish, cases, planned

from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import search

ANY_TIME = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture]


@pytest.fixture
def by_highs(monkeypatch):
    """Plans as for the largest orders: the search gives up at once and HiGHS comes in."""

    def made(case: Case) -> Plan:
        with monkeypatch.context() as patch:
            patch.setattr(search, "SHORT", 0)
            return planned(case)

    return made


def holds(case: Case, by_highs) -> None:
    plan, brute = planned(case), Brute(case)
    unfilled = sum(each.quantity for each in plan.unfilled)
    assert plan.optimal
    if brute.can:
        assert (0 if case.weighed else unfilled, plan.cost) == brute.best()
    keeps_limits(case, plan)
    assert essence(by_highs(case)) == essence(plan)
    assert planned(case, backwards=True) == plan


def test_lines_that_make_way_for_each_other_may_make_a_node_busy(by_highs):
    # Q has the cheaper A for both lines; the one that makes way goes to P, where B, as dear at Q, would then be the second unit
    p = At("P", 0, 0, 1, room=1, floor=0, scarce=1, counter=False, on_hand={"A": 1, "B": 2}, coming=None)
    q = At("Q", 0, 1, 1, room=2, floor=0, scarce=0, counter=False, on_hand={"A": 1, "B": 1}, coming=None)
    wishes = Wish("A", 1, None, None, None), Wish("B", 1, None, None, None), Wish("A", 1, None, "s", None)
    case = Case((p, q), wishes, None, None, False, 0, 0, False, False, "node id")
    assert planned(case).cost == 4
    holds(case, by_highs)


@settings(max_examples=60, deadline=None, suppress_health_check=ANY_TIME)
@given(cases())
def test_where_every_search_gives_up_the_gap_is_true(monkeypatch, case):
    best = planned(case)
    with monkeypatch.context() as patch:
        patch.setattr(search, "SHORT", 0)
        patch.setattr(search, "LONG", 0)
        plan = planned(case)
    keeps_limits(case, plan)
    missing = [sum(each.quantity for each in made.unfilled) for made in (plan, best)]
    if plan.optimal:
        assert (plan.cost, missing[0]) == (best.cost, missing[1])
    elif case.weighed:
        assert plan.cost - plan.gap <= best.cost < plan.cost


@settings(max_examples=25, deadline=None, suppress_health_check=ANY_TIME)
@given(cases())
def test_where_single_trips_decide_the_whole_search_says_the_same(monkeypatch, case):
    """Plans that lost, and what is told of them, are the same too."""
    plan = planned(case)
    with monkeypatch.context() as patch:
        patch.setattr(search, "_among_several", lambda going, base, trips: trips)
        assert planned(case) == plan


def essence(plan: Plan) -> tuple[object, ...]:
    """All that is decided; which plans lost is told of those that were looked at."""
    return plan.outcome, plan.shipments, plan.unfilled, plan.cost, plan.terms, plan.optimal, plan.gap


def keeps_limits(case: Case, plan: Plan) -> None:
    sent = Counter({str(number): 0 for number in range(len(case.wishes))})
    shipments, arrivals = {}, {}
    for index, shipment in enumerate(plan.shipments):
        for part in shipment.allocations:
            sent[part.line] += part.quantity
            shipments.setdefault(part.line, set()).add(index)
            arrivals.setdefault(part.line, set()).add(shipment.deliver_on)
    wishes = {str(number): wish for number, wish in enumerate(case.wishes)}
    assert len({(each.node, each.ship_on) for each in plan.shipments}) == len(plan.shipments)
    assert case.most is None or len(plan.shipments) <= case.most
    counters = {each.node for each in plan.shipments if each.method == "pickup"}
    assert case.places is None or len(counters) <= case.places
    for together, where in (("set", shipments), ("room", arrivals)):
        group = [line for line, wish in wishes.items() if getattr(wish, together)]
        assert len(set().union(*(where.get(line, set()) for line in group))) <= 1
        assert len({sent[line] == wishes[line].quantity for line in group} | {sent[line] > 0 for line in group}) <= 1
    for line, wish in wishes.items():
        assert not case.hard or wish.want_by is None or all(day <= wish.want_by for day in arrivals.get(line, ()))
    assert not case.whole or not plan.shipments or not plan.unfilled


@settings(max_examples=150, deadline=None, suppress_health_check=ANY_TIME)
@given(cases())
def test_planner_highs_and_brute_force_agree(by_highs, case):
    holds(case, by_highs)


@pytest.mark.soak
@settings(max_examples=10_000, deadline=None, suppress_health_check=ANY_TIME)
@given(cases())
def test_they_agree_on_many(by_highs, case):
    holds(case, by_highs)
