"""Options before an order is placed, the promises of an order, and how promises were kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]


def offers(run: Run, order: Path, *more: str) -> list[tuple[str, str, str]]:
    found = json.loads(run("promises", "options", "--order", order, "--format", "json", *more).output)
    return [(each["option"], f"{each['price']:.2f}", each["deliver_by"]) for each in found["offered"]]


def test_options_stand_beside_each_other(run: Run, order: Path) -> None:
    """DC-ONT has both: three days by GROUND, two by TWO_DAY, one by NEXT_DAY."""
    assert offers(run, order) == [
        ("standard", "0.00", "2026-10-23"),
        ("express", "9.90", "2026-10-22"),
        ("next-day", "24.90", "2026-10-21"),
    ]


def test_options_are_those_of_the_moment(run: Run, order: Path) -> None:
    """Asked on Wednesday at 21:00, everything is a day later or two."""
    assert offers(run, order, "--at", "2026-10-21T21:00")[0] > ("standard", "0.00", "2026-10-23")


def test_in_words_with_the_plan_of_each(run: Run, order: Path) -> None:
    text = run("promises", "options", "--order", order).output
    assert text.startswith("standard: ship from DC-ONT by 2026-10-23 for 0.00 USD (costs 12.41): the cheapest plan\n")
    assert "express, 2026-10-22 (rules/retail/promising.yaml:" in text
    assert "ships Tue 2026-10-20, TWO_DAY takes 2 days: delivered Thu 2026-10-22" in text


def test_a_dry_run_shows_the_options(run: Run, order: Path) -> None:
    text = run("dry-run", "--order", order).output
    assert "\noptions\n  standard: ship from DC-ONT by 2026-10-23 for 0.00 USD" in text


def test_a_chosen_option_is_kept(run: Run, order: Path) -> None:
    order.write_text(
        json.dumps(json.loads(order.read_text()) | {"promise": {"option": "express", "deliver_by": "2026-10-22", "price": 9.90}})
    )
    found = json.loads(run("dry-run", "--order", order, "--format", "json").output)
    assert [(each["service"], each["deliver_on"]) for each in found["sources"]] == [("TWO_DAY", "2026-10-22")]
    days = {each["option"]: each["deliver_by"] for each in found["options"]["offered"]}
    assert days["standard"] == "2026-10-23", "what it might have taken instead is shown as it was"


@pytest.mark.parametrize(
    ("promise", "words"),
    [
        ({"option": "express"}, "Error: promise: deliver_by is missing"),
        ({"deliver_by": "2026-10-19"}, "Error: promise.deliver_by 2026-10-19 is before the day on which the order was placed"),
        ({"deliver_by": "2026-10-22", "price": -1}, "Error: promise: price is negative"),
        ("express", "Error: promise must be an object, not 'express'"),
    ],
)
def test_a_promise_that_is_none_is_refused(run: Run, order: Path, promise: object, words: str) -> None:
    order.write_text(json.dumps(json.loads(order.read_text()) | {"promise": promise}))
    result = run("promises", "options", "--order", order)
    assert result.exit_code == 1
    assert words in result.output


def test_the_report_and_the_promises_of_an_order(run: Run) -> None:
    assert run("demo", "--orders", "60", "--store", "demo.sqlite").exit_code == 0
    found = json.loads(run("promises", "report", "--store", "demo.sqlite", "--format", "json").output)
    places, whole = found[:-1], found[-1]
    assert whole["node"] == "all"
    assert whole["arrived"] == whole["kept"] + whole["missed"] == sum(each["arrived"] for each in places) > 30
    assert whole["arrived"] == sum(count for name, count in whole.items() if name.endswith("_days_late") and name[0].isdigit())
    text = run("promises", "report", "--store", "demo.sqlite").output
    assert text.startswith("Promised against actual, by unit of work\n")
    judged = {
        each["orders"]: each
        for each in json.loads(run("promises", "perfect", "--store", "demo.sqlite", "--format", "json").output)
    }
    assert 40 < judged["perfect"]["count"] <= min(judged[name]["count"] for name in ("in full", "on time", "undamaged", "billed"))
    assert judged["perfect"]["of"] + judged["given up as a whole"]["count"] == 60
    [one] = json.loads(run("orders", "list", "--store", "demo.sqlite", "--limit", "1", "--format", "json").stdout)
    shown = run("orders", "show", one["id"], "--store", "demo.sqlite").output
    assert "version  made at           quantity  node" in shown and "perfect order" in shown.splitlines()[0]
    told = json.loads(run("orders", "show", one["id"], "--store", "demo.sqlite", "--format", "json").output)["perfect"]
    assert set(told) == {"in_full", "on_time", "undamaged", "billed"}


def test_where_nothing_has_arrived_there_is_nothing_to_report(run: Run, shop: Path) -> None:
    (shop / "items.csv").write_text("id\nTEE\n")
    assert run("import", "items", str(shop / "items.csv"), "--dir", str(shop)).exit_code == 0
    assert run("promises", "report", "--dir", str(shop)).output.endswith("(none)\n")
