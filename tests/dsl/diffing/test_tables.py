"""Two tables: what the comparison says is what trying every input says."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.dsl.compile import compile_pack
from orderloom.dsl.diffing.pairs import paired
from orderloom.dsl.diffing.samples import words_of
from orderloom.dsl.diffing.tables import compared
from orderloom.dsl.feel import Scope, expression
from orderloom.dsl.feel.types import BOOLEAN, NUMBER, STRING, one_of
from orderloom.dsl.program import Decision, Formula, Origin
from orderloom.dsl.shape import shape
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, TableSpec, Written, WrittenRow, build
from orderloom.dsl.tables.table import same

X = OutputSpec("x")
TIERS = one_of("standard", "silver", "gold")
SCOPE = Scope({"n": NUMBER, "s": STRING, "b": BOOLEAN, "tier": TIERS, "limit": NUMBER})
WORDS = replace(words_of(compile_pack("manufacturing").program), types=SCOPE.names)


def decision(rows, columns=("n", "s", "b"), policy="unique", outputs=(X,)):
    """A table of rows such as `< 5 | - | true || 1`, which looks at its columns' names."""
    written = []
    for at, row in enumerate(rows):
        left, _, right = row.partition("||")
        cells, results = ([Written(cell.strip()) for cell in part.split("|")] for part in (left, right))
        written.append(WrittenRow(tuple(cells), tuple(results), place=f"row {at + 1}"))
    inputs = tuple(InputSpec(name, SCOPE.names[name]) for name in columns)
    table, problems = build(TableSpec(Policy(policy), inputs, tuple(outputs), tuple(written)), SCOPE)
    assert table is not None, problems
    return Decision("d", "D", {}, {name: formula(name) for name in columns}, table, Origin("d.yaml", 1))


def formula(text, scope=SCOPE):
    made, _, problems = expression(text, scope)
    assert made is not None, problems
    return Formula(text, Origin("d.yaml", 1), made.compiled, shape(made.tree))


def difference(old, new):
    return compared(paired(old, new), WORDS)


def test_a_moved_edge_is_told_with_the_inputs_between_the_edges():
    old = decision(["<= 600 || 4", "> 600 || 5"], ["n"])
    new = decision(["<= 500 || 4", "> 500 || 5"], ["n"])
    [case] = difference(old, new).cases
    assert (case.within, case.before, case.after, case.was, case.now) == ({"n": "(500..600]"}, "4", "5", ("row 1",), ("row 2",))
    assert 500 < Decimal(case.given["n"]) <= 600


def test_rows_that_stand_elsewhere_in_a_unique_table_change_nothing():
    rows = ["< 5 || 1", "[5..9] || 2", "> 9 || 3"]
    verdict = difference(decision(rows, ["n"]), decision(rows[::-1], ["n"]))
    assert (verdict.cases, verdict.idle, verdict.unsure) == ((), (), "")


def test_a_row_that_is_written_otherwise_without_deciding_otherwise_is_said_to_be_idle():
    old = decision(["< 5 || 1", ">= 5 || 2"], ["n"], "first")
    new = decision(["< 5 || 1", "- || 2"], ["n"], "first")
    verdict = difference(old, new)
    assert [case.given for case in verdict.cases] == [{"n": "null"}]  # nothing at all was not >= 5
    new = decision(["< 5 || 1", "[5..9] || 2", ">= 5 || 2"], ["n"], "first")
    verdict = difference(old, new)
    assert (verdict.cases, verdict.idle, verdict.unsure) == ((), ("row 2",), "")


def test_the_order_of_a_first_table_counts():
    rows = ['- | "gold" || 1', "> 5 | - || 2", "- | - || 3"]
    old, new = (decision(each, ["n", "tier"], "first") for each in (rows, [rows[1], rows[0], rows[2]]))
    [case] = difference(old, new).cases
    assert (case.before, case.after, case.within) == ("1", "2", {"n": "> 5", "tier": '"gold"'})


def test_a_column_more_is_a_case_where_it_decides():
    old = decision(["< 5 || 1", ">= 5 || 2"], ["n"])
    new = decision(["< 5 | - || 1", ">= 5 | false || 2", ">= 5 | true || 9"], ["n", "b"])
    cases = difference(old, new).cases
    assert [(case.within, case.before, case.after) for case in cases] == [
        ({"n": ">= 5", "b": "true"}, "2", "9"),
        ({"n": ">= 5", "b": "null"}, "2", "null"),
    ]


def test_columns_in_another_order_are_the_same_table():
    old = decision(["< 5 | true || 1", ">= 5 | - || 2"], ["n", "b"])
    new = decision(["true | < 5 || 1", "- | >= 5 || 2"], ["b", "n"])
    assert difference(old, new).cases == ()


