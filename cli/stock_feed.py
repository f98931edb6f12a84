"""`orderloom stock alerts` and `orderloom stock publish`: what availability tells of itself."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.adapters.paging import moment
from orderloom.cli.output import Table, format_option, print_json_line
from orderloom.cli.paging import MOST, key_of, page_options, print_page
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.publish import TOTAL
from orderloom.engine.desk.publish import publish as published
from orderloom.engine.store.alerts import Alert, key_of_alert
from orderloom.engine.store.alerts import alerts as alerts_in

COLUMNS = ("alert", "item", "node", "raised at", "available", "on hand", "velocity", "cover", "cleared at", "rule")


@click.command()
@dir_option
@store_option
@click.option("--item", help="Only of this item.")
@click.option("--open", "only_open", is_flag=True, help="Only those that are raised now.")
@page_options
@format_option
def alerts(
    folder: Path, store_name: str | None, item: str | None, only_open: bool, after: str | None, limit: int, form: str
) -> None:
    """List what monitors have raised, the latest first: what they saw, by which rule, and when it was cleared.

    \b
    Example: orderloom stock alerts --open
             orderloom stock alerts --item I00324 --format json
    """
    store = opened(store_url(folder, store_name))
    found = alerts_in(store, item, only_open, key_of(after, moment, str, str, str, int), limit + 1)
    print_page(form, Table("Alerts", COLUMNS, list(map(_row, found))), limit, lambda last: key_of_alert(found[last]))


def _row(alert: Alert) -> list[object]:
    seen = alert.raised
    figures = seen.available, seen.on_hand, round(seen.velocity, 2), round(seen.cover, 1)
    return [alert.event, alert.item, alert.node or "all", alert.raised_at, *figures, alert.cleared_at or "", alert.origin]


@click.command()
@dir_option
@store_option
@click.option("--since", type=click.IntRange(0, MOST), default=0, metavar="TOKEN", help="The token of the last answer that came.")
@click.option("--method", default="ship", show_default=True, help="For this way to the customer.")
@click.option("--total", is_flag=True, help="All nodes of an item together.")
def publish(folder: Path, store_name: str | None, since: int, method: str, total: bool) -> None:
    """Write what may be promised at once where that has changed since the last time, as JSON lines; the last one has the token.

    Without --since it is everything. With the token of an answer that was lost, what was in it comes again.

    \b
    Example: orderloom stock publish > all.jsonl
             orderloom stock publish --since 12 --total
    """
    store = opened(store_url(folder, store_name))
    found = granted(published(store, program_in(store), method, store.now(), since, total))
    for figure in found.figures:
        where = {} if figure.node == TOTAL else {"node": figure.node}
        print_json_line({"item": figure.item, **where, "available": figure.available, "as_of": figure.as_of})
    print_json_line({"token": found.token})
