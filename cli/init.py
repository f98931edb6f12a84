"""`orderloom init`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from orderloom.cli.stop import Stop
from orderloom.cli.workspace import PACK
from orderloom.dsl.documents import MANIFEST
from orderloom.dsl.packs import packs

NAME = "my-shop"  #: the workspace's name in the files to start from


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--pack", type=click.Choice(packs()), default=PACK, show_default=True, help="The shipped pack to build on.")
def init(folder: Path, pack: str) -> None:
    """Write a new workspace: a policy, a process and scenarios of its own, with comments that explain them.

    \b
    Example: orderloom init shop && cd shop && orderloom validate && orderloom test
    """
    if (folder / MANIFEST).exists():
        raise Stop(f"{folder} is a workspace already")
    own = {f"workspace: {NAME}": f"workspace: {_name(folder)}", f"packs: [{PACK}]": f"packs: [{pack}]"}
    written = _copied(_starter(pack), folder, own)
    for path in written:
        click.echo(f"wrote {path}")
    click.echo(f"Next: cd {folder} && orderloom validate && orderloom test")


def _starter(pack: str) -> Traversable:
    """The files to start from: those for the pack where it has its own."""
    own = files("orderloom.cli") / f"starter_{pack}"
    return own if own.is_dir() else files("orderloom.cli") / "starter"


def _name(folder: Path) -> str:
    """A name for the workspace out of its folder's."""
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    return name if re.match(r"[a-z]", name) else NAME


def _copied(source: Traversable, target: Path, own: Mapping[str, str]) -> list[Path]:
    """Copies a folder, each text of `own` replaced by what it is here; the files that were written."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        path = target / entry.name
        if entry.is_dir():
            written += _copied(entry, path, own)
        elif path.exists():
            raise Stop(f"{path} is there already; name a new or an empty folder")
        else:
            text = entry.read_text(encoding="utf-8")
            for there, here in own.items():
                text = text.replace(there, here)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written
