"""`orderloom test`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orderloom.adapters.scenarios.coverage import Share, coverage
from orderloom.adapters.scenarios.run import ScenarioResult, run_scenario
from orderloom.cli.output import format_option, print_json
from orderloom.cli.stop import Stop
from orderloom.cli.workspace import PACK, Workspace, checked, sources_of
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.suggest import closest


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path(), required=False)
@click.option("--only", metavar="TEXT", default="", help="Only scenarios whose name has this text.")
@click.option(
    "--pack",
    is_flag=False,
    flag_value=PACK,
    type=click.Choice(packs()),
    help="The scenarios of a shipped pack instead of a workspace's; those of retail where none is named.",
)
@click.option("--missed", is_flag=True, help="Also list what no scenario exercised.")
@format_option
def test(folder: Path, only: str, pack: str | None, missed: bool, form: str) -> None:
    """Run the scenarios of a workspace: exit code 0 when everything that they say is so, else 1.

    Coverage counts the steps of processes, the ways between them and the rows of tables that the scenarios exercised.

    \b
    Example: orderloom test
             orderloom test shop --only pickup --missed
    """
    workspace = checked(pack_sources(pack) if pack else sources_of(folder))
    results = _results(workspace, pack, only)
    shares = coverage(workspace.program, [story for result in results for story in result.stories])
    if form == "json":
        print_json({"scenarios": [_as_json(result) for result in results], "coverage": shares})
    else:
        _print(results)
        _print_coverage(shares, missed)
    sys.exit(0 if all(result.passed for result in results) else 1)


def _results(workspace: Workspace, pack: str | None, only: str) -> list[ScenarioResult]:
    """Of a workspace its own scenarios alone: those of its packs speak of definitions that it may have replaced."""
    known = {scenario.name: scenario for scenario in workspace.scenarios}
    own = [scenario for scenario in known.values() if scenario.pack == pack]
    chosen = [scenario for scenario in own if only in scenario.name]
    if only and not chosen:
        raise Stop(_nothing(only, [scenario.name for scenario in own]))
    return [run_scenario(workspace.program, scenario, known) for scenario in chosen]


def _nothing(only: str, names: list[str]) -> str:
    """Why --only selects nothing, and what it could have said."""
    meant = closest(only, names)
    hint = f"did you mean {meant}?" if meant else f"there is: {', '.join(sorted(names)) or 'none at all'}"
    return f"no scenario has {only} in its name; {hint}"


def _print(results: list[ScenarioResult]) -> None:
    for result in results:
        click.echo(f"{'ok    ' if result.passed else 'failed'}  {result.name}  ({result.origin})")
        for failure in result.failures:
            click.echo(f"        {failure.at}: {failure.text}")
    passed = sum(result.passed for result in results)
    click.echo(f"{passed} of {len(results)} scenarios passed")


def _print_coverage(shares: tuple[Share, ...], missed: bool) -> None:
    for kind in ("steps", "ways", "rows"):
        of_kind = [share for share in shares if share.kind == kind]
        click.echo(f"{sum(share.covered for share in of_kind)} of {sum(share.all for share in of_kind)} {kind} exercised")
    for share in shares if missed else ():
        for gap in share.missed:
            click.echo(f"        {gap.at}: {gap.what}")


def _as_json(result: ScenarioResult) -> dict[str, object]:
    told = {"name": result.name, "title": result.title, "origin": result.origin, "covers": result.covers}
    return {**told, "passed": result.passed, "failures": result.failures}
