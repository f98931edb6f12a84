"""Boxed expressions: scopes, declared types, and the nulls that boxes have and texts have not."""

from decimal import Decimal

import pytest

from orderloom.dsl import feel
from orderloom.dsl.feel.boxed import (
    Conditional,
    ContextBox,
    Embedded,
    Entry,
    FilterBox,
    FunctionBox,
    Invocation,
    ListBox,
    Literal,
    Loop,
    Relation,
    Typed,
    compile_box,
)  # fmt: skip
from orderloom.dsl.feel.types import ANY, NUMBER, STRING, ListType

SCOPE = feel.Scope({"x": ANY, "xs": ANY})
X, TRUE = Literal("x"), Literal("true")


def evaluate(box, **context):
    run, problems = compile_box(box, SCOPE)
    assert problems == ()
    return run(context)


def test_context_entries_see_those_before():
    entries = (Entry("a b", Literal("x + 1")), Entry("c", Literal("a b * 2")))
    assert evaluate(ContextBox(entries), x=1) == {"a b": 2, "c": 4}
    assert evaluate(ContextBox(entries, Literal("c - a b")), x=1) == 2


def test_declared_types_convert_or_make_null():
    assert evaluate(Typed(X, NUMBER), x="a") is None
    assert evaluate(Typed(X, NUMBER), x=[Decimal(7)]) == 7
    assert evaluate(Typed(X, ListType(STRING)), x="a") == ["a"]
    assert evaluate(ContextBox((Entry("n", X, NUMBER),)), x="a") == {"n": None}


def test_invocation_by_name():
    add = FunctionBox((feel.Parameter("p", NUMBER), feel.Parameter("q q", NUMBER)), Literal("p - q q"))
    call = Invocation(Literal("f"), (Entry("q q", Literal("1")), Entry("p", X)))
    assert evaluate(ContextBox((Entry("f", add),), call), x=Decimal(5)) == 4
    assert evaluate(ContextBox((Entry("f", add),), call), x="no number") is None
    wrong = Invocation(Literal("f"), (Entry("p", X), Entry("r", X)))
    assert evaluate(ContextBox((Entry("f", add),), wrong), x=Decimal(5)) is None


def test_a_boxed_function_can_call_itself():
    body = Conditional(Literal("n <= 1"), Literal("1"), Literal("n * f(n - 1)"))
    box = ContextBox((Entry("f", FunctionBox((feel.Parameter("n", NUMBER),), body)),), Literal("f(5)"))
    assert evaluate(box) == 120


@pytest.mark.parametrize(("condition", "expected"), [(True, 1), (False, 2), (None, 2), ("abc", None), (1, None)])
def test_conditional(condition, expected):
    assert evaluate(Conditional(X, Literal("1"), Literal("2")), x=condition) == expected


@pytest.mark.parametrize(
    ("kind", "answers", "expected"),
    [
        ("some", [False, True], True),
        ("some", [True, None], None),
        ("some", [], False),
        ("every", [True, True], True),
        ("every", [False, 1], None),
        ("every", [], True),
        ("for", [1, None], [1, None]),
    ],
)
def test_loops(kind, answers, expected):
    assert evaluate(Loop(kind, "an item", Literal("xs"), Literal("an item")), xs=answers) == expected


def test_for_sees_what_came_before():
    body = Literal("if i = 1 then 1 else partial[-1] * i")
    assert evaluate(Loop("for", "i", Literal("[1..5]"), body)) == [1, 2, 6, 24, 120]
    assert evaluate(Loop("for", "i", Literal("null"), body)) is None


def test_filter():
    rows = [{"price": 1}, {"price": 3}]
    assert evaluate(FilterBox(Literal("xs"), Literal("price > x")), xs=rows, x=2) == [{"price": 3}]
    assert evaluate(FilterBox(Literal("xs"), Literal("item.price = 1")), xs=rows) == [{"price": 1}]
    assert evaluate(FilterBox(Literal("xs"), Literal("price")), xs=rows) is None
    assert evaluate(FilterBox(Literal("xs"), Conditional(Literal("item.price > 1"), TRUE, Literal("false"))), xs=rows) == [
        {"price": 3}
    ]


def test_list_and_relation():
    assert evaluate(ListBox((X, Literal("2"))), x=1) == [1, 2]
    relation = Relation(
        (("name", STRING), ("price", NUMBER)), ((Literal('"tee"'), Literal("25")), (Literal('"cap"'), Literal('"?"')))
    )
    assert evaluate(relation) == [{"name": "tee", "price": 25}, {"name": "cap", "price": None}]


def test_what_is_compiled_elsewhere_takes_part():
    table = Embedded(lambda scope: ((lambda context: len(scope.names) + context["y"]), ()))
    assert evaluate(ContextBox((Entry("y", X),), table), x=40) == 43


def test_all_problems_are_told():
    run, problems = compile_box(ContextBox((Entry("a", Literal("1 +")), Entry("b", Literal("(2"))), Literal("a b")), SCOPE)
    assert run is None
    assert [problem.code for problem in problems] == ["E202", "E205", "E201"]


def test_no_box_raises():
    assert evaluate(ListBox((Literal("9e6144 * 10"), Literal("1 / 0")))) == [None, None]
    endless = FunctionBox((), Literal("f()"))
    assert evaluate(ContextBox((Entry("f", endless),), Literal("f()"))) is None


def test_a_fault_at_one_item_of_a_filter_is_a_null_at_that_item():
    dividing = FilterBox(Literal("xs"), Literal("(9e6144 * item) = null"))
    assert evaluate(dividing, xs=[Decimal(10), Decimal(1)]) == [10]
