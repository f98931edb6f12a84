"""What a table decides at each side of its edges, as rows of a table."""

from __future__ import annotations

from orderloom.cli.output import Table as Printed
from orderloom.cli.stop import Stop
from orderloom.dsl.program import Program
from orderloom.dsl.questions import Question, ask
from orderloom.dsl.suggest import with_hint
from orderloom.dsl.tables import Table
from orderloom.dsl.tables.boundaries import boundaries
from orderloom.dsl.tables.extent import shown


def boundaries_of(program: Program, name: str) -> Printed:
    """Every boundary case of a decision or a table of changes, with what it decides now and the row that says so."""
    found = {**{each.name: each.table for each in program.changes.values()}, **program.decisions}
    if name not in found:
        raise Stop(with_hint(f"there is no decision {name}", name, found))
    decision = found[name]
    if not isinstance(decision.logic, Table):
        raise Stop(f"{name} is no table: it has no edges")
    rows = []
    for values in boundaries(decision.logic):
        told = ask(decision, Question({}, dict(zip(decision.inputs, values, strict=True))))
        places = ", ".join(decision.logic.rows[row].place for row in told.rows)
        rows.append((*map(shown, values), shown(told.value), places or None))
    return Printed(f"boundaries of {name}", (*decision.inputs, "decides", "row"), rows)
