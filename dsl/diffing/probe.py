"""Asking two logics the same, input by input, until they answer differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, islice, product
from math import prod
from typing import Any

from orderloom.dsl.diffing.samples import Path, Space
from orderloom.dsl.tables.table import same

MOST = 3_000  #: inputs that are tried of one pair

Context = Mapping[str, object]
Logic = Callable[[Context], object]
_STRIDES = (1, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43)


def whole(space: Space) -> bool:
    """Whether all combinations of the values are tried."""
    return prod(len(values) for values in space.values()) <= MOST


def contexts(space: Space) -> Iterator[Context]:
    """Inputs: all combinations where these are few; else what differs in one value, then in two, then some of all others."""
    paths = list(space)
    if whole(space):
        yield from (context_of(dict(zip(paths, values, strict=True))) for values in product(*space.values()))
        return
    yield from map(context_of, islice(_few(space), MOST // 2))
    for turn in range(MOST // 2):
        picked = {path: turn * _STRIDES[at % 12] // (1 + at // 12) % len(space[path]) for at, path in enumerate(paths)}
        yield context_of({path: space[path][at] for path, at in picked.items()})


def _few(space: Space) -> Iterator[dict[Path, object]]:
    first = {path: values[0] for path, values in space.items()}
    yield first
    for path, values in space.items():
        yield from (first | {path: value} for value in values[1:])
    for one, other in combinations(space, 2):
        yield from (first | {one: a, other: b} for a, b in product(space[one][1:], space[other][1:]))


def context_of(values: Mapping[Path, object]) -> Context:
    """The values by path as what expressions see. A part stands in its whole, unless that is null."""
    found: dict[str, Any] = {}
    for path, value in sorted(values.items(), key=lambda each: len(each[0])):
        inner: dict[str, Any] | None = found
        for part in path[:-1]:
            if inner is not None:
                held = inner.get(part, {})
                inner[part] = dict(held) if isinstance(held, Mapping) else held
                inner = inner[part] if isinstance(held, Mapping) else None
        if inner is not None:
            inner[path[-1]] = value
    return found


def differing(old: Logic, new: Logic, space: Space) -> Iterator[tuple[Context, object, object]]:
    """The inputs that are answered differently, each with both answers."""
    for context in contexts(space):
        before, after = old(context), new(context)
        if not same(before, after):
            yield context, before, after
