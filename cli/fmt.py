"""`orderloom fmt`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import click

from orderloom.cli.files import closed, put
from orderloom.cli.stop import Stop
from orderloom.dsl.documents import MANIFEST, YAML
from orderloom.dsl.formatting import formatted
from orderloom.dsl.load import files_of


@click.command()
@click.argument("paths", metavar="[DIR|FILES|-]", nargs=-1, type=click.Path(exists=True, allow_dash=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a file is in another style.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would be another.")
def fmt(paths: tuple[Path, ...], check: bool, diff: bool) -> None:
    """Write the definitions of a workspace, or FILES, in one style. What they say stays, and so does every comment.

    Two spaces for each level, lists further in than their key, the columns of text tables and the comments of a paragraph one
    below the other. With - the text comes from standard input and goes to standard output, as editors want it.

    \b
    Example: orderloom fmt
             orderloom fmt --check rules/sourcing.yaml
             orderloom fmt --diff
    """
    if [str(path) for path in paths] == ["-"]:
        _piped()
        return
    others, unread = 0, 0
    for path, folder in _files(paths):
        before = path.read_bytes()
        after = _formatted(before)
        unread += after is None
        if after is None:
            click.echo(f"{path}: cannot be read as it stands, and is left alone; `orderloom validate` says why", err=True)
        elif after.encode() != before:
            if not (check or diff) and (because := closed(path, folder)):
                unread += 1
                click.echo(f"{path}: {because}, and is left alone", err=True)
                continue
            others += 1
            _tell(path, before.decode(), after, diff)
            if not (check or diff):
                put(path, after.encode())
    click.echo(f"{others} files {'are in another style' if check or diff else 'written anew'}", err=True)
    sys.exit(1 if unread or (others and (check or diff)) else 0)


def _piped() -> None:
    after = _formatted(sys.stdin.buffer.read())
    if after is None:
        raise Stop("the text cannot be read as it stands; `orderloom validate` says why")
    click.echo(after, nl=False)


def _files(paths: tuple[Path, ...]) -> Iterator[tuple[Path, Path | None]]:
    """The files, those of a workspace with its folder."""
    for path in paths or (Path(),):
        if path.is_dir() and not (path / MANIFEST).is_file():
            raise Stop(f"there is no {MANIFEST} in {path.resolve()}; name the files, or the folder of a workspace")
        yield from ((each, path) for each in files_of(path) if each.suffix in YAML) if path.is_dir() else ((path, None),)


def _formatted(content: bytes) -> str | None:
    try:
        return formatted(content.decode())
    except UnicodeDecodeError:
        return None


def _tell(path: Path, before: str, after: str, diff: bool) -> None:
    if not diff:
        click.echo(path.as_posix())
        return
    click.echo("\n".join(unified_diff(before.splitlines(), after.splitlines(), f"{path}", f"{path} in style", lineterm="")))
