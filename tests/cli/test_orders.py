"""A workspace's own orders: imported, worked on, listed, explained; exceptions resolved."""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
BROKEN: tuple[Callable[[dict[str, Any]], str], ...] = (
    lambda order: json.dumps(order)[:-3],
    lambda order: json.dumps(order | {"lines": [order["lines"][0] | {"item": "NOTHING"}]}),
    lambda order: json.dumps(order | {"lines": [order["lines"][0] | {"quantity": -2}]}),
    lambda order: json.dumps(order | {"id": "W1"}),
    lambda order: json.dumps(order | {"orderloom": 2}),
    lambda order: json.dumps(order | {"ship_to": None}),
)


def order(number: int) -> dict[str, Any]:
    return {
        "id": f"W{number}",
        "channel": "web",
        "division": "RETAIL",
        "placed_at": "2026-03-02T10:00:00Z",
        "customer": {"id": "C1", "tier": "standard"},
        "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
        "lines": [{"id": 1, "item": "TEE", "quantity": 1, "unit_price": 20}],
    }


@pytest.fixture
def stocked(fill: Callable[[dict[str, str]], Path]) -> Path:
    """A workspace with an item at a DC and a store with nothing; nobody answers, messages go to a file."""
    return fill(
        {
            "nodes": (
                "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\n"
                "DC1,dc,41,-87,RETAIL,1,0,0\nS1,store,41.8,-87.6,RETAIL,2,1,0\n"
            ),
            "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n",
            "stock": "item,node,on_hand\nTEE,DC1,2000\n",
            "supply": "id,item,node,type,quantity,due_on\nPO1,TEE,S1,on-order,5,2999-03-09\n",
        }
    )


def test_a_thousand_good_rows_go_in_and_twenty_bad_ones_do_not_twice(run: Run, stocked: Path, tmp_path: Path) -> None:
    rows = [json.dumps(order(number)) for number in range(1, 1001)]
    for number in range(20):
        rows.append(BROKEN[number % len(BROKEN)](order(5000 + number)))
    random.Random(1).shuffle(rows)
    rows.remove(json.dumps(order(1)))
    path = tmp_path / "orders.jsonl"
    path.write_text("\n".join([json.dumps(order(1)), *rows]))
    first = run("import", "orders", path, "--dir", stocked, "--format", "json")
    assert first.exit_code == 1
    assert {"added": 1000, "rejected": 20}.items() <= json.loads(first.output).items()
    rejected = [json.loads(line) for line in (tmp_path / "orders.jsonl.rejects.jsonl").read_text().splitlines()]
    lines = path.read_text().splitlines()
    assert len(rejected) == 20
    assert all(reject["text"] == lines[reject["line"] - 1] and reject["reason"] for reject in rejected)
    again = run("import", "orders", path, "--dir", stocked)
    assert (again.exit_code, again.output.splitlines()[0]) == (1, "1,000 unchanged, 20 rejected")
    listed = json.loads(run("orders", "list", "--dir", stocked, "--limit", 2000, "--format", "json").output)
    assert len(listed) == 1000


def test_the_same_stock_again_doubles_nothing(run: Run, stocked: Path) -> None:
    before = run("stock", "--dir", stocked, "--format", "json").output
    for kind in ("stock", "supply"):
        run("import", kind, stocked / f"{kind}.csv", "--dir", stocked)
    assert run("stock", "--dir", stocked, "--format", "json").output == before
    assert [(row["on_hand"], row["inbound"]) for row in json.loads(before)] == [(2000, 0), (0, 5)]


