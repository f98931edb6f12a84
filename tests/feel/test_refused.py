"""Texts that must be refused, each with its diagnostic: refused.txt holds a text and, indented, what is said about it."""

from pathlib import Path

import pytest

from orderloom.dsl import feel
from orderloom.dsl.feel.types import BOOLEAN, DATE, NUMBER, STRING, ContextType, ListType, one_of

LINE = ContextType({"qty": NUMBER, "hazmat": BOOLEAN, "price": NUMBER})
ORDER = ContextType(
    {"total": NUMBER, "rush": BOOLEAN, "status": one_of("open", "closed", "shipped"), "placed": DATE, "lines": ListType(LINE)}
)
DISTANCE = feel.Function("distance", (feel.Parameter("from", STRING), feel.Parameter("to", STRING)), NUMBER, lambda *_: None)
SCOPE = feel.Scope({"order": ORDER, "customer": ContextType({"tier": STRING})}, {"distance": DISTANCE})


def cases():
    """(text, the lines that are said about it)"""
    found: list[tuple[str, list[str]]] = []
    for line in (Path(__file__).parent / "refused.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return found


def said(problem):
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{problem.code} {problem.start}-{problem.end} {problem.message}{hint}"


@pytest.mark.parametrize(("text", "expected"), cases(), ids=lambda value: value if isinstance(value, str) else "")
def test_text_is_refused(text, expected):
    expression, _, problems = feel.expression(text, SCOPE)
    assert expression is None
    assert [said(problem) for problem in problems] == expected


def test_there_are_many():
    assert len({text for text, _ in cases()}) >= 150


@pytest.mark.parametrize("text", ["", "   ", "// only a comment", "\n\t"])
def test_nothing_is_no_expression(text):
    _, _, (problem,) = feel.expression(text, SCOPE)
    assert problem.code == "E207"


@pytest.mark.parametrize("text", [text for text, _ in cases()])
def test_problems_lie_inside_the_text(text):
    _, _, problems = feel.expression(text, SCOPE)
    assert all(0 <= problem.start <= problem.end <= len(text) for problem in problems)
    assert list(problems) == sorted(problems, key=lambda problem: (problem.start, problem.end))


def test_one_fault_gives_one_message():
    _, _, problems = feel.expression('ordr.total + 1 > 2 and upper case(ordr.total) = "X"', SCOPE)
    assert [(problem.code, problem.start) for problem in problems] == [("E401", 0), ("E401", 34)]


CELLS = [
    ('"opn"', "E303"),
    ('"open", "closd"', "E303"),
    ("> 5", "E302"),
    ("[1..5]", "E302"),
    ("? + 1", "E301"),
    ('string length(?)', "E304"),
    ("- 1 -", "E202"),
    ("not(5", "E205"),
    ("-, 5", "E202"),
    ("< ", "E202"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), CELLS)
def test_cell_is_refused(text, code):
    tests, problems = feel.parse_tests(text, SCOPE)
    problems = problems or feel.check_tests(tests, SCOPE, one_of("open", "closed"))
    assert [problem.code for problem in problems] == [code]


TYPES = [
    ("nmber", "E403"),
    ("list<>", "E201"),
    ("list<number", "E208"),
    ("context<a number>", "E201"),
    ("", "E207"),
    ("a b", "E201"),
]


@pytest.mark.parametrize(("text", "code"), TYPES)
def test_type_is_refused(text, code):
    kind, problems = feel.parse_type(text, {})
    assert kind is None
    assert problems[0].code == code
