"""`orderloom repair`: what a customer owns is mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from orderloom.adapters.repaired import Life, Line, life, lines, seen_life, seen_lines, states
from orderloom.adapters.versions import versions
from orderloom.cli import acting
from orderloom.cli.order_words import decision_words, happening
from orderloom.cli.output import Table, format_option, print_json, print_tables, shown
from orderloom.cli.persons import by_option
from orderloom.cli.seen import print_seen
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.values import values_of, values_option
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.repairs import Opened, ask_repair, tell_repair
from orderloom.engine.events import Happened

COLUMNS = Line.__struct_fields__


@click.group()
def repair() -> None:
    """Ask for a repair of what was sold, answer its quote, and see its whole life from the sale.

    \b
    Example: orderloom repair ask W11367 1 --serial S-1 --set fault="does not light" --preview
             orderloom repair ask W11367 1 --serial S-1 --set fault="does not light"
             orderloom repair receive W11367-2
             orderloom repair answer W11367-2 accepted
             orderloom repair show W11367-2
             orderloom repair list
    """


@repair.command()
@dir_option
@store_option
@click.argument("order")
@click.argument("line")
@click.option("--serial", help="The serial number of the piece.")
@click.option("--event", "name", default="", help="The event that starts it.  [default: the one that starts repairs]")
@values_option
@click.option("--as", "role", default="", metavar="ROLE", help="The role in which it is asked.")
@click.option("--preview", is_flag=True, help="Only tell what would come of it.")
@click.option("--version", type=click.IntRange(0), help="The version of the order that was seen; refused where it has changed.")
@by_option
@format_option
def ask(
    folder: Path, store_name: str | None, order: str, line: str, serial: str | None, name: str, values: tuple[str, ...],
    role: str, preview: bool, version: int | None, by: str, form: str,
) -> None:  # fmt: skip
    """Ask for a piece of a line to be repaired: refused with the reason, or a repair that begins.

    \b
    Example: orderloom repair ask W11367 1 --serial S-1 --set fault="does not light"
    """
    store = opened(store_url(folder, store_name))
    data = values_of(values) | ({"serial": serial} if serial is not None else {})
    asked = Happened(store.now(), name, None, data, line, by=by if role else "", role=role)
    made = granted(ask_repair(store, versions(store), order, asked, preview=preview, version=version))
    if form == "json":
        print_json({"repair": None if preview else made.id, "order": order, "asked": made})
    else:
        click.echo(_opened(made, preview))


def _opened(made: Opened, preview: bool) -> str:
    what = f"{made.item} of line {made.line}" + (f", serial {made.serial}," if made.serial else "")
    head = "would be" if preview else f"is about to be, as {made.id},"
    return f"{what} {head} repaired at {made.node} by {made.process}: {made.status}"


@repair.command()
@dir_option
@store_option
@click.argument("repair", metavar="REPAIR")
@values_option
@by_option
@format_option
def receive(folder: Path, store_name: str | None, repair: str, values: tuple[str, ...], by: str, form: str) -> None:
    """Tell that the piece is there, or whatever event it is that the repair waits for.

    \b
    Example: orderloom repair receive W11367-2
    """
    _tell(folder, store_name, repair, None, values, by, form)


@repair.command()
@dir_option
@store_option
@click.argument("repair", metavar="REPAIR")
@click.argument("reply")
@values_option
@by_option
@format_option
def answer(folder: Path, store_name: str | None, repair: str, reply: str, values: tuple[str, ...], by: str, form: str) -> None:
    """Answer the request for whose reply the repair waits, such as its quote, for whoever was asked.

    \b
    Example: orderloom repair answer W11367-2 accepted
             orderloom repair answer W11367-2 quoted --set amount=24.50
    """
    _tell(folder, store_name, repair, reply, values, by, form)


def _tell(
    folder: Path, store_name: str | None, repair: str, reply: str | None, values: tuple[str, ...], by: str, form: str
) -> None:
    store, role = opened(store_url(folder, store_name)), acting.who().role
    told = granted(tell_repair(store, versions(store), repair, store.now(), reply, values_of(values), by, role))
    if form == "json":
        print_json(told)
    else:
        click.echo(f"{told.what} is in" + (f", to {told.to}" if told.to else "") + f", of repair {told.repair}")


@repair.command("list")
@dir_option
@store_option
@click.option("--order", help="Only those of this order.")
@format_option
def list_repairs(folder: Path, store_name: str | None, order: str | None, form: str) -> None:
    """List the repairs: which piece of which sale, how far they have come, and what the customer pays.

    \b
    Example: orderloom repair list --order W11367
    """
    there = states(opened(store_url(folder, store_name)), order)
    if (gate := acting.gate()) is not None:
        print_seen("repairs", [seen for state in there for seen in seen_lines(state, gate)], form)
        return
    found = [line for state in there for line in lines(state)]
    if form == "json":
        print_json(found)
        return
    rows = [tuple(shown(getattr(each, name)) for name in COLUMNS) for each in found]
    print_tables([Table("repairs", COLUMNS, rows)])


@repair.command()
@dir_option
@store_option
@click.argument("repair", metavar="REPAIR")
@format_option
def show(folder: Path, store_name: str | None, repair: str, form: str) -> None:
    """Show a repair from the sale on: what was sold, what is the matter, who pays and why, what it waits for, what happened.

    \b
    Example: orderloom repair show W11367-2
    """
    store = opened(store_url(folder, store_name))
    state, found = granted(life(store, versions(store), repair))
    if (gate := acting.gate()) is not None:
        print_seen("repair", [granted(seen_life(state, found, gate))], form)
    elif form == "json":
        print_json(found)
    else:
        click.echo("\n".join(_words(found)))


def _words(found: Life) -> Iterator[str]:
    about = found.about
    yield f"{about.repair}: {about.status}" + (f", ended as {about.outcome}" if about.outcome else "")
    yield f"  {about.item} of line {about.line} of order {about.order}" + (f", serial {about.serial}" if about.serial else "")
    there = f", delivered {found.delivered_on}" if found.delivered_on else ""
    yield f"  sold {found.placed_at:%Y-%m-%d} to {found.customer}{there}"
    told = "".join(f", {name} {shown(value)}" for name, value in found.told.items() if name != "serial")
    yield f"  asked {found.asked_at:%Y-%m-%d %H:%M}{told}; at {about.node}"
    if found.waits_for:
        yield f"  waits for {found.waits_for}"
    for document in found.documents:
        yield f"  {document.number} {document.kind} {shown(document.amount)}"
    for issue in found.exceptions:
        how = f"settled: {shown(issue.option)}" if issue.closed_at else f"open, for {issue.role}: {shown(issue.options)}"
        yield f"  exception {issue.type}, {how}"
    yield from ("", "why")
    yield from (f"  {decision_words(each)}" for each in found.decided)
    yield from ("", "history")
    yield from (f"  {happening(line)}" for line in found.history)
