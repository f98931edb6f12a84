"""Forecast records: units of an `item` that a `region` is expected to want, by weeks from `begins` on: `w1`, `w2`, ...

A region is named by a node: the customers to whom it is the nearest of all that the forecast names.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.engine.forecast.expected import Expected

WEEK = 7


def forecast_of(row: Fields, known: Known, first_day: date) -> tuple[Expected, ...]:
    """What a row expects, a week each; of use only when the row has no problems. Without `begins` it begins on `first_day`."""
    item, region = known.item(row, "item"), known.node(row, "region")
    begins = row.day("begins") or first_day
    weeks = tuple(_weeks(row, item, region, begins))
    if not weeks:
        row.problem("w1, the units of the first week, is missing")
    return weeks


def _weeks(row: Fields, item: str, region: str, begins: date) -> Iterator[Expected]:
    number = 1
    while row.raw(f"w{number}") is not None:
        units = row.amount(f"w{number}")
        if units is not None and units < 0:
            row.problem(f"w{number} must be 0 or more, not {units}")
        elif units is not None:
            yield Expected(item, region, begins + timedelta(days=WEEK * (number - 1)), WEEK, units)
        number += 1
