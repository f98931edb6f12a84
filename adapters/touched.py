"""Running orders of a store that stand in processes which another version of the definitions has otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from orderloom.dsl.diffing.found import ProcessChange
from orderloom.engine import wire
from orderloom.engine.shell.cohort import Cohort, pages
from orderloom.engine.shell.versions import versions
from orderloom.engine.statemap import running
from orderloom.engine.store import Store


class Standing(Struct, frozen=True):
    """So many orders stand at a step of a process that changed; `changed`: at one of the steps that did."""

    process: str
    step: str
    orders: int
    changed: bool


def touched(store: Store, changes: Iterable[ProcessChange], digest: str | None) -> tuple[Standing, ...]:
    """The orders that run on a version, on all versions without one, by process and step, those of changed processes alone."""
    steps = {change.process: set(change.steps) for change in changes}
    found = Counter[tuple[str, str]]()
    for version in versions(store) if steps else ():
        if version.running and digest in (None, version.digest):
            for page in pages(store, version.digest, Cohort()):
                for row in page:
                    places = {(each.process, each.step) for each in running(wire.load_state(row.state))}
                    found.update(place for place in places if place[0] in steps)
    return tuple(Standing(process, step, orders, step in steps[process]) for (process, step), orders in sorted(found.items()))
