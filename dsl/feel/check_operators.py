"""Types of operators: what may be added, compared, negated; comparisons that can never be true."""

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.checker import Checker, Names
from orderloom.dsl.feel.suggest import did_you_mean
from orderloom.dsl.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STRING,
    TIME,
    ListType,
    RangeType,
    Simple,
    Type,
    same_kind,
)  # fmt: skip

_PLUS: dict[tuple[str, str], Type] = {
    ("number", "number"): NUMBER,
    ("string", "string"): STRING,
    ("days and time duration", "days and time duration"): DAYS_DURATION,
    ("years and months duration", "years and months duration"): MONTHS_DURATION,
    **{(point.name, duration.name): point for point in (DATE, DATE_TIME) for duration in (DAYS_DURATION, MONTHS_DURATION)},
    ("time", "days and time duration"): TIME,
}
_MINUS = {pair: result for pair, result in _PLUS.items() if pair[0] != "string"} | {
    **{(one.name, other.name): DAYS_DURATION for one in (DATE, DATE_TIME) for other in (DATE, DATE_TIME)},
    ("time", "time"): DAYS_DURATION,
}
_TIMES: dict[tuple[str, str], Type] = {
    ("number", "number"): NUMBER,
    **{(one.name, "number"): one for one in (DAYS_DURATION, MONTHS_DURATION)},
}
_OVER: dict[tuple[str, str], Type] = _TIMES | {(one.name, one.name): NUMBER for one in (DAYS_DURATION, MONTHS_DURATION)}
RESULTS: dict[str, dict[tuple[str, str], Type]] = {
    "+": {**{(b, a): result for (a, b), result in _PLUS.items()}, **_PLUS},
    "-": _MINUS,
    "*": {**{(b, a): result for (a, b), result in _TIMES.items()}, **_TIMES},
    "/": _OVER,
    "**": {("number", "number"): NUMBER},
}
_VERBS = {
    "+": "{a} and {b} cannot be added", "-": "{b} cannot be taken from {a}", "*": "{a} and {b} cannot be multiplied",
    "/": "{a} cannot be divided by {b}", "**": "{a} cannot be raised to {b}",
}  # fmt: skip
Side = tuple[tree.Expr, Type]  # an operand with its type
_ORDERED = {"number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"}


def described(kind: Type) -> str:
    """`a number`, `a list`, `null`."""
    if kind == NULL:
        return "null"
    name = str(kind).partition("<")[0]
    return f"{'an' if name[0] in 'aeiouA' else 'a'} {name}"


def arithmetic(checker: Checker, node: tree.Arithmetic, names: Names) -> Type:
    left, right = checker.type_of(node.left, names), checker.type_of(node.right, names)
    if node.op == "/" and isinstance(node.right, tree.Number) and not node.right.value:
        return checker.report("E307", node, "a division by zero is always null")
    if ANY in (left, right):
        return _only_result(node.op, left, right)
    pair = (str(left), str(right))
    if pair in RESULTS[node.op]:
        return RESULTS[node.op][pair]
    if NULL in (left, right):
        return checker.report("E309", node, f"this is always null: {node.op} has no answer for null")
    message = _VERBS[node.op].format(a=described(left), b=described(right))
    return checker.report("E301", node, message, _conversion_hint(node.op, left, right))


def _only_result(op: str, left: Type, right: Type) -> Type:
    """The type that every fitting pair would give."""
    known = left if right is ANY else right
    fitting = [result for pair, result in RESULTS[op].items() if str(known) in pair or known is ANY]
    return fitting[0] if fitting and all(result == fitting[0] for result in fitting) else ANY


def _conversion_hint(op: str, left: Type, right: Type) -> str:
    names = {str(left), str(right)}
    if op == "+" and "string" in names:
        return "turn the other into text with string(...)"
    if names & {"date", "date and time"} and "number" in names:
        return 'add a duration: duration("P3D") is three days'
    return ""


def minus(checker: Checker, node: tree.Negation, names: Names) -> Type:
    kind = checker.type_of(node.operand, names)
    if kind is ANY or kind in (DAYS_DURATION, MONTHS_DURATION) or str(kind) == "number":
        return kind
    return checker.report("E301", node, f"{described(kind)} has no negative")


