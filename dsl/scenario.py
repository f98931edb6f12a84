"""An analyst's test, decoded: plain values with the places that a failure points to. The engine gives them their meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from msgspec import Struct

from orderloom.dsl.fields import Pair, PlainValue
from orderloom.dsl.formulas import origin
from orderloom.dsl.program import Origin
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Given
from orderloom.dsl.syntax import Scenario as Written


class Entry(Struct, frozen=True):
    """One thing that happens, by its command, or one that must be true, by its path; `value` is plain YAML data."""

    key: str
    value: object
    origin: Origin


class Scenario(Struct, frozen=True):
    """`given` has items, nodes, stock, supply and slots where they are written; `pack` names the pack that it belongs to.

    `like` names a scenario whose givens hold here too, where this one does not say otherwise.
    """

    name: str
    title: str
    covers: tuple[int, ...]
    clock: datetime
    like: str | None
    given: Mapping[str, object]
    when: tuple[Entry, ...]
    then: tuple[Entry, ...]
    origin: Origin
    pack: str | None = None


def scenarios(definitions: Definitions) -> Iterator[Scenario]:
    """The scenarios of definitions without errors."""
    for written in definitions.of_kind(Written).values():
        yield definitions.remembered(_scenario, written, partial(_scenario, written))


def _scenario(written: Written) -> Scenario:
    return Scenario(
        written.name.value,
        written.title.value if written.title is not None else written.name.value,
        tuple(int(number.value) for number in written.covers),
        written.clock.value,
        written.given.like.value if written.given is not None and written.given.like is not None else None,
        _given(written.given),
        tuple(_entries(written.when)),
        tuple(_entries(written.then)),
        origin(written.name.span),
        written.name.span.source.pack,
    )


def _given(given: Given | None) -> Mapping[str, object]:
    if given is None:
        return {}
    parts = {"items": given.items, "nodes": given.nodes, "stock": given.stock, "supply": given.supply, "slots": given.slots}
    return {name: part.value for name, part in parts.items() if part is not None}


def _entries(written: tuple[tuple[Pair[PlainValue], ...], ...]) -> Iterator[Entry]:
    for pairs in written:
        for pair in pairs:
            yield Entry(pair.key.value, pair.value.value, origin(pair.key.span))
