"""Tables that are cut out of the whole, case by case, have no findings; with a row less or a row wider they have."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.types import BOOLEAN, DATE, DAYS_DURATION, NUMBER, Type, one_of
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, Table, TableSpec, Written, WrittenRow, build, search

REGIONS = ("EAST", "WEST", "NORTH", "SOUTH")
Column = tuple[int, int] | tuple[str, ...] | tuple[bool, ...]  #: from and below, in steps; or the values
TYPES: dict[str, tuple[Type, str]] = {
    "number": (NUMBER, "[0..64)"),
    "date": (DATE, f'[@"{date(2026, 1, 1)}"..@"{date(2026, 1, 1) + timedelta(64)}")'),
    "duration": (DAYS_DURATION, '[@"PT0H"..@"PT64H")'),
    "region": (one_of(*REGIONS), ""),
    "flag": (BOOLEAN, ""),
}


def whole(kind: str) -> Column:
    return REGIONS if kind == "region" else (True, False) if kind == "flag" else (0, 64)


def cut(chance: Random, kind: str, column: Column) -> tuple[Column, Column] | None:
    """The column in two parts; None where it is one value."""
    if kind in ("region", "flag"):
        values = list(column)
        at = chance.randint(1, len(values) - 1) if len(values) > 1 else 0
        return (tuple(values[:at]), tuple(values[at:])) if at else None  # type: ignore[return-value]
    low, high = column  # type: ignore[misc]
    if high - low < 2:  # type: ignore[operator]
        return None
    middle = chance.randint(low + 1, high - 1)  # type: ignore[operator, arg-type]
    return (low, middle), (middle, high)  # type: ignore[return-value]


def pieces(chance: Random, kinds: list[str], rows: int) -> list[list[Column]]:
    """The whole, cut again and again."""
    found = [[whole(kind) for kind in kinds]]
    for _ in range(4 * rows):
        if len(found) >= rows:
            break
        at, column = chance.randrange(len(found)), chance.randrange(len(kinds))
        if (parts := cut(chance, kinds[column], found[at][column])) is not None:
            row = found.pop(at)
            found += [[*row[:column], part, *row[column + 1 :]] for part in parts]
    chance.shuffle(found)
    return found


def cell(kind: str, column: Column) -> str:
    if column == whole(kind):
        return "-"
    match kind:
        case "region":
            return ", ".join(f'"{value}"' for value in column)
        case "flag":
            return str(column[0]).lower()
    low, high = column  # type: ignore[misc]
    texts = {"number": str, "date": lambda n: f'@"{date(2026, 1, 1) + timedelta(n)}"', "duration": lambda n: f'@"PT{n}H"'}
    return f"[{texts[kind](low)}..{texts[kind](high)})"  # type: ignore[operator]


def built(kinds: list[str], rows: list[list[Column]], policy: Policy) -> Table:
    inputs = tuple(InputSpec(f"c{at}", TYPES[kind][0], TYPES[kind][1] or None) for at, kind in enumerate(kinds))
    written = tuple(
        WrittenRow(tuple(Written(cell(kind, each)) for kind, each in zip(kinds, row, strict=True)), (Written(str(at)),))
        for at, row in enumerate(rows)
    )
    table, problems = build(TableSpec(policy, inputs, (OutputSpec("x", NUMBER),), written), Scope())
    assert problems == () and table is not None
    return table


def law(chance: Random) -> None:
    kinds = [chance.choice(list(TYPES)) for _ in range(chance.randint(1, 4))]
    rows = pieces(chance, kinds, chance.randint(2, 12))
    policy = chance.choice([Policy.UNIQUE, Policy.FIRST, Policy.ANY])
    sound = search(built(kinds, rows, policy))
    assert sound.complete and sound.findings == ()
    gone = search(built(kinds, rows[1:], policy)).findings if len(rows) > 1 else ()
    assert len(rows) == 1 or any(found.kind == "gap" for found in gone)
    twice = search(built(kinds, [*rows, rows[0]], policy)).findings
    assert {found.kind for found in twice} == ({"shadowed"} if policy is Policy.FIRST else {"overlap"})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9))
def test_sound_tables_have_no_findings(seed: int) -> None:
    law(Random(seed))


@pytest.mark.soak
def test_1000_sound_tables_have_no_findings() -> None:
    for seed in range(1000):
        law(Random(seed))
