"""`orderloom exceptions`: the queue of what needs a decision."""

from __future__ import annotations

import os
from getpass import getuser
from pathlib import Path

import click

from orderloom.cli.output import Table, format_option
from orderloom.cli.paging import key_of, page_options, print_page
from orderloom.cli.stop import Stop
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.shell.inbox import resolve as settle
from orderloom.engine.store import queries
from orderloom.engine.wire import moment_of


@click.group()
def exceptions() -> None:
    """List and resolve what needs a decision.

    \b
    Example: orderloom exceptions list --role operations
             orderloom exceptions resolve W11367 W11367/W11367-1:3 ask-again
    """


@exceptions.command("list")
@dir_option
@store_option
@click.option("--role", help="Only the queue of this role.")
@click.option("--settled", is_flag=True, help="Those that were decided.")
@page_options
@format_option
def list_exceptions(
    folder: Path, store_name: str | None, role: str | None, settled: bool, after: str | None, limit: int, form: str
) -> None:
    """List exceptions, the oldest first.

    \b
    Example: orderloom exceptions list
    """
    key = key_of(after, moment_of, str, str)
    found = queries.exceptions(opened(store_url(folder, store_name)), role, settled, key, limit + 1)
    rows = [[e.order, e.id, e.type, e.role, e.option or e.options, e.opened_at, e.cause.partition("\n")[0]] for e in found]
    columns = ("order", "exception", "type", "role", "settled by" if settled else "options", "opened at", "cause")
    print_page(form, Table("Exceptions", columns, rows), limit, lambda last: queries.key_of_exception(found[last]))


def user() -> str:
    """The user's name; the number where the system has no name for it, as in many containers."""
    try:
        return getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


@exceptions.command()
@dir_option
@store_option
@click.argument("order")
@click.argument("exception")
@click.argument("option")
@click.option("--by", default=user, show_default="your user name", help="Who decides.")
@click.option("--note", default="", help="Why, for the history.")
def resolve(folder: Path, store_name: str | None, order: str, exception: str, option: str, by: str, note: str) -> None:
    """Take one of the options of an open exception; a worker then goes on with the order.

    \b
    Example: orderloom exceptions resolve W11367 W11367/W11367-1:3 ask-again --note "called the store"
    """
    store = opened(store_url(folder, store_name))
    refused = settle(store, order, exception, option, by, store.now(), note)
    if refused:
        raise Stop(refused.because)
    click.echo(f"{exception}: {option}")
