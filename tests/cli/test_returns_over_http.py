"""Returns over HTTP: asked, brought without their order, received, shown, refused."""

from __future__ import annotations

from pathlib import Path

from serving import served, until


def test_a_return_is_asked_over_http(sold: Path) -> None:
    with served(sold) as http:
        told = {"line": "1", "reason": "size", "condition": "resellable", "reference": "R-7"}
        preview = http.post("/orders/W1/returns", json=told | {"preview": True})
        assert (preview.status_code, preview.json()["refund"], preview.json()["return"]) == (200, "33.33", None)
        assert http.post("/orders/W1/returns", json=told).status_code == 202
        until(lambda: http.get("/orders/W1/returns").json()["returns"])
        assert http.post("/orders/W1/returns", json=told).status_code == 200
        (came,) = http.get("/orders/W1/returns").json()["returns"]
        assert (came["refund"], came["next"]) == ("33.33", "restock")
        refused = http.post("/orders/W1/returns", json=told | {"reference": "R-8", "quantity": 3})
        assert refused.status_code == 409
        assert "3 were bought, 3 delivered, 1 returned" in refused.text
        unsure = http.post("/orders/W1/returns", json=told | {"reference": "R-9", "preview": "perhaps"})
        assert (unsure.status_code, "preview must be" in unsure.text) == (422, True)
        listed = http.post("/orders/W1/returns", json=told | {"reference": "R-9", "line": ["1"]})
        assert (listed.status_code, listed.json()["detail"]) == (422, "line must be a text, not ['1']")
        nobody = http.post("/orders/W1/returns", json=told | {"reference": "R-9", "role": "custmer-service"})
        assert (nobody.status_code, "did you mean customer-service?" in nobody.text) == (422, True)


def test_goods_without_their_order_come_back_over_http(sold: Path) -> None:
    told = {"id": "B1", "item": "TEE", "customer": "C7", "reason": "colour", "condition": "resellable"}
    with served(sold) as http:
        preview = http.post("/returns", json=told | {"preview": True})
        assert (preview.status_code, preview.json()["credit"], preview.json()["return"]) == (200, "32.33", None)
        made = http.post("/returns", json=told)
        assert (made.status_code, made.json()["order"], made.json()["return"]) == (202, "B1", "B1-1")
        assert (http.post("/returns", json=told).status_code, http.post("/returns", json=told).json()) == (200, {"order": "B1"})
        taken = http.post("/returns", json=told | {"id": "W1"})
        assert (taken.status_code, "the id W1 is taken" in taken.text) == (409, True)
        damaged = http.post("/returns", json=told | {"id": "B2", "condition": "damaged"})
        assert (damaged.status_code, "damaged goods need their order" in damaged.text) == (409, True)
        misspelt = http.post("/returns", json=told | {"reson": "size"})
        assert (misspelt.status_code, "a return has no field reson; did you mean reason?" in misspelt.text) == (422, True)
        nobody = http.post("/returns", json={"item": "TEE", "reason": "size"})
        assert (nobody.status_code, "customer is missing" in nobody.text) == (422, True)
        until(lambda: http.get("/orders/B1/returns").json()["returns"])
        shown = http.get("/returns/B1-1").json()
        assert [(each["kind"], each["amount"]) for each in shown["documents"]] == [("gift-card", "32.33")]
        assert (shown["outcome"], shown["asked"]["blind"], shown["item"]) == ("returned", True, "TEE")


def test_goods_are_handed_over_at_the_desk_with_their_condition(sold: Path) -> None:
    with served(sold) as http:
        untold = http.post("/orders/W1/returns", json={"line": "1", "reason": "size"})
        assert (untold.status_code, "tell its condition: resellable, damaged" in untold.text) == (409, True)
        assert http.post("/orders/W1/returns", json={"line": "1", "reason": "lost and found"}).status_code == 202
        receipt = "/returns/W1-2/receipt"
        until(lambda: http.post(receipt).status_code == 202)
        until(lambda: "stands still" in http.post(receipt).text)
        assert http.post(receipt, json={"condition": "damaged"}).status_code == 202
        until(lambda: http.get("/returns/W1-2").json()["outcome"])
        assert http.get("/returns/W1-2").json()["asked"]["condition"] == "damaged"


def test_a_parcel_is_received_over_http(sold: Path) -> None:
    with served(sold) as http:
        assert http.post("/orders/W1/returns", json={"line": "1", "quantity": 2, "reason": "shape"}).status_code == 202
        until(lambda: http.get("/returns/W1-2").status_code == 200)
        receipt = "/returns/W1-2/receipt"
        more = http.post(receipt, json={"quantity": 3})
        assert (more.status_code, "3 came back, of 2 that were asked" in more.text) == (409, True)
        less = http.post(receipt, json={"quantity": -1})
        assert (less.status_code, "quantity must be a whole number, 0 or more" in less.text) == (422, True)
        assert http.post("/returns/W1-9/receipt").status_code == http.get("/returns/W9-1").status_code == 404
        until(lambda: http.post(receipt, json={"quantity": 1, "condition": "damaged"}).status_code == 202)
        until(lambda: http.get("/returns/W1-2").json()["outcome"])
        shown = http.get("/returns/W1-2").json()
        assert (shown["asked"]["received"], shown["asked"]["condition"]) == (1, "damaged")
        late = http.post(receipt)
        assert (late.status_code, "does not wait for goods: 1 came back already" in late.text) == (409, True)
