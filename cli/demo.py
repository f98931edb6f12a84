"""`orderloom demo`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from orderloom.adapters.assignment import write_assignment
from orderloom.adapters.demo import BEGINNING, ended, has_begun, load, play, rejects_of
from orderloom.adapters.figures import figures
from orderloom.adapters.imports.datasets import DATA_SET, FORECAST, RETURNS, data_files, shipped_data
from orderloom.adapters.versions import current_version, deploy_version
from orderloom.cli.demo_file import Run, begin, earlier
from orderloom.cli.output import format_option, print_json, print_tables, progress
from orderloom.cli.stores import opened, store_url
from orderloom.cli.summary import as_json, tables_of
from orderloom.cli.workspace import PACK, checked, open_workspace
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.engine.store import Store

SEED = 1

_folder = click.Path(exists=True, file_okay=False, path_type=Path, resolve_path=True)
_file = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--orders", type=click.IntRange(1), help="How many orders to run.  [default: all]")
@click.option("--seed", type=int, help=f"What chance falls by; the same seed, the same outcome.  [default: {SEED}]")
@click.option("--data", type=_folder, help="Another data set of the same shape.  [default: the shipped one]")
@click.option("--dir", "folder", type=_folder, help="A workspace to run it by.  [default: the shipped retail pack]")
@click.option("--store", type=_file, default=Path("orderloom-demo.sqlite"), show_default=True, help="The file to run in.")
@click.option("--assignment", type=_file, help="Write which node shipped which units, as CSV; partners then make no mistakes.")
@click.option("--fresh/--resume", default=True, help="Start anew, or go on with a run that was cut off.  [default: fresh]")
@click.option("--returns", "with_returns", is_flag=True, help="Let come back afterwards what the data set says.")
@format_option
def demo(
    orders: int | None,
    seed: int | None,
    data: Path | None,
    folder: Path | None,
    store: Path,
    assignment: Path | None,
    fresh: bool,
    with_returns: bool,
    form: str,
) -> None:
    """Run thousands of orders end to end, by readable rules, on a fresh SQLite file.

    Partners are simulated, and so is time: four weeks pass in minutes. With --assignment the partners make no mistakes (no short
    pick, no rejection, nothing lost), so that the file has the plans as they were made, one order after the other.

    \b
    Example: orderloom demo
             orderloom demo --orders 500 --seed 7
             orderloom demo --dir shop --assignment out.csv
    """
    run = _run(store, fresh, orders, seed, data, folder, assignment is not None)
    database = _begun(store, run, fresh)
    before, started = ended(database)[0], time.monotonic()
    with progress("orders") as told:
        finished = play(database, run.seed, told, faultless=run.faultless)
    if with_returns and finished:
        finished = _returned(database, run)
    speed = (ended(database)[0] - before) / (time.monotonic() - started)
    if assignment:
        write_assignment(database, assignment)
    _print(database, speed, form)
    if not finished:
        click.echo(f"Stopped before the end; go on with: orderloom demo --resume --store {store}", err=True)
        sys.exit(1)


def _returned(store: Store, run: Run) -> bool:
    """Lets come back what the data set says, and plays that to its end, too."""
    with progress("import returns") as told:
        found = load(store, current_version(store), run.data or shipped_data(), RETURNS, None, told)
    click.echo(f"{found.rejected} returns were refused, see {rejects_of(store, RETURNS)}", err=True)
    with progress("returns") as told:
        return play(store, run.seed, told, faultless=run.faultless)


def _run(
    store: Path, fresh: bool, orders: int | None, seed: int | None, data: Path | None, folder: Path | None, faultless: bool
) -> Run:
    if not fresh:
        return earlier(store, orders, seed, data, folder, faultless)
    return Run(SEED if seed is None else seed, orders, data, folder, faultless)


def _begun(path: Path, run: Run, fresh: bool) -> Store:
    """The store of an earlier demo whose orders were begun, else a new one with the data set in it."""
    if not fresh:
        store = opened(store_url(Path(), str(path)))
        if has_begun(store):
            return store
        store.close()
    workspace = open_workspace(run.folder) if run.folder else checked(pack_sources(PACK))
    if begin(path, run) and fresh:
        click.echo(f"{path} held an earlier demo; starting anew.", err=True)
    store = opened(store_url(Path(), str(path)), workspace.program.workspace)
    deploy_version(store, workspace.program, workspace.sources, BEGINNING)
    _load(store, workspace.program, run)
    return store


def _load(store: Store, program: Program, run: Run) -> None:
    folder = run.data or shipped_data()
    found = data_files(folder)
    for file in (each for each in (*DATA_SET, FORECAST) if each.kind in found):
        with progress(f"import {file.kind}") as told:
            limit = run.orders if file.kind == "orders" else None
            report = load(store, program, folder, file, limit, told)
        if report.rejected:
            click.echo(f"{report.rejected} rows of {file.kind} were rejected, see {rejects_of(store, file)}", err=True)


def _print(store: Store, speed: float, form: str) -> None:
    found = figures(store, current_version(store).timezone)
    if form == "json":
        print_json(as_json(found) | {"orders_per_second": round(speed, 1)})
        return
    print_tables(tables_of(found))
    click.echo(f"\n{speed:,.0f} orders per second, through their whole life, each step durable.")
    click.echo(f"Look closer: orderloom orders list --store {store.engine.url.database}")
