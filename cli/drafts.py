"""`orderloom orders draft` and `submit`: orders that are not submitted yet."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orderloom.adapters.imports.drafts import drafts, submitted
from orderloom.adapters.imports.file import import_file
from orderloom.adapters.imports.known import known_in
from orderloom.adapters.versions import publish
from orderloom.cli import acting
from orderloom.cli.imports import beside, print_report
from orderloom.cli.output import format_option, progress
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option, open_for_orders
from orderloom.dsl.leaves import duration


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dir_option
@store_option
@click.option("--keep", default="PT30M", show_default=True, help="How long what they would take is held.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where rejected rows go.")
@format_option
def draft(file: Path, folder: Path, store_name: str | None, keep: str, rejects: Path | None, form: str) -> None:
    """Keep orders as drafts, and hold what they would take for a while.

    A worker plans each and reserves its units softly; when the time is over they are free again, and the draft stays.
    The file again with other content replaces its drafts.

    \b
    Example: orderloom orders draft carts.jsonl --keep PT30M
    """
    held = duration(keep)
    if held is None:
        raise Stop(f"--keep must be a duration such as PT30M, not {keep}")
    workspace = open_for_orders(folder)
    store = opened(store_url(folder, store_name), workspace.program.workspace)
    now = store.now()
    version = publish(store, workspace.program, workspace.sources)
    into = rejects or beside(file)
    kind = drafts(store, version, now, now + held, acting.who(), acting.sees())
    with progress("import drafts") as told:
        report = import_file(file, kind, known_in(store, workspace.program), into, {}, told)
    print_report(report, into, form)
    sys.exit(1 if report.rejected else 0)


@click.command()
@dir_option
@store_option
@click.argument("order")
def submit(folder: Path, store_name: str | None, order: str) -> None:
    """Submit a draft: what it holds is its own, and what it does not hold any more is planned anew.

    \b
    Example: orderloom orders submit W11367
    """
    store = opened(store_url(folder, store_name))
    receipt = granted(submitted(store, program_in(store).digest, order, store.now(), acting.who()))
    click.echo(f"{order} was submitted before" if receipt.repeated else f"{order} is submitted")
