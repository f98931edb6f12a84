"""Emitting operators. Each inline form is taken only for the types that it is right for; the function decides the rest."""

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.types import Type
from orderloom.dsl.feel.unit import NOTHING, Env, Operand, Unit

_FUNCTIONS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "power"}
_COMPARE = {"=": "equal", "!=": "unequal", "<": "less", "<=": "less_or_equal", ">": "greater", ">=": "greater_or_equal"}
_PYTHON = {"=": "=="}


def arithmetic(unit: Unit, node: tree.Arithmetic, env: Env) -> Operand:
    left, right = unit.emit(node.left, env), unit.emit(node.right, env)
    unit.arithmetic = True
    function = _FUNCTIONS[node.op]
    fast = ""
    if node.op in "+-*":
        a, b = left.code, right.code
        fast = f"{a} {node.op} {b} if {_are_decimals(left, right)} else {unit.call(function, left, right)}"
    return unit.operate(node, function, left, right, fast=fast)


def _are_decimals(left: Operand, right: Operand) -> str:
    """A test that Python's operator will answer a Decimal: two ints would not."""
    if left.kind == "number" or right.kind == "number":
        unsure = right if left.kind == "number" else left
        return "True" if unsure.kind == "number" else f"type({unsure.code}) is Decimal"
    return f"type({left.code}) is Decimal and type({right.code}) is Decimal"


def minus(unit: Unit, node: tree.Negation, env: Env) -> Operand:
    unit.arithmetic = True
    return unit.operate(node, "negate", unit.emit(node.operand, env))


def comparison(unit: Unit, node: tree.Comparison, env: Env) -> Operand:
    return compare(unit, node, node.op, unit.emit(node.left, env), unit.emit(node.right, env))


def compare(unit: Unit, node: tree.Node, op: str, left: Operand, right: Operand) -> Operand:
    function = _COMPARE[op]
    test = _comparable(op, left, right)
    fast = f"{left.code} {_PYTHON.get(op, op)} {right.code} if {test} else {unit.call(function, left, right)}"
    return unit.operate(node, function, left, right, kind="boolean?", fast=fast if test else "")


def _comparable(op: str, left: Operand, right: Operand) -> str:
    """A test that Python's operator is right for the two; empty when it is not worth a try."""
    for known, unknown in ((left, right), (right, left)):
        if known.kind == "number":
            return f"type({unknown.code}) in NUMBERS"
        if known.kind == "string":
            return f"type({unknown.code}) is str"
        if known.kind in ("null", "list", "boolean?"):
            return ""
    if op in ("=", "!="):
        return f"type({left.code}) is type({right.code}) and type({left.code}) in PLAIN"
    return f"type({left.code}) in NUMBERS and type({right.code}) in NUMBERS"


def logic(unit: Unit, node: tree.Logic, env: Env) -> Operand:
    """Kleene's connectives: the right side is evaluated only while the left has not decided."""
    left = unit.emit(node.left, env)
    result = unit.name()
    deciding, function = ("False", "both") if node.op == "and" else ("True", "either")
    with unit.block(f"if {left.code} is {deciding}:"):
        unit.line(f"{result} = {deciding}")
    with unit.block("else:"):
        right = unit.emit(node.right, env)
        neutral = "True" if deciding == "False" else "False"
        sure = right.kind == "boolean?" and not unit.careful
        joined = unit.operate(node, function, left, right) if not sure else None
        inline = f"{right.code} if {left.code} is {neutral} else {function}({left.code}, {right.code})"
        unit.line(f"{result} = {joined.code if joined else inline}")
    return Operand(result, "boolean?")


def between(unit: Unit, node: tree.Between, env: Env) -> Operand:
    value, low, high = (unit.emit(part, env) for part in (node.value, node.low, node.high))
    return _within(unit, node, value, (low, "<="), (high, "<="))


def _within(unit: Unit, node: tree.Node, value: Operand, low: tuple[Operand, str], high: tuple[Operand, str]) -> Operand:
    above = compare(unit, node, low[1], low[0], value)
    below = compare(unit, node, high[1], value, high[0])
    result = unit.name()
    unit.line(f"{result} = {below.code} if {above.code} is True else both({above.code}, {below.code})")
    return Operand(result, "boolean?")


def member_of(unit: Unit, node: tree.In, env: Env) -> Operand:
    value = unit.emit(node.value, env)
    return any_test(unit, value, node.tests, env)


def any_test(unit: Unit, value: Operand, tests: tuple[tree.Expr, ...], env: Env) -> Operand:
    """Whether one of the tests passes, as `or` would answer."""
    result = one_test(unit, value, tests[0], env)
    for test in tests[1:]:
        joined = unit.name()
        with unit.block(f"if {result.code} is True:"):
            unit.line(f"{joined} = True")
        with unit.block("else:"):
            unit.line(f"{joined} = either({result.code}, {one_test(unit, value, test, env).code})")
        result = Operand(joined, "boolean?")
    return result


def one_test(unit: Unit, value: Operand, test: tree.Expr, env: Env) -> Operand:
    if isinstance(test, tree.UnaryTest):
        return compare(unit, test, test.op, value, unit.emit(test.operand, env))
    if isinstance(test, tree.RangeOf):
        low, high = unit.emit(test.low, env), unit.emit(test.high, env)
        return _within(unit, test, value, (low, "<=" if test.low_closed else "<"), (high, "<=" if test.high_closed else "<"))
    if isinstance(test, tree.Number | tree.String):
        return compare(unit, test, "=", value, unit.emit(test, env))
    if isinstance(test, tree.ListOf) and any(isinstance(item, tree.UnaryTest) for item in test.items):
        return any_test(unit, value, test.items, env)
    return unit.operate(test, "member", value, unit.emit(test, env), kind="boolean?")


def unary_test(unit: Unit, node: tree.UnaryTest, env: Env) -> Operand:
    operand = unit.emit(node.operand, env)
    return unit.operate(node, "half_line", Operand(repr(node.op)), operand)


def instance_of(unit: Unit, node: tree.InstanceOf, env: Env) -> Operand:
    value = unit.emit(node.value, env)
    kind: Type | None = unit.type_of(node.type)
    if kind is None:
        return NOTHING
    return unit.operate(node, "is_a", value, unit.constant(kind), kind="boolean?")
