"""No expression can hang or exhaust a worker, and nothing of Python can be reached from one."""

import time

import pytest

from orderloom.dsl import feel
from orderloom.dsl.feel.namespace import LIBRARY
from orderloom.dsl.feel.tree import ContextOf, Name, Path, String
from orderloom.dsl.feel.types import ANY

SCOPE = feel.Scope({"x": ANY, "xs": ANY})


def evaluate(text, **context):
    tree, problems = feel.parse(text, SCOPE)
    assert problems == ()
    return feel.compile(tree, SCOPE)(context)


def why(text, **context):
    tree, _ = feel.parse(text, SCOPE)
    value, nulls = feel.compile(tree, SCOPE).explain(context)
    assert value is None
    return [null.reason for null in nulls]


ENDLESS = [
    "for a in 1..1000, b in 1..1000, c in 1..1000 return a * b * c",
    "some a in 1..10000, b in 1..10000 satisfies a + b = 0",
    "every a in 1..10000, b in 1..10000 satisfies a + b > 0",
    "for i in 1..999999999999 return i",
    "count(for i in [1..999999999999] return i)",
    "{f: function(n) f(n), r: f(1)}.r",
    "{f: function(n) 1 + f(n + 1), r: f(1)}.r",
    "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(60)}.r",
    "count(for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1]))",
    'for i in 1..60 return if i = 1 then "ab" else partial[-1] + partial[-1]',
    "string((for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1])",
    "count(flatten((for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]))",
    "for i in 1..100000 return partial",
    "{d: function() (for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1], r: d().f}.r",
    "{l: for i in 1..100000 return i, r: for i in 1..100000 return list contains(l, -1)}.r",
    "{l: for i in 1..100000 return i, r: some i in 1..100000 satisfies -1 in l}.r",
    "{l: for i in 1..100000 return i, m: for i in 1..100000 return i, r: every i in 1..100000 satisfies l = m}.r",
    "count(distinct values(for i in 1..100000 return [i]))",
    'replace(x, "a", x)',
    'string join(for i in 1..1000 return x, x)',
]  # fmt: skip


NO_HANG = 30  # seconds of processor time: what a slow machine never needs, and an endless expression would pass


@pytest.mark.parametrize("text", ENDLESS)
def test_what_takes_too_much_is_null_and_soon(text):
    start = time.process_time()
    assert evaluate(text, x="a" * 50_000) is None
    assert time.process_time() - start < NO_HANG


def test_lists_that_hold_themselves_many_times_compare_at_once():
    text = "{d: function() (for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1], r: d() = d()}.r"
    assert evaluate(text) is True


def test_distinct_values_of_many():
    assert evaluate("count(distinct values(for i in 1..100000 return modulo(i, 1000)))") == 1000


def test_too_many_steps_are_told():
    assert why("for a in 1..10000, b in 1..10000 return a") == ["the expression takes too many steps"]
    assert why("{f: function(n) f(n), r: f(1)}.r") != []


@pytest.mark.parametrize(
    "text",
    [
        'matches(x, "(a+)+b")',
        'matches(x, "(a|aa)+$b")',
        'replace(x, "(a*)*b", "")',
        'split(x, "(a+)+b")',
    ],
)
def test_regular_expressions_have_a_time_limit(text):
    start = time.process_time()
    evaluate(text, x="a" * 5_000)
    assert time.process_time() - start < NO_HANG


def test_large_loops_within_the_bounds_run():
    assert evaluate("count(for i in 1..100000 return i)") == 100_000
    assert evaluate("sum(for i in 1..300, j in 1..300 return 1)") == 90_000


@pytest.mark.parametrize("text", ["(" * 90 + "1" + ")" * 90, " + ".join(["1"] * 150), " and ".join(["true"] * 150)])
def test_deep_expressions_within_the_bounds_run(text):
    assert evaluate(text) in (1, 150, True)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "1" + ")" * 200,
        "[" * 5_000,
        "-" * 5_000 + "1",
        "1" + " + 1" * 5_000,
        "x" + ".x" * 5_000,
        "if true then " * 300 + "1" + " else 2" * 300,
        "for i in xs return " * 30 + "i",
        "function(a) " * 300 + "a",
        "x[" * 40 + "1" + "]" * 40,
        "1 < " * 400 + "1",
        "x in " * 400 + "1",
        "{a: " * 150 + "1" + "}" * 150,
        "not(" * 150 + "true" + ")" * 150,
        "1" * 60_000,
        '"' + "a" * 60_000 + '"',
    ],
)
def test_texts_that_are_too_deep_or_long_are_refused(text):
    tree, problems = feel.parse(text, SCOPE)
    assert tree is None
    assert problems[0].code in ("E209", "E202", "E205", "E208")


@pytest.mark.parametrize("opening", ["if true then 1 else ", "[1][true and ", "some i in xs satisfies i = "])
def test_anything_that_is_read_can_be_compiled(opening):
    for depth in range(1, 70, 3):
        tree, _ = feel.parse(opening * depth + "1" + "]" * (depth * opening.count("[1]")), SCOPE)
        if tree is not None:
            feel.compile(tree, SCOPE).explain({"xs": [1]})


PYTHON = [
    "__import__",
    "open",
    "eval",
    "exec",
    "getattr",
    "globals",
    "print",
    "len",
    "type",
    "Decimal",
    "LIBRARY",
    "meter",
    "trace",
]


@pytest.mark.parametrize("name", PYTHON)
def test_python_names_are_unknown(name):
    for text in (name, f'{name}("os")', f"{name}.x", f"xs[{name}]"):
        expression, _, problems = feel.expression(text, feel.Scope())
        assert expression is None
        assert problems
    assert evaluate(name) is None


@pytest.mark.parametrize(
    "text", ["x.__class__", "x.keys", "x.__init__.__globals__", '"a".format', "[1].append", "(function() 1).call"]
)
def test_python_attributes_are_no_fields(text):
    assert evaluate(text, x={"a": 1}) in (None, [None])


def test_emitted_code_has_no_builtins():
    assert LIBRARY["__builtins__"] == {}


@pytest.mark.parametrize("name", ['a"b', "a'b", "a\\b", "a\nb", "f'{x}'", "); import os; ("])
def test_names_cannot_break_out_of_the_code(name):
    scope = feel.Scope({"value": ANY})
    assert feel.compile(Path(Name("value"), name), scope)({"value": {name: "kept"}}) == "kept"
    assert feel.compile(Name(name), feel.Scope({name: ANY}))({name: "kept"}) == "kept"
    assert feel.compile(ContextOf(((name, String("kept")),)), scope)({}) == {name: "kept"}
