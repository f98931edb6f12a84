"""Workers that plan orders of different items at the same moment book the same days of a node: never more than it can ship."""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from postgres import database
from racing import opened_race, order_of_race, stock_up
from sqlalchemy import URL, select

from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.program import Program
from orderloom.engine.advance import Step, advance
from orderloom.engine.audit import audit
from orderloom.engine.events import Event
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.runtime import Runtime
from orderloom.engine.state import OrderState
from orderloom.engine.store import tables
from orderloom.engine.store.agenda import earliest
from orderloom.engine.world import World

WORLD_W = Path(__file__).parents[1] / "scenarios" / "world-w"
WORKERS, ROOM = 3, 4


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """World W, in which no node ships more than four units a day."""
    folder = tmp_path_factory.mktemp("narrow") / "world-w"
    shutil.copytree(WORLD_W, folder)
    rules = folder / "rules" / "promising.yaml"
    rules.write_text(rules.read_text().replace("\nservices:", f"\ncapacity: {ROOM}\nservices:"))
    compiled = compile_workspace(folder).program
    assert compiled is not None and any(each.capacity for each in compiled.promising.values())
    return compiled


def together(barrier: Barrier, world: World, state: OrderState | None, event: Event) -> Step:
    """Goes on when every worker has read what it plans with, or when the others evidently wait for this one."""
    with suppress(BrokenBarrierError):
        barrier.wait(timeout=1)
    return advance(world, state, event)


def test_a_day_of_a_node_is_not_booked_twice(postgres: URL, program: Program) -> None:
    with database(postgres) as url, closing(opened_race(url)) as store:
        stock_up(store, WORKERS, 20)
        deploy(store, program.digest, {}, "narrow", store.now())
        now, step = store.now() - timedelta(seconds=1), partial(together, Barrier(WORKERS))
        capture(store, [order_of_race(f"O{item}", item, ROOM - 1, now) for item in range(WORKERS)], program.digest, now)
        runtimes = [
            Runtime(opened_race(url), Programs(store, lambda _: program), DatabaseClock(store), step) for _ in range(WORKERS)
        ]
        threads = [Thread(target=runtime.turn, args=(earliest(store), 1)) for runtime in runtimes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with store.reading() as connection:
            loads = list(connection.execute(select(tables.loads.c.units)).scalars())
        assert sum(loads) == WORKERS * (ROOM - 1), "every order is promised"
        assert max(loads) <= ROOM
        assert audit(store) == ()
