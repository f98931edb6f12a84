"""Runs something again whenever a file of a workspace changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from orderloom.dsl.load import files_of

PAUSE = 0.3  #: seconds between two looks at the files


def watch(folder: Path, run: Callable[[], object], pause: Callable[[float], None] = time.sleep) -> None:
    """Runs it now, and whenever a file is another, new or gone, until the user stops it; faults are told and waited for."""
    seen: Mapping[Path, tuple[int, int]] | None = None
    try:
        while True:
            now = _files(folder)
            if now != seen:
                if seen is not None:
                    click.echo(f"\n{', '.join(_changed(seen, now, folder))} changed")
                seen = now
                _once(run)
            pause(PAUSE)
    except KeyboardInterrupt:
        click.echo("")


def _once(run: Callable[[], object]) -> None:
    try:
        run()
    except click.ClickException as fault:
        fault.show()
    except SystemExit:
        pass  # its findings are told


def _files(folder: Path) -> Mapping[Path, tuple[int, int]]:
    """The definitions with the time and size of each; one that goes while we look is gone."""
    found = {}
    for path in files_of(folder):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found[path] = stat.st_mtime_ns, stat.st_size
    return found


def _changed(before: Mapping[Path, object], after: Mapping[Path, object], folder: Path) -> list[str]:
    names = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return [path.relative_to(folder).as_posix() for path in names]
