"""What is made up of components, and how much of it there is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.dsl.feel.types import NUMBER, STRING
from orderloom.dsl.program import Bill, Component, Formula, Origin, Refusal
from orderloom.engine.bills import added, made_up
from orderloom.engine.events import ModificationAsked
from orderloom.engine.items import items_of
from orderloom.engine.modifications.orders import changed_order
from orderloom.engine.modifications.request import Part
from orderloom.engine.order import Customer, Line, Order
from orderloom.engine.refused import Refused

ORIGIN = Origin("bills.yaml", 7)


def formula(answer: object) -> Formula:
    """One that gives a constant, or what a function of the line gives."""
    return Formula("...", ORIGIN, lambda context: answer(context["line"]) if callable(answer) else answer)


def component(name: str, item: object = None, quantity: object = None, when: object = None) -> Component:
    plain = item if isinstance(item, str) else None
    other = [None if each is None else formula(each) for each in (None if plain else item, quantity, when)]
    return Component(name, plain, *other, ORIGIN)


def bill(*components: Component, refuse: object = None, apart: bool = False) -> Bill:
    refusals = () if refuse is None else (Refusal(formula(refuse), "no such thing", ORIGIN),)
    return Bill("set", "Set", ("SET",), components, refusals, apart, ORIGIN)


def order(*lines: Line) -> Order:
    return Order("O1", "web", datetime(2026, 3, 2, tzinfo=UTC), Customer("C1"), lines, "USD")


def line(quantity: int = 1, **attributes: object) -> Line:
    return Line("1", "SET", quantity, Decimal("10.00"), services=("gift-wrap",), attributes=attributes)


TEE = Line("2", "TEE", 3, Decimal("5.00"))


def test_components_stand_behind_their_line() -> None:
    chosen = component("cpu", lambda line: line["cpu"], lambda line: line["cores"], lambda line: line["cpu"] is not None)
    made, problems = made_up(
        order(line(2, cpu="C7", cores=3), TEE), {"SET": bill(component("case", "CASE"), chosen)}, {"cpu": STRING, "cores": NUMBER}
    )
    assert problems == ()
    assert [(x.id, x.item, x.quantity, x.part_of, x.bill) for x in made.lines] == [
        ("1", "SET", 2, None, "set"),
        ("1.case", "CASE", 2, "1", None),
        ("1.cpu", "C7", 6, "1", None),
        ("2", "TEE", 3, None, None),
    ]
    assert (made.quantity, made.total) == (5, Decimal("35.00"))
    assert [x.id for x in made.sourced_lines] == ["1.case", "1.cpu", "2"]
    assert [x.services for x in made.lines[:2]] == [("gift-wrap",), ()]


def test_what_is_made_up_stays_as_it_is() -> None:
    made, _ = made_up(order(line(2)), {"SET": bill(component("case", "CASE"))}, None)
    later = {"SET": bill(component("case", "CASE"), component("lid", "LID"))}
    assert made_up(made, later, None) == (made, ())


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        (bill(component("case", "CASE"), refuse=True), "line 1: no such thing (bills.yaml:7)"),
        (bill(component("cpu", lambda line: None)), "line 1: it cannot be told which item the component cpu has (bills.yaml:7)"),
        (bill(component("cpu", "C7", Decimal("0.5"))), "it cannot be told which quantity the component cpu has"),
        (bill(component("cpu", "C7", 0)), "it cannot be told which quantity the component cpu has"),
        (bill(component("cpu", "C7", None, False)), "line 1: Set has no component for it (bills.yaml:7)"),
    ],
)
def test_what_cannot_be_made_up_is_told(what: Bill, problem: str) -> None:
    _, [told] = made_up(order(line()), {"SET": what}, None)
    assert problem in told


PARTS = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@given(PARTS, st.integers(1, 5), st.data())
def test_whole_sets(each: list[int], quantity: int, data: st.DataObject) -> None:
    """However the components go, the sets that went and those that can no longer go are never more than were ordered."""
    parts = [component(f"p{n}", f"P{n}", Decimal(count)) for n, count in enumerate(each)]
    made, _ = made_up(order(line(quantity), TEE), {"SET": bill(*parts)}, None)
    gone = {x.id: data.draw(st.integers(0, x.quantity)) for x in made.sourced_lines}
    lost = {x.id: data.draw(st.integers(0, x.quantity - gone[x.id])) for x in made.sourced_lines}
    whole = made.lines[0]
    sets = made.sets(whole, lambda part: gone[part.id])
    left = made.sets(whole, lambda part: part.quantity - lost[part.id])
    assert 0 <= sets <= left <= quantity
    assert all(gone[f"1.p{n}"] >= sets * count for n, count in enumerate(each))
    assert made.total == quantity * whole.unit_price + TEE.quantity * TEE.unit_price


def test_a_line_without_a_bill_is_itself() -> None:
    plain = order(replace(TEE, id="1"))
    assert made_up(plain, {"SET": bill(component("case", "CASE"))}, None) == (plain, ())


def test_a_line_that_is_added_brings_its_components() -> None:
    bills = {"SET": bill(component("case", "CASE", 2), refuse=lambda line: line["quantity"] > 5)}
    asked = Part("add-line", add=line(3))
    made = added(order(TEE), asked, bills, None)
    assert isinstance(made, Part) and made.add is not None
    assert (made.add.bill, [(x.id, x.quantity) for x in made.components]) == ("set", [("1.case", 6)])
    assert items_of(None, ModificationAsked(order().placed_at, "M1", (made,))) == {"SET", "CASE"}
    assert added(order(TEE), Part("add-line", add=line(6)), bills, None) == Refused("line 1: no such thing (bills.yaml:7)")
    assert isinstance(added(order(TEE), Part("item", line="2", item="SET"), bills, None), Refused)


@pytest.mark.parametrize(("quantity", "cases"), [(1, 2), (5, 10)])
def test_a_change_of_quantity_takes_the_components_along(quantity: int, cases: int) -> None:
    made, _ = made_up(order(line(3), TEE), {"SET": bill(component("case", "CASE", 2))}, None)
    changed = changed_order(made, Part("quantity", line="1", quantity=quantity))
    assert isinstance(changed, Order)
    assert [(x.id, x.quantity) for x in changed.lines] == [("1", quantity), ("1.case", cases), ("2", 3)]
    assert isinstance(changed_order(made, Part("quantity", line="1.case", quantity=quantity)), Refused)
    assert isinstance(changed_order(made, Part("cancel", line="1.case")), Refused)
    left = changed_order(made, Part("remove-line", line="1"))
    assert isinstance(left, Order) and [x.id for x in left.lines] == ["2"]
