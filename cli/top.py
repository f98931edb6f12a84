"""`orderloom top`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from orderloom.adapters.versions import current_version
from orderloom.cli.output import format_option, on_terminal, print_json, print_tables
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.top_tables import Frame, Speeds, data_of, tables_of
from orderloom.cli.workspace import dir_option
from orderloom.engine.shell.programs import UnknownProgram
from orderloom.engine.store import Store
from orderloom.engine.store.vitals import statuses, vitals


@click.command()
@dir_option
@store_option
@click.option("--once", is_flag=True, help="Print what there is to see and end, as where the output is no terminal.")
@format_option
def top(folder: Path, store_name: str | None, once: bool, form: str) -> None:
    """Watch a store at work: what waits and for how long, late orders, messages by participant, exceptions, workers.

    It looks every second, holds nobody up, and ends with q or Ctrl-C. Counts end at 10,000.

    \b
    Example: orderloom top
             orderloom top --store postgresql+psycopg://orders@db.example/shop
             orderloom top --once --format json
    """
    look = _looking(opened(store_url(folder, store_name)))
    if form == "json":
        print_json(data_of(look()))
    elif once or not (on_terminal() and sys.stdin.isatty()):
        print_tables(tables_of(look()))
    else:
        from orderloom.cli.screen import show

        show(lambda: tables_of(look()))


def _looking(store: Store) -> Callable[[], Frame]:
    zone, speeds = ZoneInfo(_timezone(store)), Speeds()

    def look() -> Frame:
        found = vitals(store, zone)
        return Frame(found, statuses(store), speeds.after(found.workers))

    return look


def _timezone(store: Store) -> str:
    """That of the version in force; promises were made by no other."""
    try:
        return current_version(store).timezone
    except UnknownProgram:
        return "UTC"
