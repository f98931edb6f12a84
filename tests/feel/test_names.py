"""Names with spaces and operators, resolved by scope: the longest declared name that stands in the text wins."""

from decimal import Decimal

import pytest

from orderloom.dsl import feel
from orderloom.dsl.feel import tree
from orderloom.dsl.feel.names import WORD
from orderloom.dsl.feel.types import ANY, NUMBER, ContextType, ListType

NAMES = {
    "a": 10,
    "b": 3,
    "a-b": 100,
    "Years of Service": 7,
    "Student's name": "Ann",
    "in stock": 5,
    "if any": 2,
    "x.y": 9,
    "🐎": 1,
}
MEMBER = {"dept num": 20, "days/week": 5, "list": [1, 2]}
SCOPE = feel.Scope(
    {
        **dict.fromkeys(NAMES, ANY),
        "m": ContextType(dict.fromkeys(MEMBER, ANY)),
        "rows": ListType(ContextType({"dept num": NUMBER, "a": NUMBER})),
    }
)
CONTEXT = {**NAMES, "m": MEMBER, "rows": [{"dept num": 10, "a": 1}, {"dept num": 20, "a": 2}]}


def evaluate(text, scope=SCOPE, context=CONTEXT):
    expr, problems = feel.parse(text, scope)
    assert problems == (), text
    return feel.compile(expr, scope)(context)


CASES = [
    ("a-b", 100),
    ("a  -  b", 100),
    ("(a) - b", 7),
    ("a-b - b", 97),
    ("a - 1", 9),
    ("Years of Service + 1", 8),
    ("Years   of\nService", 7),
    ("Student's name", "Ann"),
    ("in stock in [1..9]", True),
    ("for in stock in [1, 2] return in stock + 1", [2, 3]),
    ("🐎 + 1", 2),
    ("m.dept num + 1", 21),
    ("m.days/week * 2", 10),
    ("m.list", [1, 2]),
    ("rows[dept num = 20].a", [2]),
    ("rows[a = 1].dept num", [10]),
    ("{a: 1, c d: a + 1, e: c d * 2}.e", 4),
    ("{two words: 1}.two words + 1", 2),
    ("(function(first part, b) first part - b)(5, 2)", 3),
    ("some my var in [1, 2] satisfies my var > 1", True),
    ("for x y in [1], z in [x y] return x y + z", [2]),
    ("string length(\"abc\")", 3),
    ("string  length (\"abc\")", 3),
    ("{string length: 3}.string length", 3),
    ("{list contains: 1, r: list contains + 1}.r", 2),
    ("substring(string: \"abc\", start position: 2)", "bc"),
    ("{date: 1, time: 2, r: date and time}.r", None),
    ("{sum: function(a) 42, r: sum(1)}.r", 42),
    ("{in: 1}.in", 1),
    ("@\"2026-03-02T10:00:00Z\".time offset = @\"PT0S\"", True),
    ("[1..5].start included", True),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_names(text, expected):
    assert evaluate(text) == expected


def test_names_declared_inside_brackets_end_with_them():
    _, problems = feel.parse("[{two words: 1}.two words, two words]", feel.Scope())
    assert problems[0].code == "E201"
    assert problems[0].start == 31


def test_a_filter_looks_at_the_item_first_then_outside():
    assert evaluate("rows[a = 2].a") == [2]
    assert evaluate("rows[b = 3 and item.a = 1].a") == [1]
    assert evaluate("[{item: 1}, {item: 2}][item >= 2]") == [{"item": 2}]
    assert evaluate("[1, 2, 3][item > 1][item < 3]") == [2]


def test_inner_names_shadow_outer_ones():
    assert evaluate("for a in [1] return a + b") == [4]
    assert evaluate("(function(a) {b: a + 1, r: b}.r)(1)") == 2
    assert evaluate("for i in [1, 2] return for i in [i * 10] return i") == [[10], [20]]


def test_functions_keep_the_values_that_they_saw():
    assert evaluate("(for i in [1, 2, 3] return function() i)[1]()") == 1
    assert evaluate("{add: function(n) function(m) n + m, five: add(5), r: five(1) + add(1)(1)}.r") == 8


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("a + b * Years of Service", 4, 24, tree.Arithmetic),
        ("if a > 1 then b else m.dept num", 21, 31, tree.Path),
        ("a in (1, [2..3])", 9, 15, tree.RangeOf),
        ('string length("é🐎")', 14, 18, tree.String),
        ("// why\na + /* note */ b", 22, 23, tree.Name),
    ],
)
def test_positions(text, start, end, kind):
    expr, _ = feel.parse(text, SCOPE)
    found = [node for node in _all(expr) if (node.start, node.end) == (start, end)]
    assert [type(node) for node in found] == [kind]


def _all(node):
    yield node
    for child in tree.children(node):
        yield from _all(child)


def test_names_and_paths_used():
    expr, _ = feel.parse("for i in rows return i.a + Years of Service + m.dept num + (function(b) b + a)(1) + rows[1].a", SCOPE)
    assert feel.names_used(expr) == {"rows", "Years of Service", "m", "a"}
    assert feel.paths_used(expr) == {("rows",), ("Years of Service",), ("m", "dept num"), ("a",)}


def test_host_functions_are_called_by_name():
    def distance(start, end):
        return Decimal(len(start) + len(end))

    text = feel.parse_type("string", {})[0]
    function = feel.Function("distance in miles", (feel.Parameter("from", text), feel.Parameter("to", text)), NUMBER, distance)
    scope = feel.Scope({}, {"distance in miles": function})
    assert evaluate('distance in miles("ab", "c") + 1', scope, {}) == 4
    assert evaluate('distance in miles(to: "ab", from: ["c"])', scope, {}) == 3
    assert evaluate('distance in miles("ab", 1)', scope, {}) is None
    assert evaluate("distance in miles(null, null)", scope, {}) is None


#: Name start characters and name part characters, as the grammar of DMN 1.3 lists them (rules 28 and 29).
START = (
    "?-? A-Z _-_ a-z C0-D6 D8-F6 F8-2FF 370-37D 37F-1FFF 200C-200D 2070-218F 2C00-2FEF 3001-D7FF F900-FDCF FDF0-FFFD 10000-EFFFF"
)
PART = f"{START} 0-9 B7-B7 300-36F 203F-2040"
WHITE = {0x1680, 0x180E, 0xFEFF}  # within those ranges, but white space, which parts names


def _characters(ranges: str) -> set[int]:
    ends = [[ord(end) if len(end) == 1 else int(end, 16) for end in text.split("-")] for text in ranges.split()]
    return {code for first, last in ends for code in range(first, last + 1)} - WHITE


def test_a_name_begins_and_goes_on_as_the_grammar_says() -> None:
    start, part = _characters(START), _characters(PART)
    assert {code for code in range(0x110000) if WORD.fullmatch(chr(code))} == start
    assert {code for code in range(0x110000) if WORD.fullmatch("a" + chr(code))} == part
