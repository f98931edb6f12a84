"""`orderloom orders show --as ROLE`: an order as somebody outside sees it."""

from __future__ import annotations

import click

from orderloom.adapters.versions import current_version
from orderloom.cli.output import Table, print_json, print_tables, shown
from orderloom.cli.stop import Stop, granted
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.seen import seen_by
from orderloom.engine.store import Store
from orderloom.engine.store.queries import WholeOrder


def show_as(role: str, found: WholeOrder, store: Store, form: str) -> None:
    """Prints what the role sees, by the status map of the version that new orders run on."""
    if found.state is None:
        raise Stop(f"{found.summary.id} is captured and waits for a worker")
    program = current_version(store)
    catalog = Lookup(store, program).world({line.item for line in found.state.order.lines}).catalog
    seen = granted(seen_by(role, found.state, program, catalog, store.now()))
    if form == "json":
        print_json(seen)
        return
    click.echo(f"{seen.order}: {seen.status}, {seen.total} {seen.currency}\n")
    lines = [[x.line, x.title, x.quantity, x.unit_price, x.status, x.cancelled or None, shown(x.arrives_on)] for x in seen.lines]
    documents = [[d.kind, d.number, shown(d.at), d.amount] for d in seen.documents]
    columns = ("line", "item", "quantity", "unit price", "status", "cancelled", "arrives on")
    print_tables([Table("Lines", columns, lines), Table("Documents", ("kind", "number", "at", "amount"), documents)])
