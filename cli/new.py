"""`orderloom new`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orderloom.adapters.scenarios.recorded import recorded
from orderloom.adapters.scenarios.run import run_scenario
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import checked, dir_option, sources_of
from orderloom.dsl.source import Source


@click.group()
def new() -> None:
    """Write a new file of a workspace out of what there is.

    \b
    Example: orderloom new scenario --from W1
    """


@new.command()
@click.option("--from", "order", required=True, metavar="ORDER", help="The order of the store whose story it tells.")
@click.option("--name", help="What the scenario is called.  [default: order ORDER]")
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="Default: scenarios/ORDER.yaml.")
@dir_option
@store_option
def scenario(order: str, name: str | None, file: Path | None, folder: Path, store_name: str | None) -> None:
    """Write a scenario of an order of the store: what it asked for, the stock that it saw, what was told, what became of it.

    It is played at once. Where the definitions here do something else than what became of the order, that is told, and nothing is
    written.

    \b
    Example: orderloom new scenario --from W1
             orderloom new scenario --from W1 --name "a lamp from two stores" --file scenarios/lamp.yaml
    """
    sources = sources_of(folder)
    path = file or folder / "scenarios" / f"{order}.yaml"
    if path.exists():
        raise Stop(f"{path} is there already")
    found = granted(recorded(opened(store_url(folder, store_name)), order, name or f"order {order}"))
    workspace = checked((*sources, Source(f"scenarios/{path.name}", found.text.encode())))
    known = {each.name: each for each in workspace.scenarios}
    result = run_scenario(workspace.program, known[name or f"order {order}"], known)
    for failure in result.failures:
        click.echo(f"{failure.at}: {failure.text}", err=True)
    if result.failures:
        click.echo("the definitions here do something else than what became of the order; nothing was written", err=True)
        sys.exit(1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(found.text, encoding="utf-8")
    click.echo(f"wrote {path}")
    if found.left_out:
        click.echo(f"Note: {found.left_out}", err=True)
