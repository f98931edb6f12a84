"""By when a customer should have everything."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from msgspec.structs import replace

from orderloom.engine.order import Customer, Line, Order
from orderloom.engine.plan import Allocation, PlannedShipment
from orderloom.engine.promises.overdue import awaited_on
from orderloom.engine.state import Instance, OrderState, Promise, Waiting
from orderloom.engine.unit import Unit, UnitLine

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOON, LATER = date(2026, 3, 4), date(2026, 3, 9)
ORDER = Order("W1", "web", AT, Customer("C1"), (Line("1", "TEE", 2, Decimal(9)),), "USD")


def unit(id: str, promised_on: date | None, method: str = "ship") -> Unit:
    lines = (UnitLine("1", "TEE", 1, "OH"),)
    return Unit(id, "DC1", method, "ground", "on-hand", lines, AT, SOON, LATER, promised_on=promised_on)


def promise(day: date, version: int = 1) -> Promise:
    return Promise("1", 2, "DC1", SOON, day, AT, version, ())


def state(*units: Unit, planned: tuple[PlannedShipment, ...] = ()) -> OrderState:
    return OrderState(ORDER, "p", units={each.id: each for each in units}, promises=(promise(SOON),), planned=planned)


def test_the_earliest_day_of_what_is_awaited_counts() -> None:
    assert awaited_on(state(unit("W1-1", LATER), unit("W1-2", SOON))) == SOON


def test_what_has_come_or_was_given_back_is_awaited_no_more() -> None:
    come, back = replace(unit("W1-1", SOON), outcome="delivered"), replace(unit("W1-2", SOON), released=True)
    assert awaited_on(state(come, back)) is None
    assert awaited_on(state(come, back, unit("W1-3", LATER))) == LATER


def test_units_sourced_again_keep_the_day_of_those_before() -> None:
    before = replace(unit("W1-1", SOON), released=True)
    again = replace(unit("W1-2", None), parent="W1-1")
    assert awaited_on(state(before, again)) == SOON


def test_a_pickup_that_waits_for_its_customer_is_not_awaited() -> None:
    found = state(unit("W1-1", SOON, "pickup"))
    assert awaited_on(found) == SOON
    at = {"W1-1": Instance("W1-1", "pick-up", "collect", 4, Waiting("event", "collected"))}
    assert awaited_on(replace(found, instances=at)) is None
    shipped = replace(found, units={"W1-1": unit("W1-1", SOON)}, instances=at)
    assert awaited_on(shipped) == SOON


def test_what_is_planned_is_awaited_by_the_first_version_of_its_promise() -> None:
    part = Allocation("1", "TEE", 2, "PO1", "on-order")
    shipment = PlannedShipment("DC1", "ground", "ship", "on-order", AT, SOON, LATER, (part,), {}, ())
    found = state(planned=(shipment,))
    assert awaited_on(replace(found, promises=(promise(SOON), promise(LATER, 2)))) == SOON


def test_nothing_is_awaited_that_was_not_promised() -> None:
    assert awaited_on(replace(state(unit("W1-1", SOON)), promises=())) is None
