"""Large orders are held, and sales has a task for them: what people of sales are told who come twice, or as somebody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from confirming import DATA, PROCESS
from confirming import order as an_order

from orderloom.adapters.api import Desk, Keys, make_app
from orderloom.adapters.versions import current_version
from orderloom.cli.stores import opened

Run = Callable[..., Result]
HOLDS = """---
kind: holds
name: shop
order:
  big-ticket:
    because: large orders are looked at
    apply: { when: order.total > 500 }
    resolve: { by: [sales] }
    blocks: [done]
  fraud:
    because: somebody has doubts
    apply: { by: [sales] }
    resolve: { by: [sales] }
"""


@pytest.fixture
def desk(run: Run, shop: Path, fill: Callable[[dict[str, str]], Path]) -> Path:
    """W1 of 600.00, which is held, and for which sales, that is frida and ann, has a task."""
    people = PROCESS.replace("  ann: { roles: [sales] }\n", "  ann: { roles: [sales] }\n  frida: { roles: [sales] }\n")
    (shop / "rules" / "own.yaml").write_text(people + HOLDS)
    fill(DATA)
    (shop / "orders.jsonl").write_text(json.dumps(an_order("W1", 30)))
    for words in (("import", "orders", shop / "orders.jsonl"), ("work", "--once")):
        result = run(*words, "--dir", shop)
        assert result.exit_code == 0, result.output
    return shop


def _said(run: Run, shop: Path, *words: str) -> tuple[int, str]:
    result = run(*words, "--dir", shop)
    return result.exit_code, result.output


def _post(shop: Path, path: str, body: object) -> httpx.Response:
    """Calls the API as ann, in whatever role the body says."""
    store = opened(f"sqlite:///{shop / 'orderloom.sqlite'}")
    keys = Keys({"ann": sha256(b"secret").hexdigest()}, {"ann": "operator"})
    transport = httpx.ASGITransport(make_app(Desk(store, current_version(store)), keys))

    async def call() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.post(path, json=body, headers={"Authorization": "Bearer secret"})

    found = asyncio.run(call())
    store.close()
    return found


def test_what_waits_for_a_worker_is_not_asked_again(run: Run, desk: Path) -> None:
    ways = {
        "the release of big-ticket": (("orders", "release", "W1", "big-ticket"), "/orders/W1/holds/big-ticket/resolve", {}),
        "the hold fraud": (("orders", "hold", "W1", "fraud"), "/orders/W1/holds", {"hold": "fraud"}),
    }
    for what, (words, path, body) in ways.items():
        assert _said(run, desk, *words, "--as", "frida", "--note", "first")[0] == 0
        told = f"{what} was asked by frida, and waits for a worker"
        for who in ("frida", "ann"):
            status, said = _said(run, desk, *words, "--as", who, "--note", "second")
            assert status == 2 and told in said, said
        over = _post(desk, path, body | {"role": "sales", "note": "third"})
        assert over.status_code == 409 and told in over.json()["detail"]
    assert _said(run, desk, "work", "--once")[0] == 0
    history = _said(run, desk, "orders", "explain", "W1")[1]
    assert "big-ticket resolved by sales frida: first" in history and "fraud applied by sales frida: first" in history
    assert "second" not in history and "third" not in history
    assert _post(desk, "/orders/W1/holds/fraud/resolve", {"role": "sales"}).status_code == 202


def test_whoever_is_named_acts_himself(run: Run, desk: Path) -> None:
    for words in (
        ("tasks", "complete", "W1/order:1", "--set", "limit=1"),
        ("tasks", "claim", "W1/order:1"),
        ("orders", "release", "W1", "big-ticket"),
        ("orders", "cancel", "W1"),
    ):
        status, said = _said(run, desk, *words, "--as", "frida", "--by", "gus")
        assert (status, "--as frida says already who acts, frida, and --by gus names another" in said) == (2, True), said
    assert _said(run, desk, "tasks", "claim", "W1/order:1", "--as", "frida:sales", "--by", "frida")[0] == 0
    assert _said(run, desk, "orders", "release", "W1", "big-ticket", "--as", "sales", "--by", "frida")[0] == 0


def test_an_order_shows_its_tasks_to_whom_they_are_for_and_who_is_shown_tasks(run: Run, desk: Path) -> None:
    file = desk / "rules" / "own.yaml"
    shows = (
        "  sales: { title: Sells, may: [modify, cancel, hold, release, work, resolve],\n"
        "           sees orders: [{ orders: true, show: [status, holds] }] }\n"
        "  dealer: { title: Trades, may: [work, report], sees orders: [{ orders: true, show: [status, history, exceptions] }] }\n"
    )
    before, _, after = file.read_text().partition("  sales: { title: Sells")
    file.write_text(before + shows + after.partition("\n")[2])
    assert run("deploy", desk).exit_code == 0

    def tasks(who: str | None, *more: str) -> list[dict[str, object]] | None:
        words = ("orders", "show", "W1", *(("--as", who) if who else ()), "--format", "json", *more)
        status, said = _said(run, desk, *words)
        assert status == 0, said
        told = json.loads(said).get("tasks")
        return list(told.values()) if isinstance(told, dict) else told

    (open_,) = tasks("frida") or []
    assert {name: open_[name] for name in ("task", "name", "role", "subject", "claimed_by", "outcome")} == {
        "task": "W1/order:1", "name": "confirm-order", "role": "sales", "subject": "order", "claimed_by": None, "outcome": None,
    }  # fmt: skip
    assert tasks("operations") == [open_] and tasks("dealer") is None and tasks("customer") is None
    assert _said(run, desk, "tasks", "complete", "W1/order:1", "--set", "limit=1", "--as", "frida")[0] == 0
    assert _said(run, desk, "work", "--once")[0] == 0
    (done,) = tasks("operations") or []
    assert (done["outcome"], done["by"], done["done_at"] is None) == ("confirmed", "frida", False)
    assert tasks("dealer") is None and [each["outcome"] for each in tasks(None) or []] == ["confirmed"]
    text = _said(run, desk, "orders", "show", "W1")[1]
    assert "confirm-order" in text.partition("\nTasks\n")[2].partition("\n\n")[0]
    (past,) = tasks(None, "--at", str(open_["since"])) or []
    assert past["name"] == "confirm-order" and "outcome" not in past


def test_a_list_says_what_stops_an_order(run: Run, desk: Path) -> None:
    def listed(*words: str) -> str:
        status, said = _said(run, desk, "orders", "list", *words)
        assert status == 0, said
        return said

    assert "captured (held: big-ticket)" in listed() and "captured (held: big-ticket)" in listed("--as", "operations")
    assert "held" not in listed("--as", "customer")
    assert [each["status"] for each in json.loads(listed("--format", "json"))] == ["captured"]
    assert _said(run, desk, "orders", "hold", "W1", "fraud", "--as", "frida")[0] == 0
    assert _said(run, desk, "work", "--once")[0] == 0
    assert "captured (held: big-ticket, fraud)" in listed()
    assert _said(run, desk, "orders", "release", "W1", "fraud", "--as", "frida")[0] == 0
    answer = ("--outcome", "refused", "--set", "limit=1", "--as", "frida")
    assert _said(run, desk, "tasks", "complete", "W1/order:1", *answer)[0] == 0
    assert _said(run, desk, "work", "--once")[0] == 0
    assert "captured (exception: refused-by-sales)" in listed()


def test_who_has_not_the_role_is_told_who_has_it_and_whose_name_was_taken(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orderloom.cli.persons.getuser", lambda: "root")
    lacks = "root has not the role sales; who has it: ann, frida; root is your user name, taken as there is no --by"
    release, claim = ("orders", "release", "W1", "big-ticket"), ("tasks", "claim", "W1/order:1")
    for words in ((*release, "--as", "sales"), (*claim, "--as", "sales"), claim):
        assert _said(run, desk, *words) == (2, f"Error: {lacks}\n")
    given = "Error: root has not the role sales; who has it: ann, frida\n"
    assert _said(run, desk, *claim, "--by", "root") == (2, given)
    for words, what in ((release, "resolve big-ticket"), (claim, "do W1/order:1")):
        assert _said(run, desk, *words, "--as", "operations") == (2, f"Error: operations may not {what}; who may: sales\n")
    unseen = "there is no task W1/order:1 for customer-service of us"  # it is not shown tasks
    assert unseen in _said(run, desk, *claim, "--as", "customer-service")[1]


def test_a_task_that_was_just_done_says_so_before_a_worker_comes_to_it(run: Run, desk: Path) -> None:
    show = ("tasks", "show", "W1/order:1")
    assert "has it   nobody" in _said(run, desk, *show)[1]
    assert _said(run, desk, "tasks", "claim", "W1/order:1", "--as", "frida")[0] == 0
    assert "has it   frida" in _said(run, desk, *show)[1]
    assert _said(run, desk, "tasks", "complete", "W1/order:1", "--set", "limit=1", "--as", "frida")[0] == 0
    told = _said(run, desk, *show)[1]
    assert "frida has just completed W1/order:1: confirmed" in told and "nobody" not in told and "outcomes" not in told
    assert _said(run, desk, "work", "--once")[0] == 0
    assert "closed   " in _said(run, desk, *show)[1]
