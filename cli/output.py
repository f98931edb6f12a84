"""What commands print: tables in colour on a terminal, plain text when piped, JSON when asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from rich.table import Table as RichTable

format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)


class Table(Struct, frozen=True):
    """Rows under columns; numbers stand to the right."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[object]]

    def as_json(self) -> list[dict[str, object]]:
        """A row as an object; its names are the columns', snake_case."""
        names = [column.replace(" ", "_").replace("/", "_per_") for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def print_json(data: object) -> None:
    """Data as indented JSON; decimals are numbers, exactly as they are."""
    click.echo(as_json(data))


def as_json(data: object) -> str:
    """What `print_json` prints."""
    encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=str)
    return msgspec.json.format(encoder.encode(data), indent=2).decode()


def print_json_line(data: object) -> None:
    """Data as JSON on one line."""
    click.echo(msgspec.json.encode(data, enc_hook=str).decode())


def print_tables(tables: Sequence[Table]) -> None:
    """Tables one below the other; one without rows says so."""
    for number, table in enumerate(tables):
        if number:
            click.echo()
        if on_terminal():
            from rich.console import Console

            Console().print(rich_table(table))
        else:
            click.echo("\n".join(_plain(table)))


def print_data(form: str, table: Table) -> None:
    """One table as text, or its rows as JSON."""
    if form == "json":
        print_json(table.as_json())
    else:
        print_tables([table])


def shown(value: object) -> str:
    """A value as a cell has it."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    if isinstance(value, tuple):
        return " | ".join(map(shown, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _plain(table: Table) -> list[str]:
    cells = [[shown(value) for value in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(table.columns, *cells, strict=True)]
    right = [any(_is_number(row[i]) for row in table.rows) for i in range(len(widths))]
    lines = [
        "  ".join(cell.rjust(width) if left else cell.ljust(width) for cell, width, left in zip(row, widths, right, strict=True))
        for row in (table.columns, *cells)
    ]
    return [table.title, *(line.rstrip() for line in lines), *([] if cells else ["(none)"])]


def rich_table(table: Table) -> RichTable:
    """A table as rich draws it."""
    from rich.table import Table as Rich

    drawn = Rich(title=table.title, title_justify="left", title_style="bold", header_style="cyan")
    for i, column in enumerate(table.columns):
        drawn.add_column(column, justify="right" if any(_is_number(row[i]) for row in table.rows) else "left")
    for row in table.rows:
        drawn.add_row(*(shown(value) for value in row))
    return drawn


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; the function given takes how much is done and how much there is. Silent when piped."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
