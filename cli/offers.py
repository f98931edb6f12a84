"""`orderloom orders offers`: what may be sold with an order."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli.output import Table, format_option, print_json, print_tables
from orderloom.cli.past import found_order
from orderloom.cli.stop import Stop
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.desk.offering import offered


@click.command()
@dir_option
@store_option
@click.argument("order")
@format_option
def offers(folder: Path, store_name: str | None, order: str, form: str) -> None:
    """Offer what goes with an order or a draft, or stands in place of a line; and say why other things are not offered.

    What cannot be promised now is not offered. Nothing is reserved.

    \b
    Example: orderloom orders offers W11367
             orderloom orders offers W11367 --format json
    """
    store = opened(store_url(folder, store_name))
    found = found_order(store, order, None)
    if found.state is None:
        raise Stop(f"{order} is captured and waits for a worker")
    program = program_in(store)
    made = offered(store, found.state.order, Lookup(store, program).world, store.now())
    if form == "json":
        print_json(made)
        return
    rows = [[x.item, x.title, x.sells, x.quantity, x.price, x.deliver_by.isoformat(), x.available, x.because] for x in made.made]
    columns = ("item", "title", "sells", "quantity", "price", "there by", "available", "because")
    declined = [[x.item, x.offer, x.because] for x in made.declined]
    print_tables([Table("Offers", columns, rows), Table("Not offered", ("item", "offer", "because"), declined)])
