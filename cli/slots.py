"""`orderloom slots`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from orderloom.cli.output import Table, format_option, print_data
from orderloom.cli.stop import granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.desk.slots import MOST_DAYS, free_slots


@click.command()
@click.option("--service", help="Only the slots of this service.")
@click.option("--skill", help="Only those of resources with this skill.")
@click.option("--region", help="Only those of resources that serve this region.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="The first day.  [default: today]")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=14, show_default=True, help="How many days.")
@dir_option
@store_option
@format_option
def slots(
    service: str | None, skill: str | None, region: str | None, first: datetime | None, days: int, folder: Path,
    store_name: str | None, form: str,
) -> None:  # fmt: skip
    """Show the slots in which resources have room, as orders and `orderloom import slots` have left them.

    \b
    Example: orderloom slots --skill secure-router --region EAST --days 7
    """
    store = opened(store_url(folder, store_name))
    begins = first.date() if first else None
    found = granted(free_slots(store, program_in(store), store.now(), days, service, skill, region, begins))
    store.close()
    rows = [[each.service, each.resource, each.day, each.slot, each.free] for each in found]
    print_data(form, Table("Free slots", ("service", "resource", "day", "slot", "free"), rows))
