"""`orderloom test`."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from orderloom.adapters.scenarios.coverage import coverage
from orderloom.adapters.scenarios.run import ScenarioResult, run_scenario
from orderloom.adapters.scenarios.share import Share
from orderloom.cli.again import watch
from orderloom.cli.boundaries import boundaries_of
from orderloom.cli.junit import write_junit
from orderloom.cli.output import Table, format_option, print_data, print_json, print_tables
from orderloom.cli.stop import Stop
from orderloom.cli.workspace import PACK, Workspace, checked, sources_of
from orderloom.dsl.compile import compile
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
@click.option("--coverage", "covered", is_flag=True, help="Also show how much of each definition was exercised.")
@click.option("--missed", is_flag=True, help="Also list what no scenario exercised.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Also write the results to this file, as JUnit.")
@click.option("--watch", "watched", is_flag=True, help="Run again whenever a file changes, until it is stopped.")
@click.option("--boundaries", "decision", metavar="DECISION", help="Only show what this table decides at each side of its edges.")
@format_option
def test(
    folder: Path, only: str, pack: str | None, covered: bool, missed: bool, junit: Path | None, watched: bool,
    decision: str | None, form: str,
) -> None:  # fmt: skip
    """Run the scenarios of a workspace: exit code 0 when everything that they say is so, else 1.

    Coverage counts the steps of processes, the ways between them, the rows of tables and the rules of policies and promises that
    the scenarios exercised.

    \b
    Example: orderloom test
             orderloom test shop --only pickup --missed
             orderloom test --coverage --junit scenarios.xml
             orderloom test --boundaries process-for-unit
    """
    asked = Asked(folder, only, pack, covered, missed, junit, form)
    if decision is not None:
        _alone(asked, watched)
        print_data(form, boundaries_of(_workspace(asked).program, decision))
    elif watched:
        watch(folder, lambda: _played(asked))
    else:
        sys.exit(0 if _played(asked) else 1)


class Asked(Struct, frozen=True):
    """What a run is asked for."""

    folder: Path
    only: str
    pack: str | None
    covered: bool
    missed: bool
    junit: Path | None
    form: str


def _alone(asked: Asked, watched: bool) -> None:
    """Refuses what is about scenarios where a table is to be shown, and none is run."""
    options = {"--only": asked.only, "--coverage": asked.covered, "--missed": asked.missed, "--junit": asked.junit}
    if given := [option for option, value in {**options, "--watch": watched}.items() if value]:
        raise click.UsageError(f"--boundaries runs no scenarios; leave out {', '.join(given)}")


def _workspace(asked: Asked) -> Workspace:
    """Compiled anew: tables and memories of a program that was run already would tell other coverage."""
    sources = pack_sources(asked.pack) if asked.pack else sources_of(asked.folder)
    return checked(sources, compile(sources))


def _played(asked: Asked) -> bool:
    """Whether everything that the scenarios say is so."""
    workspace = _workspace(asked)
    results = _results(workspace, asked.pack, asked.only)
    shares = coverage(workspace.program, [story for result in results for story in result.stories])
    if asked.junit is not None:
        write_junit(asked.junit, results)
    if asked.form == "json":
        told = [{**msgspec.to_builtins(share), "percent": share.percent} for share in shares]
        print_json({"scenarios": [_as_json(result) for result in results], "coverage": told})
    else:
        _print(results)
        _print_coverage(shares, asked, {source.path for source in workspace.sources if source.pack is not None})
    return all(result.passed for result in results)


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
            first, *more = f"{failure.at}: {failure.text}".splitlines()
            click.echo("\n".join((f"        {first}", *(f"            {line}" for line in more))))
    passed = sum(result.passed for result in results)
    click.echo(f"{passed} of {len(results)} scenarios passed")


def _print_coverage(shares: tuple[Share, ...], asked: Asked, packed: Collection[str]) -> None:
    for kind in ("steps", "ways", "rows", "rules"):
        of_kind = [share for share in shares if share.kind == kind]
        click.echo(f"{sum(share.covered for share in of_kind)} of {sum(share.all for share in of_kind)} {kind} exercised")
    if asked.covered:
        click.echo()
        rows = [(share.of, share.kind, share.covered, share.all, f"{share.percent} %") for share in shares if share.all]
        print_tables([Table("coverage", ("of", "kind", "exercised", "all", "share"), rows)])
    missed = [(gap, share) for share in shares for gap in share.missed] if asked.missed else []
    for gap, share in sorted(missed, key=lambda each: each[0].at.rpartition(":")[0] in packed):  # the workspace's own first
        click.echo(f"        {gap.at}: {gap.what}" + (f" of {share.of}" if share.kind in ("rows", "rules") else ""))


def _as_json(result: ScenarioResult) -> dict[str, object]:
    told = {"name": result.name, "title": result.title, "origin": result.origin, "covers": result.covers}
    return {**told, "passed": result.passed, "failures": result.failures}
