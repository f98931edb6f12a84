"""Formulas that remember: the same values read give the same result, so it need not be worked out again.

A formula's shape says what it reads; that, and nothing else, is the key. What reads whole entities is not remembered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from msgspec.structs import replace

from orderloom.dsl.entities import ENTITIES, SCOPES
from orderloom.dsl.program import Formula, Promising, Service, Sourcing
from orderloom.dsl.shape import Path

T = TypeVar("T")
Context = Mapping[str, object]

ROOTS = frozenset(name for scope in SCOPES.values() for name in scope)
_LIMIT = 10_000  #: results that one formula remembers before it starts afresh


def remembering(policy: Sourcing, promising: Promising) -> tuple[Sourcing, Promising]:
    """The same two documents, with formulas that remember."""
    return _sourcing(policy), _promising(promising)


def _sourcing(policy: Sourcing) -> Sourcing:
    return replace(
        policy,
        pools=tuple(replace(pool, nodes=remembered(pool.nodes)) for pool in policy.pools),
        exclusions=tuple(replace(exclusion, when=remembered(exclusion.when)) for exclusion in policy.exclusions),
        terms=tuple(replace(term, formula=remembered(term.formula)) for term in policy.terms),
    )


def _promising(promising: Promising) -> Promising:
    return replace(
        promising,
        supply={name: replace(rule, trust=_trust(rule.trust)) for name, rule in promising.supply.items()},
        stock_classes={name: replace(rule, when=_optional(rule.when)) for name, rule in promising.stock_classes.items()},
        floor=_optional(promising.floor),
        lead_days=_optional(promising.lead_days),
        processing_days=_optional(promising.processing_days),
        services=tuple(_service(service) for service in promising.services),
    )


def _trust(trust: Decimal | Formula) -> Decimal | Formula:
    return remembered(trust) if isinstance(trust, Formula) else trust


def _service(service: Service) -> Service:
    return replace(service, when=_optional(service.when), transit_days=remembered(service.transit_days))


def _optional(formula: Formula | None) -> Formula | None:
    return None if formula is None else remembered(formula)


def remembered(formula: Formula) -> Formula:
    """The formula with a memory of its own; itself where it reads what cannot be remembered, or who knows what."""
    paths = paths_of((formula,))
    return formula if paths is None else replace(formula, evaluate=remember(formula.evaluate, paths))


def paths_of(formulas: Iterable[Formula]) -> tuple[Path, ...] | None:
    """All that the formulas read; None where it cannot be remembered, or is not known."""
    shapes = [formula.shape for formula in formulas]
    paths = {path for shape in shapes if shape for path in shape.reads if path[0] in ROOTS}
    return None if None in shapes or any(_whole(path) for path in paths) else tuple(sorted(paths))


def _whole(path: Path) -> bool:
    """Whether the path leads to an entity or a list of them, which no key can hold."""
    kind: str | None = path[0]
    for name in path[1:]:
        kind = ENTITIES.get(kind or "", {}).get(name)
    return kind is not None and kind.removeprefix("list<").removesuffix(">") in ENTITIES


def remember(evaluate: Callable[[Context], T], paths: tuple[Path, ...]) -> Callable[[Context], T]:
    """The function with a memory; its result depends on the context's values at the paths alone."""
    known: dict[object, T] = {}
    plain = read = _reader(paths)
    lists: frozenset[Path] = frozenset()

    def recall(context: Context) -> T:
        try:
            return known[read(context)]
        except KeyError:
            return learn(context)
        except TypeError:
            return adapt(context)

    def learn(context: Context) -> T:
        try:
            key = read(context)
        except KeyError:  # something on the way is missing
            return evaluate(context)
        if len(known) >= _LIMIT:
            known.clear()
        known[key] = result = evaluate(context)
        return result

    def adapt(context: Context) -> T:
        """Lists, which are no keys, are read as tuples from now on."""
        nonlocal read, lists
        try:
            found = lists.union(path for path, value in zip(paths, plain(context), strict=True) if type(value) is list)
        except (KeyError, TypeError):  # something on the way is missing, or has no fields
            return evaluate(context)
        if found == lists:
            return evaluate(context)
        lists, read = found, _reader(paths, found)
        return recall(context)

    return recall


def _reader(paths: tuple[Path, ...], lists: Collection[Path] = ()) -> Callable[[Context], tuple[object, ...]]:
    """The values at the paths, lists as tuples; made as code, since this is what every evaluation waits for.

    What several paths lead through is looked up once.
    """
    ways = Counter(path[:end] for path in paths for end in range(1, len(path)))
    names: dict[Path, str] = {(): "context"}

    def code(path: Path) -> str:
        if path not in names and ways[path] > 1:
            value, names[path] = f"{code(path[:-1])}[{path[-1]!r}]", f"seen{len(names)}"
            return f"({names[path]} := {value})"
        return names.get(path) or f"{code(path[:-1])}[{path[-1]!r}]"

    values = "".join([f"{'tuple' if path in lists else ''}({code(path)}), " for path in paths])
    return eval(f"lambda context: ({values})")  # type: ignore[no-any-return]
