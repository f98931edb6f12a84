"""`orderloom serve`."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import click
import uvicorn
from fastapi import FastAPI

from orderloom.adapters.api import Desk, Keys, keys_in, make_app
from orderloom.adapters.registry import adapters_for, problems
from orderloom.adapters.versions import publish, versions
from orderloom.cli.stop import Stop, granted
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.watching import Watching, watch_options
from orderloom.cli.workspace import dir_option, open_for_orders
from orderloom.dsl.program import Program
from orderloom.engine.desk.broadcast import resume
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.observe import Observer
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store

_log = logging.getLogger(__name__)

GRACE = 30  #: seconds that requests under way may take when the server is to end


@click.command()
@dir_option
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 takes a free one.")
@click.option("--keys", "key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Who may call.")
@click.option("--work/--no-work", "works", default=None, help="Whether a worker runs within.  [default: on SQLite]")
@watch_options
def serve(
    folder: Path,
    store_name: str | None,
    host: str,
    port: int,
    key_file: Path | None,
    works: bool | None,
    watching: Watching,
) -> None:
    """Serve the HTTP API of a workspace's store, with a worker within where the store is SQLite.

    The API is described at /docs. KEYS is a file with a line for each caller: a name, and the SHA-256 of the key that he sends as
    `Authorization: Bearer KEY`. Without keys only this machine is served. SIGTERM and Ctrl-C end it after what is under way.

    \b
    Example: orderloom serve
             orderloom serve --host 0.0.0.0 --port 8080 --keys callers.txt --store postgresql+psycopg://db/shop --no-work
    """
    keys = granted(keys_in(key_file)) if key_file else Keys({})
    if key_file is None and not _only_here(host):
        raise Stop(f"on {host} everybody could call: name who may with --keys, or listen on 127.0.0.1")
    workspace = open_for_orders(folder)
    store = opened(store_url(folder, store_name), workspace.program.workspace)
    program = workspace.program
    with watching.of(store, program.timezone) as observer, _listening(host, port) as listener:
        publish(store, program, workspace.sources)
        with _working(store, program, observer) if _embedded(store, works) else nullcontext():
            click.echo(f"{program.workspace} on http://{host}:{listener.getsockname()[1]}", err=True)
            _serve(make_app(Desk(store, program), keys), listener)


def _serve(app: FastAPI, listener: socket.socket) -> None:
    config = uvicorn.Config(app, log_config=None, log_level="warning", timeout_graceful_shutdown=GRACE)
    for number in (signal.SIGTERM, signal.SIGINT):  # the server raises again what has ended it, when it has ended
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run([listener])


def _only_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _embedded(store: Store, works: bool | None) -> bool:
    return store.engine.dialect.name == "sqlite" if works is None else works


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, address = found[0]
        listener = socket.create_server(address, family=family, backlog=1024)
    except OSError as fault:
        raise Stop(f"cannot listen on {host}:{port}: {fault.strerror or fault}") from None
    with listener:
        yield listener


@contextmanager
def _working(store: Store, program: Program, observer: Observer) -> Iterator[None]:
    """A worker beside, which is told to end when the server has."""
    adapters = adapters_for(program)
    for problem in problems(adapters):
        _log.warning("%s", problem)
    chore = partial(resume, store, versions(store))
    worker = Worker(store, versions(store), adapters, DatabaseClock(store), observer=observer, chore=chore)
    thread = Thread(target=worker.run, name="worker")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()
