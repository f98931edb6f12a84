"""`orderloom orders`: the order repository."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from msgspec.structs import asdict

from orderloom.adapters.perfect import Perfect, perfection_of
from orderloom.adapters.standing import standing, stopped
from orderloom.cli import acting
from orderloom.cli.acting import view_option
from orderloom.cli.changes import cancel, change, changes_table
from orderloom.cli.drafts import draft, submit
from orderloom.cli.holds import hold as hold_order
from orderloom.cli.holds import holds_table, release
from orderloom.cli.offers import offers
from orderloom.cli.order_words import order_words
from orderloom.cli.output import Table, format_option, print_json, print_tables, shown
from orderloom.cli.paging import key_of, page_options, print_page
from orderloom.cli.past import at_option, found_order, moment_in
from orderloom.cli.seen import explain_as, list_as, show_as
from orderloom.cli.stop import granted
from orderloom.cli.stores import known, opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.seen_tasks import seen_task
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store
from orderloom.engine.store.queries import OrderLine, WholeOrder
from orderloom.engine.store.search import Asked, find
from orderloom.engine.store.stops import stops_of
from orderloom.engine.unit import Unit, UnitLine
from orderloom.engine.views import line_status


@click.group()
def orders() -> None:
    """List, show and explain orders.

    \b
    Example: orderloom orders list --status delivered
             orderloom orders explain W11367
    """


orders.add_command(draft)
orders.add_command(submit)
orders.add_command(hold_order, "hold")
orders.add_command(release)
orders.add_command(change)
orders.add_command(offers)
orders.add_command(cancel)


@orders.command("list")
@dir_option
@store_option
@click.option("--status", help="Only orders with this status.")
@click.option("--channel", help="Only orders of this channel.")
@click.option("--customer", help="Only orders of this customer's id.")
@click.option("--hold", help="Only orders of which this hold stands.")
@click.option("--number", help="Only orders with this number of their channel.")
@click.option("--item", help="Only orders that have, or have had, this item.")
@click.option("--email", help="Only orders of whoever has this e-mail address.")
@click.option("--phone", help="Only orders of whoever has this telephone number.")
@click.option("--text", default="", help="Only orders with all these words in the customer's name or the address.")
@click.option("--since", metavar="MOMENT", help="Only orders placed then or later.")
@click.option("--until", metavar="MOMENT", help="Only orders placed before then.")
@view_option
@page_options
@format_option
def list_orders(
    folder: Path, store_name: str | None, since: str | None, until: str | None, view: str | None, after: str | None,
    limit: int, form: str, **asked: Any,
) -> None:  # fmt: skip
    """List or find orders, by id.

    \b
    Example: orderloom orders list --channel web --limit 20
             orderloom orders list --email ann@example.com --since 2026-03-01
             orderloom orders list --after W11367 --format json
             orderloom orders list --as associate@ST-LAX --view to-hand-over
    """
    store = opened(store_url(folder, store_name))
    known(store, hold=asked["hold"])
    (behind,) = key_of(after, str) or ("",)
    days = {name: moment_in(store, at) if at else None for name, at in (("since", since), ("until", until))}
    wanted = Asked(**asked, since=days["since"], until=days["until"])
    if (gate := acting.gate()) is not None:
        list_as(gate, store, wanted, acting.saved(view), behind, limit, form)
        return
    found = find(store, wanted, behind, limit + 1)
    status = {o.id: o.status for o in found} if form == "json" else _stopped(store, found)
    rows = [[o.id, o.channel, o.customer, status[o.id], o.outcome, o.placed_at] for o in found]
    columns = ("id", "channel", "customer", "status", "outcome", "placed at")
    print_page(form, Table("Orders", columns, rows), limit, lambda last: (found[last].id,))


@orders.command()
@dir_option
@store_option
@click.argument("order")
@at_option
@view_option
@format_option
def show(folder: Path, store_name: str | None, order: str, at: str | None, view: str | None, form: str) -> None:
    """Show an order: lines, units of work, promises, documents, holds, tasks, and what participants were asked, by its key.

    \b
    Example: orderloom orders show W11367
             orderloom orders show W11367 --at 2026-03-01T12:00Z
             orderloom orders show W11367 --as customer
    """
    if (gate := acting.gate()) is not None:
        granted(gate.may_see(order))
        show_as(gate, found_order(opened(store_url(folder, store_name)), order, at), acting.saved(view), form)
        return
    store = opened(store_url(folder, store_name))
    found = found_order(store, order, at)
    if form == "json":
        print_json(
            found.summary
            if found.state is None
            else asdict(found.state)
            | {"tasks": {task.id: task for task in found.tasks}, "messages": found.messages, "perfect": _judged(found, store)}
        )
    elif found.state is None:
        click.echo(f"{order} is captured and waits for a worker.")
    else:
        click.echo(f"{order}: {found.state.status} ({standing(found.state)}){_perfect(found, store)}\n")
        print_tables([*_tables(found.state), *_tasks(found), *_asked(found), _open(found)])


@orders.command()
@dir_option
@store_option
@click.argument("order")
@at_option
@format_option
def explain(folder: Path, store_name: str | None, order: str, at: str | None, form: str) -> None:
    """Explain an order: why these sources and dates, why no others, which rows decided, what happened.

    \b
    Example: orderloom orders explain W11367
             orderloom orders explain W11367 --as operations
    """
    store = opened(store_url(folder, store_name))
    found = found_order(store, order, at)
    if (gate := acting.gate()) is not None:
        explain_as(gate, found, program_in(store).currency, form)
        return
    if form == "json":
        print_json({"records": found.records, "history": found.history, "exceptions": found.exceptions})
        return
    for line in order_words(found, program_in(store).currency):
        click.echo(line)


def _stopped(store: Store, found: Sequence[OrderLine]) -> dict[str, str]:
    """How each order stands, with what stops it."""
    stops = stops_of(store, [line.id for line in found if line.outcome is None])
    words = {order: stopped(*each) for order, each in stops.items()}
    return {line.id: f"{line.status} ({words[line.id]})" if words.get(line.id) else line.status for line in found}


PROMISES = ("line", "version", "made at", "quantity", "node", "ship on", "deliver on", "because", "days late", "jeopardy")


def _owned(unit: Unit) -> str:
    """What is worked on that the customer owns."""
    of = f" of line {unit.for_line}" if unit.for_line is not None else ""
    return f"{unit.type}{of}" + (f", serial {unit.serial}" if unit.serial else "") if of else ""


def _tables(state: OrderState) -> list[Table]:
    lines = [
        [x.id, x.item, x.quantity, x.unit_price, x.method, _day(x.want_by), line_status(x, state)] for x in state.order.lines
    ]
    units = [
        [u.id, u.node, u.method, u.service, _parts(u.lines) or _owned(u), _day(u.ship_on), _day(u.deliver_on), u.slot, u.status]
        for u in state.units.values()
    ]
    promises = [
        [
            p.line,
            p.version,
            shown(p.made_at),
            p.quantity,
            p.node,
            _day(p.ship_on),
            _day(p.deliver_on),
            p.reason,
            p.days_late,
            p.jeopardy,
        ]
        for p in state.promises
    ]
    documents = [[d.kind, d.number, shown(d.at), d.amount, d.unit] for d in state.documents]
    return [
        Table("Lines", ("line", "item", "quantity", "unit price", "method", "want by", "status"), lines),
        Table("Units of work", ("unit", "node", "method", "service", "lines", "ship on", "deliver on", "slot", "status"), units),
        Table("Promises", PROMISES, promises),
        Table("Documents", ("kind", "number", "at", "amount", "unit"), documents),
        *([_supply(state)] if state.supply_orders else []),
        *([holds_table(state)] if state.holds else []),
        *([changes_table(state)] if state.modifications else []),
    ]


def _supply(state: OrderState) -> Table:
    """What was bought and transferred for the order."""
    columns = ("number", "kind", "item", "from", "to", "quantity", "total", "due on", "pegged", "cancelled")
    rows = [
        [o.id, o.kind, o.item, o.source, o.node, o.quantity, o.total, _day(o.due_on), o.pegged, o.cancelled]
        for o in state.supply_orders
    ]
    return Table("Orders of supply", columns, rows)


def _asked(order: WholeOrder) -> list[Table]:
    """What participants were asked and told; a request is answered by its key."""
    rows = [[m.key, m.organization, m.role, m.message, m.at, m.done_at, m.failure] for m in order.messages]
    return [Table("Messages", ("key", "to", "role", "message", "at", "delivered at", "failure"), rows)] if rows else []


def _tasks(order: WholeOrder) -> list[Table]:
    """What people have to do of it, and what they did."""
    columns = ("id", "name", "role", "of", "since", "due at", "claimed by", "outcome", "by", "done at")
    return [Table("Tasks", columns, [list(seen_task(task).values()) for task in order.tasks])] if order.tasks else []


def _judged(order: WholeOrder, store: Store) -> Perfect | None:
    """Whether it was a perfect order, once it has ended."""
    if order.state is None or standing(order.state).startswith(("waiting", "captured")):
        return None
    return perfection_of(order.state, order.history, order.messages, program_in(store).timezone)


def _perfect(order: WholeOrder, store: Store) -> str:
    judged = _judged(order, store)
    if judged is None:
        return ""
    return ", a perfect order" if judged.perfect else f", not a perfect order: not {', not '.join(judged.lacks)}"


def _open(order: WholeOrder) -> Table:
    rows = [[e.id, e.type, e.options, e.cause.partition("\n")[0]] for e in order.exceptions if e.closed_at is None]
    return Table("Open exceptions", ("id", "type", "options", "cause"), rows)


def _parts(parts: tuple[UnitLine, ...]) -> str:
    return ", ".join(f"{part.quantity} of line {part.line}" for part in parts)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
