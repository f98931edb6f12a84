"""`orderloom import`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from orderloom.adapters.imports.file import Report, import_file
from orderloom.adapters.imports.kinds import kinds
from orderloom.adapters.imports.known import known_in
from orderloom.adapters.versions import deploy_version
from orderloom.cli.output import format_option, print_json, progress
from orderloom.cli.renames import rename_option
from orderloom.cli.stop import Stop
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option, open_workspace

KINDS = ("orders", "items", "nodes", "stock", "supply", "forecast")


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dir_option
@store_option
@rename_option
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where rejected rows go.")
@format_option
def imports(
    kind: str, file: Path, folder: Path, store_name: str | None, renames: dict[str, str], rejects: Path | None, form: str
) -> None:
    """Bring a file of records into the store: JSON lines or CSV, plain or .gz.

    Good rows go in, bad ones into FILE.rejects.jsonl beside FILE with line, reason and text; the exit code is then 1. The same
    file again doubles nothing. Columns are the built-in fields and the workspace's own attributes.

    \b
    Example: orderloom import nodes nodes.csv
             orderloom import items items.csv --rename sku=id --rename weight_lb=weight
             orderloom import orders orders.jsonl.gz --rename sku=item --rename qty=quantity
    """
    workspace = open_workspace(folder)
    store = opened(store_url(folder, store_name), workspace.program.workspace)
    now = store.now()
    deploy_version(store, workspace.program, workspace.sources, now)
    known = known_in(store, workspace.program)
    into = rejects or _beside(file)
    if into.exists() and into.samefile(file):
        raise Stop("rejected rows cannot go into the file that they come from; name another with --rejects")
    with progress(f"import {kind}") as told:
        report = import_file(file, kinds(store, workspace.program.digest, now, captured_at=now)[kind], known, into, renames, told)
    _print(report, into, form)
    sys.exit(1 if report.rejected else 0)


def _beside(file: Path) -> Path:
    """The reject file beside the input, or in the current folder where nothing can be written there."""
    name = f"{file.name}.rejects.jsonl"
    return file.with_name(name) if os.access(file.parent, os.W_OK) else Path(name)


def _print(report: Report, rejects: Path, form: str) -> None:
    if form == "json":
        where = str(rejects) if report.rejected else None
        counts = {str(verdict): count for verdict, count in report.counts.items()}
        print_json({**counts, "rejected": report.rejected, "rejects": where, "left_out": sorted(report.left_out)})
        return
    done = [f"{count:,} {verdict}" for verdict, count in report.counts.items()]
    click.echo(", ".join([*done, f"{report.rejected:,} rejected"]))
    if report.left_out:
        click.echo(f"left out, since nothing declares them: {', '.join(sorted(report.left_out))}")
    if report.rejected:
        for reason, (count, line) in report.reasons.items():
            click.echo(f"{count:,} {'row' if count == 1 else 'rows'}: {reason}, first on line {line:,}")
        click.echo(f"rejected rows and why: {rejects}")
