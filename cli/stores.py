"""The store that a command works on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from orderloom.adapters.versions import current_version
from orderloom.cli.stop import Stop, granted
from orderloom.dsl.program import Program
from orderloom.engine.desk.names import unknown_name
from orderloom.engine.shell.programs import UnknownProgram
from orderloom.engine.store import Store, open_store

STORE = "orderloom.sqlite"  #: the store's file in a workspace

F = TypeVar("F", bound=Callable[..., Any])


def store_option(command: F) -> F:
    """The option that names the store."""
    words = f"The store: a file, or a database URL.  [default: {STORE} in the workspace]"
    return click.option("--store", "store_name", metavar="FILE", help=words)(command)


def store_url(folder: Path, name: str | None) -> str:
    """The address of the store that a command names."""
    return name if name and "://" in name else f"sqlite:///{name or folder / STORE}"


def opened(url: str, workspace: str | None = None) -> Store:
    """The store at an address, made for `workspace` where that is named, until the command ends; ends it where it cannot be."""
    store = granted(open_store(url, workspace))
    if context := click.get_current_context(silent=True):
        context.call_on_close(store.close)
    return store


def known(store: Store, **asked: str | None) -> None:
    """Ends the command where nothing has a name that is asked for, as `role` or `type`."""
    if any(name is not None for name in asked.values()):
        granted(unknown_name(store, program_in(store), **asked))


def program_in(store: Store) -> Program:
    """The version that new orders run on; ends the command where none was published."""
    try:
        return current_version(store)
    except UnknownProgram as unknown:
        raise Stop(f"{unknown}; `orderloom import` and `orderloom work` publish one") from None
