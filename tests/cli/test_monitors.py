"""`orderloom monitors`, on a store in which three orders of one customer were cancelled, as there is no stock."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from orderloom.cli.main import main

MONITOR = """\
kind: monitor
name: many-cancellations
title: A customer who cancels
watch: events
active: false
pattern: { within: P7D, same: [order.customer.id], events: [{ event: cancelled, count: 3 }] }
raise: { exception: odd-customer }
---
kind: monitor
name: gone
watch: order
reached: { milestone: cancelled, after: P1D, date: 'order.placed_at - duration("P2D")' }
raise: { exception: stuck }
---
kind: monitor
name: low
watch: item
method: ship
when: available < 2
until: available > 4
raise: low
"""
ORDER = '{"id": "%s", "channel": "web", "placed_at": "2026-03-0%d", "customer": {"id": "ANN"}, "currency": "USD", %s}'
LINES = (
    '"division": "RETAIL", "ship_to": {"zip": "1"}, '
    '"lines": [{"id": "1", "item": "TEE", "quantity": 1, "unit_price": 9, "method": "ship"}]'
)


def run(*args: str) -> str:
    done = CliRunner().invoke(main, args)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    run("init", str(tmp_path / "shop"))
    monkeypatch.chdir(tmp_path / "shop")
    Path("rules/monitors.yaml").write_text(MONITOR)
    Path("nodes.csv").write_text("id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC1,dc,41,-87,RETAIL,1,0,0\n")
    Path("items.csv").write_text("id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n")
    Path("orders.jsonl").write_text("\n".join(ORDER % (f"W{day}", day, LINES) for day in (2, 3, 4)) + "\n")
    for kind, file in (("nodes", "nodes.csv"), ("items", "items.csv"), ("orders", "orders.jsonl")):
        run("import", kind, file)
    run("work", "--once")
    return tmp_path / "shop"


def test_a_monitor_is_tried_before_it_is_switched_on(shop: Path) -> None:
    found = json.loads(run("monitors", "try", "gone", "--format", "json"))
    assert [(each["order"], each["raised"]) for each in found] == [(f"W{day}", "exception stuck") for day in (2, 3, 4)]
    first = ["--from", "2026-03-03T00:30", "--to", "2026-03-31"]  # they were worked on only just now
    assert json.loads(run("monitors", "try", "gone", *first, "--format", "json")) == []
    [many] = json.loads(run("monitors", "try", "many-cancellations", "--since", "9999d", "--format", "json"))
    assert (many["order"], many["key"], many["because"]) == ("W4", "ANN", "3 x cancelled within 7 days: ANN")
    assert len(json.loads(run("monitors", "try", "many-cancellations", "--since", "1h", "--format", "json"))) == 1
    assert "was available at each moment of the past is not kept" in run("monitors", "try", "low")
    assert "there is no monitor nope" in run("monitors", "try", "nope")
    assert "no duration such as 7d" in run("monitors", "try", "gone", "--since", "soon")


def test_what_was_raised_is_listed(shop: Path) -> None:
    listed = {each["monitor"]: each for each in json.loads(run("monitors", "list", "--format", "json"))}
    assert (listed["many-cancellations"]["active"], listed["gone"]["active"], listed["gone"]["alarms"]) == (
        "no",
        "yes",
        3,
    )
    shown = json.loads(run("monitors", "show", "gone", "--format", "json"))
    assert [each["order"] for each in shown] == ["W4", "W3", "W2"]
    assert [each["order"] for each in json.loads(run("monitors", "show", "--order", "W3", "--format", "json"))] == ["W3"]
    assert "there is no monitor nope" in run("monitors", "show", "nope")


def test_what_an_alarm_opens_is_decided_by_its_id(shop: Path) -> None:
    opened = json.loads(run("exceptions", "list", "--type", "stuck", "--format", "json"))
    assert [each["exception"] for each in opened] == [f"W{day}/alarm/gone:1" for day in (2, 3, 4)]
    run("exceptions", "resolve", "W2", "W2/alarm/gone:1", "seen")
    run("work", "--once")
    left = json.loads(run("exceptions", "list", "--type", "stuck", "--format", "json"))
    assert [each["order"] for each in left] == ["W3", "W4"]


@pytest.mark.parametrize(
    ("options", "because"),
    [
        (("--from", "2026-03-01", "--since", "7d"), "--from and --since both say from when on; give one of them"),
        (("--from", "2026-03-08", "--to", "2026-03-01"), "2026-03-08 00:00 is after 2026-03-01 00:00, until when it is asked"),
        (("--since", "7w"), "7w is no duration such as 7d or 12h"),
    ],
)
def test_a_past_that_makes_no_sense_is_told(shop: Path, options: tuple[str, ...], because: str) -> None:
    assert because in run("monitors", "try", "gone", *options)
