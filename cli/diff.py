"""`orderloom diff`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import click

from orderloom.adapters.revisions import sources_at
from orderloom.cli.diff_words import print_differences
from orderloom.cli.findings import print_findings
from orderloom.cli.stop import Stop, granted
from orderloom.cli.workspace import dir_option
from orderloom.dsl.compile import compile
from orderloom.dsl.diffing.compare import compare
from orderloom.dsl.documents import MANIFEST
from orderloom.dsl.load import load_workspace
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine.refused import Refused

_HEX = re.compile(r"[0-9a-f]+")
FORMATS = ("text", "json", "markdown")


class Side(NamedTuple):
    """One of the two versions; `digest` where it is one of the store."""

    name: str
    program: Program
    digest: str | None = None


@click.command()
@click.argument("old")
@click.argument("new", default=".")
@dir_option
@click.option("--store", "store_name", metavar="FILE", help="A store, whose versions can be named and whose orders are counted.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print.")
def diff(old: str, new: str, folder: Path, store_name: str | None, form: str) -> None:
    """Show what two versions of the definitions decide differently: not lines, but behaviour, each with an example.

    OLD and NEW are folders, shipped packs, versions of the store (number or digest), or revisions of git: REV for this workspace
    as it stood there, REV:path for another folder. Without NEW it is the workspace here. An example is shown only where both
    versions, asked the same, gave different answers. Exit code 0: no difference in behaviour; 1: there is one, or it cannot be
    ruled out.

    \b
    Example: orderloom diff HEAD
             orderloom diff main:shop ../shop --format markdown
             orderloom diff 3 . --store orderloom.sqlite
    """
    sides = [_side(name, folder, store_name) for name in (old, new)]
    found = compare(sides[0].program, sides[1].program)
    standing = None
    if store_name is not None:
        from orderloom.adapters.touched import touched  # whoever names no store does without SQLAlchemy
        from orderloom.cli.stores import opened, store_url

        standing = touched(opened(store_url(folder, store_name)), found.processes, sides[0].digest)
    print_differences(sides[0].name, sides[1].name, found, standing, form)
    sys.exit(0 if found.none else 1)


def _side(name: str, folder: Path, store_name: str | None) -> Side:
    """A version by what the user calls it: what is there as a folder goes before a pack, a version and a revision."""
    if not name:
        raise Stop("a version without a name is none; name a folder, a pack, a version of a store or a revision of git")
    if (Path(name) / MANIFEST).is_file():
        return Side(name, _compiled(name, load_workspace(Path(name))))
    if name in packs():
        return Side(name, _compiled(name, pack_sources(name)))
    deployed = _deployed(name, folder, store_name) if store_name is not None and _HEX.fullmatch(name) else None
    if isinstance(deployed, Side):
        return deployed
    if name.startswith((".", "/")) and ":" not in name and not Path(name).exists():
        raise Stop(f"there is no folder or revision {name}")  # git's own words tell of trees
    if Path(name).is_dir():
        raise Stop(f"there is no {MANIFEST} in {Path(name).resolve()}")
    sources = sources_at(name, folder)  # a branch or a commit may be called as a version could be
    if isinstance(sources, Refused):
        raise Stop((deployed or sources).because)
    return Side(name, _compiled(name, sources))


def _deployed(name: str, folder: Path, store_name: str) -> Side | Refused:
    from orderloom.adapters.versions import compiled_version
    from orderloom.cli.stores import opened, store_url
    from orderloom.engine.shell.versions import version_named

    store = opened(store_url(folder, store_name))
    named = version_named(store, name)
    if isinstance(named, Refused):
        return named
    version, program = granted(compiled_version(store, name))
    return Side(f"version {version.number}", program, version.digest)


def _compiled(name: str, sources: tuple[Source, ...]) -> Program:
    """The program of these files, without their scenarios; ends the command where they have errors."""
    compiled = compile(source for source in sources if "scenarios" not in Path(source.path).parts)
    if compiled.program is None:
        print_findings([each for each in compiled.diagnostics if each.severity == "error"], "text")
        raise Stop(f"{name} has errors, so that nobody can say what it decides")
    return compiled.program
