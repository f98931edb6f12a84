"""`orderloom audit`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click
import msgspec

from orderloom.cli.output import Table, format_option, print_json, print_tables, progress
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option
from orderloom.engine.audit import Finding, audited
from orderloom.engine.store import Store

MOST = 10_000  #: findings that are shown

_file = click.Path(dir_okay=False, path_type=Path)
_archive = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--after", default="", metavar="ORDER", help="Go on after this order, with orders only.")
@click.option("--throttle", type=click.IntRange(1), metavar="N", help="Read no more than N orders a second.")
@click.option("--archive", type=_archive, metavar="ARCHIVE", help="Read an archive back, too.")
@click.option("--again", is_flag=True, help="Work on every event again, too: the definitions give the state that is stored.")
@click.option("--repair", type=_file, metavar="FILE", help="Write what can be repaired into a new FILE; nothing is changed.")
@click.option(
    "--apply",
    "planned",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Make the changes of such a FILE.",
)
@dir_option
@store_option
@format_option
def audit(
    after: str, throttle: int | None, archive: Path | None, again: bool, repair: Path | None, planned: Path | None,
    folder: Path, store_name: str | None, form: str,
) -> None:  # fmt: skip
    """Prove the store's invariants: quantities, reservations, money, effects, timers, history. Exit code 0 when all hold, else 1.

    Workers may go on meanwhile. No transaction is open for longer than it takes to read some orders.

    \b
    Example: orderloom audit
             orderloom audit --throttle 200 --archive archive
             orderloom audit --repair plan.json && orderloom audit --apply plan.json
    """
    if repair and repair.exists():
        raise Stop(f"{repair} is there already")
    store = opened(store_url(folder, store_name))
    if planned:
        _apply(store, planned, form)
        return
    findings = list(islice(_found(store, after, throttle, archive, again), MOST + 1))
    if repair:
        _plan(store, findings, repair)
    _show(findings[:MOST], form)
    if len(findings) > MOST:
        click.echo(f"first {MOST:,} findings", err=True)
    sys.exit(1 if findings else 0)


def _found(store: Store, after: str, throttle: int | None, archive: Path | None, again: bool) -> Iterator[Finding]:
    last = after
    try:
        with progress("audit") as told:

            def came_to(done: int, total: int, order: str) -> None:
                nonlocal last
                last = order
                told(done, total)

            yield from audited(store, after, throttle, came_to)
    except KeyboardInterrupt:
        click.echo(f"stopped; go on with --after {last}" if last else "stopped", err=True)
    if archive:
        from orderloom.engine.audit.archives import broken_by_archive

        yield from broken_by_archive(store, archive)
    if again:
        yield from _worked_again(store, after)


def _worked_again(store: Store, after: str) -> Iterator[Finding]:
    from orderloom.adapters.versions import versions
    from orderloom.engine.shell.again import Tally, worked_again

    tally = Tally()
    yield from worked_again(store, versions(store), tally, after)
    click.echo(
        f"{tally.again:,} events were worked on again; {tally.left_out:,} order supply or hear of it, and were left out.",
        err=True,
    )


def _show(findings: list[Finding], form: str) -> None:
    if form == "json":
        print_json(findings)
    elif findings:
        click.echo("\n".join(line for finding in findings for line in _words(finding)))
    else:
        click.echo("Everything that must hold does.")


def _words(finding: Finding) -> Iterator[str]:
    yield f"{finding.subject}: it does not hold that {finding.law}"
    yield f"  {finding.because}" + (f" ({finding.table} {finding.key})" if finding.table else "")
    if finding.todo:
        yield f"  what to do: {finding.todo}"


def _plan(store: Store, findings: list[Finding], file: Path) -> None:
    from orderloom.engine.audit.repair import plan

    made = plan(store.workspace, findings)
    file.write_bytes(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
    click.echo(f"{file}: {len(made.changes)} changes proposed, {len(made.decide)} findings for a person to decide.", err=True)


def _apply(store: Store, file: Path, form: str) -> None:
    from orderloom.engine.audit.repair import Plan, apply

    try:
        planned = msgspec.json.decode(file.read_bytes(), type=Plan)
    except msgspec.MsgspecError as fault:
        raise Stop(f"{file} is no plan of repairs: {fault}") from None
    done = granted(apply(store, planned, os.environ.get("USER", "")))
    if form == "json":
        print_json(done)
    else:
        rows = [[each.planned.subject, each.planned.statement, each.refused or "done"] for each in done]
        print_tables([Table("Repairs", ("of", "what", "came of it"), rows)])
    sys.exit(1 if any(each.refused for each in done) else 0)
