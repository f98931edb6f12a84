"""Rows of a forecast, good and bad."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import import_file
from orderloom.adapters.imports.forecast import forecast_of
from orderloom.adapters.imports.kinds import kinds
from orderloom.adapters.imports.known import Known
from orderloom.engine.catalog import Item, Node
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.store import Store, open_store, tables

MONDAY = date(2026, 3, 2)
KNOWN = Known({}, "USD", ZoneInfo("UTC"), (), frozenset(), ("TEE",), ("DC1",))


def test_each_week_of_a_row_is_expected_on_its_own() -> None:
    row = Fields({"item": "TEE", "region": "DC1", "begins": "2026-03-09", "w1": "1.5", "w2": "0", "w3": ""})
    assert forecast_of(row, KNOWN, MONDAY) == (
        Expected("TEE", "DC1", date(2026, 3, 9), 7, Decimal("1.5")),
        Expected("TEE", "DC1", date(2026, 3, 16), 7, Decimal(0)),
    )
    assert row.problems == []


def test_without_a_beginning_it_begins_on_the_first_day() -> None:
    (only,) = forecast_of(Fields({"item": "TEE", "region": "DC1", "w1": "2"}), KNOWN, MONDAY)
    assert only.begins == MONDAY


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"item": "CAP", "region": "DC1", "w1": "2"}, "unknown item CAP"),
        ({"item": "TEE", "region": "MOON", "w1": "2"}, "unknown node MOON"),
        ({"item": "TEE", "region": "DC1"}, "w1, the units of the first week, is missing"),
        ({"item": "TEE", "region": "DC1", "w1": "-1", "w2": "1"}, "w1 must be 0 or more, not -1"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(values: dict[str, object], problem: str) -> None:
    row = Fields(values)
    forecast_of(row, KNOWN, MONDAY)
    assert row.problems == [problem]


def test_a_file_goes_into_the_store_and_again_changes_nothing(tmp_path: Path) -> None:
    store = open_store("sqlite://", "toys")
    assert isinstance(store, Store)
    file = tmp_path / "forecast.csv"
    file.write_text("sku,region_dc,w1,w2\nTEE,DC1,1.5,2\nCAP,DC1,1,1\n")
    found = kinds(store, "", datetime(2026, 3, 4, 10, tzinfo=UTC), None)
    found["items"].write([Item("TEE")])
    found["nodes"].write([Node("DC1", "dc")])
    for _ in range(2):
        report = import_file(file, found["forecast"], KNOWN, tmp_path / "rejects", {"sku": "item", "region_dc": "region"})
        assert (report.counts["written"], report.rejected) == (1, 1)
        with store.reading() as connection:
            rows = connection.execute(select(tables.forecast).order_by(tables.forecast.c.begins)).all()
        assert [tuple(row)[1:] for row in rows] == [
            ("TEE", "DC1", date(2026, 3, 4), 7, "1.5"),
            ("TEE", "DC1", date(2026, 3, 11), 7, "2"),
        ]
