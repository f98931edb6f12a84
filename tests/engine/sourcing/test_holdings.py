"""What is remembered of positions: the same answer as if nothing were, whatever changes between two orders."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.engine import views
from orderloom.engine.ledger.stock import Entry, Position, Supply
from orderloom.engine.sourcing import holdings
from orderloom.engine.sourcing.holdings import holding, holdings_of
from orderloom.engine.views import NO_ALERTS


def seen_of(world, node):
    return {"item": world.catalog.item_views["A"], "node": world.catalog.node_views[node], "method": "ship"}


def test_an_unchanged_position_is_remembered(world_w):
    case = world_w({"S1": {"A": 3}})
    rules, world = case.program.promising["world-w"], case.world
    position, kept = world.stock.position("A", "S1"), holdings_of(rules)
    first = holding(kept, position, NO_ALERTS, seen_of(world, "S1"), rules, case.program.attributes)
    again = seen_of(world, "S1")
    assert holding(kept, position, NO_ALERTS, again, rules, case.program.attributes) is first
    assert again["position"]["on_hand"] == 3
    assert first.available.total == 2  # a store keeps one


def test_what_is_reserved_is_seen_at_once(world_w):
    case = world_w({"S1": {"A": 3}})
    rules, world, kept = case.program.promising["world-w"], case.world, {}
    after = world.stock.post([Entry("reserve", "A", "S1", "S1-A", 2)])
    totals = [
        holding(kept, stock.position("A", "S1"), NO_ALERTS, seen_of(world, "S1"), rules, case.program.attributes).available.total
        for stock in (world.stock, after, world.stock)
    ]
    assert totals == [2, 0, 2]


def test_another_catalog_is_seen_at_once(world_w):
    case = world_w({"S1": {"A": 3}})
    rules, world, kept = case.program.promising["world-w"], case.world, {}
    position = world.stock.position("A", "S1")
    nodes = world.catalog.nodes | {"S1": replace(world.catalog.nodes["S1"], type="dc")}
    changed = replace(world, catalog=views.catalog(world.catalog.items, nodes, world.program.attributes))
    totals = [
        holding(kept, position, NO_ALERTS, seen_of(each, "S1"), rules, case.program.attributes).available.total
        for each in (world, changed)
    ]
    assert totals == [2, 3]


def test_an_alert_is_seen_at_once(world_w):
    case = world_w({"S1": {"A": 3}})
    rules, world, kept = case.program.promising["world-w"], case.world, {}
    position, seen = world.stock.position("A", "S1"), seen_of(world, "S1")
    for alerts in (NO_ALERTS, ["low"], NO_ALERTS):
        holding(kept, position, alerts, seen, rules, case.program.attributes)
        assert seen["position"]["alerts"] == alerts


def test_rules_that_ask_for_the_order_are_not_remembered(world_w):
    case = world_w({"S1": {"A": 3}}, trust='if order.channel = "web" then 1 else 0')
    assert holdings_of(case.program.promising["world-w"]) is None


def test_no_more_is_remembered_than_there_is_room_for(world_w, monkeypatch):
    monkeypatch.setattr(holdings, "ROOM", 2)
    case = world_w({"S1": {"A": 3}})
    rules, kept = case.program.promising["world-w"], {}
    for number in range(5):
        position = Position(f"I{number}", "S1", supplies=(Supply("S", f"I{number}", "S1", "on-hand", 1),))
        holding(kept, position, NO_ALERTS, seen_of(case.world, "S1"), rules, case.program.attributes)
        assert len(kept) <= 2
