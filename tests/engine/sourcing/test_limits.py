"""Limits of a plan in World W, with figures worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

TWO_NODES = {"DC1": {"A": 1}, "S1": {"B": 2}}  # a store keeps one unit back
COUNTER = '  - service: counter\n    method: pickup\n    when: node.type = "store"\n    transit days: 0'
POOLS = '  - pool: stores\n    nodes: node.type = "store"\n  - pool: others\n    nodes: true'


def sent(plan) -> list[tuple[str, date, date]]:
    return [(each.node, each.ship_on, each.deliver_on) for each in plan.shipments]


def march(day: int) -> date:
    return date(2026, 3, day)


def test_a_group_leaves_in_one_shipment_or_not_at_all(world_w):
    stock = TWO_NODES | {"DC2": {"A": 1, "B": 1}}
    plan = world_w(stock, limits="late: hard, ship together: '\"set\"'").plan({"A": 1, "B": 1}, march(5))
    assert (plan.outcome, plan.shipments) == ("nothing", ())
    assert [clash.split(" (")[0] for clash in plan.clash] == ["late: hard, wanted by 2026-03-05", "ship together"]
    assert plan.relaxations == ("1 day late: 11.50", "not shipped together: 14.50")
    late = world_w(stock, limits="late: soft, ship together: '\"set\"'").plan({"A": 1, "B": 1}, march(5))
    assert (sent(late), late.cost) == ([("DC2", march(2), march(6))], 11.5)


def test_lines_of_no_group_are_free(world_w):
    only_a = "ship together: 'if line.item.bulky then \"set\" else null'"
    plan = world_w(TWO_NODES, limits=only_a, bulky=("A",)).plan({"A": 1, "B": 1})
    assert [each.node for each in plan.shipments] == ["DC1", "S1"]


def test_a_complete_order_goes_whole_or_waits(world_w):
    parts = world_w({"DC1": {"A": 1}}, fallback="backorder").plan({"A": 2})
    assert (parts.outcome, parts.cost) == ("partly", 6)
    whole = world_w({"DC1": {"A": 1}}, fallback="backorder", limits="all or nothing: order.quantity < 10").plan({"A": 2})
    assert (whole.outcome, whole.unfilled[0].quantity) == ("nothing", 2)
    assert whole.clash[0].startswith("all or nothing (rules/policy.yaml:")
    assert whole.relaxations == ("in part: 6.00, 1 still without a source",)


def test_who_is_nearer_waits_to_deliver_together(world_w):
    plan = world_w(TWO_NODES, limits="deliver together: '\"room\"'").plan({"A": 1, "B": 1})
    assert sent(plan) == [("DC1", march(2), march(4)), ("S1", march(3), march(4))]
    assert plan.cost == 14.5


def test_no_more_counters_than_allowed(world_w):
    stock = {"S1": {"A": 2}, "S2": {"B": 2}}
    plan = world_w(stock, services=COUNTER, limits="pickup places: 1").plan({"A": 1, "B": 1})
    assert plan.outcome == "nothing"
    assert plan.clash[0].startswith("pickup places: 1 (rules/policy.yaml:")
    assert plan.relaxations == ("2 pickup places: 17.00",)


@pytest.mark.parametrize(("use", "node"), [("in order", "S1"), ("together", "DC1")])
def test_pools_in_order_or_together(world_w, use, node):
    plan = world_w({"S1": {"A": 2}, "DC1": {"A": 1}}, pools=f"{POOLS}\ntry pools: {use}").plan({"A": 1})
    assert [each.node for each in plan.shipments] == [node]
