"""What becomes of running orders, as tables."""

from __future__ import annotations

import click

from orderloom.cli.output import Table, print_json, print_tables
from orderloom.dsl.program import Program
from orderloom.dsl.stepmap import StateMap, Target
from orderloom.engine.shell.moving import Moved, Outlook

FEW = 20  #: orders that are named on the terminal; JSON has all
STEPS = ("process", "step", "orders", "becomes", "how")
STAY = ("order", "because")


def print_outlook(found: Outlook, places: StateMap, old: Program, form: str) -> None:
    """Prints what would become of orders."""
    rows = _rows(found, places, old)
    steps, staying = Table("Steps", STEPS, rows), Table("Orders that stay", STAY, list(found.stay.items()))
    if form == "json":
        print_json({"orders": found.orders, "steps": steps.as_json(), "stay": staying.as_json()})
        return
    print_tables([steps, *([_first(staying)] if found.stay else [])])
    stay = f", {len(found.stay):,} stay" if found.stay else ""
    click.echo(f"\n{found.orders - len(found.stay):,} of {found.orders:,} orders can go{stay}")
    unplaced = [f"{process} / {step}" for process, step in sorted(found.unplaced)]
    if unplaced:
        click.echo(f"no place for whoever stands at {', '.join(unplaced)}: say in a file what becomes of them, --map FILE")


NOWHERE = "no place"


def _rows(found: Outlook, places: StateMap, old: Program) -> list[tuple[str, str, int, str, str]]:
    """Every step at which somebody stands, and every one that becomes none or another."""
    rows = []
    for name, targets in places.items():
        for step in old.processes[name].steps:
            target, standing = targets.steps[step], found.standing[name, step]
            if standing or target.step != step:
                rows.append((name, step, standing, _becomes(target, standing), target.how))
    return rows


def _becomes(target: Target, standing: int) -> str:
    if target.step is None or not (target.same or target.enters):
        return NOWHERE if standing else "-"
    return f"{target.step}, entered anew" if target.enters else target.step


def print_nothing(form: str) -> None:
    """Tells that there is nobody to be moved."""
    if form == "json":
        print_json({"migration": None, "moved": 0, "stay": []})
    else:
        click.echo("no running order is to be moved; nothing was done")


def print_moved(moved: Moved, what: str, form: str) -> None:
    """Prints what became of orders."""
    left = Table("Orders that stay", STAY, sorted(moved.left.items()))
    if form == "json":
        print_json({"migration": moved.number, what.replace(" ", "_"): moved.moved, "stay": left.as_json()})
        return
    if moved.left:
        print_tables([_first(left)])
    stay = f", {len(moved.left):,} stay" if moved.left else ""
    click.echo(f"migration {moved.number}: {moved.moved:,} orders {what}{stay}")
    if what == "moved" and moved.moved:
        click.echo(f"to take it back: orderloom migrate --undo {moved.number}")


def _first(table: Table) -> Table:
    more = len(table.rows) - FEW
    title = f"{table.title} (the first {FEW} of {len(table.rows):,})" if more > 0 else table.title
    return Table(title, table.columns, table.rows[:FEW])
