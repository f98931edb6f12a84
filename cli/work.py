"""`orderloom work`."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

import click

from orderloom.adapters.registry import adapters_for, problems
from orderloom.adapters.versions import publish, versions
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.watching import Watching, watch_options
from orderloom.cli.workspace import dir_option, open_for_orders
from orderloom.engine.desk.broadcast import resume
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.waking import server_hints
from orderloom.engine.shell.worker import CALLS, Worker

_log = logging.getLogger(__name__)


@click.command()
@dir_option
@store_option
@click.option("--once", is_flag=True, help="End when nothing is due, instead of waiting for more.")
@click.option(
    "--concurrency", type=click.IntRange(1, 64), default=CALLS, show_default=True, help="Calls with participants at a time."
)
@click.option("--queues", metavar="NAMES", help="Only orders of these divisions, as in RETAIL,B2B; - are orders without one.")
@watch_options
def work(folder: Path, store_name: str | None, once: bool, concurrency: int, queues: str | None, watching: Watching) -> None:
    """Run a worker: advance what is due, deliver messages, take in the answers. SIGTERM and Ctrl-C end it after its batch.

    A workspace that the store does not know yet becomes the version that new orders run on (see `orderloom deploy`). On a server
    any number of workers may run, on any hosts.

    \b
    Example: orderloom work
             orderloom work --once --store shop.sqlite
             orderloom work --queues RETAIL,B2B --concurrency 16
             orderloom work --log-format json --log-level info --metrics 9464
    """
    workspace = open_for_orders(folder)
    store = opened(store_url(folder, store_name), workspace.program.workspace)
    adapters = adapters_for(workspace.program)
    divisions = None if queues is None else frozenset("" if name == "-" else name for name in queues.split(","))
    with watching.of(store, workspace.program.timezone) as observer:
        publish(store, workspace.program, workspace.sources)
        for problem in problems(adapters):
            _log.warning("%s", problem)
        worker = Worker(
            store,
            versions(store),
            adapters,
            DatabaseClock(store),
            observer=observer,
            concurrency=concurrency,
            divisions=divisions,
            waker=server_hints(store),
            chore=partial(resume, store, versions(store)),
        )
        _run(worker, once)


def _run(worker: Worker, once: bool) -> None:
    with worker.stopped_by_signals():
        if once:
            done = worker.run_until_idle()
            click.echo(f"{done.turns:,} events applied, {done.messages:,} messages delivered")
        else:
            worker.run()
