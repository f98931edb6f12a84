"""Why an order stands as it does, its returns and appeasements: for a role, as much of it as it sees of the order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from orderloom.adapters.api import Desk, Keys, make_app
from orderloom.adapters.versions import current_version
from orderloom.cli.stores import opened

Run = Callable[..., Result]
CLERKS = """kind: participants
name: clerks
roles:
  clerk:
    title: Looks why
    may: [inspect]
    sees orders: [{ orders: true, show: [status, lines] }]
  auditor:
    title: Looks at everything
    may: [inspect]
    sees orders: [{ orders: true, show: [status, lines, nodes, documents, history, decisions] }]
    sees exceptions: [{ exceptions: true, show: [type] }]
  blind:
    title: Sees no orders
    may: [inspect]
"""


@pytest.fixture
def returned(run: Run, sold: Path) -> Path:
    """One of three T-shirts came back."""
    (sold / "rules" / "clerks.yaml").write_text(CLERKS)
    for words in (
        ("return", "ask", "W1", "1", "--reason", "size", "--condition", "damaged", "--dir", sold),
        ("work", "--once", "--dir", sold),
    ):
        assert run(*words).exit_code == 0
    assert run("deploy", sold).exit_code == 0
    return sold


def test_an_order_is_explained_as_far_as_it_is_seen(run: Run, returned: Path) -> None:
    def explained(role: str, *more: str) -> str:
        return run("orders", "explain", "W1", "--dir", returned, "--as", role, *more).output

    assert explained("clerk") == "order W1: delivered\n"
    assert json.loads(explained("clerk", "--format", "json")) == {"order": "W1", "status": "delivered"}
    told = explained("auditor")
    assert "sources for order" in told and "from DC1 by" in told and "refund" in told and "enters step" in told
    assert {"records", "history"} <= json.loads(explained("auditor", "--format", "json")).keys()
    operations = explained("operations")
    assert "sources for order" in operations and "33.33" not in operations.partition("history")[2]
    assert "there is no order W1 that blind of us may see" in explained("blind")
    assert "placed 2026-03-02" in run("orders", "explain", "W1", "--dir", returned).output


def test_a_return_is_shown_as_far_as_its_order_is_seen(run: Run, returned: Path) -> None:
    def shown(command: str, role: str) -> object:
        return json.loads(run("return", *command.split(), "--dir", returned, "--as", role, "--format", "json").output)

    (clerks,), (auditors,) = shown("show W1-2", "clerk"), shown("show W1-2", "auditor")  # type: ignore[misc]
    assert clerks["item"] == "TEE" and not {"refund", "fees", "node", "to", "way"} & clerks.keys()
    assert (auditors["refund"], auditors["node"]) == (33.33, "DC1")
    assert shown("list", "clerk") == [clerks] and shown("list", "auditor") == [auditors]
    assert shown("list", "blind") == []
    assert "there is no" in run("return", "show", "W1-2", "--dir", returned, "--as", "blind").output


def test_so_it_is_over_http(returned: Path) -> None:
    store = opened(f"sqlite:///{returned / 'orderloom.sqlite'}")
    names = ("clerk", "auditor", "blind")
    app = make_app(
        Desk(store, current_version(store)), Keys({n: sha256(n.encode()).hexdigest() for n in names}, {n: n for n in names})
    )

    async def ask(name: str, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {name}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers) as client:
            return await client.get(path)

    def got(name: str, path: str) -> httpx.Response:
        return asyncio.run(ask(name, path))

    assert got("clerk", "/orders/W1/explain").json() == {"order": "W1", "status": "delivered"}
    assert {"records", "history"} <= got("auditor", "/orders/W1/explain").json().keys()
    assert got("blind", "/orders/W1/explain").status_code == 404
    (clerks,) = got("clerk", "/orders/W1/returns").json()["returns"]
    assert clerks == got("clerk", "/returns/W1-2").json() and not {"refund", "node"} & clerks.keys()
    assert got("auditor", "/returns/W1-2").json()["refund"] == "33.33"
    assert got("blind", "/returns/W1-2").status_code in (403, 404)
    assert got("blind", "/orders/W1/returns").json() == {"returns": []}
    assert got("auditor", "/appeasements").json() == {"appeasements": []}
    store.close()
