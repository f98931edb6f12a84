"""`orderloom exceptions`: the queue of what needs a decision."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.adapters.condition import meant
from orderloom.adapters.paging import QUEUE, key_text, seen_rows
from orderloom.cli import acting
from orderloom.cli.output import Table, format_option, print_json, progress
from orderloom.cli.paging import go_on, key_of, page_options, print_page
from orderloom.cli.persons import by_option, lateness
from orderloom.cli.seen import print_seen
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import known, opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.names import unknown_name
from orderloom.engine.issue import Offered
from orderloom.engine.shell.asking import resolve as settle
from orderloom.engine.shell.bulk import Bulk, Choice, resolve_all
from orderloom.engine.shell.people import claim_work, release_work
from orderloom.engine.store import Store, queries
from orderloom.engine.store.queries import ExceptionKey, ExceptionLine


@click.group()
def exceptions() -> None:
    """List, claim and resolve what needs a decision.

    \b
    Example: orderloom exceptions list --role operations
             orderloom exceptions resolve W11367 W11367/W11367-1:3 ask-again
             orderloom exceptions resolve --type unfillable --option try-again --dry-run
    """


@exceptions.command("list")
@dir_option
@store_option
@click.option("--role", help="Only the queue of this role.")
@click.option("--type", "kind", help="Only this type.")
@click.option("--person", help="Only what this person has claimed.")
@click.option("--settled", is_flag=True, help="Those that were decided, the oldest first.")
@page_options
@format_option
def list_exceptions(
    folder: Path, store_name: str | None, role: str | None, kind: str | None, person: str | None, settled: bool,
    after: str | None, limit: int, form: str,
) -> None:  # fmt: skip
    """List exceptions: the highest priority first, then what is due first.

    \b
    Example: orderloom exceptions list --role operations --type unfillable
    """
    store = opened(store_url(folder, store_name))
    key, now = key_of(after, *QUEUE), store.now()
    known(store, role=role, type=kind, person=person)

    def ask(after: ExceptionKey | None, many: int) -> tuple[ExceptionLine, ...]:
        return queries.exceptions(store, role, settled, after, many, kind, person)

    if (gate := acting.gate()) is not None:
        theirs = seen_rows(ask, queries.key_of_exception, gate.exceptions, key, limit)
        print_seen("exceptions", [seen for _, seen in theirs[:limit]], form)
        go_on(theirs, limit, lambda last: key_text(queries.key_of_exception(theirs[last][0])))
        return
    found = ask(key, limit + 1)
    rows = [_row(line, lateness(line.due_at, line.closed_at, now)) for line in found]
    how = "settled by" if settled else "options"
    whose = ("priority", "due at", "overdue", "claimed by")
    columns = ("order", "exception", "type", "role", how, "opened at", *whose, "cause")
    print_page(form, Table("Exceptions", columns, rows), limit, lambda last: queries.key_of_exception(found[last]))


def _row(line: ExceptionLine, late: str | None) -> list[object]:
    told = {each.option: each for each in line.remedies}
    options = tuple(_option(told.get(name), name) for name in line.options)
    whose = [line.priority, line.due_at, late, line.claimed_by]
    what = [line.order, line.id, line.type, line.role, line.option or options, line.opened_at]
    return [*what, *whose, line.cause.partition("\n")[0]]


def _option(offered: Offered | None, name: str) -> str:
    """An option, with what it costs and when the customer has it, where that is known."""
    cost = f"{offered.cost:,.2f}" if offered is not None and offered.cost is not None else ""
    day = offered.date.isoformat() if offered is not None and offered.date is not None else ""
    return name + (f" ({', '.join(part for part in (cost, day) if part)})" if cost or day else "")


@exceptions.command()
@dir_option
@store_option
@click.argument("exception")
@by_option
def claim(folder: Path, store_name: str | None, exception: str, by: str) -> None:
    """Claim an exception, so that nobody else decides it.

    \b
    Example: orderloom exceptions claim W11367/W11367-1:3 --by olga
    """
    store = opened(store_url(folder, store_name))
    granted(claim_work(store, exception, by, store.now(), program_in(store).people, acting.who().role))
    click.echo(f"{by} has {exception}")


@exceptions.command()
@dir_option
@store_option
@click.argument("exception")
@by_option
def release(folder: Path, store_name: str | None, exception: str, by: str) -> None:
    """Hand an exception back to its role.

    \b
    Example: orderloom exceptions release W11367/W11367-1:3 --by olga
    """
    store = opened(store_url(folder, store_name))
    granted(release_work(store, exception, by, store.now(), acting.who().role))
    click.echo(f"{by} has handed {exception} back")


@exceptions.command()
@dir_option
@store_option
@click.argument("order", required=False)
@click.argument("exception", required=False)
@click.argument("option", required=False)
@click.option("--type", "kind", help="All open exceptions of this type, in place of one.")
@click.option("--option", "chosen", help="The option that is taken of all of them.")
@click.option("--role", help="Of them, only the queue of this role.")
@click.option("--where", metavar="FEEL", help="Of them, only those for which this is true, of `order` and `exception`.")
@click.option("--dry-run", "dry", is_flag=True, help="Only count how many would be taken and refused.")
@by_option
@click.option("--note", default="", help="Why, for the history.")
@format_option
def resolve(
    folder: Path, store_name: str | None, order: str | None, exception: str | None, option: str | None, kind: str | None,
    chosen: str | None, role: str | None, where: str | None, dry: bool, by: str, note: str, form: str,
) -> None:  # fmt: skip
    """Take one of the options of an open exception, or of all of a type; a worker then goes on with the orders.

    \b
    Example: orderloom exceptions resolve W11367 W11367/W11367-1:3 ask-again --note "called the store"
             orderloom exceptions resolve --type unfillable --option try-again --where "order.total < 100" --dry-run
    """
    store = opened(store_url(folder, store_name))
    if kind is None and order and exception and option:
        people, acts_as = program_in(store).people, acting.who().role
        granted(settle(store, order, exception, option, by, store.now(), note, people, acts_as))
        click.echo(f"{exception}: {option} is about to be taken; a worker goes on with {order}")
    elif kind is not None and chosen is not None and order is None:
        _print(_many(store, Choice(kind, chosen, by, note, role, acting.who().role), where, dry), dry, form)
    else:
        raise Stop("name ORDER, EXCEPTION and OPTION; or --type and --option")


def _many(store: Store, choice: Choice, where: str | None, dry: bool) -> Bulk:
    program, now = program_in(store), store.now()
    granted(unknown_name(store, program, type=choice.type, role=choice.role))
    chosen = granted(meant(store, program, now, where, acting.gate()))
    total = queries.open_of_type(store, choice.type, choice.role)
    with progress(f"exceptions {choice.type}") as told:
        return resolve_all(store, choice, now, chosen, program.people, dry, lambda done: told(done, total))


def _print(found: Bulk, dry: bool, form: str) -> None:
    if form == "json":
        print_json({"taken": found.taken, "refused": found.refused})
        return
    click.echo(f"{found.taken:,} {'would be' if dry else 'are'} decided, {sum(found.refused.values()):,} refused")
    for because, count in sorted(found.refused.items()):
        click.echo(f"  {count:,}: {because}")
