"""`orderloom show`: one thing as a whole."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.cli import acting
from orderloom.cli.output import Table, format_option, print_data, print_json, print_tables, shown
from orderloom.cli.rules import known_division, values_table
from orderloom.cli.stock_words import stock_table
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import checked, dir_option, sources_of
from orderloom.dsl.divisions.effective import family
from orderloom.engine.desk.beside import Beside, beside, joined
from orderloom.engine.desk.customers import After, Bought, Timeline, timeline
from orderloom.engine.desk.inquiry import Inquiry


class Subjects(click.Group):
    """A name that is no kind of thing is a division's."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in self.commands or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        return "division", self.commands["division"], args


@click.group(cls=Subjects)
def show() -> None:
    """Show something as a whole: a customer, or the rules of a division.

    \b
    Example: orderloom show customer C1
             orderloom show northgate promising
    """


@show.command()
@dir_option
@click.argument("division")
@click.argument("about", metavar="[KIND or NAME]", required=False)
@format_option
def division(folder: Path, division: str, about: str | None, form: str) -> None:
    """Show every value that is in force for a division, where it is written, and who set it.

    \b
    Example: orderloom show division northgate
             orderloom show northgate promising
             orderloom show northgate changes.order.until
    """
    sources = sources_of(folder)
    checked(sources)
    found = family(sources)
    print_data(form, values_table(known_division(found, division), found, about))


@show.command()
@dir_option
@store_option
@click.argument("customer")
@click.option("--item", "items", multiple=True, help="Beside it, what there is of this item, and the free slots of a week.")
@format_option
def customer(folder: Path, store_name: str | None, customer: str, items: tuple[str, ...], form: str) -> None:
    """Show a customer over all channels: orders and what came after the sale, interests, lifetime value.

    \b
    Example: orderloom show customer C1
             orderloom show customer C1 --item TEE --as associate@S1
             orderloom show customer C1 --format json
    """
    store, gate = opened(store_url(folder, store_name)), acting.gate()
    found = granted(timeline(store, customer, gate))
    there = granted(beside(store, program_in(store), items, store.now(), gate)) if items else None
    if form == "json":
        print_json(found if there is None else joined(found, there))
        return
    who = " ".join(filter(None, (found.name, f"<{found.email}>" if found.email else "")))
    sums = [f"lifetime value {found.lifetime}"] if found.lifetime is not None else []
    sums += [f"{found.open} open"] if found.open is not None else []
    click.echo(f"{found.customer}{f' {who}' if who else ''}{': ' if sums else ''}{', '.join(sums)}\n")
    print_tables([*_tables(found), *_beside(there)])


def _beside(there: Beside | None) -> list[Table]:
    if there is None:
        return []
    slots = [[each.service, each.resource, each.day, each.slot, each.free] for each in there.slots]
    tables = [stock_table(Inquiry(item, who=acting.who()), rows) for item, rows in there.stock.items()]
    return [*tables, Table("Free slots", ("service", "resource", "day", "slot", "free"), slots)] if slots else tables


def _tables(found: Timeline) -> list[Table]:
    orders = [
        [each.order, each.channel, shown(each.placed_at), each.status, _items(each.items), each.total, each.worth]
        for each in found.orders
    ]
    after = [_after(order, each) for order in found.orders for each in order.after]
    interests = [
        [shown(told.at), told.kind, told.item, told.quantity, told.price, told.channel, led_to]
        for told, led_to in ((each.interest, each.led_to) for each in found.interests)
    ]
    return [
        Table("Orders", ("order", "channel", "placed at", "status", "items", "total", "worth"), orders),
        Table("After the sale", ("order", "what", "number", "status", "items", "amount"), after),
        Table("Interests", ("at", "kind", "item", "quantity", "price", "channel", "led to"), interests),
    ]


def _after(order: Bought, each: After) -> list[object]:
    return [order.order, each.kind, each.id, each.status, _items(each.items), each.amount]


def _items(items: dict[str, int]) -> str:
    return ", ".join(f"{quantity} {item}" for item, quantity in items.items())
