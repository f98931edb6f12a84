"""Emitting filters, for, some and every as plain loops."""

from collections.abc import Callable

from msgspec.structs import replace

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.types import ANY, ListType
from orderloom.dsl.feel.unit import Env, Operand, Unit

_CONDITIONS = (tree.Comparison, tree.Logic, tree.Between, tree.In, tree.Quantified, tree.InstanceOf, tree.Boolean)


def filter_(unit: Unit, node: tree.Filter, env: Env) -> Operand:
    base = unit.emit(node.base, env)
    if isinstance(node.condition, tree.Number):
        unit.arithmetic = True
        return unit.operate(node, "item_at", base, unit.emit(node.condition, env))
    items = unit.assign(f"{base.code} if type({base.code}) is list else as_list({base.code})", "list")
    result = unit.assign("[]")
    if isinstance(node.condition, _CONDITIONS):
        _keep(unit, node, env, items, result)
        return Operand(result.code, "list")
    _keep_or_pick(unit, node, env, items, result)
    return result


def _keep(unit: Unit, node: tree.Filter, env: Env, items: Operand, result: Operand) -> None:
    item = unit.name()
    unit.spend(f"len({items.code})")
    with unit.loop(f"for {item} in {items.code}:"):
        condition = unit.emit(node.condition, env.filtering(Operand(item)))
        unit.line(f"if {condition.code} is True: {result.code}.append({item})")


def _keep_or_pick(unit: Unit, node: tree.Filter, env: Env, items: Operand, result: Operand) -> None:
    """A condition that may turn out to be a number picks one item. It is asked even when there is no item, to know."""
    item = unit.name()
    unit.arithmetic = True
    unit.spend(f"len({items.code}) + 1")
    with unit.loop(f"for {item} in {items.code} or NO_ITEM:"):
        condition = unit.emit(node.condition, env.filtering(Operand(item)))
        unit.line(f"if {condition.code} is True: {result.code}.append({item})")
        with unit.block(f"elif type({condition.code}) in NUMBERS:"):
            unit.line(f"{result.code} = item_at({items.code}, {condition.code})")
            unit.line("break")
    with unit.block(f"if not {items.code} and {result.code}:"):
        unit.line(f"{result.code} = []")


def for_each(unit: Unit, node: tree.For, env: Env) -> Operand:
    result = unit.assign("[]")

    def body(inner: Env) -> None:
        inner = _with_partial(unit, node, inner, result)
        value = unit.emit(node.body, inner)
        unit.line(f"{result.code}.append({value.code})")

    _nest(unit, node, env, result, body, stop="None")
    return result


def _with_partial(unit: Unit, node: tree.For, env: Env, result: Operand) -> Env:
    """`partial` is the list of the rounds before; it is copied where the body could keep it."""
    mentions = [found for found in _mentions(node.body) if found == "partial"]
    if not mentions:
        return env
    if _only_filtered(node.body):
        return env.bind({"partial": result})
    unit.spend(f"len({result.code})")
    return env.bind({"partial": unit.assign(f"{result.code}[:]", "list")})


def _mentions(node: tree.Node) -> list[str]:
    inner = [found for child in tree.children(node) for found in _mentions(child)]
    return [*inner, node.name] if isinstance(node, tree.Name) else inner


def _only_filtered(node: tree.Node) -> bool:
    if isinstance(node, tree.Name):
        return node.name != "partial"
    if isinstance(node, tree.Filter) and isinstance(node.base, tree.Name):
        return _only_filtered(node.condition)
    return all(_only_filtered(child) for child in tree.children(node))


def quantified(unit: Unit, node: tree.Quantified, env: Env) -> Operand:
    found, otherwise = ("True", "False") if node.kind == "some" else ("False", "True")
    result = unit.assign(otherwise, "boolean?")

    def body(inner: Env) -> None:
        condition = unit.emit(node.condition, inner)
        with unit.block(f"if {condition.code} is {found}:"):
            unit.line(f"{result.code} = {found}")
            unit.line("break")
        unit.line(f"if {condition.code} is not {otherwise}: {result.code} = None")

    _nest(unit, node, env, result, body, stop=found)
    return result


def _nest(
    unit: Unit, node: tree.For | tree.Quantified, env: Env, result: Operand, body: Callable[[Env], None], stop: str, at: int = 0
) -> None:
    """One loop an iteration, each inside the one before. A domain that cannot be gone over makes the result null."""
    if at == len(node.iterations):
        body(env)
        return
    iteration = node.iterations[at]
    items = _domain(unit, iteration, env)
    kind = items.type.of if isinstance(items.type, ListType) else ANY
    with unit.block(f"if {items.code} is None:"):
        unit.line(f"{result.code} = None")
        if at:
            unit.line("break")
    variable = unit.name()
    with unit.block("else:"):
        unit.spend(f"len({items.code})")
        with unit.loop(f"for {variable} in {items.code}:"):
            _nest(unit, node, env.bind({iteration.name: Operand(variable, type=kind)}), result, body, stop, at + 1)
        if at:
            unit.line(f"if {result.code} is {stop}: break")


def _domain(unit: Unit, iteration: tree.Iteration, env: Env) -> Operand:
    domain = unit.emit(iteration.domain, env)
    if iteration.high is None:
        items = unit.assign(f"{domain.code} if type({domain.code}) is list else loop_over({domain.code})")
        return replace(items, type=domain.type)
    return unit.operate(iteration, "count_through", domain, unit.emit(iteration.high, env))
