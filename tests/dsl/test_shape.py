"""What an expression's shape says of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orderloom.dsl.entities import ENTITIES
from orderloom.dsl.feel import Scope, parse
from orderloom.dsl.feel.types import ANY, BOOLEAN
from orderloom.dsl.shape import Shape, shape
from orderloom.engine.order import Customer, Order
from orderloom.engine.views import heading_view

NAMES = ("order", "now", "shipment", "node", "lane", "service", "line", "days_late", "left", "item", "rate")


def shape_of(text: str) -> Shape:
    tree, problems = parse(text, Scope(dict.fromkeys(NAMES, ANY)))
    assert tree is not None, problems
    return shape(tree)


@pytest.mark.parametrize(
    "text",
    [
        "node.base + 0.50 * (shipment.quantity - 1)",
        'if service = "hand-over" then 0 else rate(lane.zone) * (8.759 + lane.zone * shipment.weight)',
        "-shipment.weight / 2 + 3 * shipment.quantity",
        "2.00 * shipment.days_late",
        "node.handling",
        "if left < 2 then 4 else 0",
        "min(node.base, 5)",
    ],
)
def test_costs_that_grow_in_proportion_are_linear(text):
    assert shape_of(text).linear


@pytest.mark.parametrize(
    "text",
    [
        "shipment.weight * shipment.quantity",
        "10 / shipment.quantity",
        "shipment.weight ** 2",
        "ceiling(shipment.weight / 10)",
        "rate(shipment.weight)",
        "if shipment.weight > 10 then 5 else 0",
        "if days_late > 0 then 2 + days_late else 0",
        "sum(for l in shipment.lines return l.quantity)",
        "count(shipment.lines)",
        "[shipment][1].weight",
    ],
)
def test_others_are_not(text):
    assert not shape_of(text).linear


def test_the_paths_that_are_read():
    found = shape_of('if node.type = "store" then rate(lane.zone.rate) + item.price else left').reads
    assert found == {("node", "type"), ("rate",), ("lane", "zone", "rate"), ("item", "price"), ("left",)}


@pytest.mark.parametrize(
    ("text", "linewise"),
    [
        ("every l in shipment.lines satisfies not(l.item.ground_only)", True),
        ("node.open and every l in shipment.lines satisfies not(l.item.ground_only)", True),
        ("node.open and every l in shipment.lines satisfies l.quantity < 5", False),
        ("node.open", True),
        ("shipment.weight < 70", False),
        ("some l in shipment.lines satisfies l.item.ground_only", False),
        ("every l in shipment.lines satisfies shipment.weight < 70", False),
        ("node.open or every l in shipment.lines satisfies l.quantity < 5", False),
    ],
)
def test_a_linewise_condition_holds_for_a_shipment_as_it_holds_for_its_lines(text, linewise):
    assert shape_of(text).linewise is linewise


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("if load > node.capacity_per_day then 1.50 else 0", {"load"}),
        ("if 2 >= left then 1 else 0", {"left"}),
        ("if left > load then 1 else 0", {"left", "load"}),
        ("if load = 3 then 1 else 0", set()),
        ("if load > 3 then load else 0", set()),
        ("if load > load * 2 - 3 then 1 else 0", set()),
        ("if node.open then load else 0", set()),
    ],
)
def test_what_is_only_compared_once_changes_the_value_once_at_most(text, turns):
    assert shape_of(text).turns == turns


@pytest.mark.parametrize(
    ("text", "of_heading"),
    [
        ("order.total >= 5000", True),
        ('order.ship_to.zip = "10001" and order.placed_at < now', True),
        ('order.placed_at + duration("P1D")', False),  # a function may be the analyst's own decision
        ('order.status = "picked"', False),
        ("count(order.lines) > 3", False),
        ("order.delivered_quantity > 0", False),
        ("order = null", False),
        ("line.quantity > 3", False),
        ("some order in [order] satisfies order.total > 1", False),
        ("true", True),
    ],
)
def test_what_an_order_says_of_itself_is_neither_its_lines_nor_what_becomes_of_it(text, of_heading):
    assert shape_of(text).of_heading is of_heading


def test_what_becomes_of_an_order_is_every_field_that_its_heading_has_not():
    order = Order("o-1", "web", datetime(2026, 1, 1, tzinfo=UTC), Customer("c-1", "A. Customer"), (), "USD")
    heading = heading_view(order, {"order": {"gift": BOOLEAN}})
    for field in (*ENTITIES["order"], "gift"):
        assert shape_of(f"order.{field}").of_heading is (field in heading), field
