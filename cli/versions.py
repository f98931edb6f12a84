"""`orderloom versions`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.output import Table, format_option, print_data
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.shell.versions import SHORT
from orderloom.engine.shell.versions import versions as known

COLUMNS = ("version", "digest", "in force", "from", "deployed at", "by", "running orders", "note")


@click.command()
@dir_option
@store_option
@format_option
def versions(folder: Path, store_name: str | None, form: str) -> None:
    """List the versions of the definitions, from when each is in force, and how many running orders each has.

    \b
    Example: orderloom versions
    """
    found = known(opened(store_url(folder, store_name)))
    rows = [
        (v.number, v.digest[:SHORT], v.in_force, v.effective, v.deployed_at, v.deployed_by or None, v.running, v.notes or None)
        for v in found
    ]
    print_data(form, Table("Versions", COLUMNS, rows))
