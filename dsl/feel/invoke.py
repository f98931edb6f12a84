"""Calling functions: arguments by position or name, exact count, declared types."""

from collections.abc import Callable, Mapping, Sequence

from orderloom.dsl.feel.conform import CLASSES, MISMATCH, coerce
from orderloom.dsl.feel.scope import Function, Parameter
from orderloom.dsl.feel.types import ANY, Simple
from orderloom.dsl.feel.values import from_python


def bound(rows: Sequence[Function]) -> Callable[..., object]:
    """A built-in's Python call, its arguments converted: that of the first row which they fit.

    Null where they fit none, or where one is null that must not be.
    """
    if len(rows) == 1 and all(param.type is ANY for param in rows[0].params):
        return rows[0].call

    classes = [CLASSES.get(param.type.name) if isinstance(param.type, Simple) else None for param in rows[0].params]
    call = rows[0].call

    def converted(*args: object) -> object:
        if list(map(type, args)) == classes:  # as it is most often; nothing is to be converted then
            return call(*args)
        for row in rows:
            values = _converted(row, args)
            if values is not None:
                return row.call(*values)
        return None

    return converted


def _converted(row: Function, args: Sequence[object]) -> list[object] | None:
    """The arguments as the row's parameters ask for them, or None."""
    values = []
    last = len(row.params) - 1
    for i, arg in enumerate(args):
        param = row.params[min(i, last)]
        value = coerce(arg, param.type)
        if value is MISMATCH or (value is None and param.type is not ANY and not param.optional):
            return None
        values.append(value)
    return values


def choose(rows: Sequence[Function], count: int) -> tuple[Function, ...]:
    """The rows of a function that take so many arguments."""
    return tuple(row for row in rows if row.accepts(count))


def by_name(rows: Sequence[Function], names: Sequence[str]) -> tuple[Function, tuple[int | None, ...]] | None:
    """The row whose parameters have these names, and for each parameter the position of its argument."""
    for row in rows:
        positions = _positions(row.params, names)
        if positions is not None:
            return row, positions
    return None


def _positions(params: Sequence[Parameter], names: Sequence[str]) -> tuple[int | None, ...] | None:
    known = [param.name for param in params]
    if len(set(names)) != len(names) or not set(names) <= set(known):
        return None
    if any(param.name not in names and not param.optional for param in params):
        return None
    found = [names.index(name) if name in names else None for name in known]
    while found and found[-1] is None:
        found.pop()
    return tuple(found)


def invoke(function: object, args: Sequence[object]) -> object:
    """Call a function value with arguments by position; null when it is no function or does not take so many.

    Arguments given to a function that an expression defines are converted to its parameters' types; one that does not
    conform makes the answer null.
    """
    function = from_python(function)
    if not isinstance(function, Function) or not function.accepts(len(args)):
        return None
    values = []
    for param, arg in zip(function.params, args, strict=False):
        value = coerce(arg, param.type)
        if value is MISMATCH:
            return None
        values.append(value)
    return function.call(*values, *args[len(values) :])


def invoke_named(function: object, args: Mapping[str, object]) -> object:
    """Call a function value with arguments by name."""
    function = from_python(function)
    if not isinstance(function, Function):
        return None
    found = by_name((function,), tuple(args))
    values = list(args.values())
    return invoke(function, [None if i is None else values[i] for i in found[1]]) if found else None
