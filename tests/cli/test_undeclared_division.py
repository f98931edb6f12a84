"""An order of a division that nobody declared: refused wherever it comes in, once a workspace declares divisions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from taking_back import ORDER

from orderloom.adapters.api.app import make_app
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.keys import Keys
from orderloom.adapters.versions import current_version
from orderloom.cli.stores import opened

Run = Callable[..., Result]
BLIND = (
    "return",
    "blind",
    "TEE",
    "--customer",
    "C-7",
    "--condition",
    "resellable",
    "--node",
    "DC1",
    "--reason",
    "size",
    "--preview",
)
NO_SUCH = "there is no division habour; did you mean harbour?"


@pytest.fixture
def orders(sold: Path) -> Path:
    """An order of a division whose name is misspelt, one of it, and one of none."""
    made = [ORDER | {"id": f"W{n}", "division": named} for n, named in enumerate(("habour", "harbour", None), start=7)]
    (sold / "more.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in made))
    (sold / "one.json").write_text(json.dumps(made[0]))
    return sold


@pytest.fixture
def declared(orders: Path) -> Path:
    (orders / "rules" / "harbour.yaml").write_text("kind: division\nname: harbour\n---\nkind: division\nname: RETAIL\n")
    return orders


def test_its_row_is_rejected_with_the_reason(run: Run, declared: Path) -> None:
    result = run("import", "orders", declared / "more.jsonl", "--dir", declared)
    assert (result.exit_code, NO_SUCH in result.output) == (1, True), result.output
    known = json.loads(run("orders", "list", "--dir", declared, "--format", "json").output)
    assert {each["id"] for each in known} == {"W1", "W8", "W9"}


def test_as_a_draft_too(run: Run, declared: Path) -> None:
    result = run("orders", "draft", declared / "more.jsonl", "--dir", declared)
    assert (result.exit_code, NO_SUCH in result.output) == (1, True), result.output


def test_a_dry_run_says_so(run: Run, declared: Path) -> None:
    result = run("dry-run", "--order", declared / "one.json", "--dir", declared)
    assert (result.exit_code, NO_SUCH in result.output) == (1, True), result.output


@pytest.mark.parametrize("path", ["/orders", "/drafts", "/promises/options"])
def test_over_http_it_cannot_be_processed(run: Run, declared: Path, path: str) -> None:
    done = run("deploy", declared)
    assert done.exit_code == 0, done.output
    store = opened(f"sqlite:///{declared / 'orderloom.sqlite'}")
    app = make_app(Desk(store, current_version(store)), Keys({"ann": sha256(b"secret").hexdigest()}, {"ann": "operator"}))
    body = json.loads((declared / "one.json").read_text())

    async def call() -> httpx.Response:
        headers = {"Authorization": "Bearer secret"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=headers) as client:
            return await client.post(path, json=body)

    answer = asyncio.run(call())
    assert (answer.status_code, NO_SUCH in answer.text) == (422, True), answer.text


def test_goods_without_an_order_are_brought_to_a_division_that_there_is(run: Run, declared: Path) -> None:
    done = run("deploy", declared)
    assert done.exit_code == 0, done.output
    refused = run(*BLIND, "--division", "habour", "--dir", declared)
    assert (refused.exit_code, NO_SUCH in refused.output) == (2, True), refused.output
    assert run(*BLIND, "--division", "harbour", "--dir", declared).exit_code == 0


def test_without_divisions_it_is_free_text(run: Run, orders: Path) -> None:
    assert run("import", "orders", orders / "more.jsonl", "--dir", orders).exit_code == 0
    assert run(*BLIND, "--division", "habour", "--dir", orders).exit_code == 0
