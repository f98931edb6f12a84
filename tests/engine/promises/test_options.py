"""Promise options of World W, worked out by hand.

Two A and one B to EAST, a floor of 1 at stores:

    all from DC2                 9.00 + 2 x 0.50 + 3 x 1.00                = 13.00    03-06
    A from DC1, B from S2        5.00 + 0.50 + 2 x 1.00 = 7.50, + 8.50     = 16.00    last delivery 03-04
    A from S1, B from S2         6.00 + 0.50 + 2 x 2.50 = 11.50, + 8.50    = 20.00    03-03
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from programs import program_of

from orderloom.dsl.program import Program
from orderloom.engine import views
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import Position, Stock, Supply
from orderloom.engine.order import Address, Chosen, Customer, Line, Order
from orderloom.engine.promises.options import Menu, options
from orderloom.engine.promises.quote import policy_for, quote
from orderloom.engine.world import World

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
SPLIT_OR_WAIT = {"DC1": {"A": 2}, "DC2": {"A": 5, "B": 5}, "S1": {"A": 3, "B": 1}, "S2": {"B": 2}}

RULES = """\
orderloom: 1
workspace: world-w
currency: USD
timezone: UTC
---
kind: attributes
name: world-w
node: { base: number, handling: number, transit: number }
---
kind: decision
name: sourcing-for-order
value: '"policy"'
---
kind: promising
name: world-w
supply: { on-hand: { trust: 1 } }
floor: if node.type = "store" then 1 else 0
services:
  - { service: counter, method: pickup, when: node.id = order.pickup_node, transit days: 0 }
  - { service: van, method: pickup, when: order.pickup_node != null and node.type = "dc", transit days: 3 }
  - { service: parcel, method: ship, when: order.pickup_node = null, transit days: node.transit }
OPTIONS
---
kind: sourcing
name: policy
promise by: world-w
candidates: [{ pool: all, nodes: true }]
minimise:
  per shipment: { base: 'if service = "parcel" then node.base + 0.50 * (shipment.quantity - 1) else 0' }
  per unit: { handling: 'if service = "counter" then 0 else if service = "van" then 0.75 else node.handling' }
then prefer: [fewer shipments, earlier last delivery, node id]
"""


@cache
def program(rules: str = "") -> Program:
    return program_of(RULES.replace("OPTIONS", rules))


def world(stock: Mapping[str, Mapping[str, int]], rules: str = "") -> World:
    made = program(rules)

    def node(name: str, kind: str, base: str, handling: str, transit: int) -> Node:
        own = {"base": Decimal(base), "handling": Decimal(handling), "transit": transit}
        return Node(name, kind, region="EAST", attributes=own)

    nodes = [node("DC1", "dc", "5.00", "1.00", 2), node("DC2", "dc", "9.00", "1.00", 4)]
    nodes += [node(name, "store", "6.00", "2.50", 1) for name in ("S1", "S2")]
    positions = {
        (item, at): Position(item, at, supplies=(Supply(f"{at}-{item}", item, at, "on-hand", units),))
        for at, items in stock.items()
        for item, units in items.items()
    }
    items = {name: Item(name) for name in ("A", "B")}
    return World(made, views.catalog(items, {each.id: each for each in nodes}, made.attributes), Stock(positions, {}))


def order(a: int = 2, b: int = 1, pickup: str | None = None, promise: Chosen | None = None) -> Order:
    method = "pickup" if pickup else "ship"
    lines = tuple(Line(item, item, units, Decimal(20), method) for item, units in (("A", a), ("B", b)) if units)
    place = Address(region="EAST")
    return Order("O1", "web", MONDAY, Customer("C1"), lines, "USD", ship_to=place, pickup_node=pickup, promise=promise)


def offers(menu: Menu) -> list[tuple[str, str, str, list[str]]]:
    return [
        (each.option, f"{each.price:.2f}", str(each.deliver_by)[5:], [s.node for s in each.plan.shipments])
        for each in menu.offered
    ]


def test_without_options_every_plan_that_none_beats_is_offered_at_what_it_costs() -> None:
    menu = options(order(), world(SPLIT_OR_WAIT), MONDAY)
    assert offers(menu) == [
        ("policy", "13.00", "03-06", ["DC2"]),
        ("policy", "16.00", "03-04", ["DC1", "S2"]),
        ("policy", "20.00", "03-03", ["S1", "S2"]),
    ]
    assert [each.because for each in menu.offered] == [
        "the cheapest plan",
        "the cheapest plan delivered before 2026-03-06",
        "the cheapest plan delivered before 2026-03-04",
    ]
    assert menu.offered[1].lines == {"A": date(2026, 3, 4), "B": date(2026, 3, 3)}


EXPRESS = """\
options:
  - { option: express, when: days <= 2, price: 9.90 }
  - { option: standard, price: 0 }
