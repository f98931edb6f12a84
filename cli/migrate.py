"""`orderloom migrate`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orderloom.adapters.versions import compiled_version, versions
from orderloom.cli.findings import print_findings
from orderloom.cli.migrate_words import print_moved, print_nothing, print_outlook
from orderloom.cli.output import format_option, progress
from orderloom.cli.paging import MOST
from orderloom.cli.persons import user
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.dsl.migration import Written, read_map
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.dsl.stepmap import StateMap, state_map
from orderloom.dsl.stepmap import Written as Mapped
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.cohort import Cohort
from orderloom.engine.shell.moving import Mover, Outlook, Plan, outlook
from orderloom.engine.store import Store

COHORTS = ("division", "channel", "status", "first")


@click.command()
@click.option("--from", "before", metavar="VERSION", help="The version that is left: its number or digest.")
@click.option("--to", "after", metavar="VERSION", help="The version that orders go on by.")
@click.option("--map", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What becomes of which step.")
@click.option("--cohort", "cohorts", metavar="NAME=VALUE", multiple=True, help=f"Only some orders: {', '.join(COHORTS)}=N.")
@click.option(
    "--apply/--dry-run", "applied", default=False, help="Move them, or show what would become of them.  [default: --dry-run]"
)
@click.option(
    "--undo", metavar="NUMBER", type=click.IntRange(1, MOST), help="Take a migration back, for whoever has not moved on since."
)
@click.option("--by", default=user, show_default="your user name", help="Who decides.")
@dir_option
@store_option
@format_option
def migrate(
    before: str | None, after: str | None, file: Path | None, cohorts: tuple[str, ...], applied: bool, undo: int | None, by: str,
    folder: Path, store_name: str | None, form: str,
) -> None:  # fmt: skip
    """Move running orders from one version to another.

    Each step becomes the one of the same name, else the one that does the same; a file says what neither can. Where orders stand
    at a step that has no place, nothing is moved. Workers may go on meanwhile; a run that was cut off goes on when it is begun
    again, and can be taken back.

    \b
    Example: orderloom migrate --from 1 --to 2
             orderloom migrate --from 1 --to 2 --map map.yaml --cohort division=northgate --cohort first=100 --apply
             orderloom migrate --undo 1
    """
    store = opened(store_url(folder, store_name))
    if undo is not None:
        _undo(store, undo, by, form)
        return
    if before is None or after is None:
        raise Stop("name the versions, --from and --to; `orderloom versions` lists them")
    (_, old), (_, new) = (granted(compiled_version(store, name)) for name in (before, after))
    if old.digest == new.digest:
        raise Stop(f"{before} and {after} are the same version")
    written = _map(file, old, new)
    places = state_map(old, new, {name: Mapped(*each) for name, each in written.items()})
    plan = Plan(old.digest, new.digest, {name: (to, dict(steps)) for name, (to, steps) in written.items()}, _cohort(cohorts))
    with progress("orders") as told:
        found = outlook(store, old, new, places, plan.cohort, lambda done: told(done, done))
    if applied and not found.orders:
        print_nothing(form)
    elif applied and len(found.stay) < found.orders and not found.unplaced:
        _apply(Mover(store, versions(store), DatabaseClock(store), by), plan, old, new, places, found, form)
    else:
        print_outlook(found, places, old, form)
        sys.exit(1 if found.stay else 0)


def _apply(mover: Mover, plan: Plan, old: Program, new: Program, places: StateMap, found: Outlook, form: str) -> None:
    with progress("orders") as told:
        moved = mover.move(plan, old, new, places, lambda done: told(done, found.orders))
    print_moved(moved, "moved", form)
    sys.exit(1 if moved.left else 0)


def _undo(store: Store, number: int, by: str, form: str) -> None:
    with progress("orders") as told:
        moved = granted(Mover(store, versions(store), DatabaseClock(store), by).undo(number, lambda done: told(done, done)))
    print_moved(moved, "brought back", form)
    sys.exit(1 if moved.left else 0)


def _map(file: Path | None, old: Program, new: Program) -> Written:
    if file is None:
        return {}
    written, found = read_map(Source(file.as_posix(), file.read_bytes()), old, new)
    if written is None:
        print_findings(found, "text")
        sys.exit(1)
    return written


def _cohort(texts: tuple[str, ...]) -> Cohort:
    said = dict(text.partition("=")[::2] for text in texts)
    for name, value in said.items():
        if name not in COHORTS or not value:
            raise Stop(f"--cohort {name}: say one of {', '.join(f'{each}=...' for each in COHORTS)}")
    first = said.pop("first", None)
    if first is not None and not (first.isdecimal() and 0 < int(first) <= MOST):
        raise Stop(f"--cohort first={first}: a number of orders is needed")
    return Cohort(**said, first=int(first) if first else None)
