"""`orderloom db archive`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from orderloom.cli.output import progress
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option


def _midnight(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise click.BadParameter(f"{text} is no day such as 2026-03-31") from None


@click.command()
@click.argument("archive_folder", metavar="ARCHIVE", type=click.Path(file_okay=False, path_type=Path))
@click.option("--before", type=_midnight, metavar="DATE", required=True, help="Orders that ended before this day, in UTC.")
@dir_option
@store_option
def archive(archive_folder: Path, before: datetime, folder: Path, store_name: str | None) -> None:
    """Take orders that ended before a day out of the store, with all that is known of them, into files in the folder ARCHIVE.

    Whoever is at work goes on. It may be stopped at any moment, and goes on when it is begun again. Entries of the ledger
    are copied, and stay. What has not ended stays, and so does an order for which something is still open.

    \b
    Example: orderloom db archive --before 2026-01-01 archive
             orderloom audit --archive archive
    """
    from orderloom.engine.audit.archive import archive as carry

    store = opened(store_url(folder, store_name))
    with progress("archive") as told:
        gone = granted(carry(store, archive_folder, before, told))
    click.echo(f"{archive_folder}: {gone.orders:,} orders, in {gone.files:,} new files.")
    for because, orders in sorted(gone.kept.items()):
        click.echo(f"Ended orders that stay: {orders:,}, since {because}.")
