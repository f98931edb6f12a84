"""`orderloom dry-run`."""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from orderloom.adapters.dry_run import DryRun, run_dry
from orderloom.adapters.imports.datasets import shipped_data
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import renamed
from orderloom.adapters.imports.known import Known, known_by, known_in
from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.props import Props, props_in_data, props_in_store
from orderloom.cli.dry_run_page import page
from orderloom.cli.dry_run_words import headline, sections
from orderloom.cli.output import print_json
from orderloom.cli.renames import rename_option
from orderloom.cli.stop import Stop
from orderloom.cli.stores import STORE, opened, store_option, store_url
from orderloom.cli.workspace import checked, dir_option, sources_or_pack
from orderloom.dsl.program import Program
from orderloom.dsl.suggest import hint_for
from orderloom.engine.order import Order


@click.command("dry-run")
@click.option("--order", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON.")
@dir_option
@store_option
@click.option("--at", metavar="MOMENT", help="When it is captured.  [default: when it was placed]")
@click.option("--reply", "replies", multiple=True, metavar="ROLE.MESSAGE=REPLY", help="What a partner answers, always.")
@rename_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True, help="How to print."
)
def dry_run(
    file: Path, folder: Path, store_name: str | None, at: str | None, replies: tuple[str, ...], renames: dict[str, str], form: str
) -> None:
    """Play one order through: its path, sources, promises, messages, and why. Nothing is written.

    Partners and time are simulated. The stock is that of the workspace's store, or the shipped data's where there is none; the
    definitions are the workspace's, or the shipped retail pack's.

    \b
    Example: orderloom dry-run --order order.json
             orderloom dry-run --order order.json --reply fulfiller.pick-request=short-picked
             orderloom dry-run --order order.json --at 2026-10-20T09:00 --format html > order.html
    """
    sources = sources_or_pack(folder)
    program = checked(tuple(source for source in sources if "scenarios" not in Path(source.path).parts)).program
    forced = dict(_reply(program, text) for text in replies)
    moment = _moment(at, program) if at else None
    fields = Fields(renamed(_record(file), renames))
    order, props = _staged(program, fields, folder, store_name)
    found = run_dry(program, order, props, moment, forced)
    _print(found, program, form)


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


def _staged(program: Program, fields: Fields, folder: Path, store_name: str | None) -> tuple[Order, Props]:
    """The order, and what the store has that matters to it; without a store, what the shipped data has."""
    if store_name is None and not (folder / STORE).exists():
        props = props_in_data(program, shipped_data(), _items(fields))
        known = known_by(program, {item.id for item in props.items}, {node.id for node in props.nodes})
        return _order(fields, known, f"there is no {STORE} here, so items and nodes are those of the shipped data"), props
    store = opened(store_url(folder, store_name))
    order = _order(fields, known_in(store, program))
    return order, props_in_store(store, order)


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


def _reply(program: Program, text: str) -> tuple[tuple[str, str], str]:
    """A forced reply, checked against what the roles declare."""
    request, _, reply = text.partition("=")
    role, _, message = request.partition(".")
    if role not in program.roles:
        raise Stop(f"--reply {text}: there is no role {role}; {hint_for(role, program.roles)}")
    received = program.roles[role].receives
    if message not in received:
        raise Stop(f"--reply {text}: {role} receives no message {message}; {hint_for(message, received)}")
    if reply not in received[message].replies:
        raise Stop(f"--reply {text}: {reply or 'nothing'} is no reply to {message}; {hint_for(reply, received[message].replies)}")
    return (role, message), reply


def _moment(text: str, program: Program) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(f"--at {text} is no moment such as 2026-03-31T09:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(program.timezone))


def _print(found: DryRun, program: Program, form: str) -> None:
    if form == "json":
        print_json(found)
    elif form == "html":
        click.echo(page(found, program))
    else:
        click.echo(headline(found))
        for title, lines in sections(found, program.currency):
            click.echo(f"\n{title}")
            for line in lines:
                click.echo(f"  {line}")
