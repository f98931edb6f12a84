"""The index answers exactly as FEEL does row by row."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.feel import Scope, compile_tests, from_python, parse_tests
from orderloom.dsl.feel.durations import MonthsDuration
from orderloom.dsl.feel.types import ANY
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, TableSpec, Written, WrittenRow, build

NUMBERS = ["-1", "0", ".5", "1", "2", "2.5", "3"]
STRINGS = ['""', '"a"', '"a|b"', '"b"', '"c"']
DATES = ['@"2026-01-01"', 'date("2026-01-02")', '@"2026-02-01"']
DAYS = ['@"-PT1H"', '@"P1D"', 'duration("PT25H")']
MONTHS = ['@"P1M"', 'duration("P1Y")']
ORDERED = [NUMBERS, STRINGS, DATES, DAYS, MONTHS]  # each from the least to the greatest

constants = st.sampled_from([*NUMBERS, *STRINGS, *DATES, *DAYS, *MONTHS, "true", "false", "null"])
comparisons = st.sampled_from(ORDERED).flatmap(
    lambda texts: st.builds(lambda op, text: f"{op} {text}", st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(texts))
)
closed = st.sampled_from(ORDERED).flatmap(
    lambda texts: st.sets(st.integers(0, len(texts) - 1), min_size=2, max_size=2).map(
        lambda ends: f"[{texts[min(ends)]}..{texts[max(ends)]}]"
    )
)
intervals = st.builds(lambda text, left, right: left + text[1:-1] + right, closed, st.sampled_from("[(]"), st.sampled_from("])["))
lists = st.lists(st.one_of(constants, comparisons, intervals), min_size=1, max_size=3).map(", ".join)
several = st.lists(st.one_of(constants, comparisons, closed), min_size=1, max_size=3)
negated = several.map(lambda tests: f"not({', '.join(tests)})")
conditions = st.sampled_from(["limit", "> limit", "? = limit", "not(limit)", '@"10:00:00"', "? > 1 and ? < 3", "[1, 2]"])
cells = st.one_of(st.just("-"), lists, negated, conditions)

values = st.sampled_from(
    [
        0, 1, 2, 3, -1, 0.5, Decimal("2.5"), Decimal("1.0"), Decimal(9), "a", "b", "z", "", "a|b", True, False, None,
        date(2026, 1, 1), date(2026, 1, 15), from_python(date(2026, 2, 1)), timedelta(days=1), timedelta(hours=-1),
        MonthsDuration(7), datetime(2026, 1, 1, tzinfo=UTC), time(10), [1], ["a", "b"], {"a": 1},
    ]
)  # fmt: skip

SCOPE = Scope({"limit": ANY})
CONTEXT = {"limit": Decimal(2)}


def accepts(text: str, value: object) -> bool:
    """FEEL's own verdict on one cell. A boolean constant is a value to compare with, so it is written as a comparison."""
    tree, problems = parse_tests(re.sub(r"\b(true|false)\b", r"? = \1", text), SCOPE)
    assert tree is not None, (text, problems)
    return compile_tests(tree, SCOPE)(CONTEXT, value)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8), st.lists(st.tuples(values, values), min_size=1, max_size=5))
def test_indexed_equals_row_by_row(rows, inputs):
    written = tuple(WrittenRow(tuple(map(Written, row)), (Written(str(at)),)) for at, row in enumerate(rows))
    spec = TableSpec(Policy.COLLECT, (InputSpec("x"), InputSpec("y")), (OutputSpec("row"),), written)
    table, problems = build(spec, SCOPE)
    assert table is not None, problems
    for pair in inputs:
        failed = [tuple(at for at in (0, 1) if not accepts(row[at], pair[at])) for row in rows]
        hit = table.decide(pair, CONTEXT)
        assert hit.rows == tuple(at for at, wrong in enumerate(failed) if not wrong)
        assert hit.value == list(hit.rows)
        assert [table.explain(pair, at, CONTEXT) for at in range(len(rows))] == failed


def test_true_is_not_one(draw):
    table, _ = draw('a || x\n1 || "one"\ntrue || "yes"\n"1" || "text"')
    answers = [table.decide([value]).value for value in (1, True, "1", Decimal("1.00"), False)]
    assert answers == ["one", "yes", "text", "one", None]
