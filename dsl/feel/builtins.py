"""All built-in functions of FEEL: one table, each name with its rows (a row for each way to call it)."""

from collections.abc import Mapping

from orderloom.dsl.feel import (
    builtins_contexts,
    builtins_lists,
    builtins_numbers,
    builtins_ranges,
    builtins_strings,
    builtins_temporal,
)
from orderloom.dsl.feel.scope import Function


def _by_name(*tables: tuple[Function, ...]) -> dict[str, tuple[Function, ...]]:
    rows: dict[str, tuple[Function, ...]] = {}
    for table in tables:
        for row in table:
            rows[row.name] = (*rows.get(row.name, ()), row)
    return rows


BUILTINS: Mapping[str, tuple[Function, ...]] = _by_name(
    builtins_contexts.ROWS,
    builtins_numbers.ROWS,
    builtins_strings.ROWS,
    builtins_lists.ROWS,
    builtins_temporal.ROWS,
    builtins_ranges.ROWS,
)
