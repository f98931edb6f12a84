"""Nobody learns by asking for something to be done what he may not: every route that does something, with ids that he guesses.

No worker runs, so nothing comes of what is asked; what is answered must be right all the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import httpx
import pytest
from strangers import NOW, ORDERS, SECRETS, US, expected, flows, hidden_of, secret, strangers_shop
from strangers_api import Api, Asked, as_said, generated

from orderloom.adapters.api.rights import RIGHT_OF
from orderloom.adapters.stage import Stage
from orderloom.dsl.program import Program
from orderloom.dsl.rights import RIGHTS
from orderloom.engine.access.who import Who

#: What is asked of an order, by the route.
OF_ORDERS: dict[str, object] = {
    "POST /orders/{order}/cancel": {"reason": "mine"},
    "POST /orders/{order}/changes": {"what": {"what": "quantity", "line": "1", "quantity": 2}, "preview": True},
    "POST /orders/{order}/changes/{change}/confirm": None,
    "POST /orders/{order}/returns": {"line": "1", "quantity": 1, "reason": "size", "condition": "damaged", "preview": True},
    "POST /returns/{returned}/receipt": {"quantity": 1},
    "POST /orders/{order}/repairs": {"line": "1", "data": {"serial": "S-1"}, "preview": True},
    "POST /repairs/{repair}/told": {"reply": "quoted", "data": {}},
    "POST /orders/{order}/holds": {"hold": "fraud"},
    "POST /orders/{order}/holds/{hold}/resolve": {},
    "POST /orders/{order}/submit": {},
    "POST /orders/{order}/offers": {"line": "1", "reason": "late"},
    "POST /orders/{order}/appeasements": {"line": "1", "offer": "tenth-off"},
    "POST /orders/{order}/exceptions/{exception:path}": {"option": "try-again"},
    "POST /exceptions/{exception:path}/claim": None,
    "POST /tasks/{task:path}/{doing}": {},
}
#: What is asked with an order of somebody: the routes that take one in, or answer what it would get.
WITH_ORDERS = ("POST /orders", "POST /drafts", "POST /offers", "POST /promises/options")
OTHERS = {  # without an order; `tests/cli/test_keys.py` has them
    "POST /stock/adjustments", "POST /stock/receipts", "POST /stock/counts", "POST /interests", "POST /returns",
    "POST /participants/{participant}/events", "POST /exceptions/resolve",
}  # fmt: skip
CUSTOMERS = ("C-1", "C-2", "C-9")


def of_an_order(id: str) -> dict[str, Asked]:
    """Each thing that is asked of it."""
    names = {
        "order": id,
        "change": "M1",
        "returned": f"{id}-1",
        "repair": f"{id}-1",
        "hold": "fraud",
        "exception": f"{id}/1",
        "task": f"{id}/order:1",
    }
    names |= {"exception:path": f"{id}/1", "task:path": f"{id}/order:1", "doing": "claim"}
    found: dict[str, Asked] = {}
    for route, body in OF_ORDERS.items():
        method, _, path = route.partition(" ")
        for name, value in names.items():
            path = path.replace(f"{{{name}}}", value)
        found[route] = (method, path, body)
    return found


def with_an_order(id: str, customer: str) -> list[Asked]:
    """An order that is there is sent once more, as that of a customer."""
    line = {"id": "1", "item": "X", "quantity": 2, "unit_price": "1.00"}
    told: dict[str, object] = {
        "id": id,
        "channel": "web",
        "placed_at": NOW.isoformat(),
        "customer": {"id": customer},
        "currency": "USD",
        "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
        "lines": [line],
    }
    return [("POST", route.removeprefix("POST "), told) for route in WITH_ORDERS]


def leaks(shop: Stage, api: Api, program: Program, who: Who) -> Iterator[str]:
    unknown = ["H-3", "N-9"]
    for id in (*ORDERS, *unknown):
        asked = of_an_order(id)
        told = dict(zip(asked, api.ask(as_said(who), list(asked.values())), strict=True))
        known = id in ORDERS and bool(expected(shop, program, who, id))
        for route, answer in told.items():
            yield from wrongly_told(shop, program, who, id, route, answer, known)
    known = bool(expected(shop, program, who, "H-1"))
    hidden = hidden_of(shop, program, who, "H-1") if known else [secret("H-1", name) for name in SECRETS]
    for customer in CUSTOMERS:
        asked_with = with_an_order("H-1", customer)
        for (_, path, _), answer in zip(asked_with, api.ask(as_said(who), asked_with), strict=True):
            where = f"{who} asks {path} for {customer}: {answer.status_code} {answer.text}"
            if answer.status_code >= 500 or (who.customer not in (None, customer) and answer.status_code != 403):
                yield where
            yield from (f"{text} is told: {where}" for text in hidden if text in answer.text and text.startswith("secret"))


def wrongly_told(
    shop: Stage, program: Program, who: Who, id: str, route: str, answer: httpx.Response, known: bool
) -> Iterator[str]:
    """What an answer about an order says that it may not."""
    right, where = str(RIGHT_OF[route]), f"{who} asks {route} of {id}: {answer.status_code} {answer.text}"
    if answer.status_code >= 500:
        yield where
    flow = RIGHTS[right].flow
    granted = id in ORDERS and (not flow or flow in flows(program, who, ORDERS[id][0]))
    if not (known and granted and right in program.roles[who.role].may) and answer.status_code not in (403, 404):
        yield f"not refused: {where}"
    has = right in program.roles[who.role].may and not (RIGHTS[right].of_all and who.organization != US)
    if has and not known and f"there is no order {id} that" not in answer.text:
        yield f"told that it is there, or not: {where}"
    hidden = hidden_of(shop, program, who, id) if known else [secret(other, name) for other in ORDERS for name in SECRETS]
    yield from (f"{text} is told: {where}" for text in hidden if text in answer.text)


def run(shop: Stage, cases: int, seed: int) -> list[str]:
    return [leak for api, program, who in generated(shop, cases, seed) for leak in leaks(shop, api, program, who)]


@pytest.fixture(scope="module")
def shop() -> Iterator[Stage]:
    made = strangers_shop()
    yield made
    made.store.close()


def test_every_route_that_does_something_is_asked() -> None:
    assert {route for route in RIGHT_OF if not route.startswith("GET ")} == {*OF_ORDERS, *WITH_ORDERS, *OTHERS}


def test_nothing_leaks_by_asking(shop: Stage) -> None:
    assert run(shop, 6, seed=5) == []


@pytest.mark.soak
def test_nothing_leaks_by_asking_in_hundreds_of_cases(shop: Stage) -> None:
    assert run(shop, int(os.environ.get("ORDERLOOM_CASES", "300")), seed=6) == []


def test_the_law_finds_a_leak(shop: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from orderloom.engine.desk.gate import Gate

    monkeypatch.setattr(Gate, "admits", lambda self, right, named: None)
    assert any("not refused" in leak for leak in run(shop, 2, seed=5))
