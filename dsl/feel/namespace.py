"""What emitted code may name, and nothing else: Python's own names cannot be reached from it."""

import decimal
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from orderloom.dsl.feel import access, compare, operators
from orderloom.dsl.feel.arithmetic import CONTEXT
from orderloom.dsl.feel.builtins_temporal import date_from, date_time_from
from orderloom.dsl.feel.conform import is_a
from orderloom.dsl.feel.invoke import invoke, invoke_named
from orderloom.dsl.feel.limits import Meter, metered
from orderloom.dsl.feel.ranges import UNBOUNDED, Range
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.types import ANY
from orderloom.dsl.feel.values import from_python


def attempt(trace: list[Any], node: Any, operation: Callable[..., object], *args: object) -> object:
    """One guarded operation; one that answers null is written to the trace with its operands."""
    try:
        result = operation(*args)
    except ArithmeticError:
        result = None
    if result is None:
        trace.append((node, args))
    return result


def in_context(run: Callable[..., object], *args: object) -> object:
    """Run with FEEL's arithmetic; spelt out, as a context manager would take longer than most expressions."""
    before = decimal.getcontext()
    decimal.setcontext(CONTEXT)
    try:
        return run(*args)
    finally:
        decimal.setcontext(before)


def entry(item: object, name: str, outside: object) -> object:
    """A name inside a filter: the item's entry, else what the name means outside."""
    return item[name] if isinstance(item, Mapping) and name in item else outside


def make_range(low: object, high: object, low_closed: bool, high_closed: bool) -> Range | None:
    """A range between two values of one kind that has an order; null may stand for either."""
    low, high = from_python(low), from_python(high)
    ends = [end for end in (low, high) if end is not None]
    if ends and compare.order_key(ends[0], ends[-1]) is None:
        return None
    return Range(low, high, low_closed, high_closed)


def half_line(op: str, value: object) -> Range | None:
    """`< 5` as a value."""
    if op in ("<", "<="):
        return Range(UNBOUNDED, value, False, op == "<=")
    if op in (">", ">="):
        return Range(value, UNBOUNDED, op == ">=", False)
    return Range(value, value, True, True) if op == "=" else None


def passes(value: object, result: object) -> bool | None:
    """Whether a cell's result lets the value pass: a boolean decides, unless the value is one too."""
    if isinstance(result, bool) and not isinstance(value, bool):
        return result
    return compare.member(value, result)


def external(*_args: object) -> None:
    """The body of a function in another language, which is never run."""


LIBRARY: Mapping[str, object] = {
    "__builtins__": {},
    "type": type,
    "len": len,
    "str": str,
    "int": int,
    "bool": bool,
    "dict": dict,
    "list": list,
    "Decimal": Decimal,
    "NUMBERS": frozenset({Decimal, int}),
    "PLAIN": compare.PLAIN | {int},
    "NO_ITEM": (None,),
    "ANY": ANY,
    "CONTEXT": CONTEXT,
    "getcontext": decimal.getcontext,
    "Function": Function,
    "Meter": Meter,
    "metered": metered,
    "date_from": date_from,
    "date_time_from": date_time_from,
    "is_a": is_a,
    "invoke": invoke,
    "invoke_named": invoke_named,
    "as_list": access.as_list,
    "count_through": access.count_through,
    "field": access.field,
    "item_at": access.item_at,
    "loop_over": access.loop_over,
    **{name: getattr(operators, name) for name in ("add", "subtract", "multiply", "divide", "power", "negate")},
    **{name: getattr(compare, name) for name in ("equal", "unequal", "less", "less_or_equal", "greater", "greater_or_equal")},
    **{name: getattr(compare, name) for name in ("both", "either", "negation", "member")},
    **{helper.__name__: helper for helper in (attempt, in_context, entry, make_range, half_line, passes, external)},
}
