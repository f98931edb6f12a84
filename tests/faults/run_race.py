"""Processes of several threads that keep, submit, place and cancel orders, and work on them, all on one store.

Arguments: the store's address, processes, threads of each, orders of each thread, items, most units of an order. It says `ready`,
begins when it is told to go on, and ends with a line of each process: how often the database made it try again.
"""

import os
import random
import sys
from datetime import timedelta
from pathlib import Path
from threading import Thread

from sqlalchemy.exc import OperationalError

sys.path.insert(0, str(Path(__file__).parent))

from racing import PROGRAM, opened_race, order_of_race

from orderloom.engine.shell.asking import cancel
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture, draft
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.runtime import Runtime
from orderloom.engine.shell.writes import Conflict
from orderloom.engine.store.agenda import earliest


class Racer(Thread):
    """One thread. Half of its orders are drafts first; of those half are submitted; of all a fifth is cancelled."""

    def __init__(self, url: str, name: str, orders: int, items: int, most: int) -> None:
        super().__init__(name=name)
        store = opened_race(url)
        self._store, self._orders, self._items, self._most = store, orders, items, most
        self._runtime = Runtime(store, Programs(store, lambda _: PROGRAM), DatabaseClock(store))
        self._chance = random.Random(name)
        self.again = 0

    def run(self) -> None:
        made: list[str] = []
        for number in range(self._orders):
            self._place(f"{self.name}-{number}", made)
            if self._chance.random() < 0.2:
                cancel(self._store, self._chance.choice(made), "customer", self._store.now())
            if number % 3 == 2:
                self._work()
        while self._work():
            pass

    def _place(self, id: str, made: list[str]) -> None:
        now, chance = self._store.now(), self._chance
        order = order_of_race(id, chance.randrange(self._items), chance.randint(1, self._most), now)
        made.append(id)
        if chance.random() < 0.5:
            capture(self._store, [order], PROGRAM.digest, now)
            return
        draft(self._store, [order], PROGRAM.digest, now, now + timedelta(seconds=chance.uniform(0.05, 2)))
        if chance.random() < 0.5:
            self._work()
            capture(self._store, [order], PROGRAM.digest, self._store.now())

    def _work(self) -> int:
        while True:
            try:
                return self._runtime.turn(earliest(self._store), 20)
            except (Conflict, OperationalError):
                self.again += 1


def run(url: str, process: int, threads: int, orders: int, items: int, most: int) -> None:
    """One process of the race."""
    racers = [Racer(url, f"P{process}T{n}", orders, items, most) for n in range(threads)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    print(sum(racer.again for racer in racers), flush=True)


url, processes, *numbers = sys.argv[1], *map(int, sys.argv[2:])
print("ready", flush=True)
sys.stdin.readline()
for process in range(processes):
    if not os.fork():
        run(url, process, *numbers)
        os._exit(0)
ends = [os.wait()[1] for _ in range(processes)]
sys.exit(any(ends))
