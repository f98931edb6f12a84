"""Laws of changes: whatever is changed in whatever order, nothing is lost, doubled or left over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.adapters.imports.modifications import parts_of
from orderloom.adapters.props import Props
from orderloom.adapters.scenarios.given import props_of
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile_workspace
from orderloom.engine.access.who import Who
from orderloom.engine.audit import audit
from orderloom.engine.desk.requests import confirm, modify
from orderloom.engine.events import Happened, ModificationAsked, Replied
from orderloom.engine.modifications.modify import tried
from orderloom.engine.modifications.orders import changed_order
from orderloom.engine.modifications.request import Part
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.seen import seen_order
from orderloom.engine.state import OrderState, Passed
from orderloom.engine.turn import Turn
from orderloom.engine.wire import dump

COMPILED = compile_workspace(Path(__file__).parents[1] / "scenarios" / "channels")
assert COMPILED.program is not None
PROGRAM = COMPILED.program
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
_NODE = {"type": "dc", "region": "EAST", "calendar": "weekdays", "cutoff": "14:00:00", "handling": Decimal(1), "transit": 2}
GIVEN = {
    "items": {"TV55": {}, "HDMI": {}},
    "nodes": {"DC1": {**_NODE, "base": Decimal(5)}, "DC2": {**_NODE, "base": Decimal(9)}},
    "stock": {"DC1": {"TV55": 3, "HDMI": 4}, "DC2": {"TV55": 6, "HDMI": 2}},
}
ORDER = Order(
    "L-1", "web", START, Customer("C-1"), (Line("1", "HDMI", 2, Decimal(15)), Line("2", "TV55", 1, Decimal(100))), "USD",
    ship_to=Address(region="EAST"),
)  # fmt: skip

LINES = st.sampled_from(["1", "2", "3"])
CHANGES = st.one_of(
    st.builds(lambda line, n: {"what": "quantity", "line": line, "quantity": n}, LINES, st.integers(1, 6)),
    st.builds(lambda line, n: {"what": "cancel", "line": line, "quantity": n}, LINES, st.integers(1, 3)),
    st.builds(lambda line: {"what": "cancel", "line": line}, LINES),
    st.builds(lambda line: {"what": "remove-line", "line": line}, LINES),
    st.builds(lambda n: {"what": "cancel", "unit": f"L-1-{n}"}, st.integers(1, 4)),
    st.builds(lambda city: {"what": "address", "ship_to": {"region": "EAST", "city": city}}, st.sampled_from(["A", "B"])),
    st.builds(lambda line, item: {"what": "item", "line": line, "item": item}, LINES, st.sampled_from(["HDMI", "TV55"])),
    st.just({"what": "add-line", "add": {"id": "3", "item": "HDMI", "quantity": 1, "unit_price": 15}}),
    st.just({"what": "cancel"}),
)
ACTS = st.one_of(
    st.tuples(st.just("change"), CHANGES, st.sampled_from(["csr", "sales", "customer"])),
    st.tuples(st.just("preview"), CHANGES, st.sampled_from(["csr", "sales"])),
    st.tuples(st.just("confirm"), st.none(), st.just("csr")),
    st.tuples(st.just("reply"), st.integers(0, 3), st.just("warehouse")),
    st.tuples(st.just("wait"), st.integers(1, 40), st.just("")),
)


def shop() -> Stage:
    props, problems = props_of(GIVEN, PROGRAM)
    assert problems == () and isinstance(props, Props)
    return stage(PROGRAM, props, START)


def state_of(on: Stage) -> OrderState:
    story = on.story("L-1")
    assert story is not None
    return story.state


def act(on: Stage, what: str, of: object, role: str) -> None:
    state = state_of(on)
    if what in ("change", "preview"):
        parts = parts_of(of, PROGRAM)
        assert not isinstance(parts, Refused)
        modify(on.store, on.programs, "L-1", ModificationAsked(on.now, "", parts, role, "", what == "preview"))
        on.run()
    elif what == "confirm" and state.modifications:
        confirm(on.store, on.programs, "L-1", next(iter(state.modifications)), "Ann", on.now)
        on.run()
    elif what == "wait" and isinstance(of, int):
        on.run(on.now + timedelta(minutes=of))
    elif what == "reply" and isinstance(of, int):
        waiting = [i for i in state.instances.values() if i.waiting is not None and i.waiting.kind == "reply"]
        for instance in waiting[of : of + 1]:
            reply = {"pick": "picked", "pack": "packed", "ship": "left"}[instance.step]
            on.tell("L-1", Replied(on.now, f"L-1/{instance.key}", reply))


def lawful(on: Stage) -> None:
    state = state_of(on)
    assert on.faults == []
    assert audit(on.store) == ()
    for line in state.order.lines:
        active = sum(p.quantity for u in state.units.values() if not u.released for p in u.lines if p.line == line.id)
        assert active + state.cancelled.get(line.id, 0) <= line.quantity
        if not state.exceptions:
            assert active + state.cancelled.get(line.id, 0) == line.quantity
    if state.ended:
        stock = on.world({"TV55", "HDMI"}).stock
        positions = [stock.position(item, node) for item in ("TV55", "HDMI") for node in ("DC1", "DC2")]
        assert all(supply.reserved == 0 for p in positions if p for supply in p.supplies)
    invoiced = sum((d.amount for d in state.documents if d.kind == "invoice"), Decimal(0))
    units = [u for u in state.units.values() if u.shipped]
    assert invoiced == sum((p.quantity * state.order.line(p.line).unit_price for u in units for p in u.lines), Decimal(0))


@settings(max_examples=25, deadline=None)
@given(st.lists(ACTS, max_size=8))
def test_whatever_is_changed_nothing_is_lost(acts: list[tuple[str, object, str]]) -> None:
    on = shop()
    on.submit(ORDER)
    for each in acts:
        act(on, *each)
        lawful(on)
    on.store.close()


def test_of_two_who_change_one_version_one_wins() -> None:
    on = shop()
    on.submit(ORDER)
    seen = state_of(on).sequence
    parts = parts_of({"what": "quantity", "line": "1", "quantity": 1}, PROGRAM)
    assert not isinstance(parts, Refused)
    asked = ModificationAsked(on.now, "", parts, "customer", "web")
    first = modify(on.store, on.programs, "L-1", asked, seen)
    second = modify(on.store, on.programs, "L-1", asked, seen)  # before any worker has seen the first
    assert not isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert second.because.startswith("another change of order L-1 was asked by web, and waits for a worker (`orderloom work`")
    on.run()
    third = modify(on.store, on.programs, "L-1", asked, seen)
    assert isinstance(third, Refused)
    assert third.because == f"order L-1 is at version {seen + 1} by now, confirmed; version {seen} was seen"
    assert any("quantity of line 1 to 1" in line for line in third.since)


@pytest.mark.parametrize("steps", range(5))
def test_a_customer_sees_no_node_and_no_participant(steps: int) -> None:
    on = shop()
    on.submit(ORDER)
    for _ in range(min(steps, 3)):
        act(on, "reply", 0, "")
    if steps == 4:
        on.tell("L-1", Happened(on.now, "arrived", "L-1-1"))
    seen = seen_order(Who(role="customer"), state_of(on), PROGRAM, on.world({"TV55", "HDMI"}).catalog, on.now)
    assert isinstance(seen, dict)
    told = dump(seen)
    nodes = {unit.node for unit in state_of(on).units.values()}
    names = {text for o in PROGRAM.organizations.values() for text in (o.name, o.title)} | {"warehouse"}
    assert nodes and not any(name in told for name in nodes | names)
    assert all(line["status"] for line in seen["lines"])


def test_a_role_without_a_map_sees_nothing() -> None:
    on = shop()
    on.submit(ORDER)
    catalog = on.world({"TV55"}).catalog
    said = seen_order(Who(role="csr"), state_of(on), PROGRAM, catalog, on.now)
    assert isinstance(said, Refused) and said.because.startswith("there is no order L-1 that csr of us may see")


@pytest.mark.parametrize(
    ("record", "because"),
    [
        ({"what": "quantity", "line": "1", "quantity": "many"}, "quantity must be a number, not 'many'"),
        ({"what": "quantity", "lines": "1"}, "quantity has no field lines; did you mean line?"),
        ({"what": "adress", "ship_to": {"city": "Reno"}}, "unknown kind of change adress; did you mean address?"),
        ({"what": "price"}, "unknown kind of change price; known: add-line, address,"),
        ({"what": "quantity-up", "line": "1", "quantity": 9}, "unknown kind of change quantity-up; did you mean quantity?"),
        ({"what": "address", "ship_to": {"citty": "Reno"}}, "ship_to has no field citty; did you mean city?"),
        ({"what": "address", "ship_to": {"city": ""}}, "city is empty; a field of an address is replaced, not removed"),
        ({"what": "address", "ship_to": "Reno"}, "ship_to must be an object, not 'Reno'"),
        ({"what": "address", "city": "Reno"}, "address has no field city; known: ship_to"),
        ({"what": "address", "line": "1", "ship_to": {"city": "Reno"}}, "address has no line; it takes ship_to"),
        ({"what": "attributes", "attributes": {"gifts": True}}, "attributes has no field gifts; did you mean gift?"),
        ({"what": "add-line", "add": {"id": "3", "itm": "HDMI", "quantity": 1, "unit_price": 15}}, "item is missing"),
        ({"what": "date", "want_by": "9999-12-31"}, "nothing is dated after 8999"),
        ({"what": "quantity", "line": "1", "quantity": 10**20}, "cannot be taken"),
        ({"what": "quantity", "line": "1", "quantity": -1}, "quantity must be a whole number, 0 or more"),
        ({"what": "item", "line": "1", "item": "A\0"}, "item contains a NUL character"),
        ({"what": "cancel", "line": "1" * 300}, "line has 300 characters"),
        ([{"what": "cancel"}, {"what": "date", "line": ""}, {}], "change 3: what is missing"),
        ([], "nothing is said to be changed"),
        ("cancel", "a change is a map"),
    ],
)
def test_what_is_no_change_is_refused(record: object, because: str) -> None:
    answer = parts_of(record, PROGRAM)
    assert isinstance(answer, Refused) and because in answer.because


@pytest.mark.parametrize(
    ("record", "because"),
    [
        ({"what": "quantity", "line": "1"}, "quantity needs the line and the quantity"),
        ({"what": "quantity", "line": "1", "quantity": 2}, "line 1 has a quantity of 2 already"),
        ({"what": "quantity", "line": "1", "quantity": 0}, "a line's quantity is 1 or more"),
        ({"what": "add-line"}, "add-line needs the line"),
        ({"what": "cancel", "quantity": 2}, "a part of a line is cancelled by the line"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(record: object, because: str) -> None:
    on = shop()
    on.submit(ORDER)
    parts = parts_of(record, PROGRAM)
    assert not isinstance(parts, Refused)
    found = modify(on.store, on.programs, "L-1", ModificationAsked(on.now, "", parts, "csr"))
    assert isinstance(found, Refused) and because in found.because


def test_the_fields_of_an_address_that_are_given_replace_and_the_others_stay() -> None:
    before = Address(name="Ann", street="1 Elm St", city="Chicago", zip="60601", region="EAST", lat=Decimal("41.88"))
    order = replace(ORDER, ship_to=before)
    parts = parts_of({"what": "address", "ship_to": {"city": "Joliet", "street": "2 Oak St"}}, PROGRAM)
    assert not isinstance(parts, Refused)
    after = changed_order(order, parts[0])
    assert isinstance(after, Order) and after.ship_to == replace(before, city="Joliet", street="2 Oak St")
    on = shop()
    on.submit(order)
    found = modify(on.store, on.programs, "L-1", ModificationAsked(on.now, "", parts, "csr", preview=True))
    assert not isinstance(found, Refused)
    told = "street 2 Oak St instead of 1 Elm St; city Joliet instead of Chicago; lat 41.88 as before"
    assert told in str(found.difference)
    assert str(parts[0]) == "address to street = 2 Oak St, city = Joliet"


def test_an_unknown_kind_of_change_is_not_a_matter_of_who_asks() -> None:
    on = shop()
    on.submit(ORDER)
    found = modify(on.store, on.programs, "L-1", ModificationAsked(on.now, "", (Part("adress"),), "csr"))
    assert found == Refused("unknown kind of change adress; did you mean address?")


@pytest.mark.parametrize(
    ("hard", "status", "answer"),
    [
        (True, "picking", "it is behind pick, from which there is no return"),
        (False, "picking", "it is behind pick, from which there is no return unless its cost is agreed to"),
        (True, "picked", "it is behind pick, from which there is no return"),
        (False, "picked", Decimal("5.00")),  # the table has a price for it
    ],
)
def test_behind_a_point_of_no_return(hard: bool, status: str, answer: object) -> None:
    on = shop()
    on.submit(ORDER)
    state = state_of(on)
    unit = next(iter(state.units.values()))
    passed = replace(state, points=(Passed(unit.id, "pick", hard, START),), units={unit.id: replace(unit, status=status)})
    world = on.world({"TV55", "HDMI"})
    found = tried(Turn(world, passed, on.now, world.stock), (Part("cancel", unit=unit.id),), "csr", "Carla")
    if isinstance(answer, str):
        assert found == Refused(f"cancel of {unit.id} is refused: {answer}", soft=not hard)
    else:
        assert not isinstance(found, Refused)
        assert (found[1].fee, found[1].undone) == (answer, (unit.id,))
