"""Any text at all: it is understood or refused, and what is understood has a value; nothing is raised, nothing hangs."""

import random
import time

import pytest
from feel_trees import SCOPE, contexts, expressions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.dsl import feel

PIECES = [
    *("a", "b", "xs", "Years of Service", "a-b", "c", "item", "partial", "?", "i", "f", "first name", "x y"),
    *("1", "0", "2.5", ".5", "1e3", "1e7000", "-", "--", '"t"', '""', '"\\u00e9"', "@", '@"2026-03-02"', '@"P1D"', '@"x"'),
    *("true", "false", "null", "+", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "..", ".", ",", ":"),
    *("(", ")", "[", "]", "{", "}", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or"),
    *("between", "instance of", "not", "not(", "function", "function(", "external", "list<", "range<", "context<", "number"),
    *("string", "Any", "->", "sum(", "date(", "string(", "date and time(", "sort(", "replace(", "//", "/*", "*/", "\n", "\t"),
    *("\u00a0", "'", "\\", "é", "🐎", "\x00", "$", "&&", "==", ";"),
]
RIGHT = [
    "some i in xs satisfies i.f > 1 and a in [1..5]",
    'if a > 1 then {f: b, g: [f, "x"]}.g[1] else sum(xs[item > 1])',
    "for i in 1..3, j in xs return function(x: number) x + i",
    'not("a", < 5)',
    "a-b.f[1] between 1 and Years of Service",
]
CONTEXT = {"a": 1, "b": "text", "xs": [1, None, {"f": 2}], "Years of Service": 7, "a-b": {"f": [1]}, "two words": None, "c": {}}


def assert_harmless(text):
    """Every way into the package, for one text."""
    tree, problems = feel.parse(text, SCOPE)
    assert (tree is None) == bool(problems)
    assert all(0 <= problem.start <= problem.end <= len(text) for problem in problems)
    if tree is not None:
        feel.check(tree, SCOPE)
        assert feel.parse(feel.unparse(tree), SCOPE)[0] == tree, text
        compiled = feel.compile(tree, SCOPE)
        compiled(CONTEXT)
        compiled.explain(CONTEXT)
    tests, problems = feel.parse_tests(text, SCOPE)
    assert (tests is None) == bool(problems)
    if tests is not None:
        assert feel.compile_tests(tests, SCOPE)(CONTEXT, 1) in (True, False)


def random_text(chance):
    pieces = [chance.choice(PIECES) for _ in range(chance.randint(1, 14))]
    return chance.choice(["", " "]).join(pieces)


def mutated(text, chance):
    """A text that was right, with a few characters or pieces dropped, doubled or put in."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randint(0, len(text))
        text = chance.choice(
            [text[:at] + text[at + 1 :], text[:at] + chance.choice(PIECES) + text[at:], text[:at] + text[at // 2 :]]
        )
    return text


def run(count, seed):
    chance = random.Random(seed)
    slowest = 0.0
    for _ in range(count):
        text = random_text(chance)
        start = time.process_time()
        assert_harmless(text)
        slowest = max(slowest, time.process_time() - start)
    assert slowest < 30  # nothing hangs


def test_random_pieces():
    run(3_000, seed=1)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(expressions, st.integers(0, 2**32))
def test_mutations_of_right_texts(node, seed):
    assert_harmless(mutated(feel.unparse(node), random.Random(seed)))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_any_characters(text):
    assert_harmless(text)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(expressions, contexts)
def test_any_value_can_be_shown(node, context):
    value = feel.compile(node, SCOPE)(context)
    feel.to_python(value)
    feel.compile(feel.parse("string(a)", SCOPE)[0], SCOPE)({"a": value})


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_hundred_thousand_texts(seed):
    run(10_000, seed)
    chance = random.Random(seed)
    for _ in range(2_000):
        assert_harmless(mutated(chance.choice(RIGHT), chance))
