"""The row that comes closest to a case without a row."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.types import NUMBER, STRING
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, TableSpec, Written, WrittenRow, build, findings
from orderloom.dsl.tables.nearest import nearest

MILES = 'tier | miles || x\n"gold" | <= 100 || 1\n"gold" | [200..300] || 2\n"tin" | <= 400 || 3'


@pytest.mark.parametrize(("miles", "row"), [("101", 0), ("199", 0), ("301", 1), ("9999", 1)])
def test_in_a_column_with_an_order_it_is_the_row_below(draw, miles, row):
    table, _ = draw(MILES, inputs={"tier": STRING, "miles": NUMBER})
    assert nearest(table, ("gold", Decimal(miles))) == (row, 1)


def test_else_it_is_the_row_above(draw):
    table, _ = draw("n || x\n[5..9] || 1\n[20..30] || 2", inputs={"n": NUMBER})
    assert nearest(table, (Decimal(1),)) == (0, 0)


def test_there_may_be_none(draw):
    table, _ = draw('a | b || x\n"p" | "q" || 1', inputs={"a": STRING, "b": STRING})
    assert nearest(table, ("no", "no")) is None


NUMBER_CELLS = ["-", "1", "< 2", "> 1", ">= 3", "[1..3)", "not(2)"]
STRING_CELLS = ["-", '"a"', '"a", "b"', 'not("a")']


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NUMBER_CELLS), st.sampled_from(STRING_CELLS)), min_size=1, max_size=6))
def test_only_the_cell_that_is_named_refuses(rows):
    written = tuple(WrittenRow(tuple(map(Written, row)), (Written("1"),)) for row in rows)
    inputs = (InputSpec("n", NUMBER), InputSpec("s", STRING))
    table, _ = build(TableSpec(Policy.FIRST, inputs, (OutputSpec("x"),), written), Scope())
    for gap in (finding for finding in findings(table) if finding.kind == "gap"):
        closest = nearest(table, gap.witness)
        if closest is None:
            assert all(len(table.explain(gap.witness, row)) == 2 for row in range(len(rows)))
        else:
            assert table.explain(gap.witness, closest[0]) == (closest[1],)
