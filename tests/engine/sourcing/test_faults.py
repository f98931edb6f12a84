"""Policies and data that cannot work: every one ends in a reason, none in a wrong promise or an error."""

from __future__ import annotations

from decimal import Decimal

import pytest

ON_HAND = {"DC1": {"A": 5}, "DC2": {"A": 5}}
CANNOT = "its cost term `base` cannot be worked out"


def served_by(plan) -> list[str]:
    return [shipment.node for shipment in plan.shipments]


@pytest.mark.parametrize("broken", ["node.lat", "5 / (node.transit - node.transit)", "shipment.weight * node.lat"])
def test_a_node_whose_cost_cannot_be_worked_out_is_out(world_w, broken):
    plan = world_w(ON_HAND, base=f'if node.id = "DC1" then {broken} else node.base').plan({"A": 1})
    assert served_by(plan) == ["DC2"]
    out = next(candidate for candidate in plan.candidates if candidate.node == "DC1")
    assert out.because == CANNOT
    assert out.origin is not None
    assert out.origin.startswith("rules/policy.yaml:")


def test_nothing_is_promised_when_no_cost_can_be_worked_out(world_w):
    plan = world_w(ON_HAND, base="node.lat").plan({"A": 1})
    assert (plan.outcome, plan.shipments) == ("nothing", ())
    assert plan.clash[0].startswith(f"{CANNOT} (rules/policy.yaml:")
    assert {candidate.because for candidate in plan.candidates} == {CANNOT}


def test_a_cost_of_cancelling_that_cannot_be_worked_out_stops_the_plan(world_w):
    plan = world_w(ON_HAND, terms="  per cancelled unit:\n    goodwill: order.ship_to.lat", fallback="cancel").plan({"A": 1})
    assert plan.outcome == "nothing"
    assert plan.clash[0].startswith("its cost term `goodwill` for line A cannot be worked out (rules/policy.yaml:")
    assert plan.unfilled[0].because == plan.clash[0]


def test_a_limit_below_nothing_stops_the_plan(world_w):
    plan = world_w(ON_HAND, limits="shipments: 0 - 1").plan({"A": 1})
    assert plan.outcome == "nothing"
    assert plan.clash[0].startswith("the limit of shipments cannot be worked out")


def test_a_limit_of_no_shipments_names_itself(world_w):
    plan = world_w(ON_HAND, limits="shipments: 1 - 1").plan({"A": 1})
    assert plan.outcome == "nothing"
    assert plan.clash[0].startswith("limit of shipments: 0")
    assert plan.relaxations == ("1 shipment: 6.00",)


def test_a_limit_that_an_order_does_not_have_is_none(world_w):
    plan = world_w({"DC1": {"A": 1}, "DC2": {"A": 1}}, limits="shipments: order.ship_to.lat").plan({"A": 2})
    assert served_by(plan) == ["DC1", "DC2"]


def test_no_stock_anywhere_is_said(world_w):
    plan = world_w({"DC1": {"A": 0}, "DC2": {"B": 5}}).plan({"A": 1})
    assert plan.unfilled[0].because == "0 of 1 available at the nodes that may serve"
    assert plan.clash == ("stock",)
    assert [(each.node, each.because) for each in plan.candidates] == [("DC1", "availability 0 (0 on hand)")]


def test_a_pool_without_nodes_serves_nothing(world_w):
    plan = world_w(ON_HAND, pools="  - pool: none\n    nodes: false").plan({"A": 1})
    assert plan.outcome == "nothing"
    assert {candidate.because for candidate in plan.candidates} == {"in no pool of the policy"}


def test_a_node_that_fell_short_is_not_asked_again(world_w):
    plan = world_w(ON_HAND).plan({"A": 1}, excluded=frozenset({("A", "DC1")}))
    assert served_by(plan) == ["DC2"]
    assert next(each.because for each in plan.candidates if each.node == "DC1") == "A is not to come from here again"