def test_another_policy_shows_where_rows_overlap():
    rows = ["< 5 || 1", "< 9 || 2"]
    [case] = difference(decision(rows, ["n"], "first"), decision(rows, ["n"], "collect sum")).cases[:1]
    assert (case.before, case.after, case.within) == ("1", "3", {"n": "< 5"})


def test_a_default_that_is_another_shows_where_no_row_answers():
    old, new = (decision(["< 5 || 1"], ["n"], outputs=[OutputSpec("x", NUMBER, default=text)]) for text in ("0", "7"))
    [case] = difference(old, new).cases
    assert (case.before, case.after, case.within) == ("0", "7", {"n": ">= 5, null"})


def test_results_and_cells_that_are_worked_out_are_tried():
    old, new = decision(["- || limit + 1"], ["n"]), decision(["- || limit * 2"], ["n"])
    [case] = difference(old, new).cases
    limit = Decimal(case.given["limit"])
    assert (Decimal(case.before), Decimal(case.after)) == (limit + 1, limit * 2)
    old, new = decision(["> limit || 1"], ["n"]), decision([">= limit || 1"], ["n"])
    [case] = difference(old, new).cases
    assert case.given["n"] == case.given["limit"]


def test_what_cannot_be_told_apart_is_not_called_the_same():
    old, new = decision(["- || limit + limit"], ["n"]), decision(["- || 2 * limit"], ["n"])
    verdict = difference(old, new)
    assert not verdict.cases
    assert verdict.unsure == "no input was found that shows whether row 1 (old), row 1 decides otherwise"


def test_twenty_thousand_rows_with_three_edits():
    rows = [f"{zone} | [{weight}..{weight + 1}) || {zone + weight}" for zone in range(40) for weight in range(500)]
    old = decision(rows, ["n", "limit"])
    edited = list(rows)
    edited[777] += "0"
    edited[12_345] = edited[12_345].replace("||", "|| 1 +")
    del edited[19_000]
    cases = difference(old, decision(edited, ["n", "limit"])).cases
    assert [case.was for case in cases] == [("row 778",), ("row 12346",), ("row 19001",)]


CELLS = {
    "n": ["-", "1", "2", "< 2", "<= 2", "> 1", ">= 3", "[1..3)", "(1..3]", "not(2)", "not(< 2)", "1, > 2", "null"],
    "s": ["-", '"a"', '"b"', '"a", "b"', 'not("a")', "null"],
    "b": ["-", "true", "false"],
}
VALUES = {
    "n": [*(Decimal(text) for text in ("0", "1", "1.5", "2", "2.5", "3", "4")), None],
    "s": ["a", "b", "something else", None],
    "b": [True, False, None],
}
cells = st.tuples(*(st.sampled_from(CELLS[name]) for name in "nsb"), st.sampled_from("123"))
POLICIES = ["unique", "first", "any", "collect", "collect sum", "collect count", "rule order", "priority"]


@st.composite
def two_tables(draw):
    """Two tables, of which the second is the first one edited, or one of its own."""
    rows = draw(st.lists(cells, min_size=1, max_size=6))
    edited = list(rows)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(edited)))
        match draw(st.sampled_from(["add", "delete", "replace", "swap"])):
            case "add":
                edited.insert(at, draw(cells))
            case "delete" if len(edited) > 1:
                del edited[at % len(edited)]
            case "replace":
                edited[at % len(edited)] = draw(cells)
            case "swap":
                edited.insert(0, edited.pop(at % len(edited)))
    policies = draw(st.sampled_from([*((each, each) for each in POLICIES), ("first", "unique"), ("collect", "rule order")]))
    return [_table(each, policy) for each, policy in zip((rows, edited), policies, strict=True)]


def _table(rows, policy):
    ranked = [OutputSpec("x", NUMBER, "2, 1, 3")] if policy == "priority" else [OutputSpec("x", NUMBER)]
    return decision([f"{' | '.join(row[:3])} || {row[3]}" for row in rows], policy=policy, outputs=ranked)


def _law(tables):
    old, new = tables
    verdict = difference(old, new)
    inputs = [dict(zip("nsb", values, strict=True)) for values in product(*VALUES.values())]
    differing = [each for each in inputs if not same(old(each), new(each))]
    assert not verdict.unsure
    assert bool(verdict.cases) == bool(differing)
    classes = {(old.logic.decide(tuple(each.values())).rows, new.logic.decide(tuple(each.values())).rows) for each in differing}
    assert len(verdict.cases) == len(classes)


@settings(max_examples=60, deadline=None)
@given(two_tables())
def test_agrees_with_trying_everything(tables):
    _law(tables)


@pytest.mark.soak
@settings(max_examples=5_000, deadline=None)
@given(two_tables())
def test_agrees_with_trying_everything_often(tables):
    _law(tables)
