"""Looking ahead in World W: prices worked out by hand, and what they do to a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal

from orderloom.engine.ahead import Ahead, looks_ahead, renewed
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.world import World

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)

PRICED = "  per cancelled unit:\n    cancel: 20"
LOOKING_AHEAD = "    outlook: opportunity_cost\n" + PRICED

# A unit of A costs customers around DC1, with half of a shipment's fixed cost from DC1 and four fifths of it from elsewhere:
#   DC1  0.5 x 5.00 + 1.00 handling = 3.50      DC2  0.8 x 9.00 + 1.00 handling = 8.20      not served 20.00


def _policy(world_w: Callable[..., object], stock: Mapping[str, Mapping[str, int]], terms: str = LOOKING_AHEAD) -> World:
    made = world_w(stock, base="node.base", terms=terms, fallback="cancel")
    return made.world  # type: ignore[attr-defined, no-any-return]


def _order(world: World) -> Order:
    return Order("O1", "web", MONDAY, Customer("C1"), (Line("1", "A", 1, Decimal(20)),), "USD", ship_to=Address(region="EAST"))


def _ahead(world: World, units: int, region: str = "DC1", orders: int = 1, before: Ahead | None = None) -> Ahead:
    forecast = [Expected("A", region, MONDAY.date(), 7, Decimal(units))]
    latest = [_order(world)] * orders
    return renewed(before, world.program.sourcing["policy"], forecast, orders, latest, world, MONDAY)


def _prices(world: World, units: int) -> Mapping[tuple[str, str], Decimal]:
    return _ahead(world, units).prices


def _plan(world: World, prices: Mapping[tuple[str, str], Decimal]) -> Plan:
    seen = World(world.program, world.catalog, world.stock, prices)
    return plan(world.program.sourcing["policy"], Demand(_order(world), (("1", 1),)), seen, MONDAY)


def test_units_that_are_not_enough_are_worth_what_they_save(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"A": 2}, "DC2": {"A": 2}})
    assert _prices(world, 1000) == {("A", "DC1"): Decimal("16.50"), ("A", "DC2"): Decimal("11.80")}


def test_a_near_unit_is_worth_the_way_that_it_spares(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"A": 2}, "DC2": {"A": 500}})
    assert _prices(world, 100) == {("A", "DC1"): Decimal("4.70")}


def test_what_nobody_will_want_is_worth_nothing(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"A": 500}, "DC2": {"A": 500}})
    assert _prices(world, 10) == {}


def test_without_orders_nobody_knows_the_customers(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"A": 1}})
    assert _ahead(world, 1000, orders=0).prices == {}


def test_items_and_regions_that_nobody_knows_are_left_out(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"B": 1}})
    assert _ahead(world, 1000).prices == {}
    assert _ahead(_policy(world_w, {"DC1": {"A": 1}}), 1000, region="MOON").prices == {}


def test_equal_input_gives_equal_prices_whatever_was_worked_out_before(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"A": 20}, "DC2": {"A": 5}})
    first = _ahead(world, 22)
    assert first.prices
    assert _ahead(World(world.program, world.catalog, world.stock, first.prices), 22) == first


def test_ways_are_found_anew_when_four_times_as_many_orders_are_known(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"A": 2}, "DC2": {"A": 2}})
    known, young = Ahead({}, {}, 30), Ahead({}, {}, 1)
    assert _ahead(world, 1000, orders=119, before=known) == known
    assert _ahead(world, 1000, orders=120, before=known).orders == 120
    assert _ahead(world, 1000, orders=99, before=young) == young
    assert _ahead(world, 1000, orders=100, before=young).orders == 100


def test_a_policy_looks_ahead_when_a_term_asks_for_it(world_w: Callable[..., object]) -> None:
    ahead, greedy = (_policy(world_w, {"DC1": {"A": 1}}, terms).program.sourcing["policy"] for terms in (LOOKING_AHEAD, PRICED))
    assert looks_ahead(ahead)
    assert not looks_ahead(greedy)


def test_a_unit_left_over_beside_the_floor_is_no_supply(world_w: Callable[..., object]) -> None:
    # S1 keeps 1 of its 2 for the counter; a unit from it costs 0.8 x 6.00 + 2.50 = 7.30, and 20.00 is at stake.
    world = _policy(world_w, {"S1": {"A": 2}, "S2": {"A": 1}})
    assert _prices(world, 1000) == {("A", "S1"): Decimal("12.70")}


def test_without_a_price_of_not_serving_only_the_ways_count(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"A": 2}, "DC2": {"A": 2}}, terms="    outlook: opportunity_cost")
    assert _prices(world, 1000) == {("A", "DC1"): Decimal("4.70")}


def test_the_line_in_the_policy_keeps_the_near_unit_for_those_to_whom_it_is_worth_more(world_w: Callable[..., object]) -> None:
    stock = {"DC1": {"A": 2}, "DC2": {"A": 500}}
    prices = {("A", "DC1"): Decimal("4.70")}
    greedy, ahead = (_plan(_policy(world_w, stock, terms), prices) for terms in (PRICED, LOOKING_AHEAD))
    assert [shipment.node for shipment in greedy.shipments] == ["DC1"]  # 6.00
    assert [shipment.node for shipment in ahead.shipments] == ["DC2"]  # 10.00, where DC1 counts as 10.70
    assert next(each.cost for each in ahead.candidates if each.node == "DC1") == Decimal("10.70")


def test_the_term_is_told_like_any_other_and_not_paid(world_w: Callable[..., object]) -> None:
    world = _policy(world_w, {"DC1": {"A": 2}, "DC2": {"A": 2}})
    made = _plan(world, {("A", "DC1"): Decimal("1.20"), ("A", "DC2"): Decimal("1.20")})
    assert made.terms["outlook"] == made.shipments[0].costs["outlook"] == Decimal("1.20")
    assert made.cost == Decimal("7.20")
    assert made.notional == ("outlook",)
    assert sum(made.paid.values()) == Decimal("6.00")


def test_without_an_outlook_the_line_weighs_nothing(world_w: Callable[..., object]) -> None:
    stock = {"DC1": {"A": 2}, "DC2": {"A": 2}}
    with_line, without = (_plan(_policy(world_w, stock, terms), {}) for terms in (LOOKING_AHEAD, PRICED))
    assert with_line.shipments[0].node == without.shipments[0].node
    assert with_line.cost == without.cost
    assert without.notional == ()
