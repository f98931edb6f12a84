"""What is browsed is what is promised: the same function, asked without an order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from programs import program_of

from orderloom.dsl.program import Program
from orderloom.engine import views
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import Position, Stock, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.promising.browse import browsed
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.world import World

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
MARCH_5 = date(2026, 3, 5)

RULES = """\
kind: promising
name: shop
supply:
  on-hand: { trust: 1 }
  in-transit: { trust: 1, days after due: 1 }
floor: if method = "pickup" then 2 else lane.kept
lane:
  kept: if node.type = "store" then 1 else 0
services:
  - service: parcel
    method: ship
    transit days: 2
---
kind: sourcing
name: cheapest
promise by: shop
candidates: [{ pool: all-nodes, nodes: true }]
minimise: { per shipment: { base: 5 } }
then prefer: [node id]
if nothing fits: backorder
"""


PROGRAM = program_of(RULES)


def world(*supplies: Supply, known: Program = PROGRAM) -> World:
    catalog = views.catalog({"A": Item("A", weight=Decimal(1))}, {"S": Node("S", "store")}, known.attributes)
    return World(known, catalog, Stock({("A", "S"): Position("A", "S", supplies=supplies)}, {}))


def on_hand(quantity: int, reserved: int = 0) -> Supply:
    return Supply("H", "A", "S", "on-hand", quantity, None, reserved)


@pytest.mark.parametrize(("method", "total"), [("ship", 4), ("pickup", 3)])
def test_the_floor_is_that_of_the_method(method, total):
    assert browsed(world(on_hand(5)), "A", "S", method, MONDAY).total == total


def test_what_comes_counts_from_its_day():
    found = browsed(world(on_hand(2), Supply("T", "A", "S", "in-transit", 5, MARCH_5)), "A", "S", "ship", MONDAY)
    assert [found.by(date(2026, 3, day)) for day in (2, 5, 6)] == [1, 1, 6]
    assert found.why == "availability 6 (2 on hand + 5 in transit - floor 1)"


@pytest.mark.parametrize(("item", "node"), [("B", "S"), ("A", "T")])
def test_what_nobody_knows_has_nothing(item, node):
    assert browsed(world(on_hand(5)), item, node, "ship", MONDAY).free == ()


def test_a_rule_that_reads_the_order_reads_null():
    known = program_of(RULES.replace('method = "pickup"', 'order.channel = "web"'))
    assert browsed(world(on_hand(5), known=known), "A", "S", "ship", MONDAY).total == 4


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.sampled_from(["ship", "pickup"]))
def test_what_is_browsed_is_what_is_promised(there, reserved, coming, method):
    here = world(on_hand(there + reserved, reserved), Supply("T", "A", "S", "in-transit", coming, MARCH_5))
    shown = browsed(here, "A", "S", method, MONDAY).total
    line = Line("1", "A", 50, Decimal(20), method=method)
    order = Order("O", "web", MONDAY, Customer("C"), (line,), "USD", ship_to=Address(region="EAST"))
    made = plan(PROGRAM.sourcing["cheapest"], Demand(order, (("1", 50),)), here, MONDAY)
    assert sum(a.quantity for s in made.shipments for a in s.allocations) == shown


SECOND = """\
---
kind: promising
name: pledge
supply: { on-hand: { trust: 0.5 } }
services: [{ service: van, method: ship, transit days: 1 }]
---
kind: sourcing
name: by-pledge
promise by: pledge
candidates: [{ pool: all-nodes, nodes: true }]
minimise: { per shipment: { base: 5 } }
then prefer: [node id]
if nothing fits: backorder
---
kind: decision
name: sourcing-for-order
"""


@pytest.mark.parametrize(
    ("decided", "total"),
    [
        ("value: '\"by-pledge\"'\n", 2),
        ('value: if order.channel = "web" then "cheapest" else "by-pledge"\n', 2),
        ('value: if order.channel = null then "cheapest" else "by-pledge"\n', 4),
        ('value: if order.channel = "web" then "by-pledge" else null\n', 4),
    ],
)
def test_of_several_rules_those_count_by_which_an_unknown_order_would_be_promised(decided, total):
    known = program_of(RULES + SECOND + decided)
    assert browsed(world(on_hand(5), known=known), "A", "S", "ship", MONDAY).total == total
