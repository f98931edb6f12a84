"""`orderloom work`."""

from __future__ import annotations

from pathlib import Path

import click

from orderloom.adapters.registry import adapters_for, problems
from orderloom.adapters.versions import deploy_version, versions
from orderloom.cli.stores import opened, store_option, store_url
from orderloom.cli.workspace import dir_option, open_workspace
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.worker import Worker


@click.command()
@dir_option
@store_option
@click.option("--once", is_flag=True, help="End when nothing is due, instead of waiting for more.")
def work(folder: Path, store_name: str | None, once: bool) -> None:
    """Run a worker: advance what is due, deliver messages, take in the answers. SIGTERM and Ctrl-C end it after its batch.

    The workspace as it stands is the version that new orders run on.

    \b
    Example: orderloom work
             orderloom work --once --store shop.sqlite
    """
    workspace = open_workspace(folder)
    store = opened(store_url(folder, store_name), workspace.program.workspace)
    deploy_version(store, workspace.program, workspace.sources, store.now())
    adapters = adapters_for(workspace.program)
    for problem in problems(adapters):
        click.echo(f"Warning: {problem}", err=True)
    worker = Worker(store, versions(store), adapters, DatabaseClock(store))
    with worker.stopped_by_signals():
        if once:
            done = worker.run_until_idle()
            click.echo(f"{done.turns:,} events applied, {done.messages:,} messages delivered")
        else:
            worker.run()
