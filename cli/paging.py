"""Pages of a list: each ends with the key of its last row, and the next one begins behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import click

from orderloom.cli.output import Table, print_data
from orderloom.engine import wire
from orderloom.engine.store import queries

F = TypeVar("F", bound=Callable[..., Any])
Part = str | int | datetime


def page_options(command: F) -> F:
    """The options that say where a page begins and how long it is."""
    limit = click.option(
        "--limit", type=click.IntRange(1), default=queries.PAGE, show_default=True, help="How many rows at most."
    )
    after = click.option("--after", metavar="KEY", help="Go on behind this row: the key that the page before ended with.")
    return after(limit(command))


def print_page(form: str, table: Table, limit: int, key: Callable[[int], tuple[Part, ...]]) -> None:
    """The first `limit` rows. Where there are more, the key of the last one is told beside them, on standard error."""
    print_data(form, Table(table.title, table.columns, table.rows[:limit]))
    if len(table.rows) > limit:
        click.echo(f"first {limit:,}; go on with --after {key_text(key(limit - 1))}", err=True)


def key_text(key: tuple[Part, ...]) -> str:
    """A key as one word."""
    return ",".join(quote(wire.moment_text(part) if isinstance(part, datetime) else str(part), safe="/:+@#") for part in key)


def key_of(text: str | None, *kinds: Callable[[str], Any]) -> Any:
    """The parts of a key, each of its kind; None where there is no text. Ends the command where it is no key of this list."""
    if text is None:
        return None
    parts = [unquote(part) for part in text.split(",")]
    try:
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except ValueError:
        raise click.BadParameter(f"{text} is no key of this list; a page ends with one", param_hint="--after") from None
