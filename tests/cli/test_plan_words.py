"""A plan in words: what is money, what weighs without being paid, and what was compared before cost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from orderloom.cli.plan_words import plan_words
from orderloom.engine.plan import Allocation, Plan, PlannedShipment

TERMS = {"parcel": Decimal("9.00"), "outlook": Decimal("1.20")}
SHIPMENT = PlannedShipment(
    node="DC1",
    service="GROUND",
    method="ship",
    supply_type="on-hand",
    release_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
    ship_on=date(2026, 3, 2),
    deliver_on=date(2026, 3, 4),
    allocations=(Allocation("1", "A", 1, "S", "on-hand"),),
    costs=TERMS,
    derivation=(),
)


def test_what_nobody_pays_is_named_and_in_no_sum() -> None:
    plan = Plan("p", "a.yaml:1", "sourced", (SHIPMENT,), (), Decimal("10.20"), TERMS, notional=("outlook",))
    assert list(plan_words(plan, "USD")) == [
        "policy p (a.yaml:1): sourced for 9.00 USD",
        "  parcel: 9.00",
        "  outlook: 1.20, which weighs in the choice and is not paid",
        "from DC1 by GROUND, ship 2026-03-02, deliver 2026-03-04: 9.00",
        "  line 1: 1 of A, on-hand supply S",
        "  parcel: 9.00",
        "  outlook: 1.20, not paid",
    ]


def test_goals_are_told() -> None:
    plan = Plan("p", "a.yaml:1", "nothing", (), (), Decimal(0), {}, goals={"fill": 2, "shipments": 0})
    assert list(plan_words(plan, "USD"))[1] == "  compared before cost: fill 2, shipments 0"
