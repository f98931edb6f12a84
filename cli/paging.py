"""Pages of a list: each ends with the key of its last row, and the next one begins behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from orderloom.adapters.paging import Part, key_text
from orderloom.adapters.paging import key_of as parts_of_key
from orderloom.cli.output import Table, print_data
from orderloom.engine.refused import Refused
from orderloom.engine.store import queries

F = TypeVar("F", bound=Callable[..., Any])
MOST = 2**31 - 1  #: what every store can count to


def page_options(command: F) -> F:
    """The options that say where a page begins and how long it is."""
    limit = click.option(
        "--limit", type=click.IntRange(1, MOST - 1), default=queries.PAGE, show_default=True, help="How many rows at most."
    )
    after = click.option("--after", metavar="KEY", help="Go on behind this row: the key that the page before ended with.")
    return after(limit(command))


def print_page(form: str, table: Table, limit: int, key: Callable[[int], tuple[Part, ...]]) -> None:
    """The first `limit` rows. Where there are more, the key of the last one is told beside them, on standard error."""
    print_data(form, Table(table.title, table.columns, table.rows[:limit]))
    go_on(table.rows, limit, lambda last: key_text(key(last)))


def go_on(rows: Sequence[object], limit: int, key: Callable[[int], str]) -> None:
    """Tells where the next page begins, on standard error, where there are more rows than `limit`; `key` is that of a row."""
    if len(rows) > limit:
        click.echo(f"first {limit:,}; go on with --after {key(limit - 1)}", err=True)


def key_of(text: str | None, *kinds: Callable[[str], Any]) -> Any:
    """The parts of a key, each of its kind; None where there is no text. Ends the command where it is no key of this list."""
    found = parts_of_key(text, kinds)
    if isinstance(found, Refused):
        raise click.BadParameter(found.because, param_hint="--after")
    return found
