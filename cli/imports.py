"""`orderloom import`."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import Kind, Report, import_file
from orderloom.adapters.imports.kinds import kinds
from orderloom.adapters.imports.known import known_in
from orderloom.adapters.imports.snapshot import import_full
from orderloom.adapters.versions import publish
from orderloom.cli import acting
from orderloom.cli.output import format_option, print_json, progress
from orderloom.cli.renames import rename_option
from orderloom.cli.stop import Stop
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option, open_for_orders

KINDS = (
    "orders", "items", "nodes", "stock", "supply", "forecast", "adjustments", "receipts", "snapshot", "events", "slots",
    "interests", "returns",
)  # fmt: skip


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dir_option
@store_option
@rename_option
@click.option("--as-of", "as_of", metavar="MOMENT", help="When a snapshot was taken, such as 2026-03-31T09:30:00Z.")
@click.option("--full", is_flag=True, help="The snapshot has everything of its nodes: what it does not name is 0.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where rejected rows go.")
@format_option
def imports(
    kind: str, file: Path, folder: Path, store_name: str | None, renames: dict[str, str], as_of: str | None, full: bool,
    rejects: Path | None, form: str,
) -> None:  # fmt: skip
    """Bring a file of records into the store: JSON lines or, except for orders, CSV; plain or .gz.

    Good rows go in, bad ones into FILE.rejects.jsonl beside FILE with line, reason and text; the exit code is then 1. The same
    file again doubles nothing. Columns are the built-in fields and the workspace's own attributes.

    An event has id (the participant's own), participant, order, and either request (the key of the message) with reply, or event,
    with unit, line or node where it is of one; data is an object, and at a moment, now without it.

    A snapshot says what was on hand at a moment; what has moved since is added to it. Adjustments and receipts have ids of their
    own and count once. Late and out of order none of them does harm.

    \b
    Example: orderloom import nodes nodes.csv
             orderloom import items items.csv --rename sku=id --rename weight_lb=weight
             orderloom import orders orders.jsonl.gz --rename sku=item --rename qty=quantity
             orderloom import adjustments moves.csv
             orderloom import receipts arrivals.csv
             orderloom import events replies.jsonl
             orderloom import slots holidays.csv
             orderloom import interests clicks.jsonl
             orderloom import snapshot counts.csv --as-of 2026-03-31T06:00:00Z --full
    """
    if kind == "orders" and ".csv" in file.suffixes:
        raise Stop("orders come as JSON lines, an object each; a row of CSV cannot hold an order's lines")
    workspace = open_for_orders(folder)
    store = opened(store_url(folder, store_name), workspace.program.workspace)
    now = store.now()
    version = publish(store, workspace.program, workspace.sources)
    known = known_in(store, workspace.program)
    into = rejects or beside(file)
    if into.exists() and into.samefile(file):
        raise Stop("rejected rows cannot go into the file that they come from; name another with --rejects")
    moment = _counted_at(kind, as_of, full, known.zone, now)
    of = kinds(
        store, workspace.program, now, captured_at=now, as_of=moment, version=version, who=acting.who(), sees=acting.sees()
    )[kind]
    with progress(f"import {kind}") as told:

        def import_it(kind: Kind[Any]) -> Report:
            return import_file(file, kind, known, into, renames, told)

        report = import_full(of, store, moment, import_it) if full else import_it(of)
    print_report(report, into, form)
    sys.exit(1 if report.rejected else 0)


def _counted_at(kind: str, as_of: str | None, full: bool, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment of a snapshot."""
    if kind != "snapshot" and (full or as_of is not None):
        raise Stop(f"--as-of and --full are for a snapshot, not for {kind}")
    if as_of is None:
        return now
    fields = Fields({"as-of": as_of})
    found = fields.moment_by("as-of", zone, now)
    if fields.problems:
        raise Stop(f"--{fields.problems[0]}")
    return found


def beside(file: Path) -> Path:
    """The reject file beside the input, or in the current folder where nothing can be written there."""
    name = f"{file.name}.rejects.jsonl"
    return file.with_name(name) if os.access(file.parent, os.W_OK) else Path(name)


def print_report(report: Report, rejects: Path, form: str) -> None:
    """Tells what became of the rows."""
    if form == "json":
        where = str(rejects) if report.rejected else None
        counts = {str(verdict): count for verdict, count in report.counts.items()} | {"warnings": report.warnings}
        print_json({**counts, "rejected": report.rejected, "rejects": where, "left_out": sorted(report.left_out)})
        return
    done = [f"{count:,} {verdict}" for verdict, count in report.counts.items()]
    click.echo(", ".join([*done, f"{report.rejected:,} rejected"]))
    for words in report.warnings:
        click.echo(f"warning: {words}")
    if report.warned > len(report.warnings):
        click.echo(f"and {report.warned - len(report.warnings):,} more warnings")
    if report.left_out:
        click.echo(f"left out, since nothing declares them: {', '.join(sorted(report.left_out))}")
    if report.rejected:
        for reason, (count, line) in report.reasons.items():
            click.echo(f"{count:,} {'row' if count == 1 else 'rows'}: {reason}, first on line {line:,}")
        click.echo(f"rejected rows and why: {rejects}")
