"""`orderloom db`: the store as a database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from orderloom.cli.archive import archive
from orderloom.cli.output import Table, format_option, print_json, print_tables, progress
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store
from orderloom.engine.store.address import place
from orderloom.engine.store.copies import Told, copy, counts, move
from orderloom.engine.store.store import HEAD
from orderloom.engine.store.upkeep import tidy

_file = click.Path(dir_okay=False, path_type=Path)


@click.group()
def db() -> None:
    """Look after the store: its schema, backups, the move to another database.

    \b
    Example: orderloom db status
             orderloom db backup shop-2026-11-22.sqlite
             orderloom db move --to postgresql://orders@db.example/shop
    """


db.add_command(archive)


@db.command()
@dir_option
@store_option
@format_option
def status(folder: Path, store_name: str | None, form: str) -> None:
    """Show where the store is, its schema, and how many rows each table has.

    \b
    Example: orderloom db status
    """
    store = opened(store_url(folder, store_name))
    with store.reading() as connection:
        rows = counts(connection)
    what = {"store": place(store.engine.url), "workspace": store.workspace, "schema": HEAD}
    if form == "json":
        print_json(what | {"rows": rows})
        return
    print_tables([Table("Store", ("what", "value"), list(what.items())), Table("Rows", ("table", "rows"), list(rows.items()))])


@db.command()
@dir_option
@store_option
def upgrade(folder: Path, store_name: str | None) -> None:
    """Bring a store that an older release made to this one's schema, all or nothing. No worker may be at work meanwhile.

    \b
    Example: orderloom db upgrade
             orderloom db backup before.sqlite && orderloom db upgrade --store shop.sqlite
    """
    from orderloom.engine.store.migrate import upgrade_store  # Alembic takes long to load

    before = granted(upgrade_store(store_url(folder, store_name)))
    click.echo(f"The schema is {HEAD} already." if before == HEAD else f"The schema is {HEAD} now; it was {before}.")


@db.command()
@click.argument("file", type=_file)
@dir_option
@store_option
def backup(file: Path, folder: Path, store_name: str | None) -> None:
    """Copy everything, as it is at one moment, into a new FILE. Workers may go on meanwhile.

    The file is a store itself: commands read it with --store FILE.

    \b
    Example: orderloom db backup shop-2026-11-22.sqlite
    """
    if file.exists():
        raise Stop(f"{file} is there already")
    source = opened(store_url(folder, store_name))
    rows = _copied("backup", copy, source, opened(store_url(folder, str(file)), source.workspace))
    click.echo(f"{rows:,} rows copied to {file}.")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dir_option
@store_option
def restore(file: Path, folder: Path, store_name: str | None) -> None:
    """Copy a backup FILE into the store, which must be new or empty.

    \b
    Example: orderloom db restore shop-2026-11-22.sqlite --store shop.sqlite
    """
    source = opened(store_url(folder, str(file)))
    target = opened(store_url(folder, store_name), source.workspace)
    rows = _copied("restore", copy, source, target)
    click.echo(f"{rows:,} rows copied to {place(target.engine.url)}.")


@db.command("move")
@click.option("--to", "target_name", metavar="URL", required=True, help="The new database, which must be empty.")
@dir_option
@store_option
def move_command(target_name: str, folder: Path, store_name: str | None) -> None:
    """Move the store to another database. Workers wait meanwhile and end then; start them anew on the new one.

    The old store stays as it is, and tells everybody who opens it where it has moved to.

    \b
    Example: orderloom db move --to postgresql://orders@db.example/shop
    """
    source = opened(store_url(folder, store_name))
    target = opened(store_url(folder, target_name), source.workspace)
    rows = _copied("move", move, source, target)
    click.echo(f"{rows:,} rows moved to {place(target.engine.url)}.")


@db.command("tidy")
@dir_option
@store_option
def tidy_command(folder: Path, store_name: str | None) -> None:
    """Do at once what a worker does for the store every now and then: make tables for the months to come, drop empty past ones.

    \b
    Example: orderloom db tidy --store postgresql://orders@db.example/shop
    """
    done = tidy(opened(store_url(folder, store_name)))
    for name in done:
        click.echo(name)
    click.echo(f"{len(done)} tables made or dropped." if done else "The store is tidy.")


def _copied(label: str, carry: Callable[[Store, Store, Told], int | Refused], source: Store, target: Store) -> int:
    with progress(label) as told:
        rows = carry(source, target, told)
    return granted(rows)
