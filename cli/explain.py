"""`orderloom explain`."""

from __future__ import annotations

import click

from orderloom.cli.output import format_option, print_json
from orderloom.cli.stop import Stop
from orderloom.dsl.codes import explain as page_text
from orderloom.dsl.codes import pages
from orderloom.dsl.suggest import hint_for


@click.command()
@click.argument("code")
@format_option
def explain(code: str, form: str) -> None:
    """Print the page of a diagnostic's code: why it is a fault, an example, and the same put right.

    \b
    Example: orderloom explain E101
    """
    page = pages().get(code.upper())
    if page is None:
        raise Stop(f"there is no code {code}; {hint_for(code.upper(), pages()) or 'codes look like E101'}")
    if form == "json":
        print_json(page)
    else:
        click.echo(page_text(page))
