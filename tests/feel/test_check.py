"""The typed front: types of expressions, and what explains a null."""

from types import MappingProxyType

import pytest

from orderloom.dsl import feel
from orderloom.dsl.feel.types import BOOLEAN, DATE, NUMBER, STRING, ContextType, FunctionType, ListType, one_of

LINE = ContextType({"qty": NUMBER, "price": NUMBER, "hazmat": BOOLEAN})
SCOPE = feel.Scope(
    {
        "order": ContextType({"total": NUMBER, "placed": DATE, "status": one_of("open", "closed"), "lines": ListType(LINE)}),
        "extra": ContextType({"known": STRING}, open=True),
        "price of": FunctionType((STRING,), NUMBER),
    },
    types={"tLine": LINE},
)

TYPES = [
    ("order.total * 2", "number"),
    ("order.placed + @\"P3D\"", "date"),
    ("order.placed - order.placed", "days and time duration"),
    ("order.lines.qty", "list<number>"),
    ("order.lines[hazmat]", "list<context<qty: number, price: number, hazmat: boolean>>"),
    ("order.lines[hazmat].qty", "list<number>"),
    ("order.lines[1].qty", "number"),
    ("order.lines[-1]", "context<qty: number, price: number, hazmat: boolean>"),
    ("for l in order.lines return l.qty * l.price", "list<number>"),
    ("some l in order.lines satisfies l.hazmat", "boolean"),
    ('if order.total > 1 then "a" else "b"', "string"),
    ('if order.total > 1 then "a" else null', "string"),
    ('if order.total > 1 then "a" else 2', "Any"),
    ("{a: order.total, b: a > 1}", "context<a: number, b: boolean>"),
    ("{a: order.total}.a", "number"),
    ("[1, 2]", "list<number>"),
    ("[1..5]", "range<number>"),
    ("[1..5].start", "number"),
    ("[]", "list<Any>"),
    ("extra.anything", "Any"),
    ("extra.known", "string"),
    ("price of(\"TEE\")", "number"),
    ("function(a: number) a + 1", "function<number> -> number"),
    ("function(l: tLine) l.qty", "function<context<qty: number, price: number, hazmat: boolean>> -> number"),
    ("count(order.lines)", "number"),
    ("sum(order.lines.qty)", "number"),
    ("max(order.lines.qty)", "number"),
    ("min(1, 2)", "number"),
    ("order.placed.year", "number"),
    ("@\"10:00:00Z\".time offset", "days and time duration"),
    ("order.status", "string"),
    ("order.total between 1 and 2 and not(order.total = 1.5)", "boolean"),
    ("string(order.total) + \"!\"", "string"),
    ("distinct values(order.lines.qty)", "list<number>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_types(text, expected):
    expression, kind, problems = feel.expression(text, SCOPE)
    assert problems == ()
    assert expression.type is kind
    assert str(kind) == expected


@pytest.mark.parametrize(
    "text",
    ["number", "list<string>", "list<list<number>>", "range<date and time>", "context<a: number, b c: list<string>>",
     "function<number, string> -> boolean", "years and months duration", "Any"],
)  # fmt: skip
def test_type_texts_go_back_and_forth(text):
    kind, problems = feel.parse_type(text, {})
    assert problems == ()
    assert str(kind) == text


def test_named_types():
    kind, _ = feel.parse_type("list<tLine>", {"tLine": LINE})
    assert kind == ListType(LINE)


def test_cells_are_checked_against_their_column():
    for text in ('"open"', 'not("open", "closed")', "-", '? = "open" or order.total > 5', "null"):
        tests, problems = feel.parse_tests(text, SCOPE)
        assert problems == ()
        assert feel.check_tests(tests, SCOPE.extend({"?": STRING}), one_of("open", "closed")) == ()


CELLS = [
    ("-", 5, True),
    ("5", 5, True),
    ("< 5, > 10", 7, False),
    ("< 5, > 10", 11, True),
    ("not(< 5, > 10)", 7, True),
    ("not(5)", None, True),
    ("not(< 5)", None, False),
    ("[1..5)", 5, False),
    ("(1..5]", 5, True),
    ("]1..5[", 1, False),
    ('"a", "b"', "b", True),
    ("true", True, True),
    ("true", False, False),
    ("? > 3 and ? < 9", 5, True),
    ("not(? > 3)", 5, False),
    ("not(true) or ? = 5", 5, True),
    ("limit", 7, True),
    ("> limit", 8, True),
    ("[1, 7, [20..30]]", 25, True),
    ("null", None, True),
    ("limit = 7", 1, True),
    ('@"2026-03-02"', None, False),
]


@pytest.mark.parametrize(("text", "value", "expected"), CELLS)
def test_cells(text, value, expected):
    scope = feel.Scope({"limit": NUMBER})
    tests, problems = feel.parse_tests(text, scope)
    assert problems == ()
    assert feel.compile_tests(tests, scope)({"limit": 7}, value) is expected


def test_a_null_carries_its_reason_and_position():
    expr, _ = feel.parse('if extra.size > 10 then "big" else upper case(extra.known)', SCOPE)
    value, nulls = feel.compile(expr, SCOPE).explain({"extra": {"known": None}})
    assert value is None
    assert [(null.start, null.end) for null in nulls] == [(3, 13), (3, 18), (46, 57), (35, 58)]
    assert nulls[0].reason == "there is no size in a context"
    assert nulls[1].reason == "> has no answer for null and number"


def test_a_missing_declared_field_is_null():
    expression, _, _ = feel.expression("order.total = null and order.lines = null", SCOPE)
    assert expression.evaluate({"order": {}}) is True
    assert expression.evaluate({}) is True


def test_contexts_of_the_host_may_be_any_mapping():
    expression, _, _ = feel.expression("order.lines[hazmat].qty[1] + order.total", SCOPE)
    line = MappingProxyType({"qty": 2, "hazmat": True})
    assert expression.evaluate(MappingProxyType({"order": MappingProxyType({"total": 1, "lines": (line,)})})) == 3
