"""Orders become demand by item, region and week, and that an expectation of the next weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from orderloom.engine import views
from orderloom.engine.catalog import Node
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.forecast.history import overlap, proposed, region_of, up_to, weekly
from orderloom.engine.order import Address, Customer, Line, Order

TODAY = date(2026, 3, 16)
NODES = {
    "DC1": Node("DC1", "dc", region="EAST", lat=Decimal(40), lon=Decimal(-75)),
    "DC2": Node("DC2", "dc", region="WEST", lat=Decimal(34), lon=Decimal(-118)),
}
CATALOG = views.catalog({}, NODES, {})
REGIONS = ("DC1", "DC2")


def order(day: int, units: int, item: str = "A", **more: object) -> Order:
    lines = (Line("1", item, units, Decimal(1)),)
    fields = {"ship_to": Address(lat=Decimal(41), lon=Decimal(-74))} | more
    return Order(f"{item}{day}", "web", datetime(2026, 3, day, 10, tzinfo=UTC), Customer("C"), lines, "USD", **fields)  # type: ignore[arg-type]


def test_whole_weeks_are_counted_back_from_today() -> None:
    # the first order was 15 days ago: two whole weeks, 03-02 to 03-08 and 03-09 to 03-15, and a day before them
    history = weekly([order(1, 50), order(2, 3), order(8, 4), order(9, 5), order(15, 6), order(16, 90)], REGIONS, CATALOG, TODAY)
    assert history == {("A", "DC1"): [7, 11]}


def test_a_week_without_demand_counts() -> None:
    history = weekly([order(2, 3), order(9, 1, "B")], REGIONS, CATALOG, TODAY)
    assert history == {("A", "DC1"): [3, 0], ("B", "DC1"): [0, 1]}


def test_less_than_a_week_says_nothing() -> None:
    assert weekly([order(12, 3)], REGIONS, CATALOG, TODAY) == {}


def test_a_region_is_where_it_is_picked_up_or_the_nearest() -> None:
    west = Address(lat=Decimal(33), lon=Decimal(-117))
    assert region_of(order(2, 1, pickup_node="DC1", ship_to=west), REGIONS, CATALOG) == "DC1"
    assert region_of(order(2, 1, ship_to=west), REGIONS, CATALOG) == "DC2"
    assert region_of(order(2, 1, ship_to=Address(region="WEST")), REGIONS, CATALOG) == "DC2"
    assert region_of(order(2, 1, ship_to=None, selling_node="DC1"), REGIONS, CATALOG) == "DC1"
    assert region_of(order(2, 1, ship_to=None, selling_node="S9"), REGIONS, CATALOG) is None


def test_the_next_weeks_begin_today() -> None:
    # level 12, trend 2 after the second of 10 and 12
    assert proposed({("A", "DC1"): [10, 12]}, TODAY, 2) == (
        Expected("A", "DC1", date(2026, 3, 16), 7, Decimal("14.00")),
        Expected("A", "DC1", date(2026, 3, 23), 7, Decimal("16.00")),
    )


def test_what_is_in_force_is_cut_and_measured_by_its_days() -> None:
    month = Expected("A", "DC1", date(2026, 3, 1), 30, Decimal(60))  # two a day
    assert overlap(month, date(2026, 3, 16), 7) == 14
    assert overlap(month, date(2026, 3, 30), 7) == 2
    assert up_to([month], TODAY) == (Expected("A", "DC1", date(2026, 3, 1), 15, Decimal(30)),)
    assert up_to([month], date(2026, 4, 30)) == (month,)
    assert up_to([month], date(2026, 3, 1)) == ()
