"""Whatever is broken in a store is a finding with its order, its table, its key and what to do; never an error of the audit."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import toy
from shop import Shop, stocked

from orderloom.engine.audit import audit, audited
from orderloom.engine.audit.rows import pages
from orderloom.engine.store import Store

TORN = '{"wire":1,"bod'

DAMAGES = [
    (f"UPDATE orders SET state = '{TORN}' WHERE id = 'O00003'", "orders", "O00003", "a state can be read"),
    (f"UPDATE history SET event = '{TORN}' WHERE order_id = 'O00003' AND sequence = 2", "history", "2", "a history can be read"),
    ("UPDATE history SET notes = '[1]' WHERE order_id = 'O00003' AND sequence = 1", "history", "1", "a history can be read"),
    ("UPDATE history SET at = 'noon' WHERE order_id = 'O00003' AND sequence = 1", "history", "1", "a history can be read"),
    ("UPDATE history SET change = '7' WHERE order_id = 'O00003' AND sequence = 1", "history", "1", "a history can be read"),
    ("UPDATE records SET body = '' WHERE order_id = 'O00003'", "records", "1/0", "a decision record can be read"),
    ("UPDATE outbox SET body = '[' WHERE order_id = 'O00003'", "outbox", "O00003/order:1", "a message can be read"),
    ("UPDATE due SET due_at = 'soon' WHERE order_id = 'O00003'", "due", "timer/O00003/order:2", "what is due can be read"),
    ("DELETE FROM history WHERE order_id = 'O00003' AND sequence = 2", "history", "2", "the history has every event"),
    ("UPDATE orders SET version = 9 WHERE id = 'O00003'", "history", "3", "the history has every event"),
    ("DELETE FROM outbox WHERE order_id = 'O00003'", "history", "1", "the history is as it was written"),
    ("UPDATE outbox SET sequence = 2 WHERE order_id = 'O00003'", "outbox", "O00003/order:1", "every message has a cause"),
    ("DELETE FROM inbox WHERE order_id = 'O00003'", "inbox", "in/depot/O00003/order:1/1", "every fact takes effect once"),
    ("DELETE FROM due WHERE order_id = 'O00003'", "due", "timer/O00003/order:2", "every clock that runs has its row"),
    ("UPDATE due SET key = 'timer/O00003/order:9' WHERE order_id = 'O00003'", "due", "timer/O00003/order:9",
     "every row has a clock that runs"),
    ("UPDATE loads SET units = -1 WHERE node = 'N0' AND day = '2026-03-02'", "loads", "node N0 on 2026-03-02",
     "the ledger sums up to the loads"),
    ("DELETE FROM loads", "loads", "node N0 on 2026-03-02", "the loads have what the ledger has booked"),
    ("UPDATE ledger SET order_id = 'O99999' WHERE order_id = 'O00003'", "ledger", "order O99999",
     "the ledger is of orders that are there"),
    ("UPDATE orders SET status = 'lost' WHERE id = 'O00003'", "orders", "O00003", "an order's row says what its state says"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "table", "key", "law"), DAMAGES, ids=[damage[:60] for damage, *_ in DAMAGES])
def test_damage_is_found_with_its_place_and_what_to_do(shop: Shop, damage: str, table: str, key: str, law: str) -> None:
    assert audit(shop.store) == ()
    with shop.store.writing() as connection:
        connection.exec_driver_sql(damage)
    found = audit(shop.store)
    assert (law, table, key) in {(each.law, each.table, each.key) for each in found}
    assert all(each.todo and each.because for each in found)
    assert {each.order for each in found} <= {"", "O00003", "O99999"}


def test_rows_of_an_order_that_is_gone_are_found(tmp_path: Path) -> None:
    shop = stocked(f"sqlite:///{tmp_path}/toys.sqlite")
    shop.capture(1, 2)
    shop.worker().run_once()
    with closing(sqlite3.connect(tmp_path / "toys.sqlite")) as by_hand:
        by_hand.execute("DELETE FROM orders WHERE id = 'O00002'")
        by_hand.commit()
    found = {(each.law, each.table, each.key) for each in audit(shop.store)}
    assert {("every row is of an order", table, "O00002") for table in ("history", "records", "outbox", "due")} <= found
    assert ("the ledger is of orders that are there", "ledger", "order O00002") in found


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ('"amount":29.70', "the history has no invoice O1-I1 of 29.71"),
        ('"number":"O1-I1"', "the history has no invoice O1-I9 of 29.70"),
    ],
)
def test_a_document_that_was_changed_is_found(change: str, because: str) -> None:
    from orderloom.engine.audit.known import Known
    from orderloom.engine.audit.money import of_money
    from orderloom.engine.audit.rows import OrderRows
    from orderloom.engine.state import Document, OrderState

    amount, number = ("29.71", "O1-I1") if "amount" in change else ("29.70", "O1-I9")
    order = toy.order(1, 20)
    state = OrderState(order, "toy", documents=(Document("invoice", number, toy.START, toy.Decimal(amount), "U1"),))
    known = Known(OrderRows(order.id), {})  # type: ignore[arg-type]
    known.notes = [(1, "U1", "document", "invoice O1-I1 29.70")]
    assert because in [each.because for each in of_money(known, state)]


@pytest.mark.parametrize(("kind", "amount", "price", "sound"), [
    ("invoice", 5, 5, True), ("invoice", -5, -5, True), ("invoice", 5, -5, False), ("invoice", -5, 5, False),
    ("payment", -6, -5, False), ("payment", 3, 5, True), ("refund", 5, 5, True),
])  # fmt: skip
def test_what_was_billed_and_paid_lies_between_nothing_and_the_total(kind: str, amount: int, price: int, sound: bool) -> None:
    from orderloom.engine.audit.known import Known
    from orderloom.engine.audit.money import of_money
    from orderloom.engine.audit.rows import OrderRows
    from orderloom.engine.order import Customer, Line, Order
    from orderloom.engine.state import Document, OrderState

    line = Line("1", "TEE", 1, toy.Decimal(price))
    order = Order("O1", "web", toy.START, Customer("C1"), (line,), "USD")
    state = OrderState(order, "toy", documents=(Document(kind, "O1-1", toy.START, toy.Decimal(amount)),))
    known = Known(OrderRows(order.id), {})  # type: ignore[arg-type]
    assert (not list(of_money(known, state))) is sound


def test_an_audit_goes_on_where_it_was_stopped_and_keeps_its_pace(shop: Shop) -> None:
    with shop.store.writing() as connection:
        connection.exec_driver_sql("UPDATE orders SET status = 'lost'")
    came: list[tuple[int, int, str]] = []
    found = [each.subject for each in audited(shop.store, "O00002", 1_000, lambda *far: came.append(far))]
    assert found == ["O00003", "O00003", "O00004", "O00004"] or found == ["O00003", "O00004"]
    assert came == [(2, 2, "O00004")]


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_pages_have_every_order_once(shop: Shop) -> None:
    ids = [rows.id for page in pages(shop.store, page=3) for rows in page]
    assert ids == ["O00001", "O00002", "O00003", "O00004"]
    sizes = [{table: len(found) for table, found in rows.tables.items()} for page in pages(shop.store, page=1) for rows in page]
    assert sizes[0] == {"history": 3, "records": 1, "ledger": 4, "outbox": 1, "inbox": 1}


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_damaged_store_is_read_to_its_end(shop: Shop) -> None:
    """Everything at once: every order is named, none hides another."""
    with shop.store.writing() as connection:
        for statement in (f"UPDATE orders SET state = '{TORN}'", f"UPDATE history SET event = '{TORN}', chain = ''"):
            connection.exec_driver_sql(statement)
    assert {each.order for each in audit(shop.store) if each.order} == {"O00001", "O00002", "O00003", "O00004"}


def test_findings_are_of_the_store_alone(shop: Shop) -> None:
    """An audit changes nothing."""
    before = _rows(shop.store)
    audit(shop.store)
    assert _rows(shop.store) == before


def _rows(store: Store) -> list[object]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM orders ORDER BY id")]
