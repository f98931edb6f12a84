"""The work of people by command and over HTTP: orders over 500 wait until sales confirms them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from confirming import order

from orderloom.adapters.api.app import make_app
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.keys import Keys
from orderloom.adapters.versions import current_version
from orderloom.cli.stores import opened

Run = Callable[..., Result]


def _work(run: Run, shop: Path) -> None:
    result = run("work", "--dir", shop, "--once")
    assert result.exit_code == 0, result.output


def _done(run: Run, shop: Path, *words: str) -> str:
    result = run(*words, "--dir", shop)
    assert result.exit_code == 0, result.output
    return result.output


def _refused(run: Run, shop: Path, *words: str) -> str:
    result = run(*words, "--dir", shop)
    assert result.exit_code == 2
    return result.output.strip().removeprefix("Error: ")


def test_sales_confirms_by_command(run: Run, confirming: Path) -> None:
    listed = json.loads(_done(run, confirming, "tasks", "list", "--role", "sales", "--format", "json"))
    assert [(row["task"], row["overdue"]) for row in listed] == [("W2/order:1", None), ("W3/order:1", None)]
    assert "Confirm an order over 500" in _done(run, confirming, "tasks", "list")
    assert "limit: number" in _done(run, confirming, "tasks", "show", "W2/order:1")
    assert (
        _refused(run, confirming, "tasks", "claim", "W2/order:1", "--by", "bob") == "bob has not the role sales; who has it: ann"
    )
    assert (
        _refused(run, confirming, "tasks", "claim", "W2/order:7", "--by", "ann") == "there is no task and no exception W2/order:7"
    )
    assert _refused(run, confirming, "tasks", "release", "W2/order:1", "--by", "ann") == "nobody has claimed W2/order:1"
    _done(run, confirming, "tasks", "claim", "W2/order:1", "--by", "ann")
    said = _refused(run, confirming, "tasks", "complete", "W2/order:1", "--by", "ann", "--set", "limit=much")
    assert said == "limit must be a number, not much"
    _done(run, confirming, "tasks", "complete", "W2/order:1", "--by", "ann", "--set", "limit=600", "--outcome", "confirmed")
    _work(run, confirming)
    assert "by ann" in _done(run, confirming, "tasks", "show", "W2/order:1")
    assert "ann completes W2/order:1: confirmed (limit = 600)" in _done(run, confirming, "orders", "explain", "W2")
    assert json.loads(_done(run, confirming, "tasks", "list", "--closed", "--format", "json"))[0]["outcome"] == "confirmed"
    assert run("audit", "--dir", confirming).exit_code == 0


def test_many_exceptions_are_decided_by_command(run: Run, confirming: Path) -> None:
    for n in (2, 3):
        _done(run, confirming, "tasks", "complete", f"W{n}/order:1", "--by", "ann", "--set", "limit=1", "--outcome", "refused")
    _work(run, confirming)
    told = _done(run, confirming, "exceptions", "list", "--type", "refused-by-sales")
    assert "give-up (60.00, " in told and "give-up (100.00, " in told
    many = ("exceptions", "resolve", "--type", "refused-by-sales", "--option", "give-up", "--by", "ann")
    assert _done(run, confirming, *many, "--dry-run") == "2 would be decided, 0 refused\n"
    assert _done(run, confirming, *many, "--dry-run", "--where", "order.total < 1000").startswith("1 would be decided")
    assert "totl" in _refused(run, confirming, *many, "--where", "order.totl < 1")
    assert "must be true or false" in _refused(run, confirming, *many, "--where", "order.total")
    _done(run, confirming, "exceptions", "claim", "W3/order:2", "--by", "ann")
    _work(run, confirming)
    by_bob = _done(run, confirming, *many[:-1], "bob")
    assert by_bob == "0 are decided, 2 refused\n  1: ann has claimed it\n  1: bob has not the role sales; who has it: ann\n"
    assert _done(run, confirming, *many, "--where", "order.total < 1000") == "1 are decided, 0 refused\n"
    _work(run, confirming)
    left = json.loads(_done(run, confirming, "exceptions", "list", "--format", "json"))
    assert [(row["order"], row["claimed_by"], row["priority"]) for row in left] == [("W3", "ann", 3)]


def test_people_are_simulated_in_a_dry_run(run: Run, confirming: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_text(json.dumps(order("W9", 30)))
    assert "sales-order: done" in _done(run, confirming, "dry-run", "--order", path)  # type: ignore[arg-type]
    said = _done(run, confirming, "dry-run", "--order", path, "--reply", "sales.confirm-order=refused")  # type: ignore[arg-type]
    assert "refused-by-sales" in said
    wrong = _refused(run, confirming, "dry-run", "--order", path, "--reply", "sales.confirm-order=perhaps")  # type: ignore[arg-type]
    assert "perhaps is no outcome of confirm-order" in wrong


def _client(shop: Path) -> Callable[..., httpx.Response]:
    """Calls the API as ann."""
    store = opened(f"sqlite:///{shop / 'orderloom.sqlite'}")
    app = make_app(Desk(store, current_version(store)), Keys({"ann": sha256(b"secret").hexdigest()}, {"ann": "operator"}))

    async def call(method: str, path: str, body: object) -> httpx.Response:
        headers = {"Authorization": "Bearer secret"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers) as client:
            return await client.request(method, path, json=body)

    return lambda method, path, body=None: asyncio.run(call(method, path, body))


def test_sales_confirms_over_http(run: Run, confirming: Path) -> None:
    call = _client(confirming)
    listed = call("GET", "/tasks?role=sales").json()["tasks"]
    assert [each["order"] for each in listed] == ["W2", "W3"] and not listed[0]["overdue"]
    assert call("GET", "/tasks/W2/order:1").json()["task"]["form"][0]["name"] == "limit"
    assert call("GET", "/tasks/W2/order:9").status_code == 404
    assert call("POST", "/tasks/W2/order:1/claim").status_code == 202
    assert (
        call("POST", "/tasks/W2/order:1/delegate", {"to": "bob"}).json()["detail"]
        == "bob has not the role sales; who has it: ann"
    )
    assert call("POST", "/tasks/W2/order:1/delegate", {}).status_code == 422
    assert call("POST", "/tasks/W2/order:1/fly").status_code == 404
    assert call("POST", "/tasks/W2/order:1/complete", {"form": {}}).json()["detail"] == "the form lacks limit"
    assert call("POST", "/tasks/W2/order:1/complete", {"outcome": "refused", "form": {"limit": 5}}).status_code == 202
    _work(run, confirming)
    many = {"type": "refused-by-sales", "option": "give-up", "dry_run": True}
    assert call("POST", "/exceptions/resolve", many).json() == {"taken": 1, "refused": {}}
    assert call("POST", "/exceptions/resolve", many | {"where": "order.total"}).status_code == 422
    assert call("POST", "/exceptions/W2/order:2/claim").status_code == 202
    assert call("POST", "/exceptions/resolve", many | {"dry_run": False}).json()["taken"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "exceptions resolve --type refused-by-sale --option y",
            "exception type refused-by-sale; did you mean refused-by",
        ),
        ("exceptions resolve --type undeliverable --option x --role sale", "role sale; did you mean sales?"),
        ("exceptions list --type nope", "exception type nope; known: "),
        ("exceptions list --role sale", "role sale; did you mean sales?"),
        ("exceptions list --person anna", "person anna; did you mean ann?"),
        ("tasks list --role sale", "role sale; did you mean sales?"),
        ("tasks list --name confirm-oder", "task called confirm-oder; did you mean confirm-order?"),
        ("tasks list --skill fibre", "skill fibre; nothing is called so"),
        ("orders list --hold credit", "hold credit; known: amount-review, fraud-review"),
        ("slots --service install", "service install; nothing is called so"),
        ("slots --from 9999-12-31", "the calendar ends before 9999-12-31"),
    ],
)
def test_a_name_that_nothing_has_is_told(run: Run, confirming: Path, words: str, told: str) -> None:
    found = _refused(run, confirming, *words.split())
    assert found.startswith(told if "calendar" in told else f"there is no {told}")


def test_a_name_that_only_the_store_still_has_is_found(run: Run, confirming: Path) -> None:
    """Orders of an older version go on to stand in queues that the newest one does not have."""
    answer = ("--by", "ann", "--outcome", "refused", "--set", "limit=1")
    _done(run, confirming, "tasks", "complete", "W2/order:1", *answer)
    _work(run, confirming)
    (confirming / "rules" / "confirm.yaml").unlink()
    assert run("deploy", confirming).exit_code == 0
    assert "W2" in _done(run, confirming, "exceptions", "list", "--type", "refused-by-sales", "--role", "sales")
    assert "W3" in _done(run, confirming, "tasks", "list", "--name", "confirm-order")


PHOTO = """
kind: process
name: ship-to-customer
for: fulfillment
steps:
  - step: schedule
    wait: unit.release_at
  - step: pick
    ask: fulfiller
    message: pick-request
    within: P2D
    on: { short-picked: give-up, late: give-up }
  - step: check-photo
    task: check-photo
    to: quality
    within: P30D
    on: { good: hand-over, bad: give-up }
  - step: hand-over
    do: ship
  - step: done
    end: delivered
  - step: give-up
    do: release-stock
  - step: given-up
    end: cancelled
---
kind: participants
name: staff
roles:
  quality: { title: Checks photos }
"""


def test_the_people_of_a_demo_do_every_task(run: Run) -> None:
    """One that a later turn opens at an earlier moment, too."""
    assert run("init", "shop").exit_code == 0
    Path("shop/processes/photo.yaml").write_text(PHOTO)
    assert run("demo", "--dir", "shop", "--orders", "20", "--store", "demo.sqlite").exit_code == 0
    assert '"role": "quality"' not in run("tasks", "list", "--store", "demo.sqlite", "--format", "json").output
    assert "delivered (delivered)" in run("orders", "show", "C147749", "--store", "demo.sqlite").output
