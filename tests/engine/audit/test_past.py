"""The past: what was shown of an order and of stock at a moment is told of that moment ever after."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import toy
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test
from msgspec.structs import replace
from shop import ITEMS, Shop
from test_ledger_life import ITEMS as THINGS
from test_ledger_life import Life, compiled

from orderloom.engine import wire
from orderloom.engine.desk.reference_data import put_supplies
from orderloom.engine.ledger.stock import ON_HAND, Supply
from orderloom.engine.shell.again import Tally, worked_again
from orderloom.engine.shell.asking import cancel
from orderloom.engine.shell.programs import Programs
from orderloom.engine.store import Store, queries
from orderloom.engine.store.past import PastStock, Unknown, order_at, stock_at
from orderloom.engine.store.queries import WholeOrder

PLACED = toy.START + timedelta(minutes=7)


def known_at(shop: Shop, minutes: float) -> WholeOrder:
    """Order 1 as it was known so many minutes after it was placed."""
    found = order_at(shop.store, "O00001", PLACED + timedelta(minutes=minutes))
    assert isinstance(found, WholeOrder)
    return found


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_an_order_is_told_as_it_was(shop: Shop) -> None:
    assert order_at(shop.store, "O00001", PLACED - timedelta(seconds=1)) is None
    assert order_at(shop.store, "nobody", PLACED) is None
    first, picked, ended = known_at(shop, 0), known_at(shop, 40), known_at(shop, 40 + 24 * 60)
    assert [each.summary.status for each in (first, picked, ended)] == ["sourced", "shipped", "delivered"]
    assert [each.summary.outcome for each in (first, picked, ended)] == [None, None, "delivered"]
    assert [each.state.sequence for each in (first, picked, ended)] == [1, 2, 3]  # type: ignore[union-attr]
    assert known_at(shop, 39.99) == first
    assert {unit.status for unit in first.state.units.values()} == {"planned"}  # type: ignore[union-attr]
    assert {unit.status for unit in picked.state.units.values()} == {"shipped"}  # type: ignore[union-attr]
    assert [line.kind for line in first.history if not line.subject] == ["captured"]
    assert len(first.records) == 1 and first.messages[0].done_at == PLACED
    assert ended == queries.order(shop.store, "O00001")


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_stock_is_told_as_the_ledger_has_it(shop: Shop) -> None:
    """Order 1 reserves a unit of I010 and two of I013 at N0 when it is placed, and takes them 40 minutes later; 50 were there."""

    def at(item: str, minutes: float) -> tuple[int, int, int]:
        [found] = stock_at(shop.store, item, PLACED + timedelta(minutes=minutes), "N0")
        return found.on_hand, found.inbound, found.reserved

    put_supplies(shop.store, [Supply("PO1", "I013", "N0", "on-order", 8, toy.START.date())], PLACED + timedelta(minutes=50))
    assert stock_at(shop.store, "I013", toy.START - timedelta(days=1)) == ()
    assert [at("I013", minutes) for minutes in (-1, 0, 39, 40, 60)] == [
        (50, 0, 0),
        (50, 0, 2),
        (50, 0, 2),
        (48, 0, 0),
        (48, 8, 0),
    ]
    assert [found.node for found in stock_at(shop.store, "I013", PLACED)] == ["N0", "N1", "N2"]


def test_a_quarantine_is_told(shop: Shop) -> None:
    from orderloom.engine.desk.stock_inbox import adjust
    from orderloom.engine.ledger.messages import Adjustment

    shop.capture(10)  # of I013 two, of the 48 that order 1 has left
    shop.worker(until=toy.START + timedelta(minutes=75)).run_until_idle()
    item = toy.order(10, ITEMS).lines[0].item
    adjust(shop.store, [Adjustment("A1", item, "N0", -48, toy.START + timedelta(minutes=80), "lost")])
    states = [stock_at(shop.store, item, toy.START + timedelta(minutes=minutes), "N0")[0].state for minutes in (79, 80)]
    assert states == ["good", "quarantined"]


def test_before_the_history_tells_it_a_state_is_not_known(shop: Shop) -> None:
    with shop.store.writing() as connection:
        connection.exec_driver_sql("UPDATE history SET change = '' WHERE order_id = 'O00001' AND sequence = 1")
        connection.exec_driver_sql("UPDATE history SET change = '' WHERE order_id = 'O00001' AND sequence = 2")
        connection.exec_driver_sql("UPDATE history SET change = '' WHERE order_id = 'O00001' AND sequence = 3")
    assert order_at(shop.store, "O00001", PLACED) == Unknown(None)


# --- the law -------------------------------------------------------------------------------------------------------------


def shown(store: Store, order: str) -> WholeOrder | None:
    """An order as it is shown; an attempt that failed is not kept with its moment."""
    found = queries.order(store, order)
    if found is None or found.state is None:
        return None
    lines = tuple(line if line.done_at else replace(line, attempt=0, failure=None) for line in found.messages)
    return replace(found, messages=lines)


def on_the_shelves(store: Store) -> dict[tuple[str, str], PastStock]:
    """What is on hand, inbound and reserved now."""
    found = {}
    for line in queries.stock(store, limit=1_000):
        inbound = sum(s.quantity - s.received for s in line.supplies if s.type != ON_HAND)
        here, reserved = sum(s.received for s in line.supplies), sum(s.reserved for s in line.supplies)
        found[line.item, line.node] = PastStock(line.item, line.node, here, inbound, reserved, line.quarantined)
    return found


class Remembered(Life):
    """A life of which everything shown is remembered, the last of each moment. Nobody tells of stock too late."""

    tally = Tally()

    def ago(self, hours: int) -> datetime:
        return self.stage.now

    @invariant()
    def remember(self) -> None:
        if hasattr(self, "stage"):
            self.memory = getattr(self, "memory", {})
            orders = {order.id: shown(self.stage.store, order.id) for order in self.orders}
            self.memory[self.stage.now] = (orders, on_the_shelves(self.stage.store))

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            self.work_again()
            for at, (orders, stock) in self.memory.items():
                for id, order in orders.items():
                    assert wire.dump(order_at(self.stage.store, id, at)) == wire.dump(order)
                then = {(each.item, each.node): each for item in THINGS for each in stock_at(self.stage.store, item, at)}
                assert then == stock
        super().teardown()

    def work_again(self) -> None:
        """Every event gives the same again, whatever the stock is by now."""
        tally = Tally()
        programs = Programs(self.stage.store, lambda _: self.program)
        assert list(worked_again(self.stage.store, programs, tally)) == []
        Remembered.tally.again += tally.again
        Remembered.tally.left_out += tally.left_out


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> type[Remembered]:
    folder: Path = tmp_path_factory.mktemp("life") / "shop"
    return type("LifeHere", (Remembered,), {"program": compiled(folder)})


@pytest.mark.parametrize(("examples", "steps"), [(8, 20), pytest.param(500, 50, marks=pytest.mark.soak)])
def test_as_of_a_moment_is_what_was_shown_then(life: type[Remembered], examples: int, steps: int) -> None:
    quick = settings(max_examples=examples, stateful_step_count=steps, deadline=None, phases=[Phase.explicit, Phase.generate])
    run_state_machine_as_test(life, settings=settings(quick, suppress_health_check=list(HealthCheck)))
    assert Remembered.tally.again > 5 * Remembered.tally.left_out


def test_a_cancelled_order_was_running_before(shop: Shop) -> None:
    shop.capture(6)
    at = toy.START + timedelta(hours=1)
    shop.worker(until=at).run_until_idle()
    assert cancel(shop.store, "O00006", "shop", at) is None
    shop.worker(until=at).run_until_idle()
    before = order_at(shop.store, "O00006", at - timedelta(minutes=1))
    assert isinstance(before, WholeOrder) and before.summary.status == "sourced"
    after = order_at(shop.store, "O00006", at)
    assert isinstance(after, WholeOrder) and after.summary.status == "cancelled"
