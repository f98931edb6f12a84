"""Queues as a role sees them: what is of orders that it may not see is not there, and nobody asks by what is hidden."""

from __future__ import annotations

import asyncio
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
#: Of W2 and W3, which sales has to confirm, it sees the later one alone.
SALES = """  sales:
    title: Sells
    may: [work, resolve]
    sees orders: [{ orders: order.total > 640, show: [channel] }]
    sees exceptions: [{ exceptions: order.total > 640, show: [type] }]
people:
  ann: { roles: [sales] }
"""


@pytest.fixture
def selling(run: Run, confirming: Path) -> Path:
    file = confirming / "rules" / "confirm.yaml"
    before, _, _ = file.read_text().partition("  sales: {")
    file.write_text(before + SALES)
    assert run("deploy", confirming).exit_code == 0
    return confirming


@pytest.fixture
def call(selling: Path) -> Iterator[Call]:
    """Calls the API by a key of ann's."""
    store = opened(f"sqlite:///{selling / 'orderloom.sqlite'}")
    keys = Keys({"k7": sha256(b"k7").hexdigest()}, {"k7": "ann"})
    app = make_app(Desk(store, current_version(store)), keys)

    async def ask(method: str, path: str, body: object) -> httpx.Response:
        transport, headers = httpx.ASGITransport(app), {"Authorization": "Bearer k7"}
        async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers) as client:
            return await client.request(method, path, json=body)

    yield lambda method, path, body=None: asyncio.run(ask(method, path, body))
    store.close()


@pytest.fixture
def refused(run: Run, selling: Path) -> Path:
    """Both orders are exceptions."""
    for order in ("W2", "W3"):
        done = run(
            "tasks", "complete", f"{order}/order:1", "--by", "ann", "--outcome", "refused", "--set", "limit=1", "--dir", selling
        )
        assert done.exit_code == 0, done.output
    assert run("work", "--once", "--dir", selling).exit_code == 0
    return selling


def test_a_page_of_tasks_has_those_of_orders_that_are_seen(call: Call, run: Run, selling: Path) -> None:
    found = call("GET", "/tasks?limit=1").json()
    assert [each["order"] for each in found["tasks"]] == ["W3"] and "next" not in found
    listed = run("tasks", "list", "--as", "sales", "--limit", "1", "--dir", selling).output
    assert "W3/order" in listed and "W2" not in listed and "go on" not in listed
    assert call("GET", "/tasks/W2/order:1").status_code == 403
    assert "W2" in run("tasks", "list", "--dir", selling).output


def test_a_page_of_exceptions_ends_with_one_that_is_seen(call: Call, run: Run, refused: Path) -> None:
    found = call("GET", "/exceptions?limit=1").json()
    assert [each["order"] for each in found["exceptions"]] == ["W3"] and "next" not in found
    listed = run("exceptions", "list", "--as", "sales", "--limit", "1", "--dir", refused).output
    assert "W3" in listed and "W2" not in listed


def test_many_are_decided_by_what_is_seen(call: Call, run: Run, refused: Path) -> None:
    asked = {"type": "refused-by-sales", "option": "give-up", "dry_run": True}
    for where, because in (
        ("order.total > 640", "sales does not see total of orders"),
        ('exception.cause = ""', "sales does not see cause of exceptions"),
        ("count(order.lines) > 1", "cannot ask by order.lines, which no role is shown"),
        ("some each in [order] satisfies each.total > 640", "cannot ask by order, which no role is shown"),
    ):
        told = call("POST", "/exceptions/resolve", asked | {"where": where})
        assert told.status_code == 422 and because in told.json()["detail"], told.text
        by_command = ("--type", "refused-by-sales", "--option", "give-up", "--dry-run", "--where", where)
        said = run("exceptions", "resolve", *by_command, "--as", "sales", "--dir", refused)
        assert said.exit_code == 2 and because in said.output, said.output
    for where in ({}, {"where": 'order.channel = "web"'}):
        assert call("POST", "/exceptions/resolve", asked | where).json() == {"taken": 1, "refused": {}}
    as_operator = ("--type", "refused-by-sales", "--option", "give-up", "--dry-run", "--by", "ann", "--dir", refused)
    everybody = run("exceptions", "resolve", *as_operator)
    assert everybody.output.startswith("2 would be decided")


def test_what_is_done_by_a_key_is_done_by_the_person(call: Call, run: Run, refused: Path) -> None:
    [told] = call("GET", "/exceptions").json()["exceptions"]
    claimed = call("POST", f"/exceptions/{told['exception']}/claim")
    assert claimed.json()["by"] == "ann"
    assert call("POST", f"/orders/W3/exceptions/{told['exception']}", {"option": "ask-again"}).status_code == 202
    assert run("work", "--once", "--dir", refused).exit_code == 0
    [task] = call("GET", "/tasks").json()["tasks"]
    assert call("POST", f"/tasks/{task['task']['id']}/claim", {}).json()["by"] == "ann"
    assert run("work", "--once", "--dir", refused).exit_code == 0
    history = run("orders", "explain", "W3", "--dir", refused).output
    assert "ask-again by sales ann" in history and "sales ann claims" in history and "k7" not in history
