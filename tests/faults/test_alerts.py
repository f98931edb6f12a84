"""Processes that look and publish are killed at any moment, while counts come in: nothing is told twice, nothing is missed."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from alerting import Depot, deployed, program

from orderloom.engine.audit import audit
from orderloom.engine.store import Store, open_store

PROGRAM = program()


def at_work(url: str) -> int:
    """A process that looks and publishes without end."""
    worker = os.fork()
    if not worker:
        try:
            store = open_store(url)
            assert isinstance(store, Store)
            mine = Depot(store, PROGRAM)
            while True:
                mine.now = mine.store.now()
                mine.work()
                mine.publish()
        finally:
            os._exit(1)
    return worker


def test_killed_workers_tell_once_and_miss_nothing(tmp_path: Path) -> None:
    url, chance = f"sqlite:///{tmp_path / 'alerts.sqlite'}", random.Random(7)
    depot = deployed(url)
    depot.now = depot.store.now()
    items = [depot.item(DC1=30) for _ in range(10)]
    token, known = depot.publish()
    for _ in range(15):
        worker = at_work(url)
        for _ in range(4):
            depot.now = depot.store.now()
            depot.told(chance.choice(items), "DC1", chance.randint(0, 60))
            time.sleep(chance.uniform(0, 0.05))
        os.kill(worker, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]) == -signal.SIGKILL
        token, changed = depot.publish(token)  # a receiver that is told by whoever happens to publish
        known |= changed
    depot.now = depot.store.now()
    depot.work()
    assert token > 16  # more than this process alone can have published
    assert known | depot.publish(token)[1] == on_hand(depot, items)
    for item in items:
        open_ones = [alert for alert in depot.alerts(item) if alert.cleared_at is None]
        here = on_hand(depot, [item])[item, "DC1"]
        assert len(open_ones) <= 1 and (here >= 20 or open_ones) and (here <= 40 or not open_ones)
    assert audit(depot.store) == ()


def on_hand(depot: Depot, items: list[str]) -> dict[tuple[str, str], int]:
    stock = {item: depot.lookup().world([item]).stock.position(item, "DC1") for item in items}
    return {(item, "DC1"): position.on_hand for item, position in stock.items() if position}
