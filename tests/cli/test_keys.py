"""A key says who calls: every route has a right, and nobody does or sees more over HTTP than his role may."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from confirming import order as an_order

from orderloom.adapters.api import Desk, Keys, make_app
from orderloom.adapters.api.rights import RIGHT_OF, SEES
from orderloom.adapters.versions import current_version
from orderloom.cli.stores import opened
from orderloom.dsl.rights import RIGHTS

Run = Callable[..., Result]
Call = Callable[..., httpx.Response]
ACTS_AS = {
    "carla": "customer#C1",
    "eve": "customer#C2",
    "counter": "associate@DC1",
    "csr": "customer-service",
    "boss": "operator",
    "nobody": "",
    "depot": "own-dcs@DC1",
    "mistyped": "stores@DC1",
}


@pytest.fixture
def call(run: Run, confirming: Path) -> Iterator[Call]:
    """Calls the API by one of the keys; W1 is an order of C1."""
    store = opened(f"sqlite:///{confirming / 'orderloom.sqlite'}")
    digests = {name: sha256(name.encode()).hexdigest() for name in ACTS_AS}
    keys = Keys(digests, {name: who for name, who in ACTS_AS.items() if who})
    app = make_app(Desk(store, current_version(store)), keys)

    async def ask(name: str, method: str, path: str, body: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {name}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers) as client:
            return await client.request(method, path, json=body)

    yield lambda name, method, path, body=None: asyncio.run(ask(name, method, path, body))
    store.close()


def test_a_key_is_held_to_the_nodes_that_its_organization_operates(call: Call) -> None:
    assert call("depot", "GET", "/orders").status_code == 200
    for path in ("/orders", "/orders/W1", "/stock/TEE"):
        refused = call("mistyped", "GET", path)
        assert refused.status_code == 403 and "stores does not operate the node DC1" in refused.text
    asked = call("boss", "GET", "/orders/W1?as=stores@DC1")
    assert asked.status_code == 422 and "stores does not operate the node DC1" in asked.text


def test_every_route_that_is_named_is_there(call: Call, run: Run, confirming: Path) -> None:
    store = opened(f"sqlite:///{confirming / 'orderloom.sqlite'}")
    app = make_app(Desk(store, current_version(store)), Keys({}))
    named = {right.replace(":path", "") for right in RIGHT_OF}
    there = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    assert named <= there
    assert there - named == {"GET /health"}
    assert {right for each in RIGHT_OF.values() for right in ((each,) if isinstance(each, str) else each)} <= {*RIGHTS, SEES}
    store.close()


def test_a_customer_has_his_own_orders_only(call: Call) -> None:
    mine = call("carla", "GET", "/orders/W1")
    assert mine.status_code == 200, mine.text
    assert mine.json()["order"] == "W1" and "units" not in mine.json() and "DC1" not in mine.text
    told = call("eve", "GET", "/orders/W1")
    assert told.status_code == 404
    guessed = call("eve", "GET", "/orders/W0")
    assert guessed.json()["detail"].replace("W0", "W1") == told.json()["detail"]  # the same, whether there is one or not
    assert [each["order"] for each in call("carla", "GET", "/orders").json()["orders"]] == ["W1", "W2", "W3"]
    assert call("eve", "GET", "/orders").json() == {"orders": []}
    assert call("eve", "GET", "/orders?customer=C1").json() == {"orders": []}
    for method, path, body in (
        ("POST", "/orders/W1/cancel", {"reason": "mine"}),
        ("POST", "/orders/W1/changes", {"what": {"what": "quantity", "line": "1", "quantity": 9}}),
        ("GET", "/orders/W1/explain", None),
        ("GET", "/customers/C1", None),
        ("GET", "/orders/W1?as=operations", None),
        ("POST", "/orders/W1/exceptions/W1%2F1/resolve", {"option": "again"}),
        ("GET", "/returns/W1-2", None),
        ("POST", "/returns/W1-2/receipt", {}),
        ("POST", "/orders/W1/repairs", {"line": "1"}),
        ("POST", "/repairs/W1-2/told", {}),
        ("GET", "/repairs/W1-2", None),
        ("POST", "/returns", {"item": "TEE", "customer": "C1"}),
    ):
        assert call("eve", method, path, body).status_code in (403, 404), path


def test_a_key_without_a_role_may_do_nothing_and_the_operator_everything(call: Call) -> None:
    refused = call("nobody", "GET", "/orders")
    assert refused.status_code == 403 and "the key of nobody says no role" in refused.json()["detail"]
    assert call("boss", "GET", "/orders/W1").json()["summary"]["id"] == "W1"
    assert json.loads(call("boss", "GET", "/orders/W1?as=customer").text).get("order") == "W1"


def test_a_role_is_that_of_the_key(call: Call) -> None:
    assert "`may: [hold]` in the role associate" in call("counter", "POST", "/orders/W1/holds", {"hold": "x"}).json()["detail"]
    other = call("counter", "POST", "/orders/W1/cancel", {"role": "customer-service"})
    assert other.status_code == 403 and "acts as associate, not as customer-service" in other.json()["detail"]
    assert "node" not in call("carla", "GET", "/stock/TEE").text
    assert call("boss", "POST", "/stock/counts", {"item": "TEE", "node": "DC1", "on_hand": 9}).status_code == 200
    assert call("counter", "GET", "/stock/TEE").json()["stock"][0]["node"] == "DC1"
    assert call("counter", "POST", "/stock/counts", {"item": "TEE", "node": "DC1", "on_hand": 9}).status_code == 403
    assert call("csr", "GET", "/tasks").json()["tasks"] == []


def test_who_works_at_a_node_tells_of_the_stock_there_alone(call: Call) -> None:
    count = {"item": "TEE", "node": "DC1", "on_hand": 9}
    assert call("depot", "POST", "/stock/counts", [count]).status_code == 200
    for path, told in (
        ("/stock/counts", {"on_hand": 9}),
        ("/stock/adjustments", {"id": "A1", "quantity": 1}),
        ("/stock/receipts", {"id": "R1", "supply": "PO", "quantity": 1}),
    ):
        refused = call("depot", "POST", path, [count, {"item": "TEE", "node": "S1", **told}])
        assert refused.status_code == 403 and "fulfiller works at DC1" in refused.json()["detail"], path
    elsewhere = call("depot", "POST", "/stock/receipts", {"id": "R1", "supply": "PO", "item": "TEE", "quantity": 1})
    assert "no supply PO of TEE at DC1 is expected" in reason(elsewhere)  # where it is not said, it came in where he works
    for nowhere in ("", None):
        left_open = {"id": "R1", "supply": "PO", "item": "TEE", "node": nowhere, "quantity": 1}
        assert "no supply PO of TEE at DC1 is expected" in reason(call("depot", "POST", "/stock/receipts", left_open))


def test_a_guessed_order_is_taken_and_nothing_more(call: Call) -> None:
    mine = an_order("E1", 1) | {"customer": {"id": "C2", "tier": "standard"}, "external_id": "77"}
    others = mine | {"id": "W1"}
    for quantity in (1, 2):
        guessed = others | {"lines": [{"id": 1, "item": "TEE", "quantity": quantity, "unit_price": 20}]}
        assert reason(call("eve", "POST", "/orders", [guessed])) == "the id W1 is taken"
        assert reason(call("eve", "POST", "/drafts", [guessed])) == "the id W1 is taken"
    assert call("eve", "POST", "/orders", [mine]).json()["results"][0]["verdict"] == "added"
    assert call("eve", "POST", "/orders", [mine]).json()["results"][0]["verdict"] == "unchanged"
    stolen = an_order("N1", 1) | {"external_id": "77"}
    assert reason(call("carla", "POST", "/orders", [stolen])) == "the number 77 of the channel web is taken"
    assert reason(call("carla", "POST", "/drafts", [stolen])) == "the number 77 of the channel web is taken"
    assert "E1 has the number 77" in reason(call("boss", "POST", "/orders", [stolen]))
    changed = an_order("W1", 3)
    assert reason(call("carla", "POST", "/orders", [changed])).endswith("with other content: lines")


def test_nobody_writes_over_the_draft_of_another(call: Call) -> None:
    draft = an_order("D1", 1)
    others = draft | {"customer": {"id": "C2", "tier": "standard"}}
    assert call("carla", "POST", "/drafts", [draft]).json()["results"][0]["verdict"] == "written"
    for path in ("/drafts", "/orders"):
        assert reason(call("eve", "POST", path, [others])) == "the id D1 is taken"
    assert call("carla", "POST", "/drafts", [draft]).json()["results"][0]["verdict"] == "written"


def reason(answer: httpx.Response) -> str:
    """Why the one record was refused."""
    return str(answer.json()["results"][0]["because"])
