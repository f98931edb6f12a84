"""`orderloom appease compare`: what policies of appeasements would have come to on the same returns."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from orderloom.adapters.appease_trial import Outcome, asked_in, tried
from orderloom.cli.output import Table, format_option, print_json, print_tables
from orderloom.cli.stop import Stop
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import checked, dir_option, sources_or_pack
from orderloom.dsl.suggest import with_hint
from orderloom.engine.refused import Refused

TRIAL = (
    "policy",
    "returns",
    "return cost",
    "taken",
    "worth",
    "cost",
    "saved",
    "declined",
    "blocked",
    "not offered",
    "cost after",
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@dir_option
@store_option
@click.argument("returns", type=FILE)
@click.option("--policy", "policies", multiple=True, required=True, help="A policy of the workspace; once for each to compare.")
@click.option(
    "--taken-from", "share", type=click.FloatRange(0, 1), default=0, show_default=True,
    help="A customer takes an offer that is worth at least this share of what the return would bring.",
)  # fmt: skip
@click.option("--reasons", is_flag=True, help="Also tell the offers that were taken, and why nothing was offered.")
@format_option
def compare(
    folder: Path, store_name: str | None, returns: Path, policies: tuple[str, ...], share: float, reasons: bool, form: str
) -> None:
    """Compare policies of the workspace on the same returns: what would have been taken instead, and what that saves.

    RETURNS is a JSON-lines or CSV file with order, line, quantity, reason, condition and requested_on. Nothing is kept.

    \b
    Example: orderloom appease compare returns.jsonl.gz --policy goodwill --policy generous --taken-from 0.15
    """
    store, program = opened(store_url(folder, store_name)), checked(sources_or_pack(folder)).program
    for name in policies:
        if name not in program.appeasements:
            raise Stop(with_hint(f"there is no policy of appeasements {name}", name, program.appeasements))
    read = list(asked_in(returns))
    wrong = [each.because for each in read if isinstance(each, Refused)]
    asked = [each for each in read if not isinstance(each, Refused)]
    found, unknown = tried(store, program, policies, asked, Decimal(str(share)))
    if form == "json":
        print_json({"unknown": unknown, "wrong": wrong, "policies": [_trial_json(each) for each in found]})
        return
    tables = [Table("Policies on the same returns", TRIAL, [_trial(each) for each in found])]
    if reasons:
        rows = [[each.policy, *what] for each in found for what in _told(each)]
        tables.append(Table("Taken, and not offered", ("policy", "what", "returns"), rows))
    print_tables(tables)
    for because in wrong[:5]:
        click.echo(because, err=True)
    if unknown or wrong:
        click.echo(f"{unknown:,} returns are of orders that the store does not have; {len(wrong):,} rows are none", err=True)


def _trial(o: Outcome) -> list[object]:
    counts = [o.policy, o.returns, o.return_cost, o.taken.total(), o.amount, o.cost, o.saving]
    return [*counts, o.declined, o.blocked, o.refused.total(), o.cost_after]


def _trial_json(o: Outcome) -> dict[str, object]:
    names = [column.replace(" ", "_") for column in TRIAL]
    return dict(zip(names, _trial(o), strict=True)) | {"offers": dict(o.taken), "because": dict(o.refused)}


def _told(o: Outcome) -> list[list[object]]:
    return [*([f"took {name}", count] for name, count in o.taken.most_common()), *([w, n] for w, n in o.refused.most_common())]
