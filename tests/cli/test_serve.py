"""The HTTP API as a program of its own, with a worker within, on a real port."""

from __future__ import annotations

import socket
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from serving import served, until

Run = Callable[..., Result]
Fill = Callable[[dict[str, str]], Path]

CART = {
    "id": "W1",
    "channel": "web",
    "division": "RETAIL",
    "placed_at": "2026-03-02T10:00:00Z",
    "customer": {"id": "C1", "tier": "standard"},
    "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
    "lines": [{"id": 1, "item": "TEE", "quantity": 1, "unit_price": 20}],
}


@pytest.fixture
def stocked(fill: Fill) -> Path:
    """A workspace with three T-shirts in one place."""
    return fill(
        {
            "nodes": "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC1,dc,41,-87,RETAIL,1,0,0\n",
            "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n",
            "stock": "item,node,on_hand\nTEE,DC1,3\n",
        }
    )


def available(api: httpx.Client) -> int:
    [line] = api.get("/stock/TEE").json()["stock"]
    return int(line["available"])


def test_an_order_is_captured_worked_on_and_explained(stocked: Path) -> None:
    with served(stocked) as api:
        assert available(api) == 3
        first, again = api.post("/orders", json=CART), api.post("/orders", json=[CART])
        assert (first.status_code, first.json()["results"]) == (200, [{"key": "W1", "verdict": "added"}])
        assert again.json()["results"] == [{"key": "W1", "verdict": "unchanged"}]
        until(lambda: (api.get("/orders/W1").json()["state"] or {}).get("units"))
        shown = api.get("/orders/W1")
        assert shown.json()["state"]["units"]["W1-1"]["node"] == "DC1"
        assert shown.headers["ETag"] == f'"{shown.json()["state"]["sequence"]}"'
        assert available(api) == 2
        records = api.get("/orders/W1/explain").json()["records"]
        assert any(each["record"]["kind"] == "sourcing" for each in records)
        other = {**CART, "lines": [{**CART["lines"][0], "quantity": 2}]}  # type: ignore[dict-item]
        assert (
            api.post("/orders", json=other).json()["results"][0]["because"]
            == "order W1 is there already, with other content: lines"
        )


def test_an_order_belongs_to_the_trace_of_its_request(stocked: Path) -> None:
    brought = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with served(stocked) as api:
        api.post("/orders", json=CART, headers={"traceparent": brought})
        api.post("/orders", json=CART | {"id": "W2"}, headers={"traceparent": "nonsense"})
        until(lambda: all(api.get(f"/orders/{id}").json()["state"] for id in ("W1", "W2")))
        traces = [api.get(f"/orders/{id}").json()["state"]["order"].get("traceparent") for id in ("W1", "W2")]
    assert traces == [brought, None]


def test_good_records_come_in_whatever_the_others_are(stocked: Path) -> None:
    with served(stocked, "--no-work") as api:
        orders = [CART | {"id": f"W{n}"} for n in range(1, 4)]
        bad = {**CART, "id": "W9", "lines": [{"id": 1, "item": "TEA", "quantity": 1, "unit_price": 20}]}
        found = api.post("/orders", json=[*orders, bad, orders[0]])
        assert (found.status_code, found.json()["rejected"]) == (207, 2)
        assert [each["verdict"] for each in found.json()["results"]] == ["added", "added", "added", "rejected", "rejected"]
        assert found.json()["results"][3]["because"] == "line 1: unknown item TEA"
        assert api.post("/orders", json=bad).status_code == 422
        page = api.get("/orders", params={"limit": 2}).json()
        assert ([order["id"] for order in page["orders"]], page["next"]) == (["W1", "W2"], "W2")
        last = api.get("/orders", params={"limit": 2, "after": page["next"]}).json()
        assert ([order["id"] for order in last["orders"]], "next" in last) == (["W3"], False)


def test_who_changes_an_order_that_has_changed_is_told_what_happened(stocked: Path) -> None:
    with served(stocked) as api:
        api.post("/orders", json=CART)
        until(lambda: (api.get("/orders/W1").json()["state"] or {}).get("units"))
        late = api.post("/orders/W1/cancel", headers={"If-Match": '"0"'})
        assert late.status_code == 412
        assert late.headers["Content-Type"] == "application/problem+json"
        assert "version 0 was seen" in late.json()["detail"]
        assert late.json()["since"][0]["kind"] == "captured"
        seen = api.get("/orders/W1").headers["ETag"]
        told = api.post("/orders/W1/cancel", headers={"If-Match": seen}, json={"reason": "ordered twice"})
        if told.status_code == 202:  # else the parcel has been packed meanwhile
            until(lambda: api.get("/orders/W1").json()["summary"]["status"] == "cancelled")
            until(lambda: available(api) == 3)
        assert api.post("/orders/NOPE/cancel").status_code == 404


