"""`orderloom orders hold` and `release`: named stops of an order, beside its status."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from orderloom.adapters.versions import versions
from orderloom.cli.output import Table, shown
from orderloom.cli.persons import user
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.requests import apply_hold, resolve_hold
from orderloom.engine.events import HoldApplied, HoldResolved
from orderloom.engine.state import OrderState

F = TypeVar("F", bound=Callable[..., Any])

as_option = click.option("--as", "role", required=True, metavar="ROLE", help="The role in which it is asked.")


def asking(command: F) -> F:
    """The arguments and options of whoever asks for or against a hold."""
    command = click.option("--by", default=user, show_default="your user name", help="Who asks.")(command)
    command = click.option("--line", help="The line that is held, where it is a hold of lines.")(command)
    command = click.argument("order")(click.argument("hold")(as_option(command)))
    return dir_option(store_option(command))


@click.command()
@asking
@click.option("--note", default="", help="Why, in place of what the hold says.")
def hold(
    folder: Path, store_name: str | None, order: str, hold: str, role: str, line: str | None, by: str, note: str
) -> None:  # fmt: skip
    """Apply a hold: what it blocks waits until it is resolved.

    \b
    Example: orderloom orders hold W11367 fraud-check --as customer-service --note "card was declined twice"
    """
    store = opened(store_url(folder, store_name))
    granted(apply_hold(store, versions(store), order, HoldApplied(store.now(), hold, role, by, line, note)))
    click.echo(f"{order}: {hold} is about to be applied")


@click.command()
@asking
@click.option("--note", default="", help="Why, for the history.")
def release(
    folder: Path, store_name: str | None, order: str, hold: str, role: str, line: str | None, by: str, note: str
) -> None:  # fmt: skip
    """Resolve a hold: what no other hold blocks goes on.

    \b
    Example: orderloom orders release W11367 fraud-check --as operations
    """
    store = opened(store_url(folder, store_name))
    granted(resolve_hold(store, versions(store), order, HoldResolved(store.now(), hold, role, by, line, note)))
    click.echo(f"{order}: {hold} is about to be resolved")


def holds_table(state: OrderState) -> Table:
    """The holds of an order, those that were resolved while their rule is still true included."""
    waiting = [(i, i.waiting) for i in state.instances.values() if i.waiting is not None and i.waiting.kind == "hold"]
    rows = [
        [
            held.hold,
            held.line,
            shown(held.applied_at),
            held.by,
            held.because,
            ", ".join(f"{i.step} of {i.id}" for i, waits in waiting if key in waits.name.split(", ")),
            held.resolved_by,
        ]
        for key, held in state.holds.items()
    ]
    return Table("Holds", ("hold", "line", "applied at", "by", "because", "waiting before", "resolved by"), rows)
