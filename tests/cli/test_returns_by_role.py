"""Who does returns, repairs and appeasements also sees them; goods come in where somebody works."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from orderloom.adapters.api import Desk, Keys, make_app
from orderloom.adapters.versions import current_version
from orderloom.cli.stores import opened

Run = Callable[..., Result]
Call = Callable[..., httpx.Response]
ACTS_AS = {"csr": "customer-service", "depot": "own-dcs@DC1", "away": "associate@S1", "sales": "operations", "eve": "customer#C1"}


@pytest.fixture
def coming(run: Run, sold: Path) -> Path:
    """One of the T-shirts of W1 is on its way back to DC1, as W1-2."""
    for words in (("return", "ask", "W1", "1", "--reason", "shape"), ("work", "--once")):
        done = run(*words, "--dir", sold)
        assert done.exit_code == 0, done.output
    return sold


@pytest.fixture
def call(coming: Path) -> Iterator[Call]:
    """Calls the API by one of the keys."""
    store = opened(f"sqlite:///{coming / 'orderloom.sqlite'}")
    app = make_app(Desk(store, current_version(store)), Keys({n: sha256(n.encode()).hexdigest() for n in ACTS_AS}, ACTS_AS))

    async def ask(name: str, method: str, path: str, body: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {name}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers) as client:
            return await client.request(method, path, json=body)

    yield lambda name, method, path, body=None: asyncio.run(ask(name, method, path, body))
    store.close()


def test_who_takes_goods_back_lists_and_shows_what_he_sees_of_it(run: Run, coming: Path) -> None:
    at = ("--dir", coming, "--format", "json")
    for words in (("return", "list", "--order", "W1"), ("return", "list"), ("return", "show", "W1-2")):
        (seen,) = json.loads(run(*words, *at, "--as", "customer-service").output)
        assert (seen["return"], seen["status"], seen["item"], "node" in seen) == ("W1-2", "asked", "TEE", False)
        (theirs,) = json.loads(run(*words, *at, "--as", "own-dcs@DC1").output)
        assert (theirs["return"], theirs["quantity"], "refund" in theirs) == ("W1-2", 1, False)
    for words in (("repair", "list"), ("appease", "list")):
        assert run(*words, *at, "--as", "customer-service").exit_code == 0
    for words in (("return", "report"), ("appease", "report"), ("supply", "list"), ("monitors", "list")):
        refused = run(*words, "--dir", coming, "--as", "customer-service")
        assert refused.exit_code == 2 and "customer-service has not the right `inspect`" in refused.output, words
    refused = run("return", "list", "--dir", coming, "--as", "customer#C1")
    assert refused.exit_code == 2 and "customer has not the right `return`" in refused.output


def test_so_he_does_over_http(call: Call) -> None:
    for path in ("/orders/W1/returns", "/returns/W1-2", "/orders/W1/repairs", "/appeasements"):
        assert call("csr", "GET", path).status_code == 200, path
        assert call("eve", "GET", path).status_code == 403, path
    (seen,) = call("csr", "GET", "/orders/W1/returns").json()["returns"]
    assert (seen["return"], seen["status"], "node" in seen) == ("W1-2", "asked", False)
    assert call("csr", "GET", "/appeasements/report").status_code == call("csr", "GET", "/orders/W1/explain").status_code == 403
    assert call("csr", "GET", "/returns/W9-2").status_code == 403  # of no order that he sees


def test_goods_are_not_received_elsewhere(run: Run, coming: Path) -> None:
    for who, because in (
        ("associate@S1", "received at the node that they come to, and associate works at S1"),
        ("associate", "and associate works at none; `associate@NODE` says at which"),
        ("fulfiller@DC2", "there is no order W1 that fulfiller of us may see"),
        (
            "customer-service",
            "customer-service has not the right `receive` (takes in what comes back to the node where he works)",
        ),
    ):
        refused = run("return", "receive", "W1-2", "--dir", coming, "--as", who)
        assert refused.exit_code == 2 and because in refused.output, refused.output


def test_goods_are_received_where_they_come_to(run: Run, coming: Path, call: Call) -> None:
    refused = call("away", "POST", "/returns/W1-2/receipt", {})
    assert refused.status_code == 403 and "associate works at S1" in refused.text
    assert call("csr", "POST", "/returns/W1-2/receipt", {}).status_code == 403
    assert call("depot", "POST", "/returns/W1-2/receipt", {"condition": "damaged"}).status_code == 202
    assert run("work", "--once", "--dir", coming).exit_code == 0
    shown = json.loads(run("return", "show", "W1-2", "--dir", coming, "--format", "json").output)
    assert (shown["outcome"], shown["asked"]["condition"]) == ("returned", "damaged")


def test_what_is_taken_in_at_once_is_handed_over_where_he_works(run: Run, sold: Path, call: Call) -> None:
    handed = ("--reason", "size", "--condition", "resellable", "--dir", sold, "--preview", "--node", "DC1")
    for words in (("return", "ask", "W1", "1"), ("return", "blind", "TEE", "--customer", "C7")):
        refused = run(*words, *handed, "--as", "associate@S1")
        assert refused.exit_code == 2 and "would be taken in at once, at another node than S1" in refused.output, refused.output
        for who in ("associate@DC1", "customer-service"):  # who works at no node speaks for whoever does
            assert run(*words, *handed, "--as", who).exit_code == 0
    parcel = (
        "return",
        "ask",
        "W1",
        "1",
        "--reason",
        "shape",
        "--node",
        "DC1",
        "--dir",
        sold,
        "--preview",
        "--as",
        "associate@S1",
    )
    assert run(*parcel).exit_code == 0
    told = {"line": "1", "reason": "size", "condition": "resellable", "node": "DC1", "preview": True}
    assert call("away", "POST", "/orders/W1/returns", told).status_code == 409
    brought = {"item": "TEE", "customer": "C7", "reason": "size", "condition": "resellable", "node": "DC1", "preview": True}
    assert call("away", "POST", "/returns", brought).status_code == 409


def test_nor_is_it_answered_for_another_node(run: Run, sold: Path, call: Call) -> None:
    """W1 left DC1, so that whoever picks there sees it; what comes back to DC2 is not for him to tell."""
    (sold / "nodes.csv").write_text(
        "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC2,dc,41,-88,RETAIL,1,0,0\n"
    )
    for words in (
        ("import", "nodes", sold / "nodes.csv"),
        ("return", "ask", "W1", "1", "--reason", "shape", "--node", "DC2"),
        ("work", "--once"),
    ):
        assert run(*words, "--dir", sold).exit_code == 0
    messages = json.loads(run("orders", "show", "W1", "--dir", sold, "--format", "json").output)["messages"]
    keys = {each["body"]["unit"]: each["key"] for each in messages if each["message"] == "return-notice"}
    answer = {"id": "N1", "order": "W1", "request": keys["W1-3"], "reply": "received", "data": {"condition": "resellable"}}
    refused = call("depot", "POST", "/participants/own-dcs/events", [answer])
    assert refused.status_code == 403 and "was asked nothing under the key" in refused.text
    told = {"id": "N2", "order": "W1", "event": "transfer-received", "unit": "W1-3"}
    assert call("depot", "POST", "/participants/own-dcs/events", [told]).status_code == 403
    own = answer | {"request": keys["W1-2"]}
    assert call("depot", "POST", "/participants/own-dcs/events", [own]).status_code == 200
    send = ("events", "send", "transfer-received", "--order", "W1", "--dir", sold, "--as", "own-dcs@DC1")
    for more, because in (
        (("--unit", "W1-3"), "there is no unit of work W1-3 that fulfiller of us may see"),
        (("--unit", "W1-2", "--participant", "parcel-carrier"), "own-dcs reports as own-dcs, not as parcel-carrier"),
    ):
        refused_here = run(*send, *more)
        assert refused_here.exit_code == 2 and because in refused_here.output, refused_here.output
    assert run(*send, "--unit", "W1-2").exit_code == 0
