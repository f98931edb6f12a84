"""`orderloom replay`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from orderloom.adapters.imports.datasets import shipped_data
from orderloom.adapters.imports.known import known_by, known_in
from orderloom.adapters.props import only, props_in_data
from orderloom.adapters.replay.file import orders_in_file
from orderloom.adapters.replay.part import Asked, Orders
from orderloom.adapters.replay.past import past_orders, stock_of
from orderloom.adapters.replay.run import Replay, run
from orderloom.adapters.replay.spread import Lost, Pool, pool_of
from orderloom.adapters.replay.variant import Variant, variant_in, variant_of
from orderloom.adapters.scenarios.given import Everything
from orderloom.cli.one_order import moment_of
from orderloom.cli.output import format_option, print_json, print_tables, progress
from orderloom.cli.renames import rename_option
from orderloom.cli.replay_words import as_json, headline, tables_of
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import STORE, opened, store_option, store_url
from orderloom.cli.workspace import checked, dir_option, sources_or_pack
from orderloom.dsl.documents import MANIFEST
from orderloom.dsl.program import Program
from orderloom.engine.shell.programs import current
from orderloom.engine.store import Store

_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_many = click.IntRange(1)


@click.command("replay")
@dir_option
@store_option
@click.option("--orders", "file", type=_file, help="Orders of this file, as for import, instead of those of the store.")
@click.option("--against", "others", multiple=True, metavar="DIR|VERSION", help="What to set it against.  [default: in force]")
@click.option("--since", metavar="MOMENT", help="Only orders captured from this moment on.")
@click.option("--until", metavar="MOMENT", help="Only orders captured before this moment.")
@click.option("--channel", help="Only orders of this channel.")
@click.option("--division", help="Only orders of this division.")
@click.option("--limit", type=_many, help="How many orders at most, the first ones.")
@click.option("--days", type=_many, help="Windows of so many days, each on its own.  [default: one window]")
@click.option("--seed", type=int, default=1, show_default=True, help="What chance falls by with the simulated partners.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, help="How many differing orders to show.")
@click.option("--workers", type=_many, default=1, show_default=True, help="How many processes work on it here.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster to work on it, such as tcp://host:8786.")
@rename_option
@format_option
def replay(
    folder: Path, store_name: str | None, file: Path | None, others: tuple[str, ...], since: str | None, until: str | None,
    channel: str | None, division: str | None, limit: int | None, days: int | None, seed: int, top: int, workers: int,
    scheduler: str | None, renames: dict[str, str], form: str,
) -> None:  # fmt: skip
    """Play past orders on the definitions as they stand here, and show what differs. Nothing is written.

    They are set against the version in force in the store, or against folders and versions. Partners and time are simulated, by
    the same chance on every version. Orders follow one another on one stock: that of the beginning, by the ledger, and what was
    told of it meanwhile; those of a file on the stock as it is now. With --days each window begins with the stock as it was known
    then, and windows can be played side by side; the number of processes has no part in the outcome.

    \b
    Example: orderloom replay --since 2026-10-19 --limit 500
             orderloom replay --against ../shop-of-today --channel web --format json
             orderloom replay --orders orders.jsonl --against retail
             orderloom replay --days 1 --workers 4
    """
    store = opened(store_url(folder, store_name)) if store_name or (folder / STORE).exists() else None
    variants = [_here(folder), *_others(store, others)]
    program = variants[0].program
    begin = moment_of(since, program, "--since") if since else None
    end = moment_of(until, program, "--until") if until else None
    asked = Asked(begin, end, channel, division, limit)
    ahead = any(variant.looks_ahead for variant in variants)
    orders = _orders(store, program, file, renames, asked, days, ahead)
    with ExitStack() as until_done:
        found = _played(orders, variants, seed, top, granted(pool_of(workers, scheduler, until_done)))
    _print(found, form)
    sys.exit(1 if found.source.unplayed else 0)


def _here(folder: Path) -> Variant:
    return _of_folder("here", folder)


def _of_folder(name: str, folder: Path) -> Variant:
    """The definitions of a folder without its scenarios; ends the command with its findings where it has errors."""
    sources = tuple(source for source in sources_or_pack(folder) if "scenarios" not in Path(source.path).parts)
    return variant_of(name, checked(sources).program, sources)


def _others(store: Store | None, names: Sequence[str]) -> Iterator[Variant]:
    """The versions to set it against; without a name, the one on which new orders run in the store."""
    if not names:
        digest = current(store) if store else None
        if store is None or digest is None:
            raise Stop("no version is in force here: name what to set it against, --against DIR")
        yield granted(variant_in(store, digest, "in force"))
    for name in names:
        if (Path(name) / MANIFEST).is_file():
            yield _of_folder(name, Path(name))
        elif store is None:
            raise Stop(f"--against {name}: there is no {MANIFEST} in it, and no store here that could have such a version")
        else:
            yield granted(variant_in(store, name, name))


def _orders(
    store: Store | None, program: Program, file: Path | None, renames: dict[str, str], asked: Asked, days: int | None, ahead: bool
) -> Orders:
    """Those of the file, else of the store. Without a store the stock is that of the shipped data."""
    if file is None and store is None:
        raise Stop(f"there is no {STORE} here whose orders could be played; name a file of orders, --orders FILE")
    if file is None and store is not None:
        return past_orders(store, asked, days, ZoneInfo(program.timezone), ahead)
    assert file is not None
    if store is not None:
        return orders_in_file(file, known_in(store, program), renames, asked, days, partial(stock_of, store, ahead))
    shipped = props_in_data(program, shipped_data(), Everything())
    known = known_by(program, {item.id for item in shipped.items}, {node.id for node in shipped.nodes})
    return orders_in_file(file, known, renames, asked, days, partial(only, shipped))


def _played(orders: Orders, variants: Sequence[Variant], seed: int, top: int, pool: Pool) -> Replay:
    done = 0
    with progress("orders") as told:

        def tell(more: int) -> None:
            nonlocal done
            done += more
            told(done, orders.count * len(variants))

        try:
            return run(orders, variants, seed, top, pool, tell)
        except Lost as lost:
            raise Stop(str(lost)) from None


def _print(found: Replay, form: str) -> None:
    if form == "json":
        print_json(as_json(found))
        return
    for line in headline(found):
        click.echo(line)
    click.echo()
    print_tables(tables_of(found))
