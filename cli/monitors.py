"""`orderloom monitors`: which there are, what they have raised, and what one would have raised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from orderloom.cli.output import Table, format_option, print_json, print_tables
from orderloom.cli.paging import key_of, page_options, print_page
from orderloom.cli.past import moment_in
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, program_in, store_option, store_url
from orderloom.cli.workspace import dir_option, open_workspace
from orderloom.engine.alarm import Alarm, words
from orderloom.engine.desk.trying import tried
from orderloom.engine.store.alarms import alarms, key_of_alarm, raised_by
from orderloom.engine.wire import moment_of

MONITORS = ("monitor", "watches", "active", "alarms", "latest", "title", "defined")
ALARMS = ("at", "monitor", "order", "of", "because", "raised", "key", "rule")
EVER = datetime(1970, 1, 1, tzinfo=UTC)


@click.group()
def monitors() -> None:
    """List monitors and what they have raised, and try one on the past.

    \b
    Example: orderloom monitors list
    """


@monitors.command("list")
@dir_option
@store_option
@format_option
def list_(folder: Path, store_name: str | None, form: str) -> None:
    """List the monitors of the version in force, and how often those of orders have raised something.

    What monitors of stock raise is in `orderloom stock alerts`.

    \b
    Example: orderloom monitors list
    """
    store = opened(store_url(folder, store_name))
    known, found = raised_by(store), program_in(store).monitors.values()
    rows = []
    for each in found:
        number, latest = known.get(each.name, (0, None))
        watches = getattr(each, "watch", "events")
        rows.append([each.name, watches, "yes" if each.active else "no", number, latest or "", each.title, str(each.origin)])
    table = Table("Monitors", MONITORS, rows)
    if form == "json":
        print_json([dict(zip(MONITORS, row, strict=True)) for row in rows])
    else:
        print_tables([table])


@monitors.command()
@click.argument("name", required=False)
@dir_option
@store_option
@click.option("--order", help="Only of this order.")
@page_options
@format_option
def show(
    name: str | None, folder: Path, store_name: str | None, order: str | None, after: str | None, limit: int, form: str
) -> None:  # fmt: skip
    """Show what monitors of orders have raised, or the one with this NAME, the latest first.

    \b
    Example: orderloom monitors show
             orderloom monitors show picked-not-shipped --format json
    """
    store = opened(store_url(folder, store_name))
    if name is not None and name not in program_in(store).monitors and name not in raised_by(store):
        raise Stop(f"there is no monitor {name}; see `orderloom monitors list`")
    found = alarms(store, name, order, key_of(after, moment_of, str, str), limit + 1)
    print_page(form, Table("Alarms", ALARMS, list(map(_row, found))), limit, lambda last: key_of_alarm(found[last]))


@monitors.command("try")
@click.argument("name")
@dir_option
@store_option
@click.option("--from", "start", metavar="MOMENT", help="From when on.  [default: the beginning]")
@click.option("--to", "end", metavar="MOMENT", help="Until when.  [default: now]")
@click.option("--since", metavar="DURATION", help="How far back, as in 7d or 12h, in place of --from.")
@format_option
def try_(
    name: str, folder: Path, store_name: str | None, start: str | None, end: str | None, since: str | None, form: str
) -> None:  # fmt: skip
    """Tell what a monitor of the workspace would have raised over the past of its store, whether it is switched on or not.

    Nothing is written, and nothing is deployed: it is read as it stands in the folder.

    \b
    Example: orderloom monitors try many-cancellations --since 7d
             orderloom monitors try late --from 2026-03-01 --to 2026-03-08T12:00Z
    """
    store = opened(store_url(folder, store_name))
    until = moment_in(store, end) if end else store.now()
    begin = moment_in(store, start) if start else _before(until, since) if since else EVER
    if start and since:
        raise Stop("--from and --since both say from when on; give one of them")
    if begin > until:
        raise Stop(f"{begin:%Y-%m-%d %H:%M} is after {until:%Y-%m-%d %H:%M}, until when it is asked")
    found = granted(tried(store, open_workspace(folder).program, name, begin, until))
    if form == "json":
        print_json([dict(zip(ALARMS, _row(each), strict=True)) for each in found])
    else:
        print_tables([Table(f"{name} would have raised {len(found)}", ALARMS, list(map(_row, found)))])


def _before(until: datetime, text: str) -> datetime:
    units = {"d": "days", "h": "hours", "m": "minutes"}
    if not text[:-1].isdecimal() or text[-1] not in units:
        raise Stop(f"{text} is no duration such as 7d or 12h")
    try:
        return until - timedelta(**{units[text[-1]]: int(text[:-1])})
    except OverflowError:
        return EVER


def _row(alarm: Alarm) -> list[object]:
    of = alarm.unit or (f"line {alarm.line}" if alarm.line else "order")
    return [alarm.at, alarm.monitor, alarm.order, of, alarm.because, words(alarm.raises), alarm.key, alarm.origin]
