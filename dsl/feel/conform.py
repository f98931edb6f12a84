"""Values against declared types: what a value is, and the conversions that FEEL makes on its own."""

from decimal import Decimal
from typing import Final

from orderloom.dsl.feel.dates import Date
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.limits import Meter
from orderloom.dsl.feel.ranges import UNBOUNDED, Range
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.times import DateTime, Time
from orderloom.dsl.feel.types import ANY, DATE_TIME, ContextType, FunctionType, ListType, RangeType, Simple, Type
from orderloom.dsl.feel.values import from_python

CLASSES: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "days and time duration": DaysDuration,
    "years and months duration": MonthsDuration,
    "Null": type(None),
}


class Mismatch:
    """What `coerce` answers when the value cannot be of the type."""


MISMATCH: Final = Mismatch()


def is_a(value: object, kind: Type, meter: Meter | None = None) -> bool:
    """FEEL's `instance of`: null is an instance of Null alone; inside lists and contexts null is of any type.

    A small list may hold itself many times over, so that the items of lists in lists are counted.
    """
    value = from_python(value)
    if isinstance(kind, Simple):
        return value is not None if kind.name == "Any" else isinstance(value, CLASSES[kind.name])
    if isinstance(kind, ListType):
        return isinstance(value, list) and (kind.of is ANY or _items_are(value, kind.of, meter or Meter()))
    if isinstance(kind, ContextType):
        return isinstance(value, dict) and all(_holds(value, name, of, meter) for name, of in kind.fields.items())
    if isinstance(kind, RangeType):
        return isinstance(value, Range) and _ends_are(value, kind.of)
    return isinstance(value, Function) and _function_is(value, kind)


def _items_are(items: list[object], kind: Type, meter: Meter) -> bool:
    meter.spend(len(items))
    return all(item is None or is_a(item, kind, meter) for item in items)


def _holds(context: dict[str, object], name: str, kind: Type, meter: Meter | None) -> bool:
    return name in context and (context[name] is None or is_a(context[name], kind, meter))


def _ends_are(value: Range, kind: Type) -> bool:
    ends = [end for end in (value.low, value.high) if end is not UNBOUNDED and end is not None]
    return all(is_a(end, kind) for end in ends)


def _function_is(value: Function, kind: FunctionType) -> bool:
    """Parameters may be wider than asked for, the result may be narrower."""
    if kind.result == ANY and not kind.params and not value.params:
        return True
    return (
        len(value.params) == len(kind.params)
        and all(fits(wanted, param.type) for wanted, param in zip(kind.params, value.params, strict=True))
        and fits(value.result, kind.result)
    )


def fits(kind: Type, target: Type) -> bool:
    """Whether every value of one type is a value of the other."""
    match kind, target:
        case _, Simple("Any"):
            return True
        case Simple(name), Simple(other):
            return name in (other, "Null")
        case (ListType(of), ListType(other_of)) | (RangeType(of), RangeType(other_of)):
            return fits(of, other_of)
        case ContextType(fields), ContextType(wanted):
            return all(name in fields and fits(fields[name], of) for name, of in wanted.items())
        case FunctionType(params, result), FunctionType(other_params, other_result):
            return (
                len(params) == len(other_params)
                and all(fits(other, param) for other, param in zip(other_params, params, strict=True))
                and fits(result, other_result)
            )
    return False


def coerce(value: object, kind: Type) -> object:
    """The value as one of the type, or MISMATCH. Null is of every type here.

    A list of one item stands for the item where no list is wanted, an item for a list of it, a date for its midnight (UTC).
    """
    if value is None or kind is ANY or (type(kind) is Simple and type(value) is CLASSES.get(kind.name)):
        return value
    value = from_python(value)
    if is_a(value, kind):
        return value
    if isinstance(kind, ListType) and not isinstance(value, list) and is_a(value, kind.of):
        return [value]
    if isinstance(value, list) and len(value) == 1 and not isinstance(kind, ListType):
        return coerce(value[0], kind)
    if isinstance(value, Date) and kind == DATE_TIME:
        return DateTime(value, Time(0, 0))
    return MISMATCH


def conformed(value: object, kind: Type) -> object:
    """The value as one of the type, or null."""
    found = coerce(value, kind)
    return None if found is MISMATCH else found
