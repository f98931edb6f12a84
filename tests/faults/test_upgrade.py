"""A version of the definitions that comes while orders are on their way by the one before, and workers that began before it."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from live import ITEMS, ShortLease, ended, orders_at
from partners import Prompt
from patience import until
from postgres import database
from racing import opened_race, stock_up
from sqlalchemy import URL, func, select

from orderloom.adapters.simulator import Simulator
from orderloom.adapters.versions import deploy_version, versions
from orderloom.dsl.compile import compile
from orderloom.dsl.load import load_workspace
from orderloom.dsl.program import Program
from orderloom.engine.audit import audit
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.ports import Delivery, Outgoing
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, tables

WORLD_W = Path(__file__).parents[1] / "scenarios" / "world-w"


@dataclass(frozen=True)
class Waiting:
    """A partner that lets everybody wait until it is told to go on."""

    partner: Prompt
    go_on: Event

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        assert self.go_on.wait(60)
        return self.partner.deliver(messages, settings)


def deployed(store: Store, folder: Path) -> Program:
    """This workspace becomes the version that new orders run on."""
    sources = load_workspace(folder)
    program = compile(sources).program
    assert program is not None
    deploy_version(store, program, sources, store.now())
    return program


def at_work(url: str, program: Program, go_on: Event) -> tuple[Worker, Thread]:
    store = opened_race(url)
    partner = Waiting(Prompt(Simulator(program.roles, faultless=True)), go_on)
    worker = Worker(store, versions(store), {"simulator": partner}, ShortLease(store))
    thread = Thread(target=worker.run)
    thread.start()
    return worker, thread


def test_orders_end_by_the_version_that_they_began_with(postgres: URL, tmp_path: Path) -> None:
    later, go_on = tmp_path / "world-w", Event()
    shutil.copytree(WORLD_W, later)
    process = later / "processes" / "sales-order.yaml"
    process.write_text(process.read_text().replace("    end: delivered\n", "    end: complete\n"))
    with database(postgres) as url, closing(opened_race(url)) as store:
        stock_up(store, ITEMS, 100)
        first = deployed(store, WORLD_W)
        capture(store, orders_at(store.now(), range(20)), first.digest)
        workers = [at_work(url, first, go_on)]
        until(lambda: _begun(store) == 20)
        second = deployed(store, later)
        capture(store, orders_at(store.now(), range(20, 40)), second.digest)
        workers.append(at_work(url, second, go_on))
        until(lambda: _begun(store) == 40)
        go_on.set()
        until(lambda: ended(store, 40))
        for worker, thread in workers:
            worker.stop()
            thread.join(30)
        o = tables.orders.c
        with store.reading() as connection:
            found = connection.execute(select(o.program, o.outcome)).all()
        assert Counter(map(tuple, found)) == {(first.digest, "delivered"): 20, (second.digest, "complete"): 20}
        assert audit(store) == ()


def _begun(store: Store) -> int:
    o = tables.orders.c
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).where(o.version > 0)).scalar_one())
