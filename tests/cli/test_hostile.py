"""Whatever is written in place of an id, a name, a number or a date: never a fault of ours, and the store stays as it must be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from click.testing import Result

from orderloom.adapters.api.app import make_app
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.keys import Keys
from orderloom.adapters.versions import current_version
from orderloom.cli.stores import opened

Run = Callable[..., Result]

WORDS = ("", "x" * 5000, "\udcff", "9" * 40, "9999-12-31", "1,0001-01-01T00:00:00+14:00,a,b")
MORE = (
    "a\tb", "'; drop table orders; --", "-1", "0", "1e400", "NaN", "../..", "W1/", "%00", "é²", "0001-01-01", "99999-01-01",
    "🦄", "/", "a,b,c,d", "0,9999-12-31T23:59:59.999999+14:00,W1,x", "9999999999999999999", "W2", "sales", "confirm-order",
)  # fmt: skip
COMMANDS = (
    "tasks list --role $", "tasks list --person $", "tasks list --skill $", "tasks list --name $", "tasks list --after $",
    "tasks list --limit $", "tasks list --closed --after $", "tasks show $", "tasks claim $ --by ann", "tasks release $",
    "tasks claim W2/order:1 --by $", "tasks delegate $ bob --by ann", "tasks delegate W2/order:1 $ --by ann",
    "tasks complete $ --by ann", "tasks complete W2/order:1 --by ann --outcome $", "tasks complete W2/order:1 --by ann --set $",
    "tasks complete W2/order:1 --by ann --outcome none --set limit=$", "exceptions list --role $", "exceptions list --type $",
    "exceptions list --person $", "exceptions list --after $", "exceptions list --settled --after $", "exceptions list --limit $",
    "exceptions claim $", "exceptions release $", "exceptions resolve $ a b", "exceptions resolve W1 $ b",
    "exceptions resolve --type $ --option x", "exceptions resolve --type undeliverable --option $",
    "exceptions resolve --type undeliverable --option x --role $", "slots --from $", "slots --days $", "slots --service $",
    "exceptions resolve --type undeliverable --option x --where $", "slots --skill $", "slots --region $", "migrate --undo $",
    "migrate --from $ --to 1", "migrate --from 1 --to $", "migrate --from 1 --to 2 --cohort $",
    "deploy . --note $",
    "migrate --from 1 --to 2 --cohort first=$", "deploy . --effective $", "deploy . --by $", "versions --format $",
    "orders hold $ x --as sales", "orders hold W1 $ --as sales", "orders hold W1 x --as $",
    "orders hold W1 x --as sales --line $",
    "orders release $ x --as sales", "orders release W1 $ --as sales", "orders release W1 x --as sales --line $",
    "orders change $ --line 1 --quantity 3", "orders change W1 --line $ --quantity 3", "orders change W1 --line 1 --quantity $",
    "orders change W1 --line 1 --item $", "orders change W1 --line 1 --item TEE --price $", "orders change W1 --want-by $",
    "orders change W1 --method $", "orders change W1 --unit $ --cancel", "orders change W1 --set $", "orders change W1 --what $",
    "orders change W1 --set city=$ --preview", "orders change W1 --set lat=$ --preview", "orders change W1 --confirm $",
    "orders change W1 --set city=a --version $", "orders change W1 --set city=a --as $ --preview", "orders cancel $",
    "orders cancel W1 --version $", "orders list --hold $", "orders list --after $", "orders show $", "orders show W1 --at $",
    "orders show W1 --as $", "events send $", "events send x --node $", "events send x --id $", "events list --after $",
)  # fmt: skip


@pytest.mark.parametrize("words", [WORDS, pytest.param(MORE, marks=pytest.mark.soak)], ids=["some", "more"])
def test_no_argument_of_a_command_is_a_fault_of_ours(
    confirming: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: Sequence[str]
) -> None:
    monkeypatch.chdir(confirming)
    for command in COMMANDS:
        for word in words:
            result = run(*(part.replace("$", word) for part in command.split()))
            assert result.exit_code in (0, 1, 2), (command, word[:60], result.output)
            if result.exit_code == 2:
                assert "Error: " in result.output
    lawful(run)


VALUES: Sequence[object] = ("", "a\0b", "x" * 5000, 10**30, -1, 1.5, True, None, [], {"a": "b"}, ["a"], "9999-12-31", "W1")
PART = {"what": "quantity", "line": "1", "quantity": 2}
LINE = {"id": "9", "item": "TEE", "quantity": 1, "unit_price": 1}
#: A path, the body that it would take, and which of its fields are spoiled.
BODIES: Sequence[tuple[str, dict[str, object], str]] = (
    ("/orders/W1/cancel", {}, "reason role agreed"),
    ("/orders/W1/changes", {"role": "sales", "what": PART}, "role what preview what.what what.line what.quantity"),
    (
        "/orders/W1/changes",
        {"what": PART},
        "what.unit what.item what.unit_price what.ship_to what.method what.add what.attributes",
    ),
    ("/orders/W1/changes", {"what": {"what": "address", "ship_to": {}}}, "what.ship_to.city what.ship_to.lat what.ship_to.x"),
    ("/orders/W1/changes", {"what": {"what": "date"}}, "what.want_by what.line"),
    (
        "/orders/W1/changes",
        {"what": {"what": "add-line", "add": LINE}},
        "what.add.id what.add.item what.add.quantity what.add.after",
    ),
    ("/orders/W1/holds", {"hold": "x", "role": "sales"}, "hold role line note"),
    ("/orders/W1/holds/x/resolve", {"role": "sales"}, "role line note"),
    ("/exceptions/resolve", {"type": "undeliverable", "option": "x"}, "type option note role where dry_run"),
    ("/orders/W1/exceptions/x", {"option": "x"}, "option note"),
    ("/tasks/W2/order:1/complete", {"outcome": "none", "form": {}}, "outcome form note form.limit"),
    ("/tasks/W2/order:1/delegate", {}, "to"),
)
PATHS = (
    "/orders/$/cancel", "/orders/$/changes", "/orders/W1/changes/$/confirm", "/orders/$/holds", "/orders/W1/holds/$/resolve",
    "/tasks/$", "/tasks/$/claim", "/tasks/W2/order:1/$", "/exceptions/$/claim", "/orders/W1/exceptions/$",
    "/orders/$/exceptions/x",
)  # fmt: skip
QUERIES = (
    "/tasks?role=$", "/tasks?person=$", "/tasks?skill=$", "/tasks?name=$", "/tasks?limit=$", "/tasks?after=$", "/tasks?overdue=$",
    "/exceptions?role=$", "/exceptions?type=$", "/exceptions?after=$", "/exceptions?settled=true&after=$", "/orders?hold=$",
    "/slots?from=$", "/slots?days=$", "/slots?service=$", "/slots?region=$", "/orders/W1?as=$", "/orders?after=$",
)  # fmt: skip


def test_no_request_is_a_fault_of_ours(confirming: Path, run: Run) -> None:
    store = opened(f"sqlite:///{confirming / 'orderloom.sqlite'}")
    app = make_app(Desk(store, current_version(store)), Keys({}))

    async def ask() -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as api:

            async def fine(method: str, path: str, body: bytes = b"{}", seen: str = "*") -> None:
                found = await api.request(method, path, content=body, headers={"If-Match": seen.encode("latin-1")})
                assert found.status_code < 500, (path[:200], body[:200], found.text)

            for path, body, fields in BODIES:
                for field in fields.split():
                    for value in VALUES:
                        await fine("POST", path, spoiled(body, field, value))
            for word in (*WORDS, "\0"):
                text = quote(word.encode("utf-8", "surrogateescape")) or "%20"
                for path in PATHS:
                    await fine("POST", path.replace("$", text))
                for path in QUERIES:
                    await fine("GET", path.replace("$", text))
            for seen in ("²", "9" * 40, "-1", "", 'W/"1"'):
                await fine("POST", "/orders/W1/cancel", seen=seen)

    asyncio.run(ask())
    store.close()
    lawful(run, confirming)


def spoiled(body: dict[str, object], field: str, value: object) -> bytes:
    """The body with another value of a field, which may stand within others."""
    whole = json.loads(json.dumps(body))
    *outer, last = field.split(".")
    part = whole
    for name in outer:
        part = part[name]
    part[last] = value
    return json.dumps(whole).encode()


def lawful(run: Run, *folder: Path) -> None:
    where = ("--dir", *folder) if folder else ()
    assert run("work", "--once", *where).exit_code == 0
    assert run("audit", *where).exit_code == 0
