"""Emitting literals, names, paths, lists, contexts, ranges and conditions."""

from msgspec.structs import replace

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.invoke import bound
from orderloom.dsl.feel.temporal import parse_temporal
from orderloom.dsl.feel.types import ANY, ContextType
from orderloom.dsl.feel.unit import NOTHING, Env, Operand, Unit


def number(unit: Unit, node: tree.Number, _env: Env) -> Operand:
    return unit.constant(node.value, "number")


def string(unit: Unit, node: tree.String, _env: Env) -> Operand:
    return unit.constant(node.value, "string")


def boolean(_unit: Unit, node: tree.Boolean, _env: Env) -> Operand:
    return Operand(repr(node.value), "boolean?")


def null(_unit: Unit, _node: tree.Null, _env: Env) -> Operand:
    return NOTHING


def at(unit: Unit, node: tree.At, _env: Env) -> Operand:
    value = parse_temporal(node.text)
    return NOTHING if value is None else unit.constant(value)


def name(unit: Unit, node: tree.Name, env: Env) -> Operand:
    return _look_up(unit, node.name, env) or _function_value(unit, node.name)


def _look_up(unit: Unit, name: str, env: Env | None) -> Operand | None:
    """The operand that a name stands for; None when nothing in scope has the name."""
    if env is None:
        return unit.input(name) if name in unit.scope.names else None
    found = env.names.get(name) or _look_up(unit, name, env.outer)
    if env.item is None:
        return found
    outside = found or _function_value(unit, name)
    item = env.item.code
    return unit.assign(
        f"{item}.get({name!r}, {outside.code}) if type({item}) is dict else entry({item}, {name!r}, {outside.code})"
    )


def _function_value(unit: Unit, name: str) -> Operand:
    """A function by its name, as a value: the host's, else the built-in's first form."""
    rows = unit.functions(name)
    return unit.constant(replace(rows[0], call=bound(rows[:1]))) if rows else NOTHING


def path(unit: Unit, node: tree.Path, env: Env) -> Operand:
    """A declared field is taken to be there, as that is faster; one that is not there makes the careful form run."""
    base = unit.emit(node.base, env)
    declared = base.type.fields.get(node.name) if isinstance(base.type, ContextType) else None
    get = f"[{node.name!r}]" if declared and not unit.functions_deep else f".get({node.name!r})"
    field = Operand(repr(node.name))
    slow = f"field({base.code}, {field.code})" if declared else unit.call("field", base, field)
    fast = f"{base.code}{get} if type({base.code}) is dict else {slow}"
    return replace(unit.operate(node, "field", base, field, fast=fast), type=declared or ANY)


def list_of(unit: Unit, node: tree.ListOf, env: Env) -> Operand:
    items = [unit.emit(item, env).code for item in node.items]
    return unit.assign(f"[{', '.join(items)}]", "list")


def context_of(unit: Unit, node: tree.ContextOf, env: Env) -> Operand:
    """Each entry sees those before it; a function also sees itself. A key that comes twice makes the context null."""
    keys = [key for key, _ in node.entries]
    if len(set(keys)) != len(keys):
        return NOTHING
    values: dict[str, Operand] = {}
    for key, value in node.entries:
        target = unit.name()
        inner = env.bind(values | {key: Operand(target, "recursive")} if isinstance(value, tree.Lambda) else dict(values))
        emitted = unit.emit(value, inner)
        unit.line(f"{target} = {emitted.code}")
        values[key] = Operand(target, emitted.kind)
    return unit.assign("{" + ", ".join(f"{key!r}: {value.code}" for key, value in values.items()) + "}")


def range_of(unit: Unit, node: tree.RangeOf, env: Env) -> Operand:
    low, high = unit.emit(node.low, env), unit.emit(node.high, env)
    ends = (Operand(repr(node.low_closed)), Operand(repr(node.high_closed)))
    return unit.operate(node, "make_range", low, high, *ends)


def if_then(unit: Unit, node: tree.If, env: Env) -> Operand:
    condition = unit.emit(node.condition, env)
    result = unit.name()
    with unit.block(f"if {condition.code} is True:"):
        then = unit.emit(node.then, env)
        unit.line(f"{result} = {then.code}")
    with unit.block("else:"):
        otherwise = unit.emit(node.otherwise, env)
        unit.line(f"{result} = {otherwise.code}")
    return Operand(result, then.kind if then.kind == otherwise.kind else "any")
