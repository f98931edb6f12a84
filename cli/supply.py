"""`orderloom supply`: what is to be bought and transferred, and what will be wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from orderloom.cli.output import Table, format_option, print_data
from orderloom.cli.paging import key_of, page_options, print_page
from orderloom.cli.persons import user
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk import demand_plan, supply_orders
from orderloom.engine.desk.supply_orders import Entered

COLUMNS = ("id", "kind", "item", "from", "to", "quantity", "price", "total", "due on", "for", "status", "decided by")


@click.group()
def supply() -> None:
    """Propose what is to be bought or transferred, decide on it, and forecast what will be wanted.

    \b
    Example: orderloom supply propose
             orderloom supply list --status proposed
             orderloom supply approve PO-R16-DC1-1
             orderloom supply forecast --weeks 4
    """


@supply.command()
@dir_option
@store_option
@click.option("--item", help="Only this item.")
@click.option("--node", help="Only at this node.")
@format_option
def propose(folder: Path, store_name: str | None, item: str | None, node: str | None, form: str) -> None:
    """Propose what ends each shortage that comes before new supply could, in the place of earlier open proposals.

    \b
    Example: orderloom supply propose --node DC1
    """
    store = opened(store_url(folder, store_name))
    found = supply_orders.propose(store, program_in(store), store.now(), item, node)
    print_data(form, _table([Entered(order, "proposed") for order in found]))


@supply.command("list")
@dir_option
@store_option
@click.option("--status", type=click.Choice(["proposed", "ordered", "rejected", "cancelled"]), help="Only those.")
@click.option("--item", help="Only of this item.")
@click.option("--node", help="Only for this node.")
@page_options
@format_option
def list_orders(
    folder: Path, store_name: str | None, status: str | None, item: str | None, node: str | None,
    after: str | None, limit: int, form: str,
) -> None:  # fmt: skip
    """List purchase and transfer orders, and what is proposed, by number.

    \b
    Example: orderloom supply list --status proposed
    """
    store, (key,) = opened(store_url(folder, store_name)), key_of(after, str) or ("",)
    found = supply_orders.listed(store, status, item, node, key, limit + 1)
    print_page(form, _table(found), limit, lambda last: (found[last].order.id,))


@supply.command()
@dir_option
@store_option
@click.argument("number", metavar="ID")
@click.option("--by", default=user, show_default="your user name", help="Who decides.")
def approve(folder: Path, store_name: str | None, number: str, by: str) -> None:
    """Order what was proposed; to approve it once more changes nothing.

    \b
    Example: orderloom supply approve PO-R16-DC1-1
    """
    store = opened(store_url(folder, store_name))
    _tell(granted(supply_orders.approve(store, program_in(store), number, by, store.now())))


@supply.command()
@dir_option
@store_option
@click.argument("number", metavar="ID")
@click.option("--by", default=user, show_default="your user name", help="Who decides.")
def reject(folder: Path, store_name: str | None, number: str, by: str) -> None:
    """Set a proposal aside; to reject it once more changes nothing.

    \b
    Example: orderloom supply reject PO-R16-DC1-1
    """
    store = opened(store_url(folder, store_name))
    _tell(granted(supply_orders.reject(store, number, by, store.now())))


@supply.command()
@dir_option
@store_option
@click.option("--weeks", type=click.IntRange(1, 52), default=4, show_default=True, help="How many weeks ahead.")
@click.option("--item", help="Only this item.")
@click.option("--approve", "approved", is_flag=True, help="Put what is shown in force.")
@format_option
def forecast(folder: Path, store_name: str | None, weeks: int, item: str | None, approved: bool, form: str) -> None:
    """Propose what will be wanted by item, region and week, from the orders in the store, beside what is in force.

    \b
    Example: orderloom supply forecast --weeks 8
             orderloom supply forecast --item I00324 --approve
    """
    store = opened(store_url(folder, store_name))
    every = demand_plan.propose(store, program_in(store), store.now(), weeks)
    found = [each for each in every if item in (None, each.expected.item)]
    if approved:
        demand_plan.approve(store, found)
    rows = [[e.expected.item, e.expected.region, str(e.expected.begins), e.expected.units, e.in_force] for e in found]
    columns = ("item", "region", "week from", "proposed", "was in force" if approved else "in force")
    print_data(form, Table("Forecast", columns, rows))


def _table(found: Sequence[Entered]) -> Table:
    rows = [
        [
            *(o.id, o.kind, o.item, o.source, o.node, o.quantity, o.price, o.total, str(o.due_on)),
            *(tuple(f"{peg.quantity} of {peg.order}/{peg.line}" for peg in o.pegs) or None, entered.status, entered.decided_by),
        ]
        for entered in found
        for o in [entered.order]
    ]
    return Table("Orders of supply", COLUMNS, rows)


def _tell(done: Entered) -> None:
    click.echo(f"{done.status}: {done.order}")
