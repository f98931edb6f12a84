"""`orderloom return`: goods that come back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click
from msgspec.structs import astuple

from orderloom.adapters.returned import Line, lines, report, seen_lines, states
from orderloom.adapters.versions import versions
from orderloom.cli import acting
from orderloom.cli.blind_return import blind
from orderloom.cli.one_return import receive, show
from orderloom.cli.output import Table, format_option, print_json, print_tables, shown
from orderloom.cli.persons import by_option
from orderloom.cli.seen import print_seen
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.returns import ask_return
from orderloom.engine.events import ReturnAsked
from orderloom.engine.returns.asked import Offered
from orderloom.engine.returns.request import Exchange, ReturnRequest

COLUMNS = ("return", *Line.__struct_fields__[1:])


@click.group("return")
def returns() -> None:
    """Ask for goods to come back, and see what has come back.

    \b
    Example: orderloom return ask W11367 1 --reason "did not fit" --node ST-01 --preview
             orderloom return ask W11367 1 --reason "did not fit" --node ST-01 --condition resellable
             orderloom return blind TEE --customer C-7 --reason "did not fit" --preview
             orderloom return receive W11367-2 --condition damaged
             orderloom return show W11367-2
             orderloom return list --order W11367
             orderloom return report
    """


returns.add_command(blind)
returns.add_command(receive)
returns.add_command(show)


@returns.command("ask")
@dir_option
@store_option
@click.argument("order")
@click.argument("line")
@click.option("--quantity", type=click.IntRange(1), default=1, show_default=True, help="How many units.")
@click.option("--reason", default="", help="Why they come back.")
@click.option("--condition", help="How they look, where somebody has seen them.")
@click.option("--node", help="Where they are given back.  [default: where they came from, else the first that takes them]")
@click.option("--way", help="By which way of the policy, such as store.  [default: any by which the node takes them]")
@click.option("--serial", "serials", multiple=True, help="A serial number of theirs; once for each.")
@click.option("--exchange", type=click.Choice(("regular", "advance")), help="Other goods instead of money.")
@click.option("--item", help="What they are exchanged for.  [default: the same item]")
@click.option("--unit-price", type=Decimal, help="What one of it costs, where you may name it.  [default: what is known of it]")
@click.option("--currency", help="The currency of the refund; refused where it was paid in another.")
@click.option("--as", "role", default="", metavar="ROLE", help="The role in which it is asked.")
@click.option("--preview", is_flag=True, help="Only tell what it would come to.")
@click.option("--version", type=click.IntRange(0), help="The version of the order that was seen; refused where it has changed.")
@by_option
@format_option
def ask(
    folder: Path, store_name: str | None, order: str, line: str, quantity: int, reason: str, condition: str | None,
    node: str | None, way: str | None, serials: tuple[str, ...], exchange: str | None, item: str | None,
    unit_price: Decimal | None, currency: str | None, role: str, preview: bool, version: int | None, by: str, form: str,
) -> None:  # fmt: skip
    """Ask for units of a line to come back: refused with the reason, or what is given for them.

    \b
    Example: orderloom return ask W11367 1 --reason "did not fit" --node ST-01 --preview
             orderloom return ask W11367 1 --way mail --exchange advance
    """
    if exchange is None and (item is not None or unit_price is not None):
        raise click.UsageError("--item and --unit-price say what is exchanged: add --exchange regular or advance")
    store = opened(store_url(folder, store_name))
    other = None if exchange is None else Exchange(item, None, unit_price, exchange == "advance")
    request = ReturnRequest(line, quantity, reason, node, way, condition, serials, other, currency)
    asked = ReturnAsked(store.now(), request, by if role else "", role)
    made = granted(ask_return(store, versions(store), order, asked, preview=preview, version=version, works_at=acting.who().node))
    if form == "json":
        print_json(_as_json(made, preview))
    else:
        click.echo(_words(made, preview))


def _as_json(made: Offered, preview: bool) -> dict[str, object]:
    return {
        "return": None if preview else made.id,
        "policy": made.found.policy.name,
        "way": made.found.way,
        "node": made.found.node,
        "delivered_on": made.found.delivered_on,
        "refund": made.worth.amount,
        "fees": made.worth.fees,
        "charges": made.worth.charges,
        "exchange": made.request.exchange,
    }


def _words(made: Offered, preview: bool) -> str:
    worth, request = made.worth, made.request
    off = sum(worth.fees.values()) + sum(made.given.values())
    parts = [f"price less discount {shown(sum(each.price - each.discount for each in worth.charges) + off)}"]
    parts += [f"shipping {shown(sum(each.shipping for each in worth.charges))}"] if worth.shipping else []
    parts += [f"tax {shown(tax)}"] if (tax := sum(each.tax for each in worth.charges)) else []
    parts += [f"{name} -{shown(amount)}" for name, amount in (*made.given.items(), *worth.fees.items())]
    what = f"{request.quantity} of line {request.line} to {made.found.node} by {made.found.way}"
    head = "would be" if preview else f"is about to be, as {made.id},"
    other, price = request.exchange, request.exchange.unit_price if request.exchange is not None else None
    item = f", exchanged for {other.item or 'the same'}" + (f" at {shown(price)}" if price is not None else "") if other else ""
    return f"{what} {head} taken back by {made.found.policy.title}: refund {shown(worth.amount)} ({', '.join(parts)}){item}"


@returns.command("list")
@dir_option
@store_option
@click.option("--order", help="Only those of this order.")
@format_option
def list_returns(folder: Path, store_name: str | None, order: str | None, form: str) -> None:
    """List the returns: how far they have come, what was given for them, and what became of the goods.

    \b
    Example: orderloom return list --order W11367
    """
    store = opened(store_url(folder, store_name))
    if (gate := acting.gate()) is not None:
        print_seen("returns", [seen for state in states(store, order) for seen in seen_lines(state, gate)], form)
        return
    found = [line for state in states(store, order) for line in lines(state)]
    if form == "json":
        print_json(found)
        return
    rows = [tuple(str(value) for value in astuple(each)) for each in found]
    print_tables([Table("returns", COLUMNS, rows)])


@returns.command("report")
@dir_option
@store_option
@format_option
def report_returns(folder: Path, store_name: str | None, form: str) -> None:
    """Report what has come back: by what became of it, with the refunds, and what was paid for those orders.

    \b
    Example: orderloom return report
    """
    found = report(opened(store_url(folder, store_name)))
    if form == "json":
        print_json(found)
        return
    rows = [(each.next, str(each.returns), str(each.units), shown(each.refund), shown(each.kept)) for each in found.by_next]
    print_tables([Table("what became of them", ("next", "returns", "units", "refund", "fees"), rows)])
    more = ", ".join(found.more_than_paid) or "none"
    click.echo(f"\nPaid for these orders {shown(found.paid)}, given back {shown(found.refunds)}; more than was paid: {more}")
