"""`orderloom promises`: what may be promised for an order, and how promises were kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from orderloom.adapters.perfect import Perfect, perfect_orders
from orderloom.adapters.promised import Kept, kept_by_place
from orderloom.adapters.stage import stage
from orderloom.cli.one_order import moment_of, one_order, order_option, program_for
from orderloom.cli.option_words import menu_words
from orderloom.cli.output import Table, format_option, print_data, print_json
from orderloom.cli.plan_words import plan_words
from orderloom.cli.renames import rename_option
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.promises.options import Menu


@click.group()
def promises() -> None:
    """Offer promises, and report how they were kept.

    \b
    Example: orderloom promises options --order order.json
             orderloom promises report
             orderloom promises perfect
    """


@promises.command()
@order_option
@dir_option
@store_option
@click.option("--at", metavar="MOMENT", help="When the customer asks.  [default: when it was placed]")
@rename_option
@format_option
def options(folder: Path, file: Path, store_name: str | None, at: str | None, renames: dict[str, str], form: str) -> None:
    """Show what may be offered for an order before it is placed: dates, prices, plans, and why. Nothing is reserved.

    An order takes an option by naming it: "promise": {"option": "express", "deliver_by": "2026-03-04", "price": 9.90}.

    \b
    Example: orderloom promises options --order order.json --at 2026-10-20T09:00
    """
    program = program_for(folder)
    moment = moment_of(at, program) if at else None
    order, props = one_order(program, file, renames, folder, store_name)
    play = stage(program, props, moment or order.placed_at)
    menu = play.options(order)
    play.store.close()
    if form == "json":
        print_json(menu)
    else:
        for line in _words(menu, program.currency):
            click.echo(line)


def _words(menu: Menu, currency: str) -> Iterator[str]:
    """The menu, and below it the plan of every offer."""
    yield from menu_words(menu, currency)
    for option in menu.offered:
        yield ""
        yield f"{option.option}, {option.deliver_by}" + (f" ({option.origin})" if option.origin else "")
        yield from ("  " + line for line in plan_words(option.plan, currency))


@promises.command()
@dir_option
@store_option
@format_option
def report(folder: Path, store_name: str | None, form: str) -> None:
    """Report the first promise against what happened, by node and method, for all units of work that arrived.

    What is picked up arrives when it is ready. Days late are those after the day that was promised first.

    \b
    Example: orderloom promises report
             orderloom promises report --format json
    """
    store = opened(store_url(folder, store_name))
    found = kept_by_place(store, program_in(store).timezone)
    bands = tuple(f"{band} days late" for band in Kept("", "").distribution)
    columns = ("node", "method", "arrived", "kept", "missed", "kept %", "mean days late", *bands)
    rows = [_row(each) for each in (*found, _whole(found))] if found else []
    print_data(form, Table("Promised against actual, by unit of work", columns, rows))


@promises.command()
@dir_option
@store_option
@format_option
def perfect(folder: Path, store_name: str | None, form: str) -> None:
    """Report how many orders that have ended were perfect ones: in full, on time, undamaged, and billed for what was delivered.

    Orders that were given up as a whole are not among them, and counted beside them.

    \b
    Example: orderloom promises perfect
             orderloom promises perfect --format json
    """
    store = opened(store_url(folder, store_name))
    found = perfect_orders(store, program_in(store).timezone)
    names = (*Perfect.__struct_fields__, "perfect")
    rows: list[list[object]] = [[name.replace("_", " "), found.counts[name], found.judged, found.share(name)] for name in names]
    rows.append(["given up as a whole", found.given_up, None, None])
    print_data(form, Table("Perfect orders", ("orders", "count", "of", "%"), rows))


def _row(place: Kept) -> list[object]:
    share = place.share_kept
    return [
        place.node,
        place.method,
        place.all,
        place.kept,
        place.missed,
        share,
        place.mean_days_late,
        *place.distribution.values(),
    ]


def _whole(places: list[Kept]) -> Kept:
    whole = Kept("all", "all")
    for place in places:
        whole.days.update(place.days)
    return whole
