"""Decisions whose rows stand in files: a large rate card with planted faults, and workbooks with faults in their cells."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from itertools import product
from time import process_time

from openpyxl import Workbook

from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.diagnostics import render
from orderloom.dsl.source import Source

MANIFEST = Source("orderloom.yaml", b"orderloom: 1\nworkspace: here\ncurrency: USD\ntimezone: UTC\n")
USER = '---\nkind: decision\nname: example\nvalue: rate(2, "S1", 7.5, "R4")\n'
CARD = b"""\
kind: decision
name: rate
given: { zone: number, service: string, weight: number, region: string }
outputs: { rate: number }
allowed:
  zone: [0, 1, 2, 3, 4, 5, 6, 7]
  service: [S0, S1, S2, S3, S4]
  weight: '[0..50)'
  region: [R0, R1, R2, R3, R4, R5, R6, R7, R8, R9]
file: rates.csv
"""
HEADINGS = "zone,service,weight,region,rate"
ROWS = [
    f'{zone},S{service},"[{weight}..{weight + 1})",R{region},{zone + weight}.25'
    for zone, service, weight, region in product(range(8), range(5), range(50), range(10))
]


def compiled(rows: list[str]) -> Compiled:
    card = Source("rules/rates.csv", "\n".join([HEADINGS, *rows]).encode())
    return compile([MANIFEST, Source("rules/card.yaml", CARD + USER.encode()), card])


def told(found: Compiled) -> list[tuple[str, str, int, int, list[int]]]:
    return [
        (d.code, d.span.path, d.span.line, d.span.column, [label.span.line for label in d.labels])
        for d in found.diagnostics
        if d.code != "W410"
    ]


def test_a_rate_card_of_20_000_rows_answers() -> None:
    assert len(ROWS) == 20_000
    start = process_time()
    found = compiled(ROWS)
    assert process_time() - start < 5  # about one second on a machine of 2020
    assert told(found) == []
    assert found.program is not None
    rate = found.program.decisions["rate"]
    assert rate({"zone": Decimal(2), "service": "S1", "weight": Decimal("7.5"), "region": "R4"}) == Decimal("9.25")
    assert rate.row_origin((0,)) == "rules/rates.csv:2"
    assert found.program.decisions["example"]({}) == Decimal("9.25")


def test_a_planted_overlap_and_gap_are_found_at_their_rows() -> None:
    """Row 12,345 of the card stands twice, row 7,777 is taken out; the heading is line 1."""
    found = compiled([*ROWS[:7_776], *ROWS[7_777:], ROWS[12_344]])
    # What ends right below the weight of the gap stands one step of 10 rows above it.
    assert told(found) == [
        ("W821", "rules/rates.csv", 7_768, 7, []),
        ("E820", "rules/rates.csv", 20_001, 1, [12_345]),
    ]
    gap = next(d for d in found.diagnostics if d.code == "W821")
    assert gap.message == 'no row answers for zone = 3, service = "S0", weight = 27, region = "R6"; this row comes closest'


def workbook(*rows: list[object]) -> Source:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return Source("rules/fees.xlsx", content.getvalue())


FEES = b"kind: decision\nname: fee\ngiven: { tier: string, miles: number }\noutputs: { fee: number }\nfile: fees.xlsx\n"


def fees(*rows: list[object]) -> Compiled:
    return compile([MANIFEST, Source("rules/fees.yaml", FEES), workbook(*rows)])


def test_faults_in_a_workbook_stand_at_their_row_and_cell() -> None:
    found = fees(["tier", "miles", "fee"], ["gold", "<= 100", 1], ["gold", "> 100", "2 +"], [None, None, None], ["tin", "> x", 3])
    assert [(d.code, d.span.path, d.span.line) for d in found.diagnostics if d.code != "W410"] == [
        ("E202", "rules/fees.xlsx", 3),
        ("E401", "rules/fees.xlsx", 5),
    ]
    assert render(next(d for d in found.diagnostics if d.code == "E401")).splitlines()[:4] == [
        "rules/fees.xlsx:5:9: error[E401]: there is no x here (in B5)",
        "  |",
        "5 | tin | > x | 3",
        "  |         ^",
    ]


def test_overlaps_and_gaps_of_a_workbook() -> None:
    found = fees(["tier", "miles", "fee"], ["gold", "<= 100", 1], ["gold", "> 101", 2], ["gold", "> 500", 3])
    assert told(found) == [
        ("W821", "rules/fees.xlsx", 2, 8, []),
        ("E820", "rules/fees.xlsx", 4, 1, [3]),
    ]


def test_the_row_that_fired_is_named_by_its_cell() -> None:
    found = fees(["tier", "miles", "fee"], ["gold", "<= 100", 1], ["gold", "> 100", 2])
    assert found.program is not None
    assert found.program.decisions["fee"].row_origin((1,)) == "rules/fees.xlsx:A3"
