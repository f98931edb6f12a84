"""Asking decisions of the shipped pack and of a workspace by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
RATES = "rules/retail/parcel-rates.yaml"


def test_the_answer_with_the_row_and_why_another_did_not_fire(run: Run) -> None:
    result = run("decide", "parcel-zone", "--input", "miles=301", "--why-not", "2")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "parcel-zone: {zone: 4, rate_per_lb: 0.66645, ground_days: 2, two_day_days: 2}",
        "  inputs: miles = 301",
        f"  row 3 ({RATES}:12) fired",
        f"  row 2 ({RATES}:11) did not fire: miles is 301, not (150..300]",
    ]


def test_columns_and_paths(run: Run) -> None:
    by_column = run("decide", "process-for-unit", "-i", "method=ship", "-i", "node=supplier", "-i", "supply=on-hand")
    by_path = run("decide", "process-for-unit", "-i", "unit.method=ship", "-i", "node.type=supplier", "-i", "unit.supply=on-hand")
    assert by_column.output == by_path.output
    assert by_path.output.startswith('process-for-unit: "drop-ship"\n')


def test_for_programs(run: Run) -> None:
    place = f"{RATES}:10"
    found = json.loads(run("decide", "parcel-zone", "-i", "miles=301", "--why-not", place, "--format", "json").output)
    assert (found["value"]["zone"], found["rows"], found["inputs"]) == (4, [{"row": 3, "place": f"{RATES}:12"}], {"miles": 301})
    refused = [{"column": "miles", "cell": "<= 150", "value": 301}]
    assert found["why_not"] == {"row": 1, "place": place, "fired": False, "refused": refused}


def test_values_on_the_way(run: Run, shop: Path) -> None:
    (shop / "rules" / "fee.yaml").write_text(
        'kind: decision\nname: fee\ngiven: { due: date, tier: string }\nwhere:\n  late: due < @"2026-03-02"\n'
        "  weight: tier-weight(tier)\nvalue: if late then weight else 0\n"
    )
    lines = run("decide", "fee", "-i", "due=2026-03-01", "-i", "tier=gold", "--dir", shop).output.splitlines()
    assert lines == ["fee: 1.6", "  where: late = true, weight = 1.6", "  at rules/fee.yaml:2"]


def test_no_row(run: Run) -> None:
    lines = run("decide", "process-for-order", "-i", "type=purchase", "--why-not", "1").output.splitlines()
    assert lines[0] == "process-for-order: null"
    assert lines[2] == "  no row fired"
    assert lines[3].endswith(' did not fire: type is "purchase", not "sales"')


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["parcel-zon"], "did you mean parcel-zone?"),
        (["parcel-zone"], "parcel-zone needs miles"),
        (["parcel-zone", "-i", "miles"], "NAME=VALUE"),
        (["parcel-zone", "-i", "miles=far"], "miles: "),
        (["parcel-zone", "-i", 'miles="7"'], 'miles: "7" is no number'),
        (["parcel-zone", "-i", "miles=1", "-i", "mile=1"], "did you mean miles?"),
        (["parcel-zone", "-i", "miles=1", "--why-not", "9"], "it has rows 1 to 7"),
    ],
)
def test_what_cannot_be_asked(run: Run, args: list[str], words: str) -> None:
    result = run("decide", *args)
    assert result.exit_code == 2
    assert words in result.output
