"""Who did what, in which role, is in the history of an order, whether it was asked by command or over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import httpx
from click.testing import Result
from confirming import order

from orderloom.adapters.api import Desk, Keys, make_app
from orderloom.adapters.versions import current_version
from orderloom.cli.stores import opened

Run = Callable[..., Result]
SALES = """  sales:
    title: Sells
    may: [capture, work, resolve]
    sees orders: [{ orders: true, show: [status] }]
    sees exceptions: [{ exceptions: true, show: [type] }]
people:
  ann: { roles: [sales, customer-service] }
  cleo: { roles: [sales] }
"""


def _done(run: Run, shop: Path, *words: str | Path) -> str:
    result = run(*words, "--dir", shop)
    assert result.exit_code == 0, result.output
    return result.output


def _with_rights(run: Run, shop: Path) -> None:
    file = shop / "rules" / "confirm.yaml"
    before, _, _ = file.read_text().partition("  sales: {")
    file.write_text(before + SALES)
    result = run("deploy", shop)
    assert result.exit_code == 0, result.output


def _history(run: Run, shop: Path, order: str) -> str:
    _done(run, shop, "work", "--once")
    return _done(run, shop, "orders", "explain", order)


def _by_name(shop: Path, method: str, path: str, body: object) -> httpx.Response:
    """Calls the API as ann, who acts as sales."""
    store = opened(f"sqlite:///{shop / 'orderloom.sqlite'}")
    keys = Keys({"ann": sha256(b"secret").hexdigest()}, {"ann": "ann:sales"})
    transport = httpx.ASGITransport(make_app(Desk(store, current_version(store)), keys))

    async def call() -> httpx.Response:
        headers = {"Authorization": "Bearer secret"}
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers) as client:
            return await client.request(method, path, json=body)

    found = asyncio.run(call())
    store.close()
    return found


def test_what_is_done_by_command(run: Run, confirming: Path) -> None:
    _with_rights(run, confirming)
    for words in (("claim", "W2/order:1"), ("release", "W2/order:1"), ("delegate", "W2/order:1", "cleo")):
        _done(run, confirming, "tasks", *words, "--as", "ann:sales")
    refused = ("--outcome", "refused", "--set", "limit=1")
    _done(run, confirming, "tasks", "complete", "W2/order:1", *refused, "--as", "cleo:sales")
    told = _history(run, confirming, "W2")
    for words in (
        "sales ann claims W2/order:1",
        "confirm-order is claimed by sales ann",
        "sales ann hands W2/order:1 back",
        "confirm-order is handed back by sales ann",
        "sales ann gives W2/order:1 to cleo",
        "confirm-order is given to cleo by sales ann",
        "sales cleo completes W2/order:1: refused (limit = 1)",
        "confirm-order is refused, by sales cleo",
    ):
        assert words in told, (words, told)
    _done(run, confirming, "exceptions", "claim", "W2/order:2", "--as", "ann:sales")
    _done(run, confirming, "exceptions", "resolve", "W2", "W2/order:2", "give-up", "--note", "called", "--as", "ann:sales")
    told = _history(run, confirming, "W2")
    for words in (
        "refused-by-sales is claimed by sales ann",
        "sales ann takes give-up of W2/order:2",
        "give-up by sales ann: called",
    ):
        assert words in told, (words, told)


def test_many_are_decided_in_a_role(run: Run, confirming: Path) -> None:
    _with_rights(run, confirming)
    for n in (2, 3):
        _done(run, confirming, "tasks", "complete", f"W{n}/order:1", "--by", "ann", "--outcome", "refused", "--set", "limit=1")
    assert "confirm-order is refused, by ann" in _history(run, confirming, "W3")  # the operator acts in no role
    many = ("--type", "refused-by-sales", "--option", "give-up")
    assert _done(run, confirming, "exceptions", "resolve", *many, "--as", "ann:sales") == "2 are decided, 0 refused\n"
    assert "give-up by sales ann" in _history(run, confirming, "W3")


def test_who_captured_an_order(run: Run, confirming: Path) -> None:
    _with_rights(run, confirming)
    carts = confirming / "carts.jsonl"
    carts.write_text(json.dumps(order("W7", 1)))
    _done(run, confirming, "orders", "draft", carts, "--as", "ann:sales")
    assert "kept as a draft by sales ann, what" in _history(run, confirming, "W7")
    _done(run, confirming, "orders", "submit", "W7", "--as", "ann:sales")
    assert "captured by sales ann" in _history(run, confirming, "W7")
    assert "captured by" not in _history(run, confirming, "W1")  # nobody was named


def test_what_is_done_over_http(run: Run, confirming: Path) -> None:
    _with_rights(run, confirming)
    assert _by_name(confirming, "POST", "/orders", order("W8", 1)).status_code == 200
    assert _by_name(confirming, "POST", "/drafts", order("W9", 1)).status_code == 200
    _done(run, confirming, "work", "--once")
    assert _by_name(confirming, "POST", "/orders/W9/submit", {}).status_code == 202
    assert _by_name(confirming, "POST", "/tasks/W2/order:1/claim", {}).status_code == 202
    answer = {"outcome": "refused", "form": {"limit": 1}}
    assert _by_name(confirming, "POST", "/tasks/W2/order:1/complete", answer).status_code == 202
    assert "captured by sales ann" in _history(run, confirming, "W8")
    told = _history(run, confirming, "W9")
    assert "kept as a draft by sales ann" in told and "captured by sales ann" in told
    assert _by_name(confirming, "POST", "/exceptions/W2/order:2/claim", {}).status_code == 202
    assert _by_name(confirming, "POST", "/orders/W2/exceptions/W2/order:2", {"option": "give-up"}).status_code == 202
    told = _history(run, confirming, "W2")
    for words in ("confirm-order is claimed by sales ann", "confirm-order is refused, by sales ann", "give-up by sales ann"):
        assert words in told, (words, told)
