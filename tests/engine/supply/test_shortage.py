"""Shortages and what is proposed against them: figures by hand, and the laws of pegging."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import program_of

from orderloom.engine import views
from orderloom.engine.catalog import Item, Node
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.ledger.stock import Position, Stock, Supply
from orderloom.engine.supply.projection import Movement, projected
from orderloom.engine.supply.shortage import Shortage, proposals, shortage
from orderloom.engine.supply_order import Peg, SupplyOrder
from orderloom.engine.world import World

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
TODAY = date(2026, 3, 2)
FRIDAY = date(2026, 3, 6)

_RULES = """\
kind: calendar
name: weekdays
timezone: UTC
hours: { mon-fri: 08:00-18:00 }
closed: []
---
kind: promising
name: plain
supply: { on-hand: { trust: 1 }, on-order: { trust: 0.4 } }
floor: 2
services: [{ service: parcel, method: ship, transit days: 2 }]
---
kind: replenishment
name: all
when: node.id = "DC1"
ways:
  - { purchase from: V1, lead days: 4, minimum: 10, multiple: 4, price: 41 }
  - { purchase from: V2, lead days: 3, price: 47 }
  - { transfer from: DC2, transit days: 1 }
"""


PROGRAM = program_of(_RULES)


def world(dc2: int, *supplies: Supply) -> World:
    nodes = {name: Node(name, "dc", cutoff=time(14), calendar="weekdays") for name in ("DC1", "DC2")}
    nodes |= {name: Node(name, "vendor", calendar="weekdays") for name in ("V1", "V2")}
    there = Supply("here", "R16", "DC2", "on-hand", dc2)
    positions = {
        ("R16", "DC1"): Position("R16", "DC1", supplies=supplies),
        ("R16", "DC2"): Position("R16", "DC2", supplies=(there,)),
    }
    return World(PROGRAM, views.catalog({"R16": Item("R16")}, nodes, {}), Stock(positions, {}))


def on_hand(units: int, reserved: int = 0) -> Supply:
    return Supply("here", "R16", "DC1", "on-hand", units, reserved=reserved)


def made(at: World, waiting: tuple[Peg, ...] = (), expected: tuple[Expected, ...] = ()) -> list[tuple[str, int, int]]:
    return [(each.source, each.quantity, each.pegged) for each in proposals("R16", "DC1", waiting, expected, 1, at, MONDAY)]


def test_nothing_is_short_at_the_floor() -> None:
    assert made(world(0, on_hand(2))) == []
    assert made(world(0, on_hand(5, reserved=3))) == []


def test_what_is_missing_now_comes_by_the_earliest_way_as_none_is_in_time() -> None:
    # floor 2, 1 there, 3 wait: 4 short. DC2 keeps its own floor and gives 2 (Tue), V2 the rest (Thu), before V1 (Fri)
    waiting = (Peg("A", "1", 1), Peg("B", "1", 2))
    assert made(world(4, on_hand(1)), waiting) == [("DC2", 2, 2), ("V2", 2, 1)]


def test_in_time_the_cheapest_of_all_that_must_be_ordered_counts() -> None:
    # 6 there, 2 a day are expected: 2 left on Wed 03-04, the floor; before V1 comes on Fri it falls to 6 - 8 = -2, 4 short.
    # The balance is below the floor by the end of its segment, Fri: V1 is in time, but 12 x 41 = 492 are more than 4 x 47 = 188
    expected = (Expected("R16", "DC1", TODAY, 10, Decimal(20)),)
    assert made(world(0, on_hand(6)), expected=expected) == [("V2", 4, 0)]
    # 16 short: V1 has 16 x 41, a multiple of 4, and is cheaper
    many = (Expected("R16", "DC1", TODAY, 10, Decimal(50)),)
    assert made(world(0, on_hand(6)), expected=many) == [("V1", 16, 0)]


def test_supply_that_comes_in_time_counts() -> None:
    coming = Supply("PO", "R16", "DC1", "on-order", 10, date(2026, 3, 4))
    expected = (Expected("R16", "DC1", TODAY, 10, Decimal(20)),)
    assert made(world(0, on_hand(6), coming), expected=expected) == []


def test_a_shortage_begins_where_the_balance_falls_below_the_floor() -> None:
    days = projected(5, [Movement(date(2026, 3, 4), "demand", 4, "A"), Movement(FRIDAY, "supply", 9, "P")], TODAY, FRIDAY)
    assert shortage(days, (), 2, FRIDAY) == Shortage(1, date(2026, 3, 4))
    assert shortage(days, (), 1, FRIDAY) is None


@pytest.mark.parametrize(("quantity", "total"), [(1, 41), (10, 410)])
def test_a_total_is_quantity_times_price(quantity: int, total: int) -> None:
    order = SupplyOrder("P", "purchase", "R16", "V1", "DC1", quantity, FRIDAY, MONDAY, "purchase from V1", "r:1", Decimal(41))
    assert order.total == total


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 9), st.integers(0, 12), st.lists(st.integers(1, 9), max_size=4), st.integers(0, 60))
def test_what_is_proposed_ends_the_shortage_and_pegs_no_more_than_it_has(
    here: int, there: int, waiting: list[int], expected: int
) -> None:
    pegs = tuple(Peg(f"O{n}", "1", units) for n, units in enumerate(waiting))
    ahead = (Expected("R16", "DC1", TODAY, 10, Decimal(expected)),)
    found = proposals("R16", "DC1", pegs, ahead, 1, world(there, on_hand(here)), MONDAY)
    short = 2 - (here - sum(waiting) - Decimal(expected) * 4 / 10)
    assert sum(each.quantity for each in found) >= max(0, short)
    assert bool(found) == (short > 0)
    assert all(0 < each.quantity >= each.pegged for each in found)
    assert sum(each.pegged for each in found) <= sum(waiting)
    assert sum(each.quantity for each in found if each.kind == "transfer") <= max(0, there - 2)
    assert len({each.id for each in found}) == len(found)
