"""What holds for every expression: it survives printing, and its code does what a tree-walking evaluator does."""

import pytest
from feel_oracle import interpret, interpret_tests
from feel_trees import SCOPE, cells, contexts, expressions, values
from hypothesis import HealthCheck, given, settings

from orderloom.dsl import feel
from orderloom.dsl.feel import tree
from orderloom.dsl.feel.nesting import too_deep
from orderloom.dsl.feel.ranges import Range
from orderloom.dsl.feel.scope import Function

quickly = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
CELL_SCOPE = SCOPE.extend({"?": feel.parse_type("Any", {})[0]})


def plain(value):
    """A value in which functions are alike, as they equal only themselves."""
    if isinstance(value, Function):
        return ("function", len(value.params))
    if isinstance(value, Range):
        return (plain(value.low), plain(value.high), value.low_closed, value.high_closed)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return (type(value) if not isinstance(value, int) or isinstance(value, bool) else "number", value)


def check_round_trip(node):
    text = feel.unparse(node)
    again, problems = feel.parse(text, SCOPE)
    assert problems == (), text
    assert again == node, text


@quickly
@given(expressions)
def test_print_and_read_again(node):
    check_round_trip(node)


@quickly
@given(cells)
def test_print_and_read_a_cell_again(cell):
    text = feel.unparse(cell)
    again, problems = feel.parse_tests(text, CELL_SCOPE)
    assert problems == (), text
    assert again == cell, text


@quickly
@given(expressions, contexts)
def test_compiled_is_interpreted(node, context):
    assert plain(feel.compile(node, SCOPE)(context)) == plain(interpret(node, context, SCOPE))


@quickly
@given(expressions, contexts)
def test_the_careful_form_answers_the_same(node, context):
    compiled = feel.compile(node, SCOPE)
    value, nulls = compiled.explain(context)
    assert plain(value) == plain(compiled(context))
    assert all(null.reason for null in nulls)


@quickly
@given(cells, contexts, values)
def test_compiled_cell_is_interpreted(cell, context, value):
    assert feel.compile_tests(cell, SCOPE)(context, value) is interpret_tests(cell, context, value, SCOPE)


@quickly
@given(expressions)
def test_positions_nest(node):
    parsed, _ = feel.parse(feel.unparse(node), SCOPE)

    def check(parent):
        for child in tree.children(parent):
            assert parent.start <= child.start <= child.end <= parent.end
            check(child)

    check(parsed)


@quickly
@given(expressions)
def test_checking_never_fails_and_stays_inside(node):
    text = feel.unparse(node)
    parsed, _ = feel.parse(text, SCOPE)
    kind, problems = feel.check(parsed, SCOPE)
    assert str(kind)
    assert all(0 <= problem.start < problem.end <= len(text) for problem in problems)


@pytest.mark.soak
@settings(max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(expressions, contexts)
def test_laws_at_length(node, context):
    assert too_deep(node) is None
    check_round_trip(node)
    assert plain(feel.compile(node, SCOPE)(context)) == plain(interpret(node, context, SCOPE))