def comparison(checker: Checker, node: tree.Comparison, names: Names) -> Type:
    left, right = checker.type_of(node.left, names), checker.type_of(node.right, names)
    compare(checker, node, node.op, (node.left, left), (node.right, right))
    return BOOLEAN


def compare(checker: Checker, node: tree.Node, op: str, left: Side, right: Side) -> None:
    """Report a comparison that can never be true."""
    one, other = left[1], right[1]
    equality = op in ("=", "!=")
    unordered = [kind for kind in (one, other) if not equality and kind is not ANY and str(kind) not in _ORDERED]
    if unordered:
        checker.report("E302", node, f"{described(unordered[0])} has no order: {op} is never true", _known_hint(one, other))
    elif not _comparable(one, other) and not (equality and NULL in (one, other)):
        message = f"this is never true: {described(one)} is compared with {described(other)}"
        checker.report("E302", node, message, _quote_hint(left, right))
    elif equality:
        for literal, kind in ((left[0], other), (right[0], one)):
            _allowed(checker, op, literal, kind)


def _known_hint(one: Type, other: Type) -> str:
    return "whether something is known is asked by = null or != null" if NULL in (one, other) else ""


def _comparable(one: Type, other: Type) -> bool:
    dates = {"date", "date and time"}
    return same_kind(one, other) or {str(one), str(other)} == dates


def _quote_hint(left: Side, right: Side) -> str:
    for literal, kind in ((left[0], right[1]), (right[0], left[1])):
        if isinstance(literal, tree.String) and str(kind) == "number":
            return "write the number without quotes"
        if isinstance(literal, tree.String) and str(kind) in ("date", "time", "date and time"):
            return f'write @"{literal.value}"'
    return ""


def _allowed(checker: Checker, op: str, literal: tree.Expr, kind: Type) -> None:
    if isinstance(literal, tree.String) and isinstance(kind, Simple) and kind.values and literal.value not in kind.values:
        allowed = [str(value) for value in kind.values]
        hint = did_you_mean(literal.value, allowed) or f"it is one of {', '.join(allowed)}"
        always = "never" if op == "=" else "always"
        checker.report("E303", literal, f'"{literal.value}" is not an allowed value here, so this is {always} true', hint)


def logic(checker: Checker, node: tree.Logic, names: Names) -> Type:
    for side in (node.left, node.right):
        require_boolean(checker, side, checker.type_of(side, names), f"{node.op} joins conditions")
    return BOOLEAN


def require_boolean(checker: Checker, node: tree.Expr, kind: Type, why: str) -> None:
    if kind is not ANY and kind != NULL and str(kind) != "boolean":
        checker.report("E304", node, f"{why}, and this is {described(kind)}", "compare it with something")


def between(checker: Checker, node: tree.Between, names: Names) -> Type:
    value = checker.type_of(node.value, names)
    for end in (node.low, node.high):
        compare(checker, node, "<=", (node.value, value), (end, checker.type_of(end, names)))
    return BOOLEAN


def member_of(checker: Checker, node: tree.In, names: Names) -> Type:
    value = checker.type_of(node.value, names)
    for test in node.tests:
        one_test(checker, node.value, value, test, names)
    return BOOLEAN


def one_test(checker: Checker, value: tree.Expr, kind: Type, test: tree.Expr, names: Names) -> None:
    """One test of `in` or of a cell, against the type of the value that it tests."""
    if isinstance(test, tree.UnaryTest):
        compare(checker, test, test.op, (value, kind), (test.operand, checker.type_of(test.operand, names)))
        return
    if isinstance(test, tree.RangeOf):
        for end in (test.low, test.high):
            compare(checker, test, "<=", (value, kind), (end, checker.type_of(end, names)))
        return
    found = checker.type_of(test, names)
    if isinstance(test, tree.ListOf):
        for item in test.items:
            one_test(checker, value, kind, item, names)
    elif not isinstance(found, RangeType | ListType):
        compare(checker, test, "=", (value, kind), (test, found))


def unary_test(checker: Checker, node: tree.UnaryTest, names: Names) -> Type:
    return RangeType(checker.type_of(node.operand, names))
