"""Nobody learns over HTTP what he may not: the cases of `test_leaks`, asked through the API by keys that are bound to roles."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from msgspec.structs import replace
from strangers import (
    GUESSED,
    ORDERS,
    OWNERS,
    SECRETS,
    US,
    WORKSPACE,
    drawn,
    expected,
    hidden_of,
    lent_to,
    secret,
    sees_exceptions,
    somebody,
    strangers_shop,
)  # fmt: skip

from orderloom.adapters.api import Desk, Keys, make_app
from orderloom.adapters.stage import Stage
from orderloom.adapters.versions import deploy_version
from orderloom.dsl.compile import compile
from orderloom.dsl.load import load_workspace
from orderloom.dsl.program import Program
from orderloom.engine.access.who import Who

ROLES = ("seller", "vendor", "customer")
#: What finds H-1, and the field that must be seen of it for that.
FINDS = {
    f"email={secret('H-1', 'email')}": "customer",
    f"text={secret('H-1', 'name')}": "customer",
    f"text={secret('H-1', 'street')}": "ship to",
    f"channel={secret('H-1', 'channel')}": "channel",
    "since=2026-01-01": "placed at",
}
CUSTOMERS = ("C-1", "C-2", "C-3", "C-9")


class Generated(Desk):
    """The desk of a store whose version in force changes from case to case."""

    in_force: Program

    def current(self) -> Program:
        return self.in_force


class Api:
    """The application, asked by one key at a time."""

    def __init__(self, desk: Desk) -> None:
        self.roles: dict[str, str] = {}
        self.app: FastAPI = make_app(desk, Keys({"somebody": sha256(b"key").hexdigest()}, self.roles))

    def ask(self, who: str, paths: list[str]) -> Mapping[str, httpx.Response]:
        self.roles["somebody"] = who

        async def every() -> dict[str, httpx.Response]:
            headers, transport = {"Authorization": "Bearer key"}, httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://api", headers=headers) as client:
                return {path: await client.get(path) for path in paths}

        return asyncio.run(every())


@pytest.fixture(scope="module")
def shop() -> Iterator[Stage]:
    made = strangers_shop()
    yield made
    made.store.close()


def as_said(who: Who) -> str:
    """Who it is, in the words of a line of the keys."""
    where, customer = f"@{who.node}" if who.node else "", f"#{who.customer}" if who.customer else ""
    return f"{who.organization}:{who.role}{where}{customer}"


def paths() -> list[str]:
    orders = [*ORDERS, *(quote(id, safe="") for id in GUESSED if id)]
    return [
        "/orders", *(f"/orders?{by}" for by in FINDS), "/exceptions", "/exceptions?settled=true", "/tasks", "/stock/X",
        *(f"/orders/{id}{what}" for id in orders for what in ("", "/explain", "/returns", "/offers")),
        *(f"/customers/{id}" for id in CUSTOMERS),
    ]  # fmt: skip


def leaks(shop: Stage, api: Api, program: Program, who: Who) -> Iterator[str]:
    told = api.ask(as_said(who), paths())
    may = {id: expected(shop, program, who, id) for id in ORDERS}
    known = {id for id in ORDERS if may[id]}
    yield from (f"{path}: {answer.status_code} {answer.text}" for path, answer in told.items() if answer.status_code >= 500)
    found = {str(each["order"]) for each in told["/orders"].json()["orders"]}
    if found != known:
        yield f"{who} lists {found}, not {known}"
    for by, field in FINDS.items():
        found = {str(each["order"]) for each in told[f"/orders?{by}"].json()["orders"]}
        if found - {id for id in known if field in may[id]}:
            yield f"{who} finds {found} by {by}"
    role = program.roles[who.role]
    for id in ORDERS:
        shown = told[f"/orders/{id}"]
        if (shown.status_code == 200) != (id in known):
            yield f"{id} is known to {who}: {shown.text}"
        yield from (f"{who} sees {text} of {id}" for text in hidden_of(shop, program, who, id) if text in shown.text)
        for what, right in (("explain", "inspect"), ("returns", "inspect"), ("offers", "offer")):
            answer = told[f"/orders/{id}/{what}"]
            ours = right == "offer" or who.organization == US
            if (answer.status_code == 200) != (id in known and right in role.may and ours):
                yield f"{who} asks for {what} of {id}: {answer.text}"
            others = [secret(other, name) for other in ORDERS if other != id for name in SECRETS]
            hidden = others if what == "offers" else hidden_of(shop, program, who, id)
            yield from (f"{who} sees {text} in {what} of {id}: {answer.text}" for text in hidden if text in answer.text)
    for path, answer in told.items():
        if answer.status_code == 200 and any(path.startswith(f"/orders/{quote(id, safe='')}") for id in GUESSED if id):
            yield f"{who} guessed {path}: {answer.text}"
    yield from queue_leaks(program, who, told)
    yield from customer_leaks(may, program, who, told)
    for row in told["/stock/X"].json().get("stock", ()):
        if "node" in row and not lent_to(program, who, row["node"]):
            yield f"{who} sees stock of {row['node']}, which is of {OWNERS[row['node']]}"


def queue_leaks(program: Program, who: Who, told: Mapping[str, httpx.Response]) -> Iterator[str]:
    """Exceptions of orders that are none of his; and in no queue is a secret of any order."""
    for path in ("/exceptions", "/exceptions?settled=true", "/tasks"):
        yield from (
            f"{who} sees {name} of {id} in {path}" for id in ORDERS for name in SECRETS if secret(id, name) in told[path].text
        )
    found = {each["order"] for each in told["/exceptions"].json()["exceptions"]}
    allowed = {id for id in ("H-2", "N-2") if sees_exceptions(program, who, id)}
    if found != allowed:
        yield f"{who} sees exceptions of {found}, not of {allowed}"


def customer_leaks(may: Mapping[str, set[str]], program: Program, who: Who, told: Mapping[str, httpx.Response]) -> Iterator[str]:
    """Orders of a customer that he may not know of, and of others what is not shown to him."""
    for customer in CUSTOMERS:
        answer = told[f"/customers/{customer}"]
        allowed = "customer" in program.roles[who.role].may and who.organization == US and who.customer in (None, customer)
        if not allowed and answer.status_code == 200:
            yield f"{who} asks for {customer}: {answer.text}"
        for id, (_, of) in ORDERS.items():
            if f'"{id}"' in answer.text and not (may[id] and of == customer):
                yield f"{who} sees {id} of {customer}: {answer.text}"
            fields = may[id] if of == customer else set()
            yield from (
                f"{who} sees {name} of {id} in {customer}"
                for name, field in SECRETS.items()
                if field not in fields and secret(id, name) in answer.text
            )
        if "913.37" in answer.text and not any({"total", "prices"} & may[id] for id, (_, of) in ORDERS.items() if of == customer):
            yield f"{who} sees totals of {customer}: {answer.text}"


def run(shop: Stage, cases: int, seed: int) -> list[str]:
    desk, found = Generated(shop.store, shop.program), list[str]()
    api = Api(desk)
    for number in range(cases):
        chance = random.Random(f"{seed}/{number}")
        program, who = drawn(chance, shop.program), somebody(chance)
        tailor = replace(program.organizations["tailor"], roles=ROLES)
        desk.in_force = replace(program, organizations={**program.organizations, "tailor": tailor})
        found += leaks(shop, api, desk.in_force, who)
    return found


def test_nothing_leaks_over_http(shop: Stage) -> None:
    assert run(shop, 12, seed=3) == []


@pytest.mark.soak
def test_nothing_leaks_over_http_in_hundreds_of_cases(shop: Stage) -> None:
    assert run(shop, int(os.environ.get("ORDERLOOM_CASES", "500")), seed=4) == []


def test_the_law_finds_a_leak(shop: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from orderloom.engine import looked

    monkeypatch.setattr(looked, "is_own", lambda program, viewer, of: True)
    assert any("is known to" in leak for leak in run(shop, 6, seed=3))


LENT = """kind: participants
name: lent
relations:
  - harbour grants tailor: [orders, status, availability]