"""


def test_options_name_and_price_the_cheapest_plan_that_they_fit() -> None:
    menu = options(order(), world(SPLIT_OR_WAIT, EXPRESS), MONDAY)
    assert offers(menu) == [("standard", "0.00", "03-06", ["DC2"]), ("express", "9.90", "03-04", ["DC1", "S2"])]
    assert [f"{each.cost:.2f}" for each in menu.offered] == ["13.00", "16.00"]
    assert menu.offered[1].origin.startswith("rules/policy.yaml:")


def test_an_offer_that_is_no_later_and_no_dearer_beats_another() -> None:
    """Only DC1 has it, two days away: standard is as fast as express, and free."""
    menu = options(order(b=0), world({"DC1": {"A": 2}}, EXPRESS), MONDAY)
    assert offers(menu) == [("standard", "0.00", "03-04", ["DC1"])]
    assert [(each.what, each.because) for each in menu.declined] == [
        ("express, 2026-03-04 for 9.90", "standard, 2026-03-04 for 0.00, is no later and no dearer")
    ]


def test_an_option_that_no_plan_fits_is_declined() -> None:
    menu = options(order(b=0), world({"DC2": {"A": 2}}, EXPRESS), MONDAY)
    assert offers(menu) == [("standard", "0.00", "03-06", ["DC2"])]
    assert [each.what for each in menu.declined] == ["express"]
    assert menu.declined[0].because.startswith("no plan fits `days <= 2` (rules/policy.yaml:")


def test_a_price_that_cannot_be_worked_out_is_never_asked_for() -> None:
    rules = "options: [{ option: odd, price: 1 - cost }, { option: lost, price: 1 / (shipments - 1) }]\n"
    menu = options(order(b=0), world({"DC2": {"A": 2}}, rules), MONDAY)
    assert menu.offered == ()
    assert [each.because.partition(" (")[0] for each in menu.declined] == ["its price cannot be worked out"] * 2


def test_held_brought_and_shipped_stand_beside_each_other() -> None:
    """2 A: held at S1 today for nothing; shipped by DC1 for 7.50 on 03-04, or by S2 for 11.50 on 03-03."""
    stock = {"DC1": {"A": 5}, "S1": {"A": 3}, "S2": {"A": 3}}
    menu = options(order(b=0, pickup="S1"), world(stock), MONDAY)
    assert [(each.ways, f"{each.price:.2f}", str(each.deliver_by)[5:]) for each in menu.offered] == [
        (("pickup",), "0.00", "03-02"),
        (("ship",), "7.50", "03-04"),
        (("ship",), "11.50", "03-03"),
    ]


def test_what_the_store_lacks_is_brought_to_it() -> None:
    """S1 keeps its floor of 1, so the van brings two from DC1 for 0.75 each by 03-05; by parcel they come on 03-04 for 7.50."""
    menu = options(order(b=0, pickup="S1"), world({"DC1": {"A": 5}, "S1": {"A": 1}}), MONDAY)
    assert [(each.ways, f"{each.price:.2f}", str(each.deliver_by)[5:]) for each in menu.offered] == [
        (("transfer",), "1.50", "03-05"),
        (("ship",), "7.50", "03-04"),
    ]


OUTLET = """\
---
kind: division
name: outlet
orders: order.channel = "outlet-web"
"""


def test_an_order_is_offered_what_the_division_has_that_its_condition_takes_it_into() -> None:
    """It names no division, and only those of the outlet are served; so was it once it was taken in."""
    made = program_of(RULES.replace("OPTIONS", "").replace("nodes: true", 'nodes: order.division = "outlet"') + OUTLET)
    here = replace(world({"DC1": {"A": 2}}), program=made)
    outlet = replace(order(b=0), channel="outlet-web")
    assert offers(options(outlet, here, MONDAY)) == [("policy", "7.50", "03-04", ["DC1"])]
    policy, _ = policy_for(outlet, here, MONDAY)
    assert policy is not None
    assert quote(policy, outlet, here, MONDAY).outcome == "sourced"
    assert offers(options(order(b=0), here, MONDAY)) == []


def test_what_cannot_be_served_whole_is_not_offered() -> None:
    menu = options(order(a=12), world(SPLIT_OR_WAIT), MONDAY)
    assert menu.offered == ()
    assert [(each.what, each.because) for each in menu.declined] == [("the whole order by policy", "stock")]


def test_the_day_of_a_chosen_option_is_kept() -> None:
    here = world(SPLIT_OR_WAIT)
    taken = order(promise=Chosen(date(2026, 3, 4), Decimal("16.00")))
    policy, _ = policy_for(taken, here, MONDAY)
    assert policy is not None
    assert [s.node for s in quote(policy, taken, here, MONDAY).shipments] == ["DC1", "S2"]


def test_a_promise_that_can_no_longer_be_met_says_so() -> None:
    """S1 and S2 sold out meanwhile: B comes from DC2 alone, so nothing is there by 03-04."""
    here = world({"DC1": {"A": 2}, "DC2": {"A": 5, "B": 5}})
    taken = order(promise=Chosen(date(2026, 3, 4)))
    policy, _ = policy_for(taken, here, MONDAY)
    assert policy is not None
    made = quote(policy, taken, here, MONDAY)
    assert (made.outcome, made.clash, made.relaxations) == (
        "nothing",
        ("promised by 2026-03-04",),
        ("2 days after the promise: 13.00",),
    )


COUNTS = st.integers(0, 4)


@given(
    stock=st.fixed_dictionaries({at: st.fixed_dictionaries({"A": COUNTS, "B": COUNTS}) for at in ("DC1", "DC2", "S1", "S2")}),
    a=st.integers(1, 3),
    b=st.integers(0, 2),
)
@settings(max_examples=60, deadline=None)
def test_for_every_day_the_cheapest_plan_by_then_is_among_the_offers(stock: dict[str, dict[str, int]], a: int, b: int) -> None:
    here, asked = world(stock), order(a, b)
    offered = options(asked, here, MONDAY).offered
    policy, _ = policy_for(asked, here, MONDAY)
    assert policy is not None
    for day in (date(2026, 3, day) for day in range(2, 8)):
        best = quote(policy, asked, here, MONDAY, day)
        costs = [each.cost for each in offered if each.deliver_by <= day]
        assert min(costs, default=None) == (best.cost if best.outcome == "sourced" else None)
    pairs = [(each.price, each.deliver_by) for each in offered]
    assert pairs == sorted(pairs)
    assert [day for _, day in pairs] == sorted({day for _, day in pairs}, reverse=True)
