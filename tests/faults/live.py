"""Orders of the race, worked on by the database's clock: the partner answers at once, so that all are through in a moment."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from partners import Counting, Prompt, proved_once, seen
from racing import PROGRAM, opened_race, order_of_race, stock_up
from sqlalchemy import func, select

from orderloom.adapters.simulator import Simulator
from orderloom.engine.advance import advance
from orderloom.engine.audit import audit
from orderloom.engine.order import Order
from orderloom.engine.shell.batch import Advance
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, tables

ITEMS = 20


def open_shop(store: Store, numbers: range) -> None:
    """Stock for all these orders, which come in."""
    stock_up(store, ITEMS, 2 * numbers.stop)
    capture(store, orders_at(store.now(), numbers), PROGRAM.digest)


def orders_at(at: datetime, numbers: range) -> list[Order]:
    """Orders of one unit each, with these numbers."""
    return [order_of_race(id_of(number), number % ITEMS, 1, at) for number in numbers]


def id_of(number: int) -> str:
    return f"O{number:06}"


def ended(store: Store, orders: int) -> bool:
    """Whether all have ended, and every message was delivered."""
    o, m = tables.orders.c, tables.outbox.c
    with store.reading() as connection:
        done = connection.execute(select(func.count(o.outcome))).scalar_one()
        open_ones = connection.execute(select(func.count()).where(m.done_at.is_(None))).scalar_one()
    return bool(done == orders and not open_ones)


def prove(url: str, log: Path, orders: int) -> int:
    """Every one of so many orders was delivered, and its node asked once to pick it; how many messages came again."""
    o, told = tables.orders.c, seen(log)
    with closing(opened_race(url)) as store:
        assert audit(store) == ()
        with store.reading() as connection:
            outcomes = dict(connection.execute(select(o.id, o.outcome)).all())
            units = set(connection.execute(select(tables.outbox.c.key)).scalars())
    assert outcomes == dict.fromkeys(map(id_of, range(orders)), "delivered")
    assert told.effects.keys() == units and len(units) == orders and proved_once(told)
    return told.repeated


class ShortLease(DatabaseClock):
    """Messages of a dead worker are taken over after a second."""

    lease = timedelta(seconds=1)


def worker_on(store: Store, log: Path, turn: Advance = advance, moment: Callable[[], None] = lambda: None) -> Worker:
    """A worker on orders of the race, whose partner answers at once."""
    partners = {"simulator": Counting(log, Prompt(Simulator(PROGRAM.roles, faultless=True)), moment)}
    return Worker(store, Programs(store, lambda _: PROGRAM), partners, ShortLease(store), turn)