def test_nothing_wanted_is_nothing_planned(world_w):
    plan = world_w(ON_HAND).plan({"A": 0})
    assert (plan.outcome, plan.cost, plan.shipments, plan.unfilled) == ("sourced", Decimal(0), (), ())


def test_an_item_that_nobody_knows_has_no_source(world_w):
    plan = world_w(ON_HAND).plan({"STOEN": 1})
    assert (plan.outcome, plan.unfilled[0].because) == ("nothing", "there is no item STOEN")


@pytest.mark.parametrize("fallback", ["cancel", "backorder", "exception"])
def test_what_cannot_be_worked_out_is_told_where_units_have_no_source(world_w, fallback):
    plan = world_w(ON_HAND, base="5 / (node.transit - node.transit)", fallback=fallback).plan({"A": 1})
    assert len(plan.broken) == 2
    assert plan.broken[0].startswith("DC1: its cost term `base` cannot be worked out (rules/policy.yaml:")


def test_a_cost_of_a_line_names_the_line(world_w):
    plan = world_w(ON_HAND, terms="    rate: node.lat * 2", fallback="cancel").plan({"A": 1})
    assert plan.broken[0].startswith("DC1: its cost term `rate` for line A cannot be worked out (rules/policy.yaml:")


def test_a_broken_node_is_no_matter_where_others_serve(world_w):
    plan = world_w(ON_HAND, base='if node.id = "DC1" then node.lat else node.base').plan({"A": 1})
    assert (served_by(plan), plan.broken) == (["DC2"], ())


def test_transit_days_that_nobody_knows_are_told(world_w):
    services = "  - service: parcel\n    method: ship\n    transit days: node.lat"
    plan = world_w({"DC1": {"A": 5}}, services=services, fallback="cancel").plan({"A": 1})
    assert plan.broken[0].startswith("DC1: the transit days of parcel cannot be worked out (rules/policy.yaml:")


def test_a_pool_that_no_node_is_in_is_told(world_w):
    plan = world_w(ON_HAND, pools='  - pool: moon\n    nodes: node.type = "moon base"', fallback="cancel").plan({"A": 1})
    assert plan.broken[0].startswith("no node is in a pool of policy policy: moon (rules/policy.yaml:")


def test_no_stock_is_not_broken(world_w):
    plan = world_w({"DC1": {"A": 0}}, fallback="cancel").plan({"A": 1})
    assert (plan.outcome, plan.broken) == ("nothing", ())


@pytest.mark.parametrize("transit", ["node.transit - 9", "node.transit + 3660", "1000000000 * node.transit"])
def test_days_that_nobody_waits_for_cannot_be_worked_out(world_w, transit):
    services = f"  - service: parcel\n    method: ship\n    transit days: {transit}"
    plan = world_w(ON_HAND, services=services, fallback="cancel").plan({"A": 1})
    assert plan.broken[0].startswith("DC1: the transit days of parcel cannot be worked out (rules/policy.yaml:")


def test_trust_that_cannot_be_worked_out_is_for_a_person(world_w):
    plan = world_w(ON_HAND, trust="if node.lat = null then 1.5 else 1", fallback="cancel").plan({"A": 1})
    assert plan.outcome == "nothing"
    assert "trust in on-hand cannot be worked out" in plan.broken[0]


def test_where_nothing_can_be_worked_out_that_is_the_cause(world_w):
    plan = world_w(ON_HAND, base="node.lat").plan({"A": 1})
    assert [each.because for each in plan.unfilled] == [f"{plan.broken[0]}, and 1 more"]
    assert CANNOT in plan.broken[0]


def test_the_figures_of_what_is_missing_add_up_to_what_was_ordered(world_w):
    plan = world_w({"DC1": {"A": 8}}, fallback="backorder").plan({"A": 197}, had=3)
    [short] = plan.unfilled
    assert (short.quantity, short.because) == (
        189,
        "8 of 197 available at the nodes that may serve (of 200 ordered, 3 have a source already or were given up)",
    )
