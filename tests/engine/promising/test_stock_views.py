"""What roles see of an item: S1 4 (floor 1), S2 0, DC1 20 and 30 in transit, 50 on order at V1, DC3 5 (floor 3, of another)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import STOCK_FIELDS, Formula, Origin, Program, Role, StockView
from orderloom.dsl.source import Source
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import ON_HAND, Position, Stock, Supply
from orderloom.engine.promising.browse import browsed
from orderloom.engine.promising.stock_views import Seen, Standing, everything, projected, seen, standing
from orderloom.engine.views import catalog
from orderloom.engine.world import World

TODAY, ARRIVAL = date(2026, 3, 2), date(2026, 3, 6)  # due on 03-05, and a day to put it away
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ROLES = """
kind: participants
name: views
roles:
  associate:
    sees stock:
      - nodes: node.id = user.node
        show: [node, on hand, floor, available]
      - nodes: node.type != "supplier"
        show: [node, in stock]
  planner:
    sees stock:
      - nodes: node.id = "DC3"
        show: [on hand]
      - nodes: true
        show: [on hand, in transit, on order]
  vendor:
    sees stock:
      - nodes: node.id = user.node
        show: [node, on order]
  visitor:
    sees stock:
      - nodes: true
        show: [in stock, dates]
  stranger:
    title: Sees nothing
"""


@pytest.fixture(scope="module")
def program() -> Program:
    manifest = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
    sources = (Source("orderloom.yaml", manifest), *pack_sources("retail"), Source("rules/views.yaml", ROLES.encode()))
    program = compile(sources).program
    assert program is not None
    return program


def positions() -> list[Position]:
    def there(node: str, on_hand: int, *inbound: Supply, floor: int = 0) -> Position:
        here = (Supply("OH", "X", node, ON_HAND, on_hand),) if on_hand else ()
        return Position("X", node, floor, supplies=(*here, *inbound))

    transit = Supply("T", "X", "DC1", "in-transit", 30, date(2026, 3, 5))
    ordered = Supply("PO", "X", "V1", "on-order", 50, date(2026, 3, 20))
    return [there("S1", 4, floor=1), there("S2", 0), there("DC1", 20, transit), there("V1", 0, ordered), there("DC3", 5, floor=3)]


@pytest.fixture(scope="module")
def world(program: Program) -> World:
    types = {"S1": "store", "S2": "store", "DC1": "dc", "V1": "supplier", "DC3": "dc"}
    nodes = {name: Node(name, kind, lat=Decimal(1), lon=Decimal(1)) for name, kind in types.items()}
    held = {(position.item, position.node): position for position in positions()}
    return World(program, catalog({"X": Item("X")}, nodes, program.attributes), Stock(held, {}))


def view(world: World, role: str, user_node: str | None = None, at: date | None = None) -> list[Seen]:
    standings = [
        standing(world.stock.position("X", node), browsed(world, "X", node, "ship", NOW), TODAY, at)
        for node in world.catalog.nodes
    ]
    if role == "all":
        return [projected(each, everything(standings)) for each in standings]
    return seen(standings, world.program.roles[role], {"node": user_node}, world.catalog.node_views)


def test_an_associate_sees_all_of_the_own_store_and_whether_others_have_it(world: World) -> None:
    assert view(world, "associate", "S1") == [
        {"node": "S1", "on_hand": 4, "floor": 1, "available": 3},
        {"node": "DC1", "in_stock": True},
        {"node": "DC3", "in_stock": True},
        {"node": "S2", "in_stock": False},
    ]


def test_an_associate_without_a_store_sees_none_as_the_own(world: World) -> None:
    assert all(row.keys() == {"node", "in_stock"} for row in view(world, "associate"))


def test_a_planner_sees_the_sums_of_the_own_nodes_and_of_the_other_divisions(world: World) -> None:
    assert view(world, "planner") == [{"on_hand": 5}, {"on_hand": 24, "in_transit": 30, "on_order": 50}]


def test_a_vendor_sees_its_own_purchase_order_alone(world: World) -> None:
    assert view(world, "vendor", "V1") == [{"node": "V1", "on_order": 50}]


def test_a_visitor_learns_whether_there_is_any_and_no_more_than_that(world: World) -> None:
    assert view(world, "visitor") == [{"in_stock": True, "dates": [{"from": TODAY, "in_stock": True}]}]


def test_a_role_without_a_view_sees_nothing(world: World) -> None:
    assert view(world, "stranger", "S1") == []


def test_whoever_sees_all_sees_when_it_changes(world: World) -> None:
    rows = {row["node"]: row for row in view(world, "all")}
    assert rows["DC1"] == {
        "node": "DC1", "on_hand": 20, "in_transit": 30, "on_order": 0, "reserved": 0, "floor": 0, "available": 20,
        "dates": [{"from": TODAY, "available": 20}, {"from": ARRIVAL, "available": 50}],
    }  # fmt: skip


def test_asked_about_a_day_nothing_later_is_told(world: World) -> None:
    before = {row["node"]: row for row in view(world, "all", at=date(2026, 3, 5))}
    after = {row["node"]: row for row in view(world, "all", at=ARRIVAL)}
    assert (before["DC1"]["available"], len(before["DC1"]["dates"])) == (20, 1)  # type: ignore[arg-type]
    assert (after["DC1"]["available"], len(after["DC1"]["dates"])) == (50, 2)  # type: ignore[arg-type]


standings = st.lists(
    st.builds(
        Standing,
        st.sampled_from(["S1", "S2", "DC1", "V1", "DC3"]),
        st.dictionaries(st.sampled_from(["on hand", "in transit", "pre order"]), st.integers(0, 9)),
        st.integers(0, 9),
        st.integers(0, 9),
        st.integers(0, 9),
        st.just(((TODAY, 1), (ARRIVAL, 2))),
    ),
    unique_by=lambda each: each.node,
)
shows = st.lists(st.sampled_from([*STOCK_FIELDS, "pre order"]), min_size=1, unique=True)


@given(standings, shows, shows, st.sampled_from(["S1", "DC1", None]))
def test_a_role_gets_the_fields_of_the_first_entry_that_fits_and_no_others(
    there: list[Standing], own: list[str], other: list[str], user_node: str | None
) -> None:
    place = Origin("test", 1)
    entries = (
        StockView(Formula("own", place, lambda context: context["node"] == context["user"]), tuple(own), place),
        StockView(Formula("stores", place, lambda context: "S" in context["node"]["id"]), tuple(other), place),  # type: ignore[index]
    )
    role = Role("r", "", {}, (), place, entries)
    found = seen(there, role, {"id": user_node}, {each.node: {"id": each.node} for each in there})
    at_own = [each for each in there if each.node == user_node]
    others = [each for each in there if each.node != user_node and each.node.startswith("S")]
    expected = [_names(own)] * _rows(at_own, own) + [_names(other)] * _rows(others, other)
    assert [set(row) for row in found] == expected
    if "on hand" in other:
        wanted = sum(each.supply.get("on hand", 0) for each in others)
        assert sum(row["on_hand"] for row in found[_rows(at_own, own) :]) == wanted  # type: ignore[misc]


def _rows(those: list[Standing], show: list[str]) -> int:
    return len(those) if "node" in show else min(1, len(those))


def _names(show: list[str]) -> set[str]:
    return {field.replace(" ", "_") for field in show}
