"""`orderloom appease`: what may be offered to a customer in place of a return, what was accepted, and what came of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path

import click

from orderloom.adapters.appeased import Figures, figures
from orderloom.adapters.paging import moment, seen_rows
from orderloom.adapters.versions import versions
from orderloom.cli import acting
from orderloom.cli.appease_compare import compare
from orderloom.cli.output import Table, format_option, print_data, print_json, print_tables, shown
from orderloom.cli.paging import key_of, page_options, print_page
from orderloom.cli.persons import by_option
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.appeasements.case import Case
from orderloom.engine.appeasements.offers import Offers
from orderloom.engine.desk.appeasing import Accepted, accept, offered
from orderloom.engine.store.appeasements import Kept, appeasements, each_of
from orderloom.engine.store.appeasements import key_of as key_of_row

OFFERS = "offers"
LIST = (
    "appeasement",
    "order",
    "customer",
    "line",
    "quantity",
    "reason",
    "offer",
    "amount",
    "cost",
    "saving",
    "by",
    "outcome",
    "at",
)
REPORT = (
    "policy", "offer", "accepted", "open", "lost", "saved", "returned", "amount", "cost", "return cost", "saving",
)  # fmt: skip


class OffersFirst(click.Group):
    """A group of which `orderloom appease ORDER LINE` is short for `orderloom appease offers ORDER LINE`."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and not args[0].startswith("-"):
            args = [OFFERS, *args]
        return super().resolve_command(ctx, args)


@click.group(cls=OffersFirst)
def appease() -> None:
    """Show what may be offered to a customer in place of a return, grant an offer, and report what came of them.

    `orderloom appease ORDER LINE` is short for `orderloom appease offers ORDER LINE`.

    \b
    Example: orderloom appease W11367 1 --reason late --as customer-service
             orderloom appease W11367 1 --reason late --as customer-service --accept tenth-off
             orderloom appease list --customer C-1
             orderloom appease report
    """


@appease.command(OFFERS)
@dir_option
@store_option
@click.argument("order")
@click.argument("line")
@click.option("--reason", required=True, help="Why the units would come back.")
@click.option("--condition", default="", help="How they look.")
@click.option("--quantity", type=click.IntRange(1), help="How many units.  [default: all that are left]")
@click.option("--unit", "first", type=click.IntRange(0), help="The first of them, counted from 0.  [default: the first left]")
@click.option("--as", "role", default="", metavar="ROLE", help="The role in which it is offered, which has the authority.")
@click.option("--policy", help="By this policy, whichever is for the case; only to look.")
@click.option("--accept", "taken", metavar="OFFER", help="The customer accepts this offer.")
@click.option("--version", type=click.IntRange(0), help="The version of the order that was seen; refused where it has changed.")
@by_option
@format_option
def offers(
    folder: Path, store_name: str | None, order: str, line: str, reason: str, condition: str, quantity: int | None,
    first: int | None, role: str, policy: str | None, taken: str | None, version: int | None, by: str, form: str,
) -> None:  # fmt: skip
    """Show the offers for units of a line, the cheapest first, and why others may not be made; or grant one.

    \b
    Example: orderloom appease offers W11367 1 --reason late --as customer-service
             orderloom appease offers W11367 1 --reason late --as customer-service --by ann --accept tenth-off
    """
    store = opened(store_url(folder, store_name))
    case = Case(line, reason, condition, quantity, first, role, by if role else "")
    if taken is not None and policy is not None:
        raise click.UsageError("--policy is only to look: an offer is accepted by the policy that is for the case")
    if taken is None:
        _print_offers(form, order, granted(offered(store, versions(store), order, case, store.now(), policy)))
        return
    accepted = granted(accept(store, versions(store), order, case, taken, store.now(), version))
    if form == "json":
        print_json(accepted)
    else:
        click.echo(_accepted(order, accepted))


def _accepted(order: str, accepted: Accepted) -> str:
    a = accepted.appeasement
    words = f"{order}: {a.offer} of {shown(a.amount)} for {a.quantity} of line {a.line}"
    if a.approve is not None:
        return f"{words} waits for {a.approve} to agree, as {a.id}"
    return f"{words} is about to be granted, as {a.id}; it saves {shown(a.saving)}"


def _print_offers(form: str, order: str, made: Offers) -> None:
    if form == "json":
        print_json(made)
        return
    units = f"unit {made.first}" if made.quantity == 1 else f"units {made.first} to {made.first + made.quantity - 1}"
    click.echo(f"{order}, line {made.line}, {units}: {made.title} ({made.policy}, {made.origin})")
    costs = ", ".join(f"{name} {shown(amount)}" for name, amount in made.expected.items())
    click.echo(f"A return would cost {shown(made.return_cost)}: {costs}\n")
    rows = [[m.offer, m.title, m.amount, m.cost, m.saves, m.approve] for m in made.made]
    tables = [Table("Offers", ("offer", "title", "amount", "cost", "saves", "has to agree"), rows)]
    not_made = [[b.offer, b.title, b.amount, b.cost, reason] for b in made.blocked for reason in b.because]
    tables += [Table("May not be offered", ("offer", "title", "amount", "cost", "because"), not_made)] if not_made else []
    print_tables(tables)


@appease.command("list")
@dir_option
@store_option
@click.option("--order", help="Only those of this order.")
@click.option("--customer", help="Only those of this customer.")
@click.option("--policy", help="Only those by this policy.")
@page_options
@format_option
def list_(
    folder: Path, store_name: str | None, order: str | None, customer: str | None, policy: str | None, after: str | None,
    limit: int, form: str,
) -> None:  # fmt: skip
    """List what customers accepted, the latest first; a role has those of orders of which it sees customer and documents.

    \b
    Example: orderloom appease list --customer C-1 --format json
    """
    store = opened(store_url(folder, store_name))
    key = key_of(after, moment, str, str)
    gate, ask = acting.gate(), partial(appeasements, store, order, customer, policy)
    found = ask(key, limit + 1) if gate is None else seen_rows(ask, key_of_row, gate.appeasements, key, limit)
    print_page(form, Table("Appeasements", LIST, [_row(each) for each in found]), limit, lambda last: key_of_row(found[last]))


def _row(each: Kept) -> list[object]:
    of = [each.id, each.order, each.customer, each.line, each.quantity, each.reason, each.offer]
    return [*of, each.amount, each.cost, each.saving, each.by or each.role, each.outcome, each.at]


@appease.command()
@dir_option
@store_option
@click.option("--policy", help="Only of this policy.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Only of this day and later, in UTC.")
@format_option
def report(folder: Path, store_name: str | None, policy: str | None, since: date | None, form: str) -> None:
    """Report what came of appeasements, by policy and offer: accepted, saved, returned all the same.

    \b
    Example: orderloom appease report --since 2026-11-01
    """
    store = opened(store_url(folder, store_name))
    begin = datetime.combine(since, time(), UTC) if since is not None else None
    rows = [_figures(each) for each in figures(each_of(store, policy, begin))]
    print_data(form, Table("Appeasements", REPORT, rows))


def _figures(f: Figures) -> list[object]:
    counts = [f.policy, f.offer, f.accepted, f.open, f.lost, f.saved, f.returned]
    return [*counts, f.amount, f.cost, f.return_cost, f.saving]


appease.add_command(compare)
