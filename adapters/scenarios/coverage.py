"""What a set of scenarios never exercised: steps of processes, ways between them, rows of tables, rules of policies.

Rows of tables that processes ask stand in the orders' records. Tables that expressions call leave none there: they know
themselves which of their rows have fired since the program was compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orderloom.adapters.journey import Passage, journey
from orderloom.adapters.scenarios.rules_exercised import rules_exercised
from orderloom.adapters.scenarios.share import Missed, Share
from orderloom.adapters.story import Story
from orderloom.dsl.pictures.graph import graph
from orderloom.dsl.program import Decision, Process, Program
from orderloom.dsl.tables import Table
from orderloom.engine.sources import CHOSEN_BY

Visit = tuple[str, str]  #: process and step


def coverage(program: Program, stories: Iterable[Story]) -> tuple[Share, ...]:
    """The coverage of every process and decision by these orders, in the order of the definitions' names."""
    stories = tuple(stories)
    journeys = [journey(program, story) for story in stories]
    entered = {_visit(passage) for walk in journeys for passage in walk if not passage.skipped}
    taken = {way for walk in journeys for way in _taken(walk)}
    rows = {place for story in stories for place in _rows(story)}
    processes = [program.processes[name] for name in sorted(program.processes)]
    decisions = [program.decisions[name] for name in sorted(program.decisions)]
    of_processes = [share for process in processes for share in (_steps(process, entered), _ways(process, taken))]
    of_tables = [_table(each, each.logic, rows) for each in decisions if isinstance(each.logic, Table)]
    return (*of_processes, *of_tables, *rules_exercised(program, stories))


def _taken(walk: Iterable[Passage]) -> Iterator[tuple[Visit, Visit]]:
    """The ways that were taken, from step to step; into a block from the step around it, and out of it from its last steps."""
    last: dict[str, Passage] = {}
    for passage in walk:
        before = last.get(passage.subject) or last.get(passage.subject.rpartition("/")[0])
        if before is not None and before.process == passage.process:
            parts = [subject for subject in last if subject.startswith(f"{passage.subject}/{before.step}.")]
            yield from ((_visit(each), _visit(passage)) for each in [*map(last.pop, parts)] or [before])
        last[passage.subject] = passage


def _visit(passage: Passage) -> Visit:
    return passage.process, passage.step


def _rows(story: Story) -> Iterator[str]:
    for told in story.records:
        yield told.record.origin
        yield str(told.record.inputs.get(CHOSEN_BY))


def _steps(process: Process, entered: set[Visit]) -> Share:
    missed = [Missed(step.name, str(step.origin)) for step in process.steps.values() if (process.name, step.name) not in entered]
    return Share(process.name, "steps", len(process.steps), tuple(missed))


def _ways(process: Process, taken: set[tuple[Visit, Visit]]) -> Share:
    arrows = graph(process).arrows
    missed = [
        Missed(f"{way.source} to {way.target}" + (f" ({way.label})" if way.label else ""), str(process.steps[way.source].origin))
        for way in arrows
        if ((process.name, way.source), (process.name, way.target)) not in taken
    ]
    return Share(process.name, "ways", len(arrows), tuple(missed))


def _table(decision: Decision, table: Table, rows: set[str]) -> Share:
    fired = {table.rows[at].place for at in table.reached} if decision.given else rows
    missed = [Missed(f"row {number}", row.place) for number, row in enumerate(table.rows, 1) if row.place not in fired]
    return Share(decision.name, "rows", len(table.rows), tuple(missed))
