"""What was known at a moment of the past: of an order, of stock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from orderloom.cli.output import Table, format_option, print_json, print_tables
from orderloom.cli.stop import Stop
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.store import Store, queries
from orderloom.engine.store.past import Unknown, archived, order_at, stock_at
from orderloom.engine.store.queries import WholeOrder

F = TypeVar("F", bound=Callable[..., Any])

WRITTEN = "2026-03-31T09:30 or 2026-03-31T09:30Z"


def at_option(command: F) -> F:
    """The option that asks about a moment of the past."""
    words = "As it was known at this moment, of the workspace's time zone unless it names one.  [default: now]"
    return click.option("--at", metavar="MOMENT", help=words)(command)


def found_order(store: Store, order: str, at: str | None) -> WholeOrder:
    """An order as it is, or as it was known at a moment; ends the command where there is none to show."""
    moment = at and moment_in(store, at)
    found = order_at(store, order, moment) if moment else queries.order(store, order)
    if isinstance(found, WholeOrder):
        return found
    if isinstance(found, Unknown):
        since = f"since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else "nowhere"
        raise Stop(f"the history of order {order} tells its state {since}: before, a release kept it that did not write it down")
    gone = archived(store, order)
    if gone is not None:
        raise Stop(f"order {order} went to an archive on {gone.archived_at:%Y-%m-%d}: {gone.folder}/{gone.file}")
    raise Stop(f"there was no order {order} at {at}" if at and queries.order(store, order) else f"there is no order {order}")


def moment_in(store: Store, text: str) -> datetime:
    """A moment as it is written, in the workspace's time zone where it names none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(f"{text} is no moment such as {WRITTEN}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(program_in(store).timezone))


COLUMNS = ("node", "on hand", "inbound", "reserved", "state")


@click.command("as-of")
@click.argument("at", metavar="MOMENT")
@click.argument("item")
@click.option("--node", help="Only this node.")
@dir_option
@store_option
@format_option
def as_of(at: str, item: str, node: str | None, folder: Path, store_name: str | None, form: str) -> None:
    """Show what was on hand, inbound and reserved of an item at a MOMENT of the past, by node, out of the ledger.

    What somebody has told later of that moment, such as a late receipt, is in it.

    \b
    Example: orderloom stock as-of 2026-03-01T12:00Z I00324
    """
    store = opened(store_url(folder, store_name))
    moment = moment_in(store, at)
    if moment > store.now():
        raise Stop(f"{at} is yet to come; `orderloom stock {item} --at DATE` asks about the future")
    found = stock_at(store, item, moment, node)
    if form == "json":
        print_json({"item": item, "at": moment, "stock": found})
    else:
        rows = [[each.node, each.on_hand, each.inbound, each.reserved, each.state] for each in found]
        print_tables([Table(f"{item} as of {at}", COLUMNS, rows)])
