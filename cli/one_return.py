"""`orderloom return show` and `return receive`: one return, by its id."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from orderloom.adapters.returned import Line, as_told, one, seen_one
from orderloom.adapters.versions import versions
from orderloom.cli import acting
from orderloom.cli.output import format_option, print_json, shown
from orderloom.cli.persons import by_option
from orderloom.cli.seen import print_seen
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.returns import receive_return
from orderloom.engine.state import OrderState


@click.command()
@dir_option
@store_option
@click.argument("returned", metavar="RETURN")
@format_option
def show(folder: Path, store_name: str | None, returned: str, form: str) -> None:
    """Show a return: what was asked, how far it has come, what was given for it, and what became of the goods.

    \b
    Example: orderloom return show W11367-2
    """
    state, line = granted(one(opened(store_url(folder, store_name)), returned))
    if (gate := acting.gate()) is not None:
        print_seen("return", [granted(seen_one(state, returned, gate))], form)
        return
    if form == "json":
        print_json(as_told(state, returned))
        return
    click.echo("\n".join(_words(state, line)))


def _words(state: OrderState, line: Line) -> Iterator[str]:
    known, unit, currency = state.returns[line.id], state.units[line.id], state.order.currency
    asked = known.request
    yield f"{line.id}: {line.status or 'asked'}" + (f", ended as {unit.outcome}" if unit.outcome else "")
    item = state.order.line(line.line).item
    yield f"  {asked} ({item}) of order {line.order}, to {line.node} by {line.way}"
    sold = "nobody knows its sale" if known.blind else f"delivered {known.delivered_on}"
    yield f"  asked {known.at:%Y-%m-%d %H:%M} by {known.by}, {sold}, policy {known.policy}"
    if line.condition:
        yield f"  condition {line.condition}"
    if asked.serials:
        yield f"  serial numbers {', '.join(asked.serials)}"
    if known.received is not None:
        yield f"  {known.received} of {asked.quantity} came back"
    if known.credited:
        fees = "".join(f", {name} -{shown(fee)}" for name, fee in known.fees.items())
        yield f"  {shown(known.credit)} {currency} given{fees}"
    if known.exchange_line:
        yield f"  exchanged for line {known.exchange_line}, {state.order.line(known.exchange_line).item}"
    for each in known.goods:
        if each.next:
            code = f", code {each.code}" if each.code else ""
            by = f", by transfer {each.transfer}" if each.transfer else ""
            yield f"  {each.quantity} of {each.item}: {each.next} at {each.node}{by}{code}  ({each.origin})"
    for document in state.documents:
        if document.unit == line.id:
            yield f"  {document.number} {document.kind} {shown(document.amount)} {document.tender}".rstrip()


@click.command()
@dir_option
@store_option
@click.argument("returned", metavar="RETURN")
@click.option("--quantity", type=click.IntRange(0), help="How many of them came back.  [default: all that were asked]")
@click.option("--condition", help="How they look.  [default: as was asked]")
@by_option
@format_option
def receive(
    folder: Path, store_name: str | None, returned: str, quantity: int | None, condition: str | None, by: str, form: str
) -> None:
    """Tell that the goods of a return are there: its process goes on with what came.

    \b
    Example: orderloom return receive W11367-2 --condition damaged
             orderloom return receive W11367-2 --quantity 0
    """
    store = opened(store_url(folder, store_name))
    role = acting.who().role
    made = granted(receive_return(store, versions(store), returned, store.now(), quantity, condition, by, role))
    if form == "json":
        print_json({"return": made.returned, "order": made.order, "quantity": made.quantity, "condition": made.condition})
        return
    looks = f", {made.condition}" if made.condition else ""
    click.echo(f"{made.quantity} of return {made.returned} is in{looks}")
