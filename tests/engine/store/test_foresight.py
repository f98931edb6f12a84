"""What a store sees ahead: made by a worker when it is due, kept in the store, seen by every order's turn."""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal

import pytest
import toy
from msgspec.structs import replace
from programs import program_of
from shop import Shop, stocked

from orderloom.dsl.program import Program
from orderloom.engine.advance import Step
from orderloom.engine.events import Event
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.foresight import Foresight, opportunity_costs, put_forecast
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.state import OrderState
from orderloom.engine.store import tables
from orderloom.engine.world import World

NEXT_DAY = toy.START + timedelta(days=1)

_POLICY = """\
kind: promising
name: toys
supply:
  on-hand: { trust: 1 }
services:
  - service: ground
    method: ship
    transit days: 1
---
kind: sourcing
name: toys
promise by: toys
candidates:
  - pool: all
    nodes: true
minimise:
  per shipment:
    parcel: 'if node.id = "N0" then 4 else 10'
  per unit:
    OUTLOOK
    handling: 1
  per cancelled unit:
    cancel: 30
if nothing fits: cancel
"""

# For the customers around N0 a unit costs 4 / 2 + 1 = 3 from N0, 10 x 4 / 5 + 1 = 9 from elsewhere; not served 30.
SCARCE = {("I000", "N0"): Decimal("27.00"), ("I000", "N1"): Decimal("21.00"), ("I000", "N2"): Decimal("21.00")}


def _program(*_sources: object, line: str = "outlook: opportunity_cost") -> Program:
    made = program_of(_POLICY.replace("OUTLOOK", line))
    return replace(toy.program(), sourcing=made.sourcing, promising=made.promising)


def _greedy(*_sources: object) -> Program:
    return _program(line="packing: 0")


def _kept(shop: Shop) -> dict[tuple[str, str], Decimal]:
    with shop.store.reading() as connection:
        return opportunity_costs(connection, shop.store.shard, {"I000"})


def _seen(seen: Foresight, shop: Shop) -> dict[tuple[str, str], Decimal]:
    with shop.store.reading() as connection:
        return dict(seen.costs(connection, {"I000"}))


def _begun(units: int) -> Shop:
    """A store with a forecast for one item, whose first order has been through, and another waits."""
    shop = stocked("sqlite://")
    put_forecast(shop.store, [Expected("I000", "N0", toy.START.date(), 60, Decimal(units))])
    shop.capture(1)
    shop.worker().run_until_idle()
    shop.capture(2)
    return shop


def test_nothing_is_seen_before_the_first_order() -> None:
    shop = stocked("sqlite://")
    put_forecast(shop.store, [Expected("I000", "N0", toy.START.date(), 60, Decimal(1000))])
    Foresight(shop.store, Programs(shop.store, _program)).look(toy.START)
    assert _kept(shop) == {}


def test_what_one_worker_has_made_another_one_takes() -> None:
    shop = _begun(1000)
    first, second = (Foresight(shop.store, Programs(shop.store, _program)) for _ in range(2))
    first.look(NEXT_DAY)
    assert _seen(first, shop) == _kept(shop) == SCARCE
    with shop.store.writing() as connection:  # what is left of the forecast would now give other prices
        connection.execute(tables.forecast.delete())
    second.look(NEXT_DAY + timedelta(hours=23))
    assert _seen(second, shop) == SCARCE


def test_where_no_order_is_to_begin_there_is_no_need_to_look() -> None:
    shop = _begun(1000)
    shop.worker().run_until_idle()
    seen = Foresight(shop.store, Programs(shop.store, _program))
    seen.look(NEXT_DAY)
    assert _seen(seen, shop) == _kept(shop) == {}


def test_after_a_day_it_is_made_anew() -> None:
    shop = _begun(1000)
    seen = Foresight(shop.store, Programs(shop.store, _program))
    seen.look(NEXT_DAY)
    seen.look(toy.START + timedelta(days=61))  # the forecast is over
    assert _seen(seen, shop) == _kept(shop) == {}


def test_a_policy_without_the_line_sees_nothing() -> None:
    shop = _begun(1000)
    seen = Foresight(shop.store, Programs(shop.store, _greedy))
    seen.look(NEXT_DAY)
    assert _seen(seen, shop) == _kept(shop) == {}


def test_the_very_first_order_sees_ahead_of_itself_and_later_ones_too() -> None:
    found: list[object] = []

    def advance(world: World, state: OrderState | None, event: Event) -> Step:
        order = state.order if state else event.order  # type: ignore[attr-defined]
        if "I000" in {line.item for line in order.lines}:
            found.append(world.opportunity_costs.get(("I000", "N0")))
        return toy.advance(world, state, event)

    shop = stocked("sqlite://")
    put_forecast(shop.store, [Expected("I000", "N0", toy.START.date(), 60, Decimal(1000))])
    shop.capture(1, 2, 3)
    clock = SimulatedClock(shop.store, timedelta(hours=1))
    Worker(shop.store, Programs(shop.store, _program), {"partner": shop.partner}, clock, advance).run_until_idle()
    assert len(found) > 1 and set(found) == {Decimal("27.00")}


def test_what_cannot_be_worked_out_leaves_the_prices_as_they_are(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shop = _begun(1000)
    seen = Foresight(shop.store, Programs(shop.store, _program))
    seen.look(NEXT_DAY)
    monkeypatch.setitem(sys.modules, "highspy", None)  # as where the solver cannot be loaded
    monkeypatch.delitem(sys.modules, "orderloom.engine.ahead.duals", raising=False)
    for later in (1, 2):
        seen.look(NEXT_DAY + timedelta(days=later))
    assert _seen(seen, shop) == SCARCE
    assert [record.message for record in caplog.records] == ["looking ahead failed; the prices stay as they are"] * 2
