"""Availability by hand: trust, reservations, floors, dates, quarantine, and why it is what it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.dsl.program import GOOD_ALONE, ClassRule, Formula, Origin, Promising, SupplyRule
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.promising.availability import Availability, Free, availability
from orderloom.engine.promising.why import in_full

HERE = Origin("promising.yaml", 1)
MARCH_5 = date(2026, 3, 5)


def promising(floor: object = 0, **trust: str) -> Promising:
    rules = {"on-hand": ("1", 0), "in-transit": ("1", 1), "on-order": ("0.4", 1)} | {k: (v, 0) for k, v in trust.items()}
    supply = {name: SupplyRule(name, Decimal(share), days, HERE) for name, (share, days) in rules.items()}
    return Promising("p", "p", supply, Formula("floor", HERE, lambda context: floor), None, None, {}, (), HERE)


def supply(name: str, kind: str, quantity: int, due: date | None = None, reserved: int = 0, stock_class: str = "good") -> Supply:
    return Supply(name, "A", "N", kind, quantity, due, reserved, stock_class)


def available(*supplies: Supply, floor: object = 0, quarantined: bool = False) -> Availability:
    position = Position("A", "N", quarantined=quarantined, supplies=supplies)
    return availability(position, promising(floor), {}, "A", "N")


def test_the_floor_is_kept():
    found = available(supply("H", "on-hand", 1), floor=1)
    assert (found.total, found.why) == (0, "availability 0 (1 on hand - floor 1)")


def test_reservations_count():
    found = available(supply("H", "on-hand", 2, reserved=1), floor=1)
    assert (found.total, found.why) == (0, "availability 0 (2 on hand - 1 reserved - floor 1)")


def test_what_is_on_its_way_counts_from_the_day_after_it_is_due():
    found = available(supply("H", "on-hand", 2), supply("PO", "in-transit", 5, MARCH_5))
    assert found.free == (Free("H", "on-hand", 2, date.min), Free("PO", "in-transit", 5, date(2026, 3, 6)))
    assert [found.by(date(2026, 3, day)) for day in (2, 5, 6)] == [2, 2, 7]
    assert found.why == "availability 7 (2 on hand + 5 in transit)"


def test_a_share_of_an_order_is_trusted_rounded_down():
    found = available(supply("PO", "on-order", 10, MARCH_5, reserved=1))
    assert found.total == 3, "10 x 40 % = 4, less the one that is pegged"
    assert found.why == "availability 3 (10 on order - 1 reserved - 6 not trusted)"


def test_more_reserved_than_trusted_takes_nothing_from_other_supplies():
    found = available(supply("H", "on-hand", 2), supply("PO", "on-order", 10, MARCH_5, reserved=9))
    assert found.free == (Free("H", "on-hand", 2, date.min),)


def test_the_floor_is_kept_out_of_the_earliest_supplies():
    found = available(supply("PO", "in-transit", 5, MARCH_5), supply("H", "on-hand", 2), floor=3)
    assert found.free == (Free("PO", "in-transit", 4, date(2026, 3, 6)),)


@pytest.mark.parametrize(("floor", "total"), [(Decimal("1.2"), 3), (-4, 5), (9, 0), (None, 0), ("three", 0)])
def test_floors_are_whole_units_and_never_below_none(floor, total):
    assert available(supply("H", "on-hand", 5), floor=floor).total == total


def test_a_floor_that_cannot_be_worked_out_promises_nothing():
    assert available(supply("H", "on-hand", 5), floor=None).why == "availability 0 (the floor cannot be worked out)"


def test_quarantine_promises_nothing_until_the_recount():
    found = available(supply("H", "on-hand", 5), supply("PO", "in-transit", 5, MARCH_5), quarantined=True)
    assert (found.total, found.why) == (0, "availability 0 (5 on hand, in quarantine until a recount)")


def test_other_stock_classes_and_unnamed_supply_types_do_not_count():
    found = available(supply("R", "on-hand", 5, stock_class="returned"), supply("X", "rumour", 5, MARCH_5))
    assert found.total == 0


def test_no_position_is_no_stock():
    found = availability(None, promising(), {}, "A", "N")
    assert (found.total, found.why) == (0, "availability 0 (none on hand, none expected)")


SUPPLIES = st.lists(
    st.builds(
        lambda n, kind, quantity, reserved, day: supply(
            f"S{n}", kind, quantity + reserved, None if kind == "on-hand" else date(2026, 3, day), reserved
        ),
        st.integers(0, 99), st.sampled_from(["on-hand", "in-transit", "on-order"]), st.integers(0, 9), st.integers(0, 3),
        st.integers(1, 20),
    ),
    unique_by=lambda each: each.id,
)  # fmt: skip


@given(SUPPLIES, st.integers(0, 12))
def test_the_sum_of_the_formula(supplies, floor):
    trust = {"on-hand": 1, "in-transit": 1, "on-order": Decimal("0.4")}
    counted = [max(0, int(each.quantity * trust[each.type]) - each.reserved) for each in supplies]
    found = available(*supplies, floor=floor)
    assert found.total == max(0, sum(counted) - floor)
    assert all(free.quantity > 0 for free in found.free)
    assert [free.usable_on for free in found.free] == sorted(free.usable_on for free in found.free)
    unreserved = {each.id: each.unreserved for each in supplies}
    assert all(free.quantity <= unreserved[free.supply] for free in found.free)


# --- rules that are expressions -----------------------------------------------------------------------------------------


def by_rule(trust: object = Decimal(1), floor: object = 0, **classes: object) -> Promising:
    """Trust and classes that are values stand as they are; functions are asked with the context."""
    kinds = ("on-hand", "in-transit", "on-order", "pre-order")
    share = Formula("trust", HERE, trust) if callable(trust) else trust
    named = {name: ClassRule(name, Formula(name, HERE, when) if callable(when) else None, HERE) for name, when in classes.items()}
    return replace(
        promising(floor), supply={kind: SupplyRule(kind, share, 0, HERE) for kind in kinds}, stock_classes=named or GOOD_ALONE
    )


def asked(rules: Promising, *supplies: Supply, method: str = "ship", node: str = "dc") -> Availability:
    context = {"method": method, "node": {"type": node}}
    return availability(Position("A", "N", supplies=supplies), rules, context, "A", "N")


def test_trust_may_depend_on_the_method_and_the_supply():
    def trust(context):
        due = context["supply"]["due_on"]
        return Decimal(0) if context["method"] == "pickup" and due else Decimal("0.9") if due else Decimal(1)

    supplies = supply("H", "on-hand", 3), supply("T", "in-transit", 15, MARCH_5)
    assert asked(by_rule(trust), *supplies).why == "availability 16 (3 on hand + 15 in transit - 2 not trusted)"
    assert asked(by_rule(trust), *supplies, method="pickup").total == 3


@pytest.mark.parametrize("value", [None, Decimal("1.1"), Decimal("-0.1"), "much", True])
def test_a_trust_that_is_no_share_promises_nothing(value):
    found = asked(by_rule(lambda context: value), supply("H", "on-hand", 5))
    assert (found.total, found.why) == (
        0,
        "availability 0 (none on hand; 5 not counted: trust in on-hand cannot be worked out, a number from 0 to 1)",
    )


@pytest.mark.parametrize(("method", "node", "total"), [("ship", "dc", 7), ("pickup", "dc", 4), ("ship", "store", 4)])
def test_a_stock_class_counts_where_its_rule_says_so(method, node, total):
    rules = by_rule(good=True, returned=lambda context: context["method"] == "ship" and context["node"]["type"] == "dc")
    classes = {"good": 4, "returned": 3, "damaged": 9}
    supplies = [supply(name, "on-hand", units, stock_class=name) for name, units in classes.items()]
    assert asked(rules, *supplies, method=method, node=node).total == total


def test_where_classes_are_named_good_must_be_among_them():
    assert asked(by_rule(returned=True), supply("H", "on-hand", 5)).total == 0


def test_a_supply_type_of_ones_own_counts_from_its_date():
    found = asked(by_rule(Decimal("0.5")), supply("P", "pre-order", 9, MARCH_5))
    assert [found.by(date(2026, 3, day)) for day in (4, 5)] == [0, 4]


def test_a_receipt_in_part_counts_as_on_hand():
    arriving = Supply("PO", "A", "N", "on-order", 10, MARCH_5, 3, received=4)
    found = availability(Position("A", "N", supplies=(arriving,)), promising(), {}, "A", "N")
    assert found.free == (Free("PO", "on-hand", 1, date.min), Free("PO", "on-order", 2, date(2026, 3, 6)))


def test_every_part_is_told_in_full():
    supplies = (
        supply("H", "on-hand", 4, reserved=1),
        supply("PO", "on-order", 10, MARCH_5),
        supply("R", "on-hand", 5, stock_class="returned"),
    )
    rules = replace(promising(2), stock_classes=GOOD_ALONE)
    found = availability(Position("A", "N", supplies=supplies), rules, {"method": "ship"}, "A", "N")
    assert in_full(found) == (
        "4 on hand, good (H): all of it counts, trust 1 (promising.yaml:1); 1 reserved; 3 free",
        "10 on order, good (PO, due Thu 2026-03-05): 4 of 10 counts, trust 0.4 (promising.yaml:1); 4 free from Fri 2026-03-06",
        "5 on hand, returned (R): not counted: stock class returned (promising.yaml:1)",
        "floor 2 is never promised for ship: floor (promising.yaml:1)",
        "availability 5 (4 on hand + 10 on order - 1 reserved - 6 not trusted - floor 2; 5 not counted: stock class returned)",
    )


def test_quarantine_is_told_in_full():
    found = available(supply("H", "on-hand", 5), quarantined=True)
    assert in_full(found)[1:] == (
        "nothing is promised: 5 on hand, in quarantine until a recount",
        "availability 0 (5 on hand, in quarantine until a recount)",
    )


@given(SUPPLIES, st.integers(0, 12), st.decimals(0, 1, places=2))
def test_never_more_than_there_is_and_more_with_time(supplies, floor, trust):
    found = asked(by_rule(lambda context: trust, floor), *supplies)
    days = [date(2026, 3, day) for day in range(1, 32)]
    promised = [found.by(day) for day in days]
    assert promised == sorted(promised)
    assert promised[-1] == found.total <= sum(each.unreserved for each in supplies)
    for day, units in zip(days, promised, strict=True):
        due = [each for each in supplies if each.due_on is None or each.due_on <= day]
        assert units == max(0, sum(max(0, int(each.quantity * trust) - each.reserved) for each in due) - floor)
