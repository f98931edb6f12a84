"""Why an item is available, or not: the rules of World W, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orderloom.adapters.props import Props
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile_workspace
from orderloom.engine.catalog import Item, Node
from orderloom.engine.desk.inquiry import Inquiry, Projection, Why, answer, projection, why
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.ledger.stock import ON_HAND, Position, Supply
from orderloom.engine.refused import Refused
from orderloom.engine.store.demands import Claim, Quarantine, Unsourced

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)  # Monday, past the cut-off of the DC at 14:00
NODES = (
    Node("S2", "store", calendar="every-day", region="EAST"),
    Node("S3", "store", calendar="every-day", region="EAST"),
    Node("DC1", "dc", calendar="weekdays", region="EAST", cutoff=datetime(2026, 3, 2, 14).time()),
    Node("V1", "vendor", calendar="weekdays"),
)


def position(node: str, units: int, quarantined: bool = False, reserved: int = 0) -> Position:
    return Position(
        "TEE", node, quarantined=quarantined, supplies=(Supply("OH", "TEE", node, ON_HAND, units, reserved=reserved),)
    )


@pytest.fixture(scope="module")
def shop() -> Iterator[Stage]:
    program = compile_workspace(Path(__file__).parents[1] / "scenarios" / "world-w").program
    assert program is not None
    there = (position("S3", 1), position("S2", 5, quarantined=True), position("DC1", 40, reserved=3), position("V1", 2))
    made = stage(program, Props((Item("TEE"),), NODES, there, ()), NOW)
    yield made
    made.store.close()


def asked(shop: Stage, node: str, *claims: Claim, frozen: Quarantine | None = None) -> Why:
    found = why(Lookup(shop.store, shop.program), Inquiry("TEE", node=node), NOW, claims, frozen)
    assert isinstance(found, Why), found
    return found


def test_the_last_one_in_a_store_is_its_floor(shop: Stage) -> None:
    found = asked(shop, "S3")
    assert found.available == 0
    assert "availability 0 (1 on hand - floor 1)" in found.sentences
    assert any(
        'floor 1 is never promised for ship: if node.type = "store" then 1 else 0 (rules/promising.yaml:' in each
        for each in found.sentences
    )


def test_a_quarantine_says_since_when_and_why(shop: Stage) -> None:
    found = asked(shop, "S2", frozen=Quarantine(NOW - timedelta(hours=4), "W7"))
    assert found.available == 0
    assert "in quarantine since 2026-03-02 11:00, when order W7 found too few; a recount ends that" in found.sentences


def test_all_nodes_at_once_tell_what_else_is_the_matter(shop: Stage) -> None:
    found = answer(Lookup(shop.store, shop.program), Inquiry("TEE"), NOW)
    assert isinstance(found, list)
    assert {row["node"]: (row["available"], row.get("problem")) for row in found} == {
        "DC1": (37, None),
        "S2": (0, "5 on hand, in quarantine until a recount"),
        "S3": (0, None),
        "V1": (2, None),
    }


def test_past_the_cut_off_units_on_hand_ship_on_the_next_working_day(shop: Stage) -> None:
    claim = Claim("W1", "1", "DC1", "OH", 3, date(2026, 3, 2), None)
    found = asked(shop, "DC1", claim)
    assert (found.available, found.ships_on, found.claims) == (37, date(2026, 3, 3), (claim,))
    assert found.sentences[-1] == "units on hand ship from Tue 2026-03-03 (calendar weekdays, cut-off 14:00)"


def test_a_vendor_has_two_working_days_of_lead(shop: Stage) -> None:
    assert asked(shop, "V1").ships_on == date(2026, 3, 4)


def test_a_projection_leaves_quarantine_out_and_takes_what_waits_in(shop: Stage) -> None:
    lookup = Lookup(shop.store, shop.program)
    claims = (Claim("W1", "1", "DC1", "OH", 3, date(2026, 3, 4), None),)
    found = projection(lookup, Inquiry("TEE"), NOW, 4, claims, (Unsourced("W2", "1", "TEE", 50),))
    assert isinstance(found, Projection)
    assert (found.on_hand, found.claimed, found.waiting) == (43, 3, 50)  # 1 + 40 + 2; S2's 5 are in quarantine
    assert [(day.day, day.demand, day.balance) for day in found.days] == [
        (date(2026, 3, 2), 50, -7),
        (date(2026, 3, 4), 3, -10),
    ]
    one = projection(lookup, Inquiry("TEE", node="DC1"), NOW, 4, claims, (Unsourced("W2", "1", "TEE", 50),))
    assert isinstance(one, Projection)
    assert (one.on_hand, one.waiting, one.days[-1].balance) == (40, 0, 37)


@pytest.mark.parametrize(
    ("inquiry", "because"),
    [
        (Inquiry("TEA"), "there is no item TEA; did you mean TEE?"),
        (Inquiry("TEE", node="DC2"), "there is no node DC2; did you mean DC1?"),
        (Inquiry("TEE", method="pick-up"), "there is no method pick-up; did you mean pickup?"),
    ],
)
def test_what_is_not_there_is_refused(shop: Stage, inquiry: Inquiry, because: str) -> None:
    assert projection(Lookup(shop.store, shop.program), inquiry, NOW, 4, (), ()) == Refused(because)
