"""What a node can ship on one day, by hand and by trying everything; when carriers deliver; when customers want it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.engine.ledger.stock import Entry
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.world import World

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
PARCEL = "  - service: parcel\n    method: ship\n    transit days: node.transit"
MON, TUE, WED, THU = (date(2026, 3, day) for day in (2, 3, 4, 5))


WorldW = Any  #: what the fixture `world_w` makes
Make = Callable[..., WorldW]


def planned(w: WorldW, *lines: Line, booked: Mapping[date, int] | None = None, at: datetime = MONDAY) -> Plan:
    """The plan of an order of these lines, when other orders ship so much from DC1."""
    entries = [Entry("reserve", "A", "DC1", "DC1-A", units, "O0", "1", day) for day, units in (booked or {}).items()]
    world = World(w.program, w.world.catalog, w.world.stock.post(entries))
    order = Order("O1", "web", at, Customer("C1"), lines, "USD", ship_to=Address(region="EAST"))
    return plan(w.program.sourcing["policy"], Demand(order, tuple((line.id, line.quantity) for line in lines)), world, at)


def line(quantity: int, item: str = "A", want_from: date | None = None, want_by: date | None = None) -> Line:
    return Line(item, item, quantity, Decimal(20), want_from=want_from, want_by=want_by)


def shipped(made: Plan) -> list[tuple[str, date, int]]:
    return [(s.node, s.ship_on, sum(a.quantity for a in s.allocations)) for s in made.shipments]


def with_capacity(world_w: Make, capacity: str, stock: Mapping[str, Mapping[str, int]], **variant: str) -> WorldW:
    return world_w(stock, services=f"{PARCEL}\ncapacity: {capacity}", **variant)


def test_what_does_not_fit_goes_on_the_next_working_day(world_w):
    made = planned(with_capacity(world_w, "3", {"DC1": {"A": 20}}), line(5))
    assert shipped(made) in ([("DC1", MON, 3), ("DC1", TUE, 2)], [("DC1", MON, 2), ("DC1", TUE, 3)])
    assert made.cost == Decimal("16.50"), "5 + 2 x 0.50 + 3 and 5 + 0.50 + 2"
    assert made.optimal


def test_what_others_ship_takes_room(world_w):
    w = with_capacity(world_w, "3", {"DC1": {"A": 20}})
    assert shipped(planned(w, line(2), booked={MON: 3, TUE: 1})) == [("DC1", TUE, 2)]
    assert shipped(planned(w, line(2), booked={MON: 2, TUE: 3})) in ([("DC1", MON, 1), ("DC1", WED, 1)], [("DC1", WED, 2)])


def test_the_weekend_ships_nothing(world_w):
    friday = datetime(2026, 3, 6, 10, tzinfo=UTC)
    made = planned(with_capacity(world_w, "3", {"DC1": {"A": 20}}), line(4), at=friday)
    assert [day for _, day, _ in shipped(made)] == [date(2026, 3, 6), date(2026, 3, 9)]


def test_lines_share_the_room(world_w):
    made = planned(with_capacity(world_w, "3", {"DC1": {"A": 9, "B": 9}}), line(2), line(2, "B"))
    assert [units for _, _, units in shipped(made)] in ([3, 1], [2, 2], [1, 3])


def test_another_node_takes_the_rest_where_that_is_cheaper(world_w):
    # two days from DC1: 7.50 + 6.00 = 13.50, the second of them too late; S1 has one for 8.50: 16.00
    stock = {"DC1": {"A": 20}, "S1": {"A": 2}}
    assert planned(with_capacity(world_w, 'if node.id = "DC1" then 2 else null', stock), line(3)).cost == Decimal("13.50")
    hard = with_capacity(world_w, 'if node.id = "DC1" then 2 else null', stock, limits="late: hard")
    made = planned(hard, line(3, want_by=WED))
    assert (shipped(made), made.cost) == ([("DC1", MON, 2), ("S1", MON, 1)], Decimal("16.00"))


@pytest.mark.parametrize(("units", "days"), [(30, 3), (60, 6), (100, 10)])
def test_many_days_of_a_node_are_filled_one_after_the_other(world_w, units, days):
    # a full day of DC1 costs 5 + 9 x 0.50 + 10 x 1 = 19.50; of DC2 23.50, of S1 35.50
    w = with_capacity(world_w, "10", {"DC1": {"A": 5000}, "DC2": {"A": 5000}, "S1": {"A": 40}})
    made = planned(w, line(units))
    assert (made.cost, made.gap) == (Decimal("19.50") * days, 0)
    assert [(node, count) for node, _, count in shipped(made)] == [("DC1", 10)] * days
    assert [day.toordinal() for _, day, _ in shipped(made)[:5]] == [MON.toordinal() + n for n in range(min(days, 5))]


def test_a_node_that_lost_for_want_of_room_says_so(world_w):
    stock = {"DC1": {"A": 3}, "S1": {"A": 9}}
    w = with_capacity(world_w, 'if node.id = "DC1" then 2 else null', stock, limits="shipments: 1")
    made = planned(w, line(3))
    assert shipped(made) == [("S1", MON, 3)]
    lost = [each.because for each in made.candidates if each.node == "DC1"]
    assert lost == ["no plan with it was found that it can ship on one day"]


@pytest.mark.parametrize(("capacity", "why"), [("0", "ships nothing"), ("node.base - 6", "cannot be worked out")])
def test_a_node_without_capacity_is_out(world_w, capacity, why):
    made = planned(with_capacity(world_w, capacity, {"DC1": {"A": 20}}), line(1))
    assert made.outcome == "nothing"
    assert why in made.candidates[0].because


def _ways(units: int, rooms: list[int]) -> Iterator[tuple[int, ...]]:
    if not rooms:
        if not units:
            yield ()
        return
    for here in range(min(units, rooms[0]) + 1):
        for rest in _ways(units - here, rooms[1:]):
            yield here, *rest


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 3), st.integers(0, 4), st.integers(0, 3))
def test_the_plan_is_the_cheapest_of_all_that_fit(world_w, units, capacity, booked, at_the_store, late):
    stock = {"DC1": {"A": 20}, "S1": {"A": at_the_store + 1}}
    w = with_capacity(world_w, f'if node.id = "DC1" then {capacity} else null', stock, late=str(late))
    made = planned(w, line(units, want_by=WED), booked={MON: min(booked, capacity)})
    rooms = [capacity - min(booked, capacity), *([capacity] * 6)]

    def cost(way: tuple[int, ...]) -> Decimal:
        days = [4, 5, 6, 7, 8, 11, 12]  # delivered, two days after Mon 2 ... Fri 6, Mon 9, Tue 10
        of_dc = sum(Decimal("4.5") + Decimal("1.5") * n + late * max(0, day - 4) for n, day in zip(way, days, strict=False) if n)
        return of_dc + (Decimal("5.5") + 3 * way[-1] if way[-1] else 0)

    assert made.cost == min(cost(way) for way in _ways(units, [*rooms, at_the_store]))
    assert all(n <= capacity - (min(booked, capacity) if day == MON else 0) for node, day, n in shipped(made) if node == "DC1")
    assert made.outcome == "sourced"


# --- when carriers deliver, and when customers want it -----------------------------------------------------------------

ON_WEEKDAYS = f"{PARCEL}\n    delivers on: weekdays"


@pytest.mark.parametrize(("ordered", "delivered"), [(MON, WED), (THU, date(2026, 3, 9)), (date(2026, 3, 6), date(2026, 3, 9))])
def test_a_carrier_delivers_on_its_days(world_w, ordered, delivered):
    at = datetime(ordered.year, ordered.month, ordered.day, 10, tzinfo=UTC)
    made = planned(world_w({"DC1": {"A": 9}}, services=ON_WEEKDAYS), line(1), at=at)
    assert [(s.ship_on, s.deliver_on) for s in made.shipments] == [(ordered, delivered)]
    assert f"parcel by calendar weekdays takes {(delivered - ordered).days} days" in made.shipments[0].derivation[-1]


@pytest.mark.parametrize(
    ("want_from", "ship_on", "deliver_on"),
    [
        (date(2026, 3, 4), MON, WED),
        (date(2026, 3, 6), WED, date(2026, 3, 6)),
        (date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 11)),  # from Friday it would be there on Sunday
    ],
)
def test_nothing_comes_before_it_is_wanted(world_w, want_from, ship_on, deliver_on):
    made = planned(world_w({"DC1": {"A": 9}}), line(1, want_from=want_from))
    assert [(s.ship_on, s.deliver_on) for s in made.shipments] == [(ship_on, deliver_on)]


def test_a_window_may_be_too_narrow(world_w):
    w = world_w({"DC1": {"A": 9}}, limits="late: hard")
    assert planned(w, line(1, want_from=date(2026, 3, 8), want_by=date(2026, 3, 8))).shipments[0].deliver_on == date(2026, 3, 8)
    made = planned(w, line(1, want_from=date(2026, 3, 9), want_by=date(2026, 3, 10)))
    assert made.outcome == "nothing", "what ships on Friday is there on Sunday, and on Monday on Wednesday"


def test_each_line_keeps_its_own_window(world_w):
    made = planned(world_w({"DC1": {"A": 9, "B": 9}}), line(1), line(1, "B", want_from=date(2026, 3, 6)))
    by_item = {a.item: s.deliver_on for s in made.shipments for a in s.allocations}
    assert by_item["B"] >= date(2026, 3, 6)
    assert by_item["A"] >= WED


def test_the_plan_says_when_work_may_start(world_w):
    made = planned(world_w({"DC1": {"A": 9}}), line(1, want_from=date(2026, 3, 6)))
    assert made.shipments[0].release_at == datetime(2026, 3, 4, 8, tzinfo=UTC)
