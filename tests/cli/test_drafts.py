"""Drafts on the command line: kept, submitted once, given back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Fill = Callable[[dict[str, str]], Path]


@pytest.fixture
def kept(run: Run, fill: Fill) -> Path:
    """A workspace with one draft that holds the only T-shirt."""
    shop = fill(
        {
            "nodes": "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC1,dc,41,-87,RETAIL,1,0,0\n",
            "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n",
            "stock": "item,node,on_hand\nTEE,DC1,1\n",
        }
    )
    cart = {
        "id": "D1",
        "channel": "web",
        "division": "RETAIL",
        "placed_at": "2026-03-02T10:00:00Z",
        "customer": {"id": "C1", "tier": "standard"},
        "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
        "lines": [{"id": 1, "item": "TEE", "quantity": 1, "unit_price": 20}],
    }
    (shop / "carts.jsonl").write_text(json.dumps(cart))
    result = run("orders", "draft", shop / "carts.jsonl", "--dir", shop)
    assert (result.exit_code, result.output) == (0, "1 written, 0 rejected\n")
    return shop


def reserved(run: Run, shop: Path) -> int:
    [row] = json.loads(run("stock", "--dir", shop, "--format", "json").output)
    return int(row["reserved"])


def test_a_draft_holds_what_it_would_take_and_is_submitted_once(run: Run, kept: Path) -> None:
    assert "waits for a worker" in run("orders", "submit", "D1", "--dir", kept).output
    run("work", "--dir", kept, "--once")
    assert reserved(run, kept) == 1
    assert run("orders", "submit", "D1", "--dir", kept).output == "D1 is submitted\n"
    assert run("orders", "submit", "D1", "--dir", kept).output == "D1 was submitted before\n"
    run("work", "--dir", kept, "--once")
    assert run("orders", "submit", "D1", "--dir", kept).exit_code == 2
    again = run("orders", "draft", kept / "carts.jsonl", "--dir", kept)
    assert again.exit_code == 1 and "order D1 is submitted already" in again.output
    assert run("audit", "--dir", kept).exit_code == 0


def test_a_draft_is_replaced_and_cancelled(run: Run, kept: Path) -> None:
    run("work", "--dir", kept, "--once")
    assert run("orders", "draft", kept / "carts.jsonl", "--dir", kept, "--keep", "P1D").exit_code == 0
    run("work", "--dir", kept, "--once")
    assert reserved(run, kept) == 1
    assert run("audit", "--dir", kept).exit_code == 0


def test_how_long_is_told_as_a_duration(run: Run, kept: Path) -> None:
    result = run("orders", "draft", kept / "carts.jsonl", "--dir", kept, "--keep", "a while")
    assert (result.exit_code, "--keep must be a duration such as PT30M, not a while" in result.output) == (2, True)
