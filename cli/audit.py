"""`orderloom audit`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orderloom.cli.output import Table, format_option, print_data
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.audit import audit as prove


@click.command()
@dir_option
@store_option
@format_option
def audit(folder: Path, store_name: str | None, form: str) -> None:
    """Prove the store's invariants: quantities, reservations, money, effects, history. Exit code 0 when all hold, else 1.

    \b
    Example: orderloom audit
             orderloom audit --store orderloom-demo.sqlite
    """
    findings = prove(opened(store_url(folder, store_name)))
    if findings or form == "json":
        rows = [[finding.law, finding.subject, finding.because] for finding in findings]
        print_data(form, Table("What does not hold", ("law", "of", "what is wrong"), rows))
    else:
        click.echo("Everything that must hold does.")
    sys.exit(1 if findings else 0)