"""


def _deploy(shop: Stage, folder: Path) -> None:
    sources = load_workspace(folder)
    program = compile(sources).program
    assert program is not None
    deploy_version(shop.store, program, sources, shop.now)


def test_a_grant_that_a_new_version_takes_away_is_gone_at_the_next_request(shop: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(WORKSPACE, folder)
    views = folder / "rules" / "views.yaml"
    views.write_text(
        views.read_text().replace(
            "    title: Sends what is ordered from it\n",
            "    title: Sends what is ordered from it\n    sees orders: [{ orders: true, show: [status] }]\n",
        )
    )
    (folder / "rules" / "lent.yaml").write_text(LENT)
    _deploy(shop, folder)
    api = Api(Desk(shop.store, shop.program))

    def known() -> tuple[object, ...]:
        told = api.ask("tailor", ["/orders", "/orders/H-1", "/stock/X"])
        nodes = {row["node"] for row in told["/stock/X"].json()["stock"]}
        return [each["order"] for each in told["/orders"].json()["orders"]], told["/orders/H-1"].status_code, nodes

    assert known() == (["H-1", "H-2", "H-4"], 200, {"DC1", "S1", "S2", "V1"})
    (folder / "rules" / "lent.yaml").unlink()
    _deploy(shop, folder)
    assert known() == ([], 404, {"V1"})
