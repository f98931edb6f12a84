"""Reading cells: allowed values, types, faults and where they are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.feel import Scope, compile_tests, parse_tests
from orderloom.dsl.feel.types import ANY, BOOLEAN, DATE, NUMBER, STRING, one_of
from orderloom.dsl.tables import InputSpec, OutputSpec, Policy, TableSpec, Written, WrittenRow, build
from orderloom.dsl.tables.simple import simple_cell, simple_value


def one_cell(cell, kind, result="1", output=NUMBER, scope=None, allowed=None, **written):
    row = WrittenRow((Written(cell, **written),), (Written(result),))
    spec = TableSpec(Policy.FIRST, (InputSpec("x", kind, allowed),), (OutputSpec("out", output),), (row,))
    return build(spec, scope or Scope())


@pytest.mark.parametrize(
    ("cell", "kind", "code", "span"),
    [
        ("", NUMBER, "E812", (0, 0)),
        ("[5..3]", NUMBER, "E814", (0, 6)),
        ("(3..3]", NUMBER, "E814", (0, 6)),
        ('"a"', NUMBER, "E302", None),
        ("< 3", STRING, "E302", None),
        ('@"2026-01-01"', STRING, "E302", None),
        ('@"2026-02-30"', DATE, "E306", None),
        ("limit", NUMBER, "E401", (0, 5)),
        ("> 5 +", NUMBER, None, None),
        ('"plat"', one_of("gold", "silver"), "E813", (0, 6)),
        ('not("plat")', one_of("gold", "silver"), "E813", (4, 10)),
    ],
)
def test_faults_of_cells(cell, kind, code, span):
    table, problems = one_cell(cell, kind, offset=40, place="C7")
    assert table is None
    (problem,) = problems
    assert (problem.row, problem.column, problem.offset, problem.place) == (0, 0, 40, "C7")
    assert code in (None, problem.code)
    assert span in (None, (problem.start, problem.end))
    assert problem.message


@pytest.mark.parametrize(
    ("result", "kind", "code"),
    [
        ("", NUMBER, "E812"),
        ('"a"', NUMBER, "E350"),
        ("1 > 0", NUMBER, "E350"),
        ("1 +", NUMBER, None),
        ("nowhere", NUMBER, "E401"),
    ],
)
def test_faults_of_results(result, kind, code):
    table, problems = one_cell("-", NUMBER, result, kind)
    assert table is None
    assert [(problem.row, problem.column) for problem in problems] == [(0, 1)]
    assert code in (None, problems[0].code)


def test_allowed_values_of_columns():
    assert one_cell("5", NUMBER, allowed="[0..10]")[0] is not None
    (problem,) = one_cell("50", NUMBER, allowed="[0..10]")[1]
    assert (problem.code, problem.hint) == ("E813", "allowed: [0..10]")
    (problem,) = one_cell("5", NUMBER, allowed="0..")[1]
    assert (problem.row, problem.column) == (None, 0)


def test_allowed_values_of_outputs():
    row = WrittenRow((Written("-"),), (Written('"best"'),))
    outputs = (OutputSpec("out", STRING, '"good", "bad"', '"none"'),)
    _, problems = build(TableSpec(Policy.FIRST, (InputSpec("x"),), outputs, (row,)), Scope())
    assert [(problem.code, problem.row, problem.column) for problem in problems] == [("E813", None, 1)]
    _, problems = build(TableSpec(Policy.FIRST, (InputSpec("x"),), (OutputSpec("out", STRING, '"good"'),), (row,)), Scope())
    assert [(problem.code, problem.row, problem.column) for problem in problems] == [("E813", 0, 1)]


def test_every_fault_is_told_row_by_row(draw):
    table, problems = draw("a | b || x\n1 | y || 1\n[2..1] | true || z", inputs={"a": NUMBER, "b": BOOLEAN})
    assert table is None
    assert [(problem.code, problem.row, problem.column, problem.place) for problem in problems] == [
        ("E401", 0, 1, "line 2"),
        ("E814", 1, 0, "line 3"),
        ("E401", 1, 2, "line 3"),
    ]


def test_a_condition_may_use_the_context():
    table, problems = one_cell("? > limit and ? < 2 * limit", NUMBER, scope=Scope({"limit": NUMBER}))
    assert problems == ()
    assert table.decide([7], {"limit": 5}).value == 1
    assert table.decide([11], {"limit": 5}).value is None


def test_a_result_is_of_its_type_or_null():
    table, _ = one_cell("-", NUMBER, "value", NUMBER, Scope({"value": ANY}))
    assert table.decide([1], {"value": 5}).value == 5
    assert table.decide([1], {"value": "five"}).value is None
    assert table.decide([1], {"value": [5]}).value == 5


NOT_SIMPLE = [
    "a", "5 5", '"a",', ",", "[1..]", '[1.."a"]', "< true", "- 5", "", '"a" "b"', "1e5", '@"x"', "not()", "(1..2", '"\\n"',
    "1" * 35,
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_SIMPLE)
def test_what_needs_the_parser_is_left_to_it(text):
    assert simple_cell(text) is None


@settings(max_examples=500, deadline=None)
@given(st.text('-0123456789.,()[]<>=" anotdeuiru@"', max_size=14))
def test_simple_cells_are_cells_for_the_parser_too(text):
    cell = simple_cell(text)
    if cell is not None and "null" not in text:
        tree, problems = parse_tests(text, Scope())
        assert tree is not None, problems
        for value in (0, 1, "a", "", None):
            if "true" not in text and "false" not in text:
                assert compile_tests(tree, Scope())({}, value) == cell.accepts(value, {})


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30), st.booleans())
def test_no_text_raises(cell, result, bare):
    row = WrittenRow((Written(cell, bare=bare),), (Written(result, bare=bare),))
    table, problems = build(TableSpec(Policy.FIRST, (InputSpec("x", STRING),), (OutputSpec("out", STRING),), (row,)), Scope())
    assert (table is None) == bool(problems)
    if table is not None:
        table.decide(["a"])


def test_constants():
    assert simple_value("null") == (True, None)
    assert simple_value("true") == (True, True)
    assert simple_value('"a"') == (True, "a")
    assert simple_value("1 + 1")[0] is False
