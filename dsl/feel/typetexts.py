"""Types as written in an expression, to the types that they mean."""

from collections.abc import Iterable, Mapping

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.suggest import did_you_mean
from orderloom.dsl.feel.types import BY_NAME, ContextType, FunctionType, ListType, RangeType, Type


def resolve(written: tree.TypeText, named: Mapping[str, Type]) -> tuple[Type | None, tuple[Problem, ...]]:
    """The type that stands behind a type's text."""
    match written:
        case tree.NamedType(name):
            found = named.get(name) or BY_NAME.get(name)
            if found is None:
                return None, (Problem("E403", written.start, written.end, f"there is no type {name}", _type_hint(name, named)),)
            return found, ()
        case tree.GenericType(kind, of):
            inner, problems = resolve(of, named)
            return (ListType(inner) if kind == "list" else RangeType(inner)) if inner else None, problems
        case tree.ContextTypeText(fields):
            values, problems = _resolve_all([of for _, of in fields], named)
            names = [name for name, _ in fields]
            return None if values is None else ContextType(dict(zip(names, values, strict=True))), problems
        case tree.FunctionTypeText(params, result):
            values, problems = _resolve_all([*params, result], named)
            return FunctionType(tuple(values[:-1]), values[-1]) if values is not None else None, problems


def _resolve_all(texts: Iterable[tree.TypeText], named: Mapping[str, Type]) -> tuple[list[Type] | None, tuple[Problem, ...]]:
    resolved = [resolve(text, named) for text in texts]
    values = [kind for kind, _ in resolved if kind is not None]
    return values if len(values) == len(resolved) else None, tuple(problem for _, found in resolved for problem in found)


def _type_hint(name: str, named: Mapping[str, Type]) -> str:
    return did_you_mean(name, [*named, *BY_NAME]) or "known: boolean, date, date and time, number, string, time, list<...>"
