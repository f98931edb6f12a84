"""Where orders that run stand at steps which other definitions do not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderloom.adapters.versions import versions
from orderloom.dsl.diagnostics import Diagnostic, at_start
from orderloom.dsl.documents import MANIFEST
from orderloom.dsl.migration import stranded
from orderloom.dsl.program import Origin, Program
from orderloom.dsl.source import Source, Span
from orderloom.dsl.stepmap import StateMap, state_map
from orderloom.engine.shell.cohort import Cohort
from orderloom.engine.shell.moving import outlook
from orderloom.engine.shell.programs import UnknownProgram
from orderloom.engine.shell.versions import versions as known_versions
from orderloom.engine.store import Store


def without_place(store: Store, program: Program, sources: Sequence[Source]) -> Iterator[Diagnostic]:
    """A warning for each step at which running orders stand and that becomes none of the program's."""
    for version in known_versions(store):
        if not version.running or version.digest == program.digest:
            continue
        try:
            with store.reading() as connection:
                old = versions(store).get(connection, version.digest)
        except UnknownProgram:
            continue  # who has orders on it is told by `orderloom audit`
        where = state_map(old, program, {})
        found = outlook(store, old, program, where, Cohort())
        for (process, step), orders in sorted(found.unplaced.items()):
            standing = "1 order stands" if orders == 1 else f"{orders:,} orders stand"
            words = f"{standing} at {process} / {step} of version {version.number}"
            place = _place(where, process, program, sources)
            hint = f"orderloom migrate --from {version.number} needs a map that says what becomes of it"
            yield stranded(f"{words}, which has no place here: {where[process].steps[step].how}", place, hint)


def _place(where: StateMap, process: str, program: Program, sources: Sequence[Source]) -> Span:
    """The name of the process here; the manifest, where there is none."""
    name = where[process].process
    found = name and _span(program.processes[name].origin, len(name), sources)
    return found or at_start(next(source for source in sources if source.path == MANIFEST))


def _span(origin: Origin, length: int, sources: Sequence[Source]) -> Span | None:
    for source in sources:
        if source.path == origin.path:
            start = sum(len(line) for line in source.text.splitlines(keepends=True)[: origin.line - 1]) + origin.column - 1
            return Span(source, start, start + length)
    return None
