"""The workspace that a command works on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from msgspec import Struct

from orderloom.cli.findings import print_findings
from orderloom.cli.stop import Stop
from orderloom.dsl.compile import Compiled, compile_once
from orderloom.dsl.documents import MANIFEST, kinds_in
from orderloom.dsl.load import load_workspace
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.scenario import Scenario
from orderloom.dsl.source import Source

PACK = "retail"  #: the shipped pack, which stands in where there is no workspace

F = TypeVar("F", bound=Callable[..., Any])


class Workspace(Struct, frozen=True):
    """A workspace that compiles."""

    program: Program
    scenarios: tuple[Scenario, ...]
    sources: tuple[Source, ...]


def dir_option(command: F) -> F:
    """The option that names the workspace's folder."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--dir", "folder", type=kind, default=Path(), help="The workspace's folder.  [default: here]")(command)


def sources_of(folder: Path) -> tuple[Source, ...]:
    """The files of a workspace; ends the command where there is none."""
    if not (folder / MANIFEST).is_file():
        raise Stop(f"there is no {MANIFEST} in {folder.resolve()}; `orderloom init DIR` writes a workspace to start from")
    return load_workspace(folder)


def sources_or_pack(folder: Path) -> tuple[Source, ...]:
    """The files of a workspace, or of the shipped pack where there is none."""
    return load_workspace(folder) if (folder / MANIFEST).is_file() else pack_sources(PACK)


def open_workspace(folder: Path) -> Workspace:
    """Compiles a workspace; ends the command with its findings where it has errors."""
    return checked(sources_of(folder))


def open_for_orders(folder: Path) -> Workspace:
    """The same for a command that needs no scenario: where only these are wrong, it goes on without them, and says so."""
    sources = sources_of(folder)
    wrong = {each.span.source for each in compile_once(sources).diagnostics if each.severity == "error"}
    if not wrong or not all(_only_tests(source) for source in wrong):
        return checked(sources)
    paths = ", ".join(sorted(source.path for source in wrong))
    click.echo(f"scenarios are left out, as orderloom validate finds mistakes there: {paths}", err=True)
    return checked(tuple(source for source in sources if not _only_tests(source)))


def _only_tests(source: Source) -> bool:
    """Whether a file has scenarios and nothing else, whatever folder it is in."""
    return kinds_in(source) == {"scenario"}


def checked(sources: tuple[Source, ...], compiled: Compiled | None = None) -> Workspace:
    """A workspace of these files; ends the command with their findings where they have errors."""
    compiled = compiled or compile_once(sources)
    if compiled.program is None:
        print_findings(compiled.diagnostics, "text")
        sys.exit(1)
    return Workspace(compiled.program, compiled.scenarios, sources)
