"""`orderloom events`: what happens to nodes and participants, told once for every order that it concerns."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import click
from click.core import ParameterSource

from orderloom.adapters.imports.kinds import kinds
from orderloom.adapters.imports.known import known_in
from orderloom.adapters.imports.records import take_in
from orderloom.adapters.paging import moment
from orderloom.cli import acting
from orderloom.cli.output import Table, format_option, print_json
from orderloom.cli.paging import key_of, page_options, print_page
from orderloom.cli.persons import user
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.values import values_of, values_option
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.broadcast import broadcasts
from orderloom.engine.desk.reporting import may_report

ABOUT = ("order", "unit", "line", "node")


@click.group()
def events() -> None:
    """Tell an event, and list those that were told without an order.

    \b
    Example: orderloom events send node-closed --node DC1 --set reason=flood
             orderloom events list
    """


@events.command()
@dir_option
@store_option
@click.argument("name")
@click.option("--participant", default=user, show_default="your user name", help="Whom it happens to, or who tells it.")
@click.option("--node", help="The node to which it happens.")
@click.option("--order", help="The order to which it happens; without it, every running order that it concerns.")
@click.option("--unit", help="The unit of work to which it happens.")
@click.option("--line", help="The line to which it happens.")
@values_option
@click.option("--id", "key", help="Its id, by which it counts once however often it is told.  [default: a new one]")
@format_option
def send(
    folder: Path, store_name: str | None, name: str, participant: str, values: tuple[str, ...], key: str | None, form: str,
    **about: str | None,
) -> None:  # fmt: skip
    """Tell an event of an order, a line, a unit of work, a node or a participant.

    That of a node or of a participant reaches every running order that it concerns. Where it concerns none it is kept, and that
    is told.

    \b
    Example: orderloom events send node-closed --node DC1 --set reason=flood
             orderloom events send strike --participant parcel-carrier --id strike-17
             orderloom events send dented --order W1 --unit W1-1 --set cost=3
    """
    store, stands = opened(store_url(folder, store_name)), acting.gate()
    program, now = program_in(store), store.now()
    data = values_of(values)
    if stands is not None:
        said = click.get_current_context().get_parameter_source("participant") is not ParameterSource.DEFAULT
        participant = participant if said else stands.who.by
        granted(may_report(stands, store, participant, about))
    record = {"id": key or str(uuid4()), "participant": participant, "event": name, "data": data}
    record |= {part: value for part, value in about.items() if value is not None}
    kind = kinds(store, program, now, captured_at=now)["events"]
    [found] = take_in([record], kind, known_in(store, program))
    if found.verdict == "rejected":
        raise Stop(found.because)
    if form == "json":
        print_json({"id": record["id"], "verdict": found.verdict, "because": found.because})
        return
    click.echo(f"{name} is {'in' if found.verdict == 'added' else 'known'}" + (f": {found.because}" if found.because else ""))


@events.command("list")
@dir_option
@store_option
@page_options
@format_option
def list_events(folder: Path, store_name: str | None, after: str | None, limit: int, form: str) -> None:
    """List the events of nodes and participants, the oldest first, and how many orders each has reached.

    \b
    Example: orderloom events list
    """
    found = broadcasts(opened(store_url(folder, store_name)), key_of(after, moment, str, str), limit + 1)
    rows = [[b.event.at, b.event.name, b.event.node, b.participant, b.key, b.reached, b.done_at is not None] for b in found]
    table = Table("Events", ("at", "event", "node", "participant", "id", "orders reached", "done"), rows)
    print_page(form, table, limit, lambda last: (found[last].event.at, found[last].participant, found[last].key))
