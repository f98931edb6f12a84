"""`orderloom stock`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.output import Table, format_option, print_page
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.stock import ON_HAND, Supply
from orderloom.engine.store import queries

COLUMNS = ("item", "node", "on hand", "inbound", "reserved", "safety stock", "unreserved", "state")


@click.command()
@dir_option
@store_option
@click.option("--item", help="Only this item.")
@click.option("--node", help="Only this node.")
@click.option("--limit", type=click.IntRange(1), default=queries.PAGE, show_default=True, help="How many positions at most.")
@format_option
def stock(folder: Path, store_name: str | None, item: str | None, node: str | None, limit: int, form: str) -> None:
    """Show what is on hand, inbound and reserved, by item and node.

    \b
    Example: orderloom stock --item I00324
             orderloom stock --node DC-ONT --format json
    """
    store = opened(store_url(folder, store_name))
    lines = queries.stock(store, item, node, limit=limit + 1)
    rows = [
        [line.item, line.node, *_quantities(line.supplies, line.safety_stock), "quarantined" if line.quarantined else "good"]
        for line in lines
    ]
    print_page(form, Table("Stock", COLUMNS, rows), limit, "more with --limit")


def _quantities(supplies: tuple[Supply, ...], safety_stock: int) -> tuple[int, int, int, int, int]:
    """On hand, inbound, reserved of both, safety stock, and what nobody has claimed of what is on hand."""
    here = [supply for supply in supplies if supply.type == ON_HAND]
    inbound = [supply for supply in supplies if supply.type != ON_HAND]
    on_hand, reserved = sum(s.quantity for s in here), sum(s.reserved for s in supplies)
    return on_hand, sum(s.quantity for s in inbound), reserved, safety_stock, sum(s.unreserved for s in here)