def test_an_order_with_other_content_under_a_known_id_is_rejected(run: Run, stocked: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(json.dumps(order(1)))
    assert run("import", "orders", path, "--dir", stocked).exit_code == 0
    path.write_text(json.dumps(order(1) | {"channel": "store"}))
    assert run("import", "orders", path, "--dir", stocked, "--rejects", tmp_path / "bad.jsonl").exit_code == 1
    assert "W1 is there already, with other content" in (tmp_path / "bad.jsonl").read_text()


@pytest.fixture
def worked(run: Run, stocked: Path, tmp_path: Path) -> Path:
    """The workspace after a worker has seen an order, whose fulfiller can never be reached."""
    (stocked / "rules" / "partners.yaml").write_text(
        "kind: participants\nname: partners\norganizations:\n"
        '  - name: own-dcs\n    roles: [fulfiller]\n    operates: node.type = "dc"\n'
        "    connect: { adapter: files, path: picks.jsonl }\n"
    )
    (tmp_path / "orders.jsonl").write_text(json.dumps(order(1)))
    assert run("import", "orders", tmp_path / "orders.jsonl", "--dir", stocked).exit_code == 0
    result = run("work", "--once", "--dir", stocked)
    assert result.exit_code == 0, result.output
    return stocked


def test_a_worker_advances_and_delivers(run: Run, worked: Path, tmp_path: Path) -> None:
    [pick] = [json.loads(line) for line in (tmp_path / "picks.jsonl").read_text().splitlines()]
    assert (pick["message"], pick["body"]["lines"]) == ("pick-request", [{"line": "1", "item": "TEE", "quantity": 1}])
    assert "in fulfillment" in run("orders", "list", "--dir", worked).output
    assert run("audit", "--dir", worked).exit_code == 0


def test_an_order_is_shown_and_explained(run: Run, worked: Path) -> None:
    shown = run("orders", "show", "W1", "--dir", worked).output
    assert "waiting: ship-to-customer at pick" in shown
    assert "W1-1" in shown
    explained = run("orders", "explain", "W1", "--dir", worked).output
    for words in (
        "policy cheapest (rules/sourcing.yaml:",
        "from DC1 by GROUND",
        "nodes that lost",
        "S1",
        "process of W1-1: ship-to-customer (rules/retail/process-selection.yaml:",
        "captured\n",
        "W1-1 enters step pick",
    ):
        assert words in explained
    assert json.loads(run("orders", "show", "W1", "--dir", worked, "--format", "json").output)["status"] == "in fulfillment"
    assert json.loads(run("orders", "explain", "W1", "--dir", worked, "--format", "json").output)["records"]


def test_an_unknown_order_is_told(run: Run, worked: Path) -> None:
    assert run("orders", "show", "W9", "--dir", worked).exit_code == 2


def test_an_exception_is_listed_and_resolved(run: Run, stocked: Path, tmp_path: Path) -> None:
    (tmp_path / "orders.jsonl").write_text(json.dumps(order(1) | {"document_type": "quote"}))
    run("import", "orders", tmp_path / "orders.jsonl", "--dir", stocked)
    run("work", "--once", "--dir", stocked)
    [issue] = json.loads(run("exceptions", "list", "--dir", stocked, "--format", "json").output)
    assert issue["type"] == "no-way-forward"
    wrong = run("exceptions", "resolve", "W1", issue["exception"], "nonsense", "--dir", stocked)
    assert (wrong.exit_code, "choose one of" in wrong.output) == (2, True)
    right = run("exceptions", "resolve", "W1", issue["exception"], "try-again", "--by", "ann", "--dir", stocked)
    assert right.exit_code == 0
    run("work", "--once", "--dir", stocked)
    assert "try-again by ann" in run("orders", "explain", "W1", "--dir", stocked).output


def test_lists_say_when_there_is_more(run: Run, stocked: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text("\n".join(json.dumps(order(number)) for number in (1, 2, 3)))
    run("import", "orders", path, "--dir", stocked)
    listed = run("orders", "list", "--dir", stocked, "--limit", 2)
    assert listed.stderr == "first 2; go on with --after W2\n"
    assert ("W2" in listed.stdout, "W3" in listed.stdout) == (True, False)
    assert run("orders", "list", "--dir", stocked, "--limit", 3).stderr == ""
    page = run("orders", "list", "--dir", stocked, "--limit", 2, "--format", "json")
    assert (len(json.loads(page.stdout)), page.stderr) == (2, listed.stderr)
    rest = run("orders", "list", "--dir", stocked, "--after", "W2", "--format", "json")
    assert ([row["id"] for row in json.loads(rest.stdout)], rest.stderr) == (["W3"], "")
    assert run("stock", "--dir", stocked, "--limit", 1).stderr == "first 1; go on with --after TEE,DC1\n"
    wrong = run("stock", "--dir", stocked, "--after", "I00001")
    assert wrong.exit_code == 2 and "I00001 is no key of this list" in wrong.output


def test_open_exceptions_are_shown_with_their_options_and_cause(run: Run, stocked: Path, tmp_path: Path) -> None:
    (tmp_path / "orders.jsonl").write_text(json.dumps(order(1) | {"document_type": "quote"}))
    run("import", "orders", tmp_path / "orders.jsonl", "--dir", stocked)
    run("work", "--once", "--dir", stocked)
    [issue] = json.loads(run("exceptions", "list", "--dir", stocked, "--format", "json").output)
    assert issue["options"] == ["try-again"]
    assert issue["cause"]
    for command in ("show", "explain"):
        shown = run("orders", command, "W1", "--dir", stocked).output
        assert "no-way-forward" in shown
        assert issue["cause"] in shown
    settled = ("exceptions", "resolve", "W1", issue["exception"], "try-again", "--dir", stocked)
    assert run(*settled).exit_code == 0


def test_a_reply_to_what_nobody_was_asked_is_told_at_once(run: Run, worked: Path, tmp_path: Path) -> None:
    told = {"id": "1", "participant": "own-dcs", "order": "W1", "request": "W1/W1-9:1", "reply": "picked"}
    (tmp_path / "replies.jsonl").write_text(json.dumps(told))
    found = run("import", "events", tmp_path / "replies.jsonl", "--dir", worked)
    assert found.output.splitlines()[:2] == [
        "1 added, 0 rejected", "warning: nobody was asked W1/W1-9:1; the reply picked changes nothing of W1",
    ]  # fmt: skip


def test_nobody_answers_what_another_was_asked(run: Run, worked: Path, tmp_path: Path) -> None:
    told = json.loads(run("orders", "show", "W1", "--dir", worked, "--format", "json").output)["messages"]
    (key,) = [each["key"] for each in told if each["message"] == "pick-request"]
    for name, why in (
        ("parcel-carrier", f"parcel-carrier was asked nothing under the key {key}; own-dcs was"),
        ("own-dc", "there is no participant own-dc; did you mean own-dcs?"),
    ):
        reply = {"id": "1", "participant": name, "order": "W1", "request": key, "reply": "picked"}
        (tmp_path / "replies.jsonl").write_text(json.dumps(reply))
        found = run("import", "events", tmp_path / "replies.jsonl", "--dir", worked)
        assert found.exit_code == 1 and f"1 row: {why}, first on line 1" in found.output
    (tmp_path / "replies.jsonl").write_text(json.dumps(reply | {"participant": "own-dcs"}))  # none of these was kept under its id
    assert run("import", "events", tmp_path / "replies.jsonl", "--dir", worked).output == "1 added, 0 rejected\n"


def test_rejects_stand_beside_the_file(run: Run, stocked: Path, tmp_path: Path) -> None:
    (stocked / "orders.jsonl").write_text("{")
    result = run("import", "orders", stocked / "orders.jsonl", "--dir", stocked)
    assert f"rejected rows and why: {stocked / 'orders.jsonl.rejects.jsonl'}" in result.output
    assert (stocked / "orders.jsonl.rejects.jsonl").exists()
    assert not (tmp_path / "orders.jsonl.rejects.jsonl").exists()


def test_the_first_reasons_are_told_with_their_counts(run: Run, stocked: Path) -> None:
    wrong = order(9)["lines"][0] | {"item": "NOPE"}
    rows = [order(1), *(order(number) | {"lines": [wrong]} for number in (2, 3)), order(4) | {"currency": "EUR"}]
    (stocked / "orders.jsonl").write_text("\n".join(map(json.dumps, rows)))
    lines = run("import", "orders", stocked / "orders.jsonl", "--dir", stocked).output.splitlines()
    assert lines[:3] == [
        "1 added, 3 rejected",
        "2 rows: line 1: unknown item NOPE, first on line 2",
        "1 row: the order is in EUR, the workspace in USD, first on line 4",
    ]


def test_a_missing_column_is_told_with_the_names_that_may_stand_for_it(run: Run, stocked: Path) -> None:
    (stocked / "more.csv").write_text("sku,title\nHAT,Hat\nCAP,Cap\n")
    output = run("import", "items", stocked / "more.csv", "--dir", stocked).output
    assert "2 rows: id is missing; the file has sku; --rename THEIRS=OURS maps names, first on line 2\n" in output
    row = {name: value for name, value in order(7).items() if name not in ("division", "placed_at")} | {"divison": "west"}
    (stocked / "some.jsonl").write_text(json.dumps(row))
    output = run("import", "orders", stocked / "some.jsonl", "--dir", stocked).output
    assert "; the file has divison: --rename divison=division, first on line 1\n" in output


def test_an_array_of_json_is_no_file_of_lines(run: Run, stocked: Path) -> None:
    for indent in (None, 2):
        (stocked / "array.jsonl").write_text(json.dumps([order(1)], indent=indent))
        output = run("import", "orders", stocked / "array.jsonl", "--dir", stocked).output
        assert "1 row: a JSON array; JSON lines have one object a line" in output


def test_an_import_never_writes_over_its_own_input(run: Run, stocked: Path, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text("{}")
    assert run("import", "orders", path, "--dir", stocked, "--rejects", path).exit_code == 2
    assert path.read_text() == "{}"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_store_in_a_read_only_folder_can_be_read(run: Run, worked: Path) -> None:
    closed = [worked, *worked.glob("orderloom.sqlite*")]
    modes = [path.stat().st_mode for path in closed]
    for path in closed:
        path.chmod(path.stat().st_mode & ~0o222)
    for command in ("orders list", "orders show W1", "orders explain W1", "stock", "exceptions list", "audit"):
        result = run(*command.split(), "--dir", worked)
        assert result.exit_code == 0, result.output
    refused = run("import", "items", worked / "items.csv", "--dir", worked)
    for path, mode in zip(closed, modes, strict=True):
        path.chmod(mode)
    assert (refused.exit_code, "readonly" in refused.output) == (2, True)
