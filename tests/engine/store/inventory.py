"""What every store must do with messages about stock. A module of tests imports these and gives them a fixture `url`.

Toy order 1 (placed at 10:07, picked at 10:47) takes one I010 and two I013 of the five that N0 has of each, counted at 10:00.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import toy
from shop import Shop, stocked
from sqlalchemy import Connection

from orderloom.engine import wire
from orderloom.engine.audit import audit
from orderloom.engine.desk.reference_data import put_positions, put_supplies
from orderloom.engine.desk.stock_inbox import REPEATED, Taken, adjust, count, count_rest, receive
from orderloom.engine.events import SupplyMoved
from orderloom.engine.ledger.messages import Adjustment, Count, SupplyReceipt
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.refused import Refused
from orderloom.engine.store import queries, tables
from orderloom.engine.store.queries import StockLine

DUE = date(2026, 3, 6)


@pytest.fixture
def stock_shop(url: str) -> Shop:
    return stocked(url)


def at(hour: int, minute: int = 0) -> datetime:
    return toy.START.replace(hour=hour, minute=minute)


def line(shop: Shop, item: str, node: str = "N0") -> StockLine:
    return queries.stock(shop.store, item=item, node=node)[0]


def on_hand(shop: Shop, item: str, node: str = "N0") -> int:
    return sum(supply.received for supply in line(shop, item, node).supplies)


def moved(id: str, quantity: int, when: datetime, item: str = "I010") -> Adjustment:
    return Adjustment(id, item, "N0", quantity, when, "damaged")


def expect(shop: Shop, quantity: int = 10, due_on: date = DUE) -> None:
    put_supplies(shop.store, [Supply("PO1", "I010", "N0", "on-order", quantity, due_on)], at(10))


def enter(connection: Connection, number: int, kind: str, supply: str, quantity: int) -> None:
    """Enters into the ledger, at eleven."""
    row = {"shard": 0, "order_id": "", "sequence": 100, "number": number, "at": at(11), "kind": kind, "line": "1"}
    row |= {"item": "I010", "node": "N0", "supply": supply, "quantity": quantity}
    connection.execute(tables.ledger.insert(), row)


# --- adjustments ---------------------------------------------------------------------------------------------------------


def test_an_adjustment_counts_once(stock_shop: Shop) -> None:
    told = moved("A1", -2, at(11))
    assert adjust(stock_shop.store, [told, told]) == [Taken(), REPEATED]
    assert adjust(stock_shop.store, [told]) == [REPEATED]
    assert on_hand(stock_shop, "I010") == 3
    assert audit(stock_shop.store) == ()


def test_adjustments_come_in_any_order(stock_shop: Shop) -> None:
    adjust(stock_shop.store, [moved("A2", +4, at(12)), moved("A1", -5, at(11))])
    assert on_hand(stock_shop, "I010") == 4


def test_messages_add_up_to_more_than_32_bits(stock_shop: Shop) -> None:
    most = 10**9
    adjust(stock_shop.store, [moved(f"A{number}", most, at(11)) for number in range(5)])
    expect(stock_shop, most)
    receive(stock_shop.store, [SupplyReceipt(f"R{number}", "PO1", most, at(11)) for number in range(3)])
    assert on_hand(stock_shop, "I010") == 5 + 8 * most
    assert audit(stock_shop.store) == ()


def test_an_adjustment_that_a_snapshot_has_seen_is_set_aside(stock_shop: Shop) -> None:
    count(stock_shop.store, [Count("I010", "N0", 3)], at(12))
    [verdict] = adjust(stock_shop.store, [moved("A1", -2, at(11))])
    assert isinstance(verdict, Refused) and verdict.because == "the snapshot of 2026-03-02 12:00 has seen it: it is of before"
    assert on_hand(stock_shop, "I010") == 3


def test_nothing_can_be_less_than_nothing(stock_shop: Shop) -> None:
    [verdict] = adjust(stock_shop.store, [moved("A1", -6, at(11))])
    assert isinstance(verdict, Refused) and verdict.because == "6 fewer than before cannot be: 5 are on hand"
    assert adjust(stock_shop.store, [moved("A1", -5, at(11))]) == [Taken()]  # it was not taken in, so its id is free


def test_an_adjustment_makes_the_position_that_was_not_there(stock_shop: Shop) -> None:
    adjust(stock_shop.store, [Adjustment("A1", "I010", "N0", 2, at(11), stock_class="returned")])
    assert [(s.id, s.quantity, s.stock_class) for s in line(stock_shop, "I010").supplies] == [
        ("I010@N0/returned", 2, "returned"),
        ("OH", 5, "good"),
    ]
    assert audit(stock_shop.store) == ()


# --- receipts ------------------------------------------------------------------------------------------------------------


def test_receipts_move_units_from_expected_to_here(stock_shop: Shop) -> None:
    expect(stock_shop)
    first, second = SupplyReceipt("R1", "PO1", 4, at(11)), SupplyReceipt("R2", "PO1", 6, at(12))
    assert receive(stock_shop.store, [first, first]) == [Taken(), REPEATED]
    assert on_hand(stock_shop, "I010") == 5 + 4
    assert receive(stock_shop.store, [first, second]) == [REPEATED, Taken()]
    supply = line(stock_shop, "I010").supplies[1]
    assert (supply.quantity, supply.received, supply.due_on) == (10, 10, DUE)
    assert audit(stock_shop.store) == ()


def test_more_than_was_expected_is_here_all_the_same(stock_shop: Shop) -> None:
    expect(stock_shop)
    receive(stock_shop.store, [SupplyReceipt("R1", "PO1", 12, at(11))])
    supply = line(stock_shop, "I010").supplies[1]
    assert (supply.quantity, supply.received) == (12, 12)
    assert audit(stock_shop.store) == ()


def test_units_that_a_snapshot_has_seen_are_not_received_again(stock_shop: Shop) -> None:
    expect(stock_shop)
    count(stock_shop.store, [Count("I010", "N0", 9)], at(12))  # four of the purchase order had come at eleven
    receive(stock_shop.store, [SupplyReceipt("R1", "PO1", 4, at(11))])
    assert on_hand(stock_shop, "I010") == 9
    assert [(s.id, s.quantity, s.received) for s in line(stock_shop, "I010").supplies] == [("OH", 5, 5), ("PO1", 10, 4)]
    assert audit(stock_shop.store) == ()


def test_a_receipt_of_nothing_known_is_refused(stock_shop: Shop) -> None:
    [verdict] = receive(stock_shop.store, [SupplyReceipt("R1", "PO9", 1, at(11))])
    assert isinstance(verdict, Refused) and verdict.because == "no supply PO9 is expected"
    expect(stock_shop)
    put_supplies(stock_shop.store, [Supply("PO1", "I011", "N0", "on-order", 1, DUE)], at(10))
    [several, one] = receive(
        stock_shop.store, [SupplyReceipt("R1", "PO1", 1, at(11)), SupplyReceipt("R2", "PO1", 1, at(11), item="I011")]
    )
    assert isinstance(several, Refused) and "give item and node" in several.because
    assert one == Taken()


# --- snapshots -----------------------------------------------------------------------------------------------------------


def test_what_moved_since_a_snapshot_is_added_to_it(stock_shop: Shop) -> None:
    expect(stock_shop)
    stock_shop.capture(1)
    stock_shop.worker().run_until_idle()  # one left at 10:47
    receive(stock_shop.store, [SupplyReceipt("R1", "PO1", 4, at(11))])
    adjust(stock_shop.store, [moved("A1", -2, at(11, 30))])
    count(stock_shop.store, [Count("I010", "N0", 20)], at(10, 30))
    assert on_hand(stock_shop, "I010") == 20 - 1 + 4 - 2
    assert audit(stock_shop.store) == ()


def test_of_two_snapshots_out_of_order_the_older_is_set_aside(stock_shop: Shop) -> None:
    assert count(stock_shop.store, [Count("I010", "N0", 4)], at(12)) == [Taken()]
    [older] = count(stock_shop.store, [Count("I010", "N0", 9)], at(11))
    assert isinstance(older, Refused) and older.because == "set aside: a later snapshot, of 2026-03-02 12:00, has been taken in"
    assert count(stock_shop.store, [Count("I010", "N0", 4)], at(12)) == [REPEATED]
    [other] = count(stock_shop.store, [Count("I010", "N0", 9)], at(12))
    assert isinstance(other, Refused) and "another figure of the same moment" in other.because
    assert on_hand(stock_shop, "I010") == 4


def test_a_count_below_what_is_reserved_is_taken_in_and_names_the_orders(stock_shop: Shop) -> None:
    stock_shop.capture(1)
    stock_shop.worker(timedelta(0)).run_once()
    [verdict] = count(stock_shop.store, [Count("I013", "N0", 1)], at(10, 30))
    assert isinstance(verdict, Taken)
    assert verdict.warning == (
        "1 of 2 reserved units of I013 are not at N0, where it is in quarantine until a recount; reserved for O00001 (2)"
    )
    there = line(stock_shop, "I013")
    assert there.quarantined and (there.supplies[0].quantity, there.supplies[0].received) == (2, 1)
    assert audit(stock_shop.store) == ()
    assert count(stock_shop.store, [Count("I013", "N0", 1)], at(10, 30))[0] == Taken(False, verdict.warning)
    assert count(stock_shop.store, [Count("I013", "N0", 3)], at(10, 40)) == [Taken()]
    assert not line(stock_shop, "I013").quarantined and on_hand(stock_shop, "I013") == 3
    assert audit(stock_shop.store) == ()


def test_a_claim_that_is_given_back_takes_the_missing_units_with_it(stock_shop: Shop) -> None:
    stock_shop.capture(1)
    worker = stock_shop.worker(timedelta(0))
    worker.run_once()
    count(stock_shop.store, [Count("I013", "N0", 0)], at(10, 30))
    with stock_shop.store.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox SET done_at = at")  # nobody picks; after two hours it is asked again
    stock_shop.cancel(1)
    assert (line(stock_shop, "I013").supplies[0].quantity, on_hand(stock_shop, "I013")) == (0, 0)
    assert audit(stock_shop.store) == ()


def test_an_import_of_stock_ends_what_a_count_began(stock_shop: Shop) -> None:
    stock_shop.capture(1)
    stock_shop.worker(timedelta(0)).run_once()
    count(stock_shop.store, [Count("I013", "N0", 1)], at(10, 30))
    put_positions(stock_shop.store, [Position("I013", "N0", supplies=(Supply("OH", "I013", "N0", "on-hand", 6),))], at(11))
    assert not line(stock_shop, "I013").quarantined and on_hand(stock_shop, "I013") == 6
    assert audit(stock_shop.store) == ()


def test_a_recount_of_before_a_short_pick_ends_no_quarantine(stock_shop: Shop) -> None:
    put_positions(stock_shop.store, [Position("I010", "N0", quarantined=True)], at(10))
    with stock_shop.store.writing() as connection:
        enter(connection, 0, "quarantine", "", 0)
    count(stock_shop.store, [Count("I010", "N0", 5)], at(10, 30))
    assert line(stock_shop, "I010").quarantined
    adjust(stock_shop.store, [moved("A1", -1, at(11, 30))])
    assert not line(stock_shop, "I010").quarantined


def test_what_a_full_snapshot_does_not_name_is_not_there(stock_shop: Shop) -> None:
    count(stock_shop.store, [Count("I011", "N0", 8)], at(12))
    count(stock_shop.store, [Count("I010", "N0", 4)], at(11))
    changed, warnings = count_rest(stock_shop.store, ["N0"], at(11))
    assert (changed, warnings) == (18, [])
    assert [on_hand(stock_shop, item) for item in ("I009", "I010", "I011")] == [0, 4, 8]
    assert on_hand(stock_shop, "I009", "N1") == 5
    assert count_rest(stock_shop.store, ["N0"], at(11)) == (0, [])
    assert audit(stock_shop.store) == ()


# --- supply to come ------------------------------------------------------------------------------------------------------


def test_the_same_file_of_supply_again_changes_nothing_though_units_of_it_have_left(stock_shop: Shop) -> None:
    expect(stock_shop)
    with stock_shop.store.writing() as connection:
        connection.exec_driver_sql("UPDATE supplies SET quantity = 9 WHERE id = 'PO1'")
        for number, kind in enumerate(("reserve", "presume", "ship")):
            enter(connection, number, kind, "PO1", 1)
    assert audit(stock_shop.store) == ()
    expect(stock_shop)
    assert line(stock_shop, "I010").supplies[1].quantity == 9
    receive(stock_shop.store, [SupplyReceipt("R1", "PO1", 10, at(12))])  # the unit that has left among them
    assert (line(stock_shop, "I010").supplies[1].quantity, line(stock_shop, "I010").supplies[1].received) == (9, 9)
    assert audit(stock_shop.store) == ()


def test_orders_that_claim_a_supply_are_told_when_it_slips(stock_shop: Shop) -> None:
    expect(stock_shop)
    stock_shop.capture(1, 2)
    with stock_shop.store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO reservations VALUES (0, 'O00001', '1', 'I010', 'N0', 'PO1', 1, NULL)")
        connection.exec_driver_sql("UPDATE supplies SET reserved = 1 WHERE id = 'PO1'")
    expect(stock_shop, due_on=DUE)
    later = date(2026, 3, 11)
    expect(stock_shop, due_on=later)
    with stock_shop.store.reading() as connection:
        bodies = connection.exec_driver_sql("SELECT order_id, body FROM due WHERE kind = 'supply-moved'").all()
    assert [(order, wire.load_event(body)) for order, body in bodies] == [
        ("O00001", SupplyMoved(at(10), "PO1", "I010", "N0", later))
    ]


# --- what an audit finds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "laws"),
    [
        ("UPDATE supplies SET received = 5 WHERE id = 'PO1'", {"the ledger sums up to the supplies"}),
        ("UPDATE supplies SET quantity = 11 WHERE id = 'PO1'", {"the ledger sums up to the supplies"}),
        ("DELETE FROM ledger WHERE kind = 'receive'", {"the ledger sums up to the supplies"}),
        ("DELETE FROM ledger WHERE kind = 'expect'", {"the ledger sums up to the supplies"}),
        ("DELETE FROM ledger WHERE kind = 'adjust' AND quantity = -2", {"the ledger sums up to the supplies"}),
        (
            "UPDATE supplies SET received = 2 WHERE id = 'OH' AND item = 'I010'",
            {"what is on hand is received or claimed", "the ledger sums up to the supplies"},
        ),
        (
            "DELETE FROM supplies WHERE id = 'OH' AND item = 'I013'",
            {"every reservation is of a supply", "the ledger speaks of supplies that are there"},
        ),
        ("UPDATE reservations SET expires_at = '2026-03-02T12:00:00.000000+00:00'", {"only what a draft holds expires"}),
    ],
)
def test_an_audit_finds_stock_that_is_not_what_was_told(stock_shop: Shop, damage: str, laws: set[str]) -> None:
    expect(stock_shop)
    receive(stock_shop.store, [SupplyReceipt("R1", "PO1", 4, at(11))])
    adjust(stock_shop.store, [moved("A1", -2, at(11))])
    stock_shop.capture(1)
    stock_shop.worker(timedelta(0)).run_once()
    assert audit(stock_shop.store) == ()
    with stock_shop.store.writing() as connection:
        connection.exec_driver_sql(damage)
    assert {finding.law for finding in audit(stock_shop.store)} == laws
