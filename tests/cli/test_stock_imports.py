"""Stock that others tell of: adjustments, receipts and snapshots, from files as people have them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]

DUE = "2999-03-09"


@pytest.fixture
def stocked(run: Run, shop: Path) -> Path:
    (shop / "nodes.csv").write_text("id,type\nDC1,dc\nS1,store\n")
    (shop / "items.csv").write_text("id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\nHAT,Hat,0.2,9,4\n")
    (shop / "supply.csv").write_text(f"id,item,node,type,quantity,due_on\nPO1,TEE,DC1,on-order,10,{DUE}\n")
    (shop / "snapshot.csv").write_text("item,node,on_hand\nTEE,DC1,20\nHAT,DC1,7\nTEE,S1,3\n")
    for kind, *more in (("nodes",), ("items",), ("supply",), ("snapshot", "--as-of", "2026-03-02T06:00:00Z")):
        result = run("import", kind, shop / f"{kind}.csv", "--dir", shop, *more)
        assert result.exit_code == 0, result.output
    return shop


def on_hand(run: Run, shop: Path) -> dict[tuple[str, str], int]:
    rows = json.loads(run("stock", "--dir", shop, "--format", "json").output)
    return {(row["item"], row["node"]): row["on_hand"] for row in rows}


def take_in(run: Run, shop: Path, kind: str, text: str, *more: object) -> tuple[dict[str, Any], list[str]]:
    """What an import of this text reports, and the reasons of the rows that it rejects."""
    file, rejects = shop / "told.csv", shop / "told.rejects.jsonl"
    file.write_text(text)
    result = run("import", kind, file, "--dir", shop, "--rejects", rejects, "--format", "json", *more)
    reasons = [json.loads(line)["reason"] for line in rejects.read_text().splitlines()] if rejects.exists() else []
    return json.loads(result.output), reasons


def test_adjustments_count_once(run: Run, stocked: Path) -> None:
    text = "id,item,node,quantity,reason\nA1,TEE,DC1,-2,damaged\nA2,TEE,DC1,5,found\n"
    assert take_in(run, stocked, "adjustments", text)[0]["added"] == 2
    assert take_in(run, stocked, "adjustments", text)[0]["unchanged"] == 2
    assert on_hand(run, stocked)["TEE", "DC1"] == 23


@pytest.mark.parametrize(
    ("kind", "row", "reason"),
    [
        ("adjustments", "id,item,node,quantity\nA1,TEE,DC1,-21", "21 fewer than before cannot be: 20 are on hand"),
        ("adjustments", "id,item,node,quantity\nA1,TEE,DC1,0", "quantity is 0: nothing is adjusted"),
        ("adjustments", "id,item,node,quantity\nA1,TEE,DC9,1", "unknown node DC9"),
        (
            "adjustments",
            "id,item,node,quantity,at\nA1,TEE,DC1,1,2999-01-01T00:00:00Z",
            "at is in the future: '2999-01-01T00:00:00Z'",
        ),
        (
            "adjustments",
            "id,item,node,quantity,at\nA1,TEE,DC1,1,2026-03-01T00:00:00Z",
            "the snapshot of 2026-03-02 06:00 has seen it: it is of before",
        ),
        ("receipts", "id,supply,quantity\nR1,PO9,1", "no supply PO9 is expected"),
        ("receipts", "id,supply,quantity\nR1,PO1,-1", "quantity must be a whole number, 1 or more, not '-1'"),
        ("snapshot", "item,node,on_hand\nTEE,DC1,-4", "on_hand must be a whole number, 0 or more, not '-4'"),
        ("snapshot", "item,node,on_hand\nCAP,DC1,4", "unknown item CAP"),
        (
            "supply",
            "id,item,node,type,quantity,due_on\nPO2,TEE,DC1,on-order,5,2001-03-09",
            "due_on 2001-03-09 is in the past; units that have come are told by `import receipts` or `import snapshot`",
        ),
        (
            "supply",
            f"id,item,node,type,quantity,due_on\nPO2,TEE,DC1,on-order,-5,{DUE}",
            "quantity must be a whole number, 1 or more, not '-5'",
        ),
    ],
)
def test_what_cannot_be_is_rejected_with_the_reason(run: Run, stocked: Path, kind: str, row: str, reason: str) -> None:
    before = on_hand(run, stocked)
    report, reasons = take_in(run, stocked, kind, row + "\n")
    assert (report["rejected"], reasons) == (1, [reason])
    assert on_hand(run, stocked) == before


def test_a_receipt_makes_units_to_come_units_on_hand(run: Run, stocked: Path) -> None:
    assert take_in(run, stocked, "receipts", "id,supply,quantity\nR1,PO1,4\nR2,PO1,6\n")[0]["added"] == 2
    assert on_hand(run, stocked)["TEE", "DC1"] == 30
    assert "Everything" in run("audit", "--dir", stocked).output


def test_the_older_of_two_snapshots_is_set_aside(run: Run, stocked: Path) -> None:
    report, reasons = take_in(run, stocked, "snapshot", "item,node,on_hand\nTEE,DC1,99\n", "--as-of", "2026-03-01T06:00:00Z")
    assert (report["rejected"], reasons) == (1, ["set aside: a later snapshot, of 2026-03-02 06:00, has been taken in"])


def test_a_full_snapshot_leaves_nothing_that_it_does_not_name(run: Run, stocked: Path) -> None:
    text = "item,node,on_hand\nTEE,DC1,18\n"
    report, _ = take_in(run, stocked, "snapshot", text, "--full")
    assert report["added"] == 2
    assert on_hand(run, stocked) == {("TEE", "DC1"): 18, ("HAT", "DC1"): 0, ("TEE", "S1"): 3}


def test_a_full_snapshot_with_rows_that_cannot_be_read_sets_nothing_to_0(run: Run, stocked: Path) -> None:
    report, _ = take_in(run, stocked, "snapshot", "item,node,on_hand\nTEE,DC1,18\nHAT,DC1,seven\n", "--full")
    assert [warning.split(":")[0] for warning in report["warnings"]] == ["nothing was set to 0, since rows could not be read"]
    assert on_hand(run, stocked)["HAT", "DC1"] == 7


def test_only_a_snapshot_is_of_a_moment(run: Run, stocked: Path) -> None:
    result = run("import", "adjustments", stocked / "snapshot.csv", "--dir", stocked, "--full")
    assert (result.exit_code, "are for a snapshot" in result.output) == (2, True)
    result = run("import", "snapshot", stocked / "snapshot.csv", "--dir", stocked, "--as-of", "yesterday")
    assert (result.exit_code, "--as-of must be a moment such as" in result.output) == (2, True)


def test_orders_are_refused_as_csv_with_the_reason(run: Run, shop: Path) -> None:
    (shop / "orders.csv").write_text("id,channel\nO1,web\n")
    result = run("import", "orders", str(shop / "orders.csv"), "--dir", str(shop))
    assert (result.exit_code, "orders come as JSON lines" in result.output) == (2, True)
