"""Events of a node and of a participant reach every running order that they concern, each once; others are kept and told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from confirming import order as an_order
from serving import served, until

from orderloom.adapters.versions import versions
from orderloom.cli.stores import opened
from orderloom.engine.desk import broadcast as module
from orderloom.engine.desk.broadcast import Broadcast, broadcast, broadcasts
from orderloom.engine.events import Happened

Run = Callable[..., Result]

RULES = """kind: event
name: node-closed
about: node
fields: { reason: string }
---
kind: event
name: strike
about: participant
---
kind: event
name: dented
about: unit
---
kind: process
name: ship-to-customer
for: fulfillment
steps:
  - { step: hold-back, wait: unit.ship_on }
  - step: hand-over
    ask: carrier
    message: transport-request
    on: { lost: gone }
  - { step: delivered, end: delivered }
  - { step: gone, end: gone }
handlers:
  - on: node-closed
    when: event.reason = "flood"
    steps: [{ step: flooded, end: flooded }]
  - on: strike
    beside: true
    steps: [{ step: tell-late, tell: customer, message: backordered }]
"""


@pytest.fixture
def two_nodes(run: Run, shop: Path, fill: Callable[[dict[str, str]], Path]) -> Path:
    """Three orders of DC1, two of DC2; what they are promised ships in the far future."""
    (shop / "rules" / "own.yaml").write_text(RULES)
    fill(
        {
            "nodes": "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\n"
            "DC1,dc,41,-87,RETAIL,1,0,0\nDC2,dc,41,-87,RETAIL,1,0,0\n",
            "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\nMUG,Mug,0.4,20,8\n",
            "stock": "item,node,on_hand\nTEE,DC1,9\nMUG,DC2,9\n",
        }
    )
    orders = [an_order(f"W{n}", 1) for n in range(1, 6)]
    for each in orders[3:]:
        each["lines"][0]["item"] = "MUG"  # type: ignore[index]
    (shop / "orders.jsonl").write_text("\n".join(json.dumps(each) for each in orders))
    assert run("import", "orders", shop / "orders.jsonl", "--dir", shop).exit_code == 0
    work(run, shop)
    return shop


def work(run: Run, shop: Path) -> None:
    assert run("work", "--once", "--dir", shop).exit_code == 0


def outcomes(run: Run, shop: Path) -> dict[str, object]:
    found = [json.loads(run("orders", "show", f"W{n}", "--format", "json", "--dir", shop).output) for n in range(1, 6)]
    return {each["order"]["id"]: next(iter(each["units"].values())).get("outcome") for each in found}


def test_an_event_of_a_node_reaches_its_orders_once(two_nodes: Path, run: Run) -> None:
    told = ("events", "send", "node-closed", "--node", "DC1", "--set", "reason=flood", "--id", "n1", "--dir", two_nodes)
    first, again = run(*told), run(*told)
    assert (first.output, again.output) == ("node-closed is in\n", "node-closed is known\n")
    work(run, two_nodes)
    assert outcomes(run, two_nodes) == {"W1": "flooded", "W2": "flooded", "W3": "flooded", "W4": None, "W5": None}
    history = run("orders", "explain", "W1", "--format", "json", "--dir", two_nodes).output
    assert history.count('"happened"') == 1
    [row] = json.loads(run("events", "list", "--format", "json", "--dir", two_nodes).output)
    assert (row["event"], row["node"], row["orders_reached"], row["done"]) == ("node-closed", "DC1", 3, True)
    assert run("audit", "--dir", two_nodes).exit_code == 0


def test_an_event_of_a_carrier_reaches_who_needs_it(two_nodes: Path, run: Run) -> None:
    assert run("events", "send", "strike", "--participant", "parcel-carrier", "--dir", two_nodes).exit_code == 0
    assert json.loads(run("events", "list", "--format", "json", "--dir", two_nodes).output)[0]["orders_reached"] == 5


def test_what_concerns_no_order_is_kept_and_told(two_nodes: Path, run: Run) -> None:
    (two_nodes / "nodes.csv").write_text(
        "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC3,dc,41,-87,RETAIL,1,0,0\n"
    )
    assert run("import", "nodes", two_nodes / "nodes.csv", "--dir", two_nodes).exit_code == 0
    nobody = run("events", "send", "node-closed", "--node", "DC3", "--dir", two_nodes)
    assert (nobody.exit_code, nobody.output) == (0, "node-closed is in: node-closed concerns no running order; it is kept\n")
    assert json.loads(run("events", "list", "--format", "json", "--dir", two_nodes).output)[0]["orders_reached"] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("node-close --node DC1", "there is no event node-close; did you mean node-closed?"),
        ("node-closed", "node is missing: node-closed is about a node"),
        ("node-closed --node DC9", "unknown node DC9"),
        ("node-closed --node DC1 --set raison=x", "node-closed has no field raison; did you mean reason?"),
        ("strike --participant parcel-carier", "there is no participant parcel-carier; did you mean parcel-carrier?"),
        ("dented --unit W1-1", "order is missing"),
    ],
)
def test_what_is_no_event_is_refused(two_nodes: Path, run: Run, words: str, told: str) -> None:
    found = run("events", "send", *words.split(), "--dir", two_nodes)
    assert found.exit_code == 2 and told in found.output


@pytest.mark.parametrize("again", [True, False])
def test_one_that_was_cut_off_goes_on_where_it_was(
    two_nodes: Path, run: Run, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    store = opened(f"sqlite:///{two_nodes / 'orderloom.sqlite'}")
    told = Broadcast("ops", "n1", Happened(store.now(), "node-closed", node="DC1", data={"reason": "flood"}))
    monkeypatch.setattr(module, "PAGE", 2)
    page = module._page
    calls = list[object]()

    def cut_off(*args: object) -> bool:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return page(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_page", cut_off)
    with pytest.raises(KeyboardInterrupt):
        broadcast(store, versions(store), told)
    assert [(each.reached, each.done_at) for each in broadcasts(store)] == [(2, None)]
    if again:
        found = broadcast(store, versions(store), told)
        assert (found.reached, found.repeated) == (3, True)
    store.close()
    work(run, two_nodes)  # a worker that starts lets it go on, too
    assert list(outcomes(run, two_nodes).values()) == ["flooded"] * 3 + [None] * 2


def test_one_that_is_cut_off_while_a_worker_runs_goes_on_there(
    two_nodes: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> bool:
        raise KeyboardInterrupt

    with served(two_nodes, "--work") as _:
        store = opened(f"sqlite:///{two_nodes / 'orderloom.sqlite'}")
        told = Broadcast("ops", "n1", Happened(store.now(), "node-closed", node="DC1", data={"reason": "flood"}))
        monkeypatch.setattr(module, "_page", cut_off)
        with pytest.raises(KeyboardInterrupt):
            broadcast(store, versions(store), told)
        until(lambda: broadcasts(store)[0].done_at is not None)
        assert broadcasts(store)[0].reached == 3
        store.close()


def test_a_participant_tells_it_over_http(two_nodes: Path, run: Run) -> None:
    with served(two_nodes, "--no-work") as api:
        told = {"id": "n1", "event": "node-closed", "node": "DC2", "data": {"reason": "flood"}}
        answers = [api.post("/participants/ops/events", json=told).json()["results"][0] for _ in range(2)]
        assert [each["verdict"] for each in answers] == ["added", "unchanged"]
        strange = api.post("/participants/carier/events", json={"id": "s1", "event": "strike"})
        assert strange.status_code == 422 and "there is no participant carier" in strange.json()["results"][0]["because"]
        lacking = api.post("/participants/ops/events", json={"id": "d1", "event": "dented", "unit": "W1-1"})
        assert lacking.json()["results"][0]["because"] == "order is missing"
    work(run, two_nodes)
    assert list(outcomes(run, two_nodes).values()) == [None, None, None, "flooded", "flooded"]


def test_it_reaches_who_has_not_been_worked_on_and_passes_over_who_cannot_be_read(two_nodes: Path, run: Run) -> None:
    more = [an_order(f"V{n}", 1) for n in (1, 2)]
    more[1]["lines"][0]["item"] = "MUG"  # type: ignore[index]
    (two_nodes / "more.jsonl").write_text("\n".join(json.dumps(each) for each in more))
    assert run("import", "orders", two_nodes / "more.jsonl", "--dir", two_nodes).exit_code == 0
    store = opened(f"sqlite:///{two_nodes / 'orderloom.sqlite'}")
    with store.writing() as connection:
        kept = connection.exec_driver_sql("SELECT state FROM orders WHERE id = 'W1'").scalar_one()
        connection.exec_driver_sql("UPDATE orders SET state = '{}' WHERE id = 'W1'")
    closed = ("events", "send", "node-closed", "--node", "DC1", "--set", "reason=flood", "--dir", two_nodes)
    told = run(*closed)
    assert told.output == "node-closed is in: W1 cannot be read, and node-closed was not told there\n"
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE orders SET state = ? WHERE id = 'W1'", (kept,))
    store.close()
    work(run, two_nodes)
    assert outcomes(run, two_nodes) == {"W1": None, "W2": "flooded", "W3": "flooded", "W4": None, "W5": None}
    assert '"outcome": "flooded"' in run("orders", "show", "V1", "--format", "json", "--dir", two_nodes).output
    assert "node-closed does not concern it" in run("orders", "explain", "V2", "--format", "json", "--dir", two_nodes).output
    assert run("audit", "--dir", two_nodes).exit_code == 0
