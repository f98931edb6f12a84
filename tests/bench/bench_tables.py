"""Look-ups a second in a table of 5,000 rows, beside one of 20 rows and a hand-made dict, in one run.

Run as `python tests/bench/bench_tables.py`. Rates are per second of processor time, the best of seven rounds.
"""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from decimal import Decimal

from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.types import NUMBER, STRING
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, Table, TableSpec, Written, WrittenRow, build, search

Row = tuple[int, str, int, str]  # zone, service, start of a weight step of 10, region
INPUTS = (InputSpec("zone", NUMBER), InputSpec("service", STRING), InputSpec("weight", NUMBER), InputSpec("region", STRING))
ROUNDS, INPUTS_A_ROUND = 7, 200


def rows(count: int) -> list[Row]:
    """A rate card: 10 zones, 5 services, and as many weight steps and regions as it takes."""
    steps = max(1, count // 200)
    return [(at % 10, f"S{at // 10 % 5}", at // 50 % steps * 10, f"R{at // (50 * steps)}") for at in range(count)]


def spec(card: Sequence[Row]) -> TableSpec:
    written = (
        WrittenRow(
            (Written(str(zone)), Written(f'"{service}"'), Written(f"[{weight}..{weight + 10})"), Written(f'"{region}"')),
            (Written(str(Decimal(at) / 8)),),
        )
        for at, (zone, service, weight, region) in enumerate(card)
    )
    return TableSpec(Policy.UNIQUE, INPUTS, (OutputSpec("rate", NUMBER),), tuple(written))


def inputs(card: Sequence[Row]) -> list[tuple[object, ...]]:
    chosen = random.Random(1).choices(card, k=INPUTS_A_ROUND)
    return [(Decimal(zone), service, weight + Decimal("4.5"), region) for zone, service, weight, region in chosen]


def by_hand(card: Sequence[Row]) -> Callable[[Sequence[object]], object]:
    """What a programmer would write for this one table."""
    starts = sorted({Decimal(weight) for _, _, weight, _ in card})
    rates = {(zone, service, weight, region): Decimal(at) / 8 for at, (zone, service, weight, region) in enumerate(card)}

    def look_up(values: Sequence[object]) -> object:
        zone, service, weight, region = values
        return rates.get((zone, service, starts[bisect_right(starts, weight) - 1], region))  # type: ignore[type-var, comparison-overlap, call-overload]

    return look_up


def rate(decide: Callable[[Sequence[object]], object], values: Sequence[Sequence[object]]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(10):
            for each in values:
                decide(each)
        best = min(best, time.process_time() - start)
    return 10 * len(values) / best


def built(count: int) -> tuple[Table, float]:
    written = spec(rows(count))
    start = time.process_time()
    table, problems = build(written, Scope())
    assert table is not None, problems
    return table, time.process_time() - start


def main() -> None:
    large, seconds = built(5000)
    small, _ = built(20)
    values = inputs(rows(5000))
    look_up = by_hand(rows(5000))
    assert all(large.decide(each).value == look_up(each) for each in values)
    of_large, of_small, of_hand = rate(large.decide, values), rate(small.decide, inputs(rows(20))), rate(look_up, values)
    start = time.process_time()
    found = search(large)
    proof = time.process_time() - start
    print(f"table of 5,000 rows          {of_large:>12,.0f} look-ups/s   (goal: 100,000)")
    print(f"table of 20 rows             {of_small:>12,.0f} look-ups/s")
    print(f"time, 5,000 rows : 20 rows   {of_small / of_large:>12.2f}              (goal: at most 2)")
    print(f"hand-made dict, 5,000 rows   {of_hand:>12,.0f} look-ups/s   (ours: {of_large / of_hand:.2f} of it)")
    print(f"reading and indexing 5,000 rows {seconds:>9.3f} s            (goal: below 0.5)")
    print(f"gaps and overlaps of them    {proof:>12.3f} s            ({len(found.findings)} found, complete: {found.complete})")


if __name__ == "__main__":
    main()
