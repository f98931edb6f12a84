"""One order out of a file, with what there is that matters to it."""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from orderloom.adapters.imports.datasets import shipped_data
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import renamed
from orderloom.adapters.imports.known import Known, known_by, known_in
from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.props import Props, props_in_data, props_in_store
from orderloom.cli.stop import Stop
from orderloom.cli.stores import STORE, opened, store_url
from orderloom.cli.workspace import checked, sources_or_pack
from orderloom.dsl.program import Program
from orderloom.engine.order import Order

order_option = click.option(
    "--order", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON."
)


def program_for(folder: Path) -> Program:
    """The definitions of the workspace, or of the shipped pack where there is none; scenarios are not looked at."""
    sources = sources_or_pack(folder)
    return checked(tuple(source for source in sources if "scenarios" not in Path(source.path).parts)).program


def one_order(program: Program, file: Path, renames: dict[str, str], folder: Path, store_name: str | None) -> tuple[Order, Props]:
    """The order, and what the store has that matters to it; without a store, what the shipped data has."""
    fields = Fields(renamed(_record(file), renames))
    if store_name is None and not (folder / STORE).exists():
        props = props_in_data(program, shipped_data(), _items(fields))
        known = known_by(program, {item.id for item in props.items}, {node.id for node in props.nodes})
        return _order(fields, known, f"there is no {STORE} here, so items and nodes are those of the shipped data"), props
    store = opened(store_url(folder, store_name))
    order = _order(fields, known_in(store, program))
    return order, props_in_store(store, order)


def _record(file: Path) -> dict[str, object]:
    try:
        found = msgspec.json.Decoder(dict[str, object], float_hook=Decimal).decode(file.read_bytes())
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise Stop(f"{file} is no order in JSON: {fault}") from None
    return found


def _items(fields: Fields) -> frozenset[str]:
    """The items of the record's lines, before anything of it is checked."""
    lines = fields.values.get("lines")
    return (
        frozenset(str(line.get("item")) for line in lines if isinstance(line, dict)) if isinstance(lines, list) else frozenset()
    )


def _order(fields: Fields, known: Known, beside: str = "") -> Order:
    """The order of the record; ends the command with everything that is wrong with it, and what to know `beside`."""
    order = order_of(fields, known)
    for problem in fields.problems:
        click.echo(f"Error: {problem}", err=True)
    if fields.problems and fields.unknown:
        click.echo(f"Not known here: {', '.join(sorted(fields.unknown))}; --rename THEIRS=OURS maps names", err=True)
    if fields.problems and beside:
        click.echo(f"Note: {beside}", err=True)
    if fields.problems:
        sys.exit(1)
    return order


def moment_of(text: str, program: Program, option: str = "--at") -> datetime:
    """A moment as it is written, in the workspace's time zone where it names none; ends the command where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(f"{option} {text} is no moment such as 2026-03-31T09:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(program.timezone))
