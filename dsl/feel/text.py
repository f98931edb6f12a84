"""Trees back to text: `parse(unparse(tree)) == tree`, with white space and brackets made uniform."""

from collections.abc import Callable, Mapping
from typing import Any

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.names import is_plain
from orderloom.dsl.feel.strings import number_text, quoted

# How tightly a form binds: an operand that binds less tightly than its place asks for is put in parentheses.
_OPEN, _OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _NEGATE, _POSTFIX, _PRIMARY = range(10)
_ARITHMETIC = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}


def unparse(node: tree.Expr | tree.Tests) -> str:
    """The text of an expression, or of a cell."""
    if isinstance(node, tree.Tests):
        return _tests(node)
    return _text(node)


def _tests(node: tree.Tests) -> str:
    if not node.tests:
        return "-"
    inner = ", ".join(map(_text, node.tests))
    return f"not({inner})" if node.negated else inner


def _at(node: tree.Expr, level: int) -> str:
    text = _text(node)
    return text if _level(node) >= level else f"({text})"


def _level(node: tree.Expr) -> int:
    match node:
        case tree.If() | tree.For() | tree.Quantified() | tree.Lambda():
            return _OPEN
        case tree.Logic(op):
            return _OR if op == "or" else _AND
        case tree.Comparison() | tree.Between() | tree.In() | tree.UnaryTest():
            return _COMPARE
        case tree.Arithmetic(op):
            return _ARITHMETIC[op]
        case tree.Negation():
            return _NEGATE
        case tree.Number(value):
            return _NEGATE if value < 0 else _PRIMARY
        case tree.Path() | tree.Filter() | tree.Call() | tree.NamedCall() | tree.InstanceOf():
            return _POSTFIX
    return _PRIMARY


def _text(node: tree.Expr) -> str:
    literal = _LITERALS.get(type(node))
    return literal(node) if literal else _compound(node)


def _compound(node: tree.Expr) -> str:
    match node:
        case tree.Logic(op, left, right):
            level = _level(node)
            return f"{_at(left, level)} {op} {_at(right, level + 1)}"
        case tree.Comparison(op, left, right):
            return f"{_left_of_comparison(left)} {op} {_at(right, _ADD)}"
        case tree.Between(value, low, high):
            return f"{_left_of_comparison(value)} between {_at(low, _ADD)} and {_at(high, _ADD)}"
        case tree.In(value, tests):
            return f"{_left_of_comparison(value)} in {_members(tests)}"
        case tree.UnaryTest(op, operand):
            return f"{op} {_at(operand, _ADD)}"
        case tree.Arithmetic(op, left, right):
            level = _level(node)
            return f"{_at(left, level)} {op} {_at(right, level + 1)}"
        case tree.Negation(operand):
            return f"-{_at(operand, _NEGATE)}"
        case tree.If(condition, then, otherwise):
            return f"if {_text(condition)} then {_text(then)} else {_text(otherwise)}"
        case tree.For(iterations, body):
            return f"for {_iterations(iterations)} return {_text(body)}"
        case tree.Quantified(kind, iterations, condition):
            return f"{kind} {_iterations(iterations)} satisfies {_text(condition)}"
    return _postfix(node)


def _left_of_comparison(node: tree.Expr) -> str:
    """Comparisons chain to the left; a bare test would swallow what follows it."""
    return f"({_text(node)})" if isinstance(node, tree.UnaryTest) else _at(node, _COMPARE)


def _postfix(node: tree.Expr) -> str:
    match node:
        case tree.Path(base, name):
            dotted_type = isinstance(base, tree.InstanceOf)  # a dot after a type's name belongs to the name
            return f"({_text(base)}).{name}" if dotted_type else f"{_at(base, _POSTFIX)}.{name}"
        case tree.Filter(base, condition):
            return f"{_at(base, _POSTFIX)}[{_text(condition)}]"
        case tree.Call(function, args):
            return f"{_at(function, _POSTFIX)}({_list(args)})"
        case tree.NamedCall(function, named):
            return f"{_at(function, _POSTFIX)}({', '.join(f'{name}: {_text(arg)}' for name, arg in named)})"
        case tree.InstanceOf(value, kind):
            return f"{_at(value, _POSTFIX)} instance of {_type(kind)}"
        case tree.ListOf(items):
            return f"[{_list(items)}]"
        case tree.ContextOf(entries):
            return "{" + ", ".join(f"{_key(name)}: {_text(value)}" for name, value in entries) + "}"
        case tree.RangeOf(low, high, low_closed, high_closed):
            return f"{'[' if low_closed else '('}{_text(low)}..{_text(high)}{']' if high_closed else ')'}"
        case tree.Lambda(params, body, external):
            return f"function({', '.join(map(_parameter, params))}) {'external ' if external else ''}{_text(body)}"
    raise TypeError(f"{type(node).__name__} is no expression")


def _list(nodes: tuple[tree.Expr, ...]) -> str:
    return ", ".join(map(_text, nodes))


def _members(tests: tuple[tree.Expr, ...]) -> str:
    if len(tests) > 1:
        return f"({_list(tests)})"
    only = tests[0]
    return _text(only) if isinstance(only, tree.UnaryTest) else _at(only, _ADD)


def _iterations(iterations: tuple[tree.Iteration, ...]) -> str:
    return ", ".join(
        f"{each.name} in {_text(each.domain)}" + (f"..{_text(each.high)}" if each.high else "") for each in iterations
    )


def _parameter(param: tree.ParameterText) -> str:
    return param.name + (f": {_type(param.type)}" if param.type else "")


def _key(name: str) -> str:
    return name if is_plain(name) else quoted(name)


def _type(kind: tree.TypeText) -> str:
    match kind:
        case tree.NamedType(name):
            return name
        case tree.GenericType(name, of):
            return f"{name}<{_type(of)}>"
        case tree.ContextTypeText(fields):
            return "context<" + ", ".join(f"{_key(name)}: {_type(of)}" for name, of in fields) + ">"
        case tree.FunctionTypeText(params, result):
            return f"function<{', '.join(map(_type, params))}> -> {_type(result)}"


_LITERALS: Mapping[type, Callable[[Any], str]] = {
    tree.Number: lambda node: _number(node),
    tree.String: lambda node: quoted(node.value),
    tree.Boolean: lambda node: "true" if node.value else "false",
    tree.Null: lambda _: "null",
    tree.At: lambda node: f"@{quoted(node.text)}",
    tree.Name: lambda node: node.name,
}


def _number(node: tree.Number) -> str:
    exponent = int(node.value.as_tuple().exponent)
    return str(node.value) if exponent > 0 or exponent < -40 else number_text(node.value)
