"""Emitting calls and function definitions."""

from collections.abc import Mapping

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.builtins_temporal import now, today
from orderloom.dsl.feel.check import check
from orderloom.dsl.feel.compare import negation
from orderloom.dsl.feel.invoke import bound, by_name, choose
from orderloom.dsl.feel.scope import Function, Parameter
from orderloom.dsl.feel.types import ANY, FunctionType, Type
from orderloom.dsl.feel.unit import NOTHING, Env, Operand, Unit

NOW = "now()"  # where the host's context holds the present
PRESENT: Mapping[object, str] = {now: "date_time_from", today: "date_from"}


def call(unit: Unit, node: tree.Call, env: Env) -> Operand:
    args = [unit.emit(arg, env) for arg in node.args]
    rows = _known(unit, node.function, env)
    if rows is None:
        function = unit.emit(node.function, env)
        unit.spend("1")
        return unit.operate(node, "invoke", function, _tuple(args))
    fitting = choose(rows, len(args))
    return _direct(unit, node, fitting, args) if fitting else NOTHING


def named_call(unit: Unit, node: tree.NamedCall, env: Env) -> Operand:
    names = [name for name, _ in node.args]
    args = [unit.emit(arg, env) for _, arg in node.args]
    rows = _known(unit, node.function, env)
    if rows is None:
        function = unit.emit(node.function, env)
        unit.spend("1")
        if len(set(names)) != len(names):
            return NOTHING
        given = "{" + ", ".join(f"{name!r}: {arg.code}" for name, arg in zip(names, args, strict=True)) + "}"
        return unit.operate(node, "invoke_named", function, Operand(given))
    found = by_name(rows, names)
    if not found:
        return NOTHING
    row, positions = found
    return _direct(unit, node, (row,), [NOTHING if i is None else args[i] for i in positions])


def _known(unit: Unit, function: tree.Expr, env: Env) -> tuple[Function, ...] | None:
    """The host's or built-in function that is called by its own name, unless a value of that name is in scope."""
    if not isinstance(function, tree.Name) or env.binds(function.name) or function.name in unit.scope.names:
        return None
    return unit.functions(function.name)


def _direct(unit: Unit, node: tree.Node, rows: tuple[Function, ...], args: list[Operand]) -> Operand:
    unit.arithmetic = True
    call = rows[0].call
    if call is negation:
        value = args[0]
        fast = f"(not {value.code}) if type({value.code}) is bool else negation({value.code})"
        return unit.operate(node, "negation", value, kind="boolean?", fast=fast)
    if call in PRESENT:
        return unit.operate(node, PRESENT[call], unit.input(NOW))
    return unit.operate(node, unit.constant(bound(rows)).code, *args)


def _tuple(args: list[Operand]) -> Operand:
    return Operand("(" + "".join(f"{arg.code}, " for arg in args) + ")")


def lambda_(unit: Unit, node: tree.Lambda, env: Env) -> Operand:
    """A Python function inside the code. Names around it are taken by value, so that a loop's later rounds do not show."""
    params = tuple(Parameter(param.name, (unit.type_of(param.type) if param.type else ANY) or ANY) for param in node.params)
    if node.external:
        return unit.assign(f"Function('', {unit.constant(params).code}, ANY, external)")
    codes = [unit.name() for _ in params]
    taken = sorted({operand.code for operand in env.operands() if operand.code.startswith("t") and operand.kind != "recursive"})
    defaults = [f"{code}={code}" for code in taken]
    function = unit.name("f")
    signature = ", ".join([*codes, *(["*", *defaults] if defaults else [])])
    with unit.function(f"def {function}({signature}):"):
        unit.spend("1")
        inner = env.bind({param.name: Operand(code) for param, code in zip(params, codes, strict=True)})
        unit.line(f"return {unit.emit(node.body, inner).code}")
    result = unit.constant(_result_type(unit, node))
    return unit.assign(f"Function('', {unit.constant(params).code}, {result.code}, {function})")


def _result_type(unit: Unit, node: tree.Lambda) -> Type:
    """What the body gives, as far as it can be told from the function alone."""
    kind, problems = check(node, unit.scope)
    return kind.result if isinstance(kind, FunctionType) and not problems else ANY
