"""`orderloom stock`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import click

from orderloom.cli import acting
from orderloom.cli.acting import view_option
from orderloom.cli.output import Table, format_option, print_json, print_tables
from orderloom.cli.paging import key_of, page_options, print_page
from orderloom.cli.past import as_of
from orderloom.cli.persons import user
from orderloom.cli.stock_feed import alerts, publish
from orderloom.cli.stock_words import projection_words, stock_table, why_words
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.access.who import somebody
from orderloom.engine.desk import inquiry
from orderloom.engine.desk.inquiry import Inquiry
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.ledger.stock import ON_HAND, Supply
from orderloom.engine.store import demands, queries
from orderloom.engine.store.node_views import nodes_in

COLUMNS = ("item", "node", "on hand", "inbound", "reserved", "safety stock", "unreserved", "state")

F = TypeVar("F", bound=Callable[..., Any])


class Stock(click.Group):
    """`stock ITEM` is `stock show ITEM`, and without an item it is `stock list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not (args and (args[0] in self.commands or args[0] in ctx.help_option_names)):
            args = ["show" if _arguments(args) else "list", *args]
        return super().parse_args(ctx, args)


def _arguments(args: list[str]) -> list[str]:
    """What is no option and no value of one; every option of these commands takes a value."""
    before = ["", *args]
    takes = [each.startswith("--") and "=" not in each for each in before]
    return [each for each, value in zip(args, takes, strict=False) if not value and not each.startswith("-")]


@click.group(cls=Stock)
def stock() -> None:
    """Show what there is, what may be promised of it, and why.

    \b
    Example: orderloom stock --node DC-ONT
             orderloom stock I00324 --method pickup --at 2031-03-05
             orderloom stock I00324 --role associate --user-node ST-LAX
             orderloom stock why I00324 DC-ONT
             orderloom stock projection I00324 --weeks 4
    """


stock.add_command(alerts)
stock.add_command(as_of)
stock.add_command(publish)


@stock.command("list")
@dir_option
@store_option
@click.option("--item", help="Only this item.")
@click.option("--node", help="Only this node.")
@page_options
@format_option
def list_positions(
    folder: Path, store_name: str | None, item: str | None, node: str | None, after: str | None, limit: int, form: str
) -> None:
    """Show what is on hand, inbound and reserved, by item and node. `stock` without an item is the same.

    \b
    Example: orderloom stock list
             orderloom stock --item I00324
             orderloom stock list --node DC-ONT --format json
    """
    store = opened(store_url(folder, store_name))
    lines = queries.stock(store, item, node, key_of(after, str, str), limit + 1)
    rows = [
        [line.item, line.node, *_quantities(line.supplies, line.safety_stock), "quarantined" if line.quarantined else "good"]
        for line in lines
    ]
    print_page(form, Table("Stock", COLUMNS, rows), limit, lambda last: (lines[last].item, lines[last].node))


def _midnight(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time())
    except ValueError:
        raise click.BadParameter(f"{day} is no day such as 2026-03-31") from None


def asking(command: F) -> F:
    """The options that say what availability is asked about."""
    words = "On this day, and nothing later.  [default: today]"
    command = click.option("--at", type=_midnight, metavar="DATE", help=words)(command)
    return click.option("--method", default="ship", show_default=True, help="For this way to the customer.")(command)


@stock.command()
@click.argument("item")
@dir_option
@store_option
@click.option("--node", help="Only this node.")
@asking
@click.option("--role", help="As this role sees it; `--as` says more of who it is.")
@click.option("--user-node", metavar="NODE", help="Where whoever has the role is at work: `user.node`.")
@view_option
@format_option
def show(
    item: str, folder: Path, store_name: str | None, node: str | None, at: datetime | None, method: str,
    role: str | None, user_node: str | None, view: str | None, form: str,
) -> None:  # fmt: skip
    """Show what may be promised of an item, by node and day, to those who ask for a method. `stock ITEM` is the same.

    \b
    Example: orderloom stock show I00324
             orderloom stock I00324 --method pickup --at 2031-03-05
             orderloom stock I00324 --as associate@ST-LAX --format json
    """
    store = opened(store_url(folder, store_name))
    now = store.now()
    program = program_in(store)
    asked_as = f"{role}@{user_node or ''}"
    who = granted(somebody(program, asked_as, user(), nodes_in(store, program))) if role else acting.who()
    saved = acting.saved(view)
    asked = Inquiry(item, method, node, _day(at), who, saved)
    found = granted(inquiry.answer(Lookup(store, program), asked, now))
    if form == "json":
        print_json({"item": item, "method": method, "at": asked.day or now.date(), "stock": found})
    else:
        print_tables([stock_table(asked, found)])


@stock.command()
@click.argument("item")
@click.argument("node")
@dir_option
@store_option
@asking
@format_option
def why(item: str, node: str, folder: Path, store_name: str | None, at: datetime | None, method: str, form: str) -> None:
    """Explain what may be promised of an item at a node: supplies, rules, reservations, quarantine, calendar.

    \b
    Example: orderloom stock why I00324 DC-ONT --method pickup
    """
    store = opened(store_url(folder, store_name))
    asked = Inquiry(item, method, node, _day(at))
    claims, frozen = demands.claims(store, item, node), demands.quarantine(store, item, node)
    found = granted(inquiry.why(Lookup(store, program_in(store)), asked, store.now(), claims, frozen))
    if form == "json":
        print_json(found)
    else:
        click.echo("\n".join(why_words(found)))


@stock.command()
@click.argument("item")
@dir_option
@store_option
@click.option("--node", help="Only this node.")
@click.option("--weeks", type=click.IntRange(1, 520), default=8, show_default=True, help="How far ahead.")
@format_option
def projection(item: str, folder: Path, store_name: str | None, node: str | None, weeks: int, form: str) -> None:
    """Show what is on hand, on its way and demanded of an item, and what is left of it day by day.

    \b
    Example: orderloom stock projection I00324 --weeks 4
    """
    store = opened(store_url(folder, store_name))
    claims, waiting = demands.claims(store, item, node), demands.unsourced(store, item)
    lookup = Lookup(store, program_in(store))
    found = granted(inquiry.projection(lookup, Inquiry(item, node=node), store.now(), weeks, claims, waiting))
    if form == "json":
        print_json(found)
    else:
        figures, table = projection_words(found)
        click.echo(figures + "\n")
        print_tables([table])


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _quantities(supplies: tuple[Supply, ...], safety_stock: int) -> tuple[int, int, int, int, int]:
    """On hand, inbound, reserved of both, safety stock, and what nobody has claimed of what is on hand."""
    parts = [part for supply in supplies for part in supply.parts]
    here = [part for part in parts if part.type == ON_HAND]
    inbound = [part for part in parts if part.type != ON_HAND]
    on_hand, reserved = sum(s.quantity for s in here), sum(s.reserved for s in supplies)
    return on_hand, sum(s.quantity for s in inbound), reserved, safety_stock, sum(s.unreserved for s in here)
