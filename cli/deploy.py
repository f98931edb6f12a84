"""`orderloom deploy`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orderloom.adapters.registry import absent
from orderloom.adapters.versions import deploy_version
from orderloom.cli.one_order import moment_of
from orderloom.cli.output import format_option, print_json
from orderloom.cli.persons import user
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import open_workspace
from orderloom.engine.shell.versions import SHORT


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path())
@store_option
@click.option("--effective", metavar="DATE", help="From when new orders run on it; a day is its first moment.  [default: now]")
@click.option("--by", default=user, show_default="your user name", help="Who decides.")
@click.option("--note", default="", help="Why, for whoever reads the list of versions.")
@format_option
def deploy(folder: Path, store_name: str | None, effective: str | None, by: str, note: str, form: str) -> None:
    """Make a version of a workspace's definitions, and set it in force for new orders.

    A version never changes. Orders that run keep the version that they began on; `orderloom migrate` moves them. Definitions that
    were deployed before are set in force again, under the number that they had.

    \b
    Example: orderloom deploy
             orderloom deploy shop --effective 2026-12-01 --note "Christmas rules"
    """
    workspace = open_workspace(folder)
    unreached = absent(workspace.program)
    for origin, because in unreached:
        click.echo(f"{origin}: {because}", err=True)
    if unreached:
        sys.exit(1)
    store = opened(store_url(folder, store_name), workspace.program.workspace)
    now = store.now()
    at = moment_of(effective, workspace.program, "--effective") if effective else now
    number = deploy_version(store, workspace.program, workspace.sources, now, at, by, note)
    if form == "json":
        print_json({"number": number, "digest": workspace.program.digest, "effective_at": at.isoformat()})
    else:
        since = f"from {at:%Y-%m-%d %H:%M} UTC on" if at > now else "from now on"
        click.echo(f"version {number} ({workspace.program.digest[:SHORT]}) is what new orders run on, {since}")
