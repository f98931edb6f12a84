"""A function's row from one line: `substring(string: string, start position: number, length?: number): string`.

`?` marks an optional parameter, `...` one that may be given any number of times.
"""

from collections.abc import Callable

from orderloom.dsl.feel.scope import Function, Parameter
from orderloom.dsl.feel.types import BY_NAME, ListType, RangeType, Type


def built_in(signature: str, call: Callable[..., object], doc: str) -> Function:
    name, _, rest = signature.partition("(")
    params, _, result = rest.rpartition("): ")
    written = [part for part in params.split(", ") if part]
    return Function(name, tuple(map(_parameter, written)), _type(result), call, doc, variadic=params.endswith("..."))


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(": ")
    return Parameter(name.rstrip("?"), _type(kind.removesuffix("...")), optional=name.endswith("?"))


def _type(text: str) -> Type:
    if text.startswith("list<"):
        return ListType(_type(text[5:-1]))
    if text.startswith("range<"):
        return RangeType(_type(text[6:-1]))
    return BY_NAME[text]
