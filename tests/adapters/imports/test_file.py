"""Imports with a store in a dictionary: what goes in, what is refused, and why."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import Kind, Report, Verdict, import_file
from orderloom.adapters.imports.items import item_of
from orderloom.adapters.imports.known import Known
from orderloom.adapters.imports.nodes import node_of
from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.imports.stock import position_of
from orderloom.adapters.imports.supply import supply_of
from orderloom.dsl.feel.types import BOOLEAN, NUMBER, STRING, ListType, one_of
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.refused import Refused

ATTRIBUTES = {
    "item": {"oversize": BOOLEAN, "unit_cost": NUMBER},
    "node": {"divisions": ListType(STRING)},
    "position": {"walkin_28d": NUMBER},
    "customer": {"tier": one_of("standard", "gold")},
    "line": {"gift_services": ListType(STRING)},
}
KNOWN = Known(
    ATTRIBUTES,
    "USD",
    ZoneInfo("America/Chicago"),
    {"every-day"},
    frozenset({"on-hand", "in-transit", "on-order"}),
    {"TEE", "HAT"},
    {"S1", "DC1"},
    frozenset({"good", "returned"}),
    frozenset({"monogram", "insert-card"}),
)
GOOD: dict[str, Any] = {
    "id": "W1",
    "channel": "web",
    "placed_at": "2026-03-02T10:00:00",
    "customer": {"id": "C1", "tier": "gold"},
    "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
    "lines": [{"id": 1, "item": "TEE", "quantity": 2, "unit_price": 29.90, "want_by": "2026-03-05", "gift_services": ["wrap"]}],
}


class Memory:
    """A store in a dictionary."""

    def __init__(self) -> None:
        self.records: dict[str, object] = {}

    def write(self, records: Sequence[Any]) -> list[Verdict | Refused]:
        return [self._put(getattr(record, "id", None) or f"{record.item}@{record.node}", record) for record in records]

    def _put(self, key: str, record: object) -> Verdict | Refused:
        if key == "refused":
            return Refused("the store says no")
        verdict: Verdict = "unchanged" if self.records.get(key) == record else "added"
        self.records[key] = record
        return verdict


def run(
    path: Path, decode: Callable[[Fields, Known], Any], store: Memory, renames: dict[str, str] | None = None
) -> tuple[Report, list[dict[str, Any]]]:
    kind = Kind("records", decode, lambda record: getattr(record, "id", None) or f"{record.item}@{record.node}", store.write)
    rejects = path.with_suffix(".rejects")
    report = import_file(path, kind, KNOWN, rejects, renames or {})
    lines = rejects.read_text().splitlines() if rejects.exists() else []
    return report, [json.loads(line) for line in lines]


def reasons(tmp_path: Path, *orders: object) -> list[str]:
    path = tmp_path / "orders.jsonl"
    path.write_text("".join(order if isinstance(order, str) else json.dumps(order) + "\n" for order in orders))
    return [reject["reason"] for reject in run(path, order_of, Memory())[1]]


def test_a_good_order_arrives_whole(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(json.dumps(GOOD))
    store = Memory()
    report, rejects = run(path, order_of, store)
    line = Line("1", "TEE", 2, Decimal("29.9"), "ship", date(2026, 3, 5), {"gift_services": ["wrap"]})
    address = Address(zip="60601", lat=Decimal("41.88"), lon=Decimal("-87.62"))
    customer = Customer("C1", attributes={"tier": "gold"})
    placed_at = datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert store.records == {"W1": Order("W1", "web", placed_at, customer, (line,), "USD", ship_to=address)}
    assert (report.counts, report.rejected, report.left_out, rejects) == (
        {"added": 1},
        0,
        set(),
        [],
    )


def test_an_order_with_a_pickup_node_is_picked_up(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(json.dumps(GOOD | {"pickup_node": "S1", "ship_to": None}))
    store = Memory()
    run(path, order_of, store)
    assert store.records["W1"].lines[0].method == "pickup"  # type: ignore[attr-defined]


def test_an_order_has_the_priority_that_it_brings_and_waits_with_its_like(tmp_path: Path) -> None:
    path, store = tmp_path / "orders.jsonl", Memory()
    brought = [{"id": "A"}, {"id": "B", "priority": -9}, {"id": "C", "priority": 3, "division": "B2B"}]
    path.write_text("\n".join(json.dumps(GOOD | record) for record in brought))
    run(path, order_of, store)
    queues = {key: order.queue for key, order in store.records.items()}  # type: ignore[attr-defined]
    assert queues == {"A": "0/", "B": "-9/", "C": "3/B2B"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"orderloom": 2}, "written for version 2 of the language; this program reads version 1"),
        ({"ship_to": None}, "a line is to be shipped and the order has no address, ship_to"),
        ({"ship_to": {}}, "a line is to be shipped and the order has no address, ship_to"),
        ({"pickup_node": "S9"}, "unknown node S9"),
        ({"priority": 10}, "priority must be a whole number from -9 to 9, not 10"),
        ({"priority": 0.5}, "priority must be a whole number from -9 to 9, not 0.5"),
        ({"priority": "high"}, "priority must be a number, not 'high'"),
        ({"placed_at": "yesterday"}, "placed_at must be a moment such as 2026-03-31T09:30:00Z, not 'yesterday'"),
        ({"placed_at": "0001-01-01T00:00:00+14:00"}, "placed_at is out of the calendar"),
        ({"customer": None}, "customer is missing"),
        ({"placed_at": None}, "placed_at is missing: a moment such as 2026-03-31T09:30:00Z"),
        ({"customer": {"id": "C1", "tier": "tin"}}, "customer: tier must be one of standard, gold, not 'tin'"),
        ({"lines": []}, "lines are missing"),
        ({"lines": [GOOD["lines"][0] | {"item": "CAP"}]}, "line 1: unknown item CAP"),
        ({"lines": [GOOD["lines"][0] | {"quantity": -1}]}, "line 1: quantity must be a whole number, 1 or more, not -1"),
        (
            {"lines": [GOOD["lines"][0] | {"quantity": 2 * 10**9}]},
            "line 1: quantity is 2000000000; more than 1,000,000,000 cannot be taken",
        ),
        ({"lines": [GOOD["lines"][0] | {"quantity": 0}]}, "line 1: quantity must be a whole number, 1 or more, not 0"),
        ({"lines": [GOOD["lines"][0] | {"quantity": 1.5}]}, "line 1: quantity must be a whole number, 1 or more, not '1.5'"),
        ({"lines": [GOOD["lines"][0] | {"quantity": "two"}]}, "line 1: quantity must be a number, not 'two'"),
        ({"lines": [GOOD["lines"][0] | {"unit_price": -1}]}, "line 1: unit_price is negative"),
        ({"lines": [GOOD["lines"][0] | {"tax": -1}]}, "line 1: tax is negative"),
        ({"lines": [GOOD["lines"][0] | {"discount": 60}]}, "line 1: discount 60 is more than the 59.8 that the line costs"),
        ({"discount": 60, "shipping": 5}, "discount 60 is more than the lines cost"),
        ({"payments": [{"tender": "card", "amount": 60}]}, "payments come to 60, the order to 59.8"),
        ({"payments": [{"tender": "card", "amount": 5}] * 2}, "payment 2: card pays twice; give one amount for it"),
        ({"payments": [{"amount": 5}]}, "payment 1: tender is missing"),
        ({"lines": [GOOD["lines"][0] | {"services": ["monogrm"]}]}, "line 1: unknown service monogrm; did you mean monogram?"),
        ({"lines": [GOOD["lines"][0] | {"services": ["gift"]}]}, "line 1: unknown service gift; known: insert-card, monogram"),
        ({"lines": [GOOD["lines"][0] | {"services": 3}]}, "line 1: services must be a list, each a text, not 3"),
        (
            {"lines": [GOOD["lines"][0] | {"want_from": "2026-03-06"}]},
            "line 1: want_by 2026-03-05 is before want_from 2026-03-06",
        ),
        ({"lines": [GOOD["lines"][0], GOOD["lines"][0]]}, "two lines have the id 1"),
        ({"lines": [GOOD["lines"][0] | {"method": "pickup"}]}, "a line is to be picked up and the order has no pickup_node"),
        ({"id": "W/1"}, "an order's id must not contain /, as W/1 does"),
        ({"currency": "EUR"}, "the order is in EUR, the workspace in USD"),
        (
            {"traceparent": "4bf92f3577b34da6a3ce929d0e0e4736"},
            "traceparent must be that of a W3C trace context, 00-<32 hex digits>-<16 hex digits>-<2 hex digits>",
        ),
    ],
)
def test_a_bad_order_is_rejected_in_business_words(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    assert reasons(tmp_path, GOOD | change) == [reason]


def test_an_order_brings_its_trace(tmp_path: Path) -> None:
    path, store = tmp_path / "orders.json", Memory()
    path.write_text(json.dumps(GOOD | {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}))
    run(path, order_of, store)
    assert store.records["W1"].traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"  # type: ignore[attr-defined]


def test_what_is_to_be_done_to_a_line_arrives_in_its_order(tmp_path: Path) -> None:
    asked = GOOD["lines"][0] | {"services": ["insert-card", "monogram", "insert-card"], "want_from": "2026-03-04"}
    path, store = tmp_path / "orders.json", Memory()
    path.write_text(json.dumps(GOOD | {"lines": [asked]}))
    run(path, order_of, store)
    [order] = store.records.values()
    assert isinstance(order, Order)
    assert (order.lines[0].services, order.lines[0].want_from) == (("insert-card", "monogram"), date(2026, 3, 4))


def test_a_stock_class_that_no_rule_names_is_refused(tmp_path: Path) -> None:
    path, store = tmp_path / "supply.jsonl", Memory()
    row = {"id": "R1", "item": "TEE", "node": "DC1", "type": "in-transit", "quantity": 5, "due_on": "2026-03-05"}
    path.write_text("\n".join(json.dumps(row | {"stock_class": name}) for name in ("returned", "retruned")))
    _, [rejected] = run(path, supply_of, store)
    assert "no promising rule names the stock class retruned; known: good, returned" in str(rejected)


def test_every_mistake_of_a_row_is_told(tmp_path: Path) -> None:
    assert reasons(tmp_path, GOOD | {"channel": None, "lines": [{"id": "1"}]}) == [
        "line 1: item is missing; line 1: quantity is missing; line 1: unit_price is missing; channel is missing"
    ]


def test_the_version_of_the_language_may_be_named(tmp_path: Path) -> None:
    assert reasons(tmp_path, GOOD | {"orderloom": 1}) == []


def test_two_orders_with_one_id_let_the_first_in(tmp_path: Path) -> None:
    assert reasons(tmp_path, GOOD, "{ bad\n", GOOD) == [
        "not valid JSON: object keys must be strings (byte 2)",
        "W1 is already on line 1 of this file",
    ]


def test_the_reject_file_keeps_line_and_text_and_the_same_file_doubles_nothing(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    rows = [json.dumps(GOOD | {"id": f"W{n}"}) if n % 51 else "oops" for n in range(1, 1021)]
    path.write_text("\n".join(rows))
    store = Memory()
    first, rejects = run(path, order_of, store)
    again, _ = run(path, order_of, store)
    assert (first.counts["added"], first.rejected) == (1000, 20)
    assert (again.counts, again.rejected) == ({"unchanged": 1000}, 20)
    assert [(reject["line"], reject["text"]) for reject in rejects[:2]] == [(51, "oops"), (102, "oops")]


def test_what_the_store_refuses_is_rejected_too(tmp_path: Path) -> None:
    assert reasons(tmp_path, GOOD | {"id": "refused"}, GOOD) == ["the store says no"]


def test_a_reject_file_of_an_earlier_run_goes_away(tmp_path: Path) -> None:
    (tmp_path / "orders.rejects").write_text("old")
    assert reasons(tmp_path, GOOD) == []


def test_rejects_may_go_nowhere(tmp_path: Path) -> None:
    (tmp_path / "orders.jsonl").write_text("{}")
    nowhere = tmp_path / "nowhere"
    os.mkfifo(nowhere)
    reader = os.open(nowhere, os.O_RDONLY | os.O_NONBLOCK)
    kind = Kind("orders", order_of, lambda order: order.id, Memory().write)
    assert import_file(tmp_path / "orders.jsonl", kind, KNOWN, nowhere, {}).rejected == 1
    assert nowhere.is_fifo()
    os.close(reader)


def test_items_are_typed_renamed_and_foreign_columns_named_once(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("sku,title,weight_lb,oversize,unit_cost,colour\nTEE,Tee,0.40,1,2.50,red\nHAT,,0.1,0,,blue\nCAP,,x,2,1,red\n")
    store = Memory()
    report, rejects = run(path, item_of, store, {"sku": "id", "weight_lb": "weight"})
    tee: Any = store.records["TEE"]
    assert (tee.title, tee.weight, tee.attributes) == ("Tee", Decimal("0.40"), {"oversize": True, "unit_cost": Decimal("2.50")})
    assert store.records["HAT"].attributes == {"oversize": False}  # type: ignore[attr-defined]
    assert report.left_out == {"colour"}
    assert [reject["reason"] for reject in rejects] == [
        "oversize must be true or false, not '2'; weight must be a number, not 'x'"
    ]


def test_nodes(tmp_path: Path) -> None:
    path = tmp_path / "nodes.csv"
    path.write_text("id,type,lat,cutoff,divisions,calendar\nDC1,dc,41.5,16:00,RETAIL|B2B,every-day\nDC2,,x,16h,,weekdays\n")
    store = Memory()
    _, [reject] = run(path, node_of, store)
    node: Any = store.records["DC1"]
    assert (node.lat, node.cutoff, node.attributes) == (Decimal("41.5"), time(16), {"divisions": ["RETAIL", "B2B"]})
    assert reject["reason"] == (
        "cutoff must be a time such as 16:00, not '16h'; no calendar is called weekdays; "
        "type is missing; lat must be a number, not 'x'"
    )


def test_stock(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    path.write_text("item,node,on_hand,safety_stock,walkin_28d\nTEE,S1,5,1,0.25\nTEE,S9,5,0,0\nHAT,S1,-1,0,0\n")
    store = Memory()
    _, rejects = run(path, position_of, store)
    position: Any = store.records["TEE@S1"]
    assert (position.on_hand, position.safety_stock, position.attributes) == (5, 1, {"walkin_28d": Decimal("0.25")})
    assert [reject["reason"] for reject in rejects] == [
        "unknown node S9",
        "on_hand must be a whole number, 0 or more, not '-1'",
    ]


def test_supply(tmp_path: Path) -> None:
    path = tmp_path / "supply.csv"
    path.write_text(
        "supply_id,sku,node,qty,eta,status\nPO1,TEE,DC1,5,2026-03-05,in_transit\nPO3,HAT,DC1,1,2026-03-06,confirmed\nPO2,TEE,DC1,0,soon,lost\n"
    )
    store = Memory()
    renames = {"supply_id": "id", "sku": "item", "qty": "quantity", "eta": "due_on", "status": "type"}
    _, [reject] = run(path, supply_of, store, renames)
    supply: Any = store.records["PO1"]
    assert (supply.type, supply.quantity, supply.due_on) == ("in-transit", 5, date(2026, 3, 5))
    assert store.records["PO3"].type == "on-order"  # type: ignore[attr-defined]
    assert reject["reason"] == (
        "no promising rule counts supply of the type lost; known: in-transit, on-hand, on-order; "
        "quantity must be a whole number, 1 or more, not '0'; due_on must be a date such as 2026-03-31, not 'soon'"
    )
