"""The store that a command works on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from orderloom.cli.stop import Stop
from orderloom.engine.refused import Refused
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
    """The store at an address, made for `workspace` where that is named; ends the command where it cannot be."""
    store = open_store(url, workspace)
    if isinstance(store, Refused):
        raise Stop(store.because)
    return store
