"""Two tables with `where`: a named value that is another is seen wherever it is read, and each side reads its own."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.compile import compile
from orderloom.dsl.diffing.compare import compare
from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.types import NUMBER
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Decision, Origin
from orderloom.dsl.source import Source
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, TableSpec, Written, WrittenRow, build
from orderloom.dsl.tables.table import same
from tests.dsl.diffing.test_tables import CELLS, SCOPE, VALUES, X, difference, formula

FILES = tuple(source for source in pack_sources("manufacturing") if "scenarios" not in source.path)


def decision(rows, where, columns=("n",), policy="first", output=X):
    """A table of rows such as `< lim || base`, with named values."""
    scope = Scope({**SCOPE.names, **dict.fromkeys(where, NUMBER)})
    written = []
    for at, row in enumerate(rows):
        cells, results = ([Written(text.strip()) for text in part.split("|")] for part in row.split("||"))
        written.append(WrittenRow(tuple(cells), tuple(results), place=f"row {at + 1}"))
    inputs = tuple(InputSpec(name, scope.names[name]) for name in columns)
    table, problems = build(TableSpec(Policy(policy), inputs, (output,), tuple(written)), scope)
    assert table is not None, problems
    named = {name: formula(text, scope) for name, text in where.items()}
    return Decision("d", "D", {}, {name: formula(name) for name in columns}, table, Origin("d.yaml", 1), named)


def test_a_result_that_reads_another_value_now_is_told():
    old, new = (decision(["> 5 || base", "- || 0"], {"base": f"limit * {by}"}) for by in (2, 3))
    [case] = difference(old, new).cases
    assert (case.was, case.now) == (("row 1",), ("row 1",)) and case.before != case.after


def test_a_value_is_another_by_one_that_it_reads():
    old, new = (decision(["- || fee"], {"base": f"limit * {by}", "fee": "base + 1"}) for by in (2, 3))
    assert difference(old, new).cases
    names = {"base": "limit * 2", "fee": "base + 1"}
    old, new = (decision(["- || fee"], {"limit": "7", **each}) for each in (names, dict(names, other="9")))
    assert difference(old, new) == difference(old, old)


def test_a_default_that_reads_another_value_now_is_told():
    output = OutputSpec("x", NUMBER, default="base")
    old, new = (decision(["> 5 || 1"], {"base": f"limit * {by}"}, output=output) for by in (2, 3))
    [case] = difference(old, new).cases
    assert (case.was, case.now) == ((), ())


def test_a_value_that_only_the_old_side_names_is_read_there_alone():
    old, new = decision(["- || limit"], {"limit": "s = null"}), decision(["- || limit"], {"n2": "1"})
    assert difference(old, new).cases


def test_a_value_that_no_example_tells_apart_is_not_called_the_same():
    old, new = (decision(["- || base"], {"base": text}) for text in ("limit + limit", "2 * limit"))
    verdict = difference(old, new)
    assert not verdict.cases and verdict.unsure.endswith("whether row 1 (old), row 1 decides otherwise")
    output = OutputSpec("x", NUMBER, default="base")
    old, new = (decision(["> 5 || 1"], {"base": text}, output=output) for text in ("limit + limit", "2 * limit"))
    verdict = difference(old, new)
    assert not verdict.cases and verdict.unsure.endswith("whether the default decides otherwise")


def test_a_bound_in_where_that_cells_are_compared_with_has_an_example():
    text = (
        "kind: decision\nname: size\ngiven: {{n: number}}\nwhere: {{lim: {}}}\nhit: first\noutputs: {{size: string}}\n"
        "table: |\n  n      || size\n  <= lim || \"small\"\n  -      || \"large\"\n"
    )  # fmt: skip
    sides = [compile([*FILES, Source("rules/more.yaml", text.format(lim).encode())]) for lim in (500, 600)]
    assert all(each.program for each in sides), sides[0].diagnostics
    found = compare(*(each.program for each in sides))
    [case] = found.decides[0].verdict.cases
    assert (case.before, case.after) == ('"large"', '"small"') and 500 < float(case.given["n"]) <= 600


WHERE = {"k": ["1", "2", "n", "n + 1", "if b then 1 else 2"], "j": ["k", "k + 1", "3"]}


@st.composite
def two_tables(draw):
    """Two tables that differ in a row, a named value, both or nothing."""
    cells = st.tuples(
        st.sampled_from([*CELLS["n"], "<= k", "> j"]), st.sampled_from(CELLS["b"]), st.sampled_from(["1", "k", "j"])
    )  # fmt: skip
    rows = draw(st.lists(cells, min_size=1, max_size=4))
    edited = list(rows)
    if draw(st.booleans()):
        edited[draw(st.integers(0, len(rows) - 1))] = draw(cells)
    where = {name: draw(st.sampled_from(texts)) for name, texts in WHERE.items()}
    other = where | {name: draw(st.sampled_from(texts)) for name, texts in WHERE.items() if draw(st.booleans())}
    policy = draw(st.sampled_from(["first", "unique", "collect", "collect count"]))
    sides = ((rows, where), (edited, other))
    return [decision([f"{n} | {b} || {x}" for n, b, x in each], named, ("n", "b"), policy) for each, named in sides]


def _law(tables):
    old, new = tables
    verdict = difference(old, new)
    inputs = [dict(zip("nb", values, strict=True)) for values in product(VALUES["n"], VALUES["b"])]
    differs = any(not same(old(each), new(each)) for each in inputs)
    assert not differs or verdict.cases or verdict.unsure
    assert all(case.before != case.after for case in verdict.cases)
    assert not (verdict.cases or verdict.unsure) or old.where != new.where or old.logic != new.logic or differs


@settings(max_examples=60, deadline=None)
@given(two_tables())
def test_no_difference_is_hidden_by_a_named_value(tables):
    _law(tables)


@pytest.mark.soak
@settings(max_examples=5_000, deadline=None)
@given(two_tables())
def test_no_difference_is_hidden_by_a_named_value_often(tables):
    _law(tables)