def test_stock_is_told_once_and_explained(stocked: Path) -> None:
    with served(stocked, "--no-work") as api:
        moved = {"id": "A1", "item": "TEE", "node": "DC1", "quantity": -2, "reason": "damaged"}
        assert [api.post("/stock/adjustments", json=moved).json()["results"][0]["verdict"] for _ in range(2)] == [
            "added",
            "unchanged",
        ]
        assert available(api) == 1
        assert api.post("/stock/counts", json={"item": "TEE", "node": "DC1", "on_hand": 7}).status_code == 200
        assert available(api) == 7
        assert any("7" in each for each in api.get("/stock/TEE/why/DC1").json()["sentences"])
        assert api.get("/stock/TEA").json()["detail"] == "there is no item TEA; did you mean TEE?"
        assert api.post("/stock/counts", json={"item": "TEE", "node": "DC1", "on_hand": -1}).status_code == 422
        assert api.post("/stock/receipts", json={"id": "R1", "supply": "PO", "quantity": 4}).status_code == 422


def test_promises_are_offered_and_drafts_kept(stocked: Path) -> None:
    with served(stocked) as api:
        menu = api.post("/promises/options", json=CART).json()
        assert menu["offered"][0]["plan"]["shipments"][0]["node"] == "DC1"
        assert api.post("/drafts", params={"keep": "PT5M"}, json=CART).json()["results"][0]["verdict"] == "written"
        until(lambda: api.get("/orders/W1").json()["state"] is not None)
        assert available(api) == 2
        assert api.post("/orders/W1/submit").status_code == 202
        assert api.post("/drafts", params={"keep": "soon"}, json=CART).status_code == 422


def test_what_participants_report_counts_once(stocked: Path) -> None:
    with served(stocked, "--no-work") as api:
        api.post("/orders", json=CART)
        told = {"id": "e1", "order": "W1", "event": "collected"}
        verdicts = [api.post("/participants/DC1/events", json=told).json()["results"][0]["verdict"] for _ in range(2)]
        assert verdicts == ["added", "unchanged"]
        strange = api.post("/participants/DC1/events", json=told | {"id": "e2", "order": "W7"})
        assert strange.json()["results"] == [{"key": "e2 of DC1", "verdict": "rejected", "because": "there is no order W7"}]
        both = api.post("/participants/DC1/events", json=told | {"id": "e3", "request": "r", "reply": "done"})
        assert both.json()["results"][0]["because"] == "either request and reply are needed, or event"


def test_bodies_that_cannot_be_taken(stocked: Path) -> None:
    with served(stocked, "--no-work") as api:
        for body, status in (
            (b"{", 422),
            (b"7", 422),
            (b"[]", 422),
            (b"\xff", 422),
            (b"[" * 100_000, 422),
            (b" " * 10_000_001, 413),
        ):
            found = api.post("/orders", content=body)
            assert (found.status_code, found.headers["Content-Type"]) == (status, "application/problem+json")
        assert api.post("/orders", json=[CART] * 1001).status_code == 422
        assert api.get("/orders", params={"limit": "many"}).status_code == 422
        assert api.get("/nothing").status_code == 404
        assert api.delete("/orders").status_code == 405
        assert api.get("/openapi.json").json()["paths"].keys() >= {"/orders", "/stock/{item}", "/promises/options"}


def test_only_who_has_a_key_may_call(stocked: Path) -> None:
    (stocked / "callers.txt").write_text(f"shop {sha256(b'open sesame').hexdigest()}  operator  # the web shop\n")
    with served(stocked, "--no-work", "--keys", str(stocked / "callers.txt")) as api:
        assert api.get("/orders").status_code == 401
        assert api.get("/orders", headers={"Authorization": "Bearer open"}).status_code == 401
        assert api.get("/orders", headers={"Authorization": "Bearer open sesame"}).status_code == 200
        assert api.get("/health").json()["workspace"] == "shop"


def test_a_server_that_cannot_be(run: Run, stocked: Path) -> None:
    strangers = run("serve", "--host", "0.0.0.0", "--dir", stocked)
    assert strangers.exit_code == 2 and "name who may with --keys" in strangers.output
    (stocked / "callers.txt").write_text("shop secret\n")
    plain = run("serve", "--dir", stocked, "--keys", stocked / "callers.txt")
    assert plain.exit_code == 2 and "callers.txt:1: a line is a name, the SHA-256" in plain.output
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = run("serve", "--port", taken.getsockname()[1], "--dir", stocked)
        assert busy.exit_code == 2 and "Address already in use" in busy.output
