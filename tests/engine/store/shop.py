"""A store with the toy process in it, ready to run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import toy

from orderloom.engine.desk.reference_data import put_items, put_nodes, put_positions
from orderloom.engine.shell.asking import cancel
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, queries

ITEMS, NODES = 20, 3


@dataclass
class Shop:
    """A store, and the partner that its messages go to."""

    store: Store
    partner: toy.Partner = field(default_factory=toy.Partner)

    def worker(self, tick: timedelta = timedelta(hours=1), until: datetime | None = None) -> Worker:
        clock = SimulatedClock(self.store, tick, until) if until else SimulatedClock(self.store, tick)
        return Worker(self.store, Programs(self.store, toy.program), {"partner": self.partner}, clock, toy.advance)

    def capture(self, *numbers: int) -> None:
        capture(self.store, [toy.order(number, ITEMS) for number in numbers], toy.DIGEST)

    def cancel(self, number: int) -> None:
        """Cancels an order, at once."""
        id = toy.order(number, ITEMS).id
        assert cancel(self.store, id, "shop", toy.START + timedelta(hours=1)) is None
        self.worker(until=toy.START + timedelta(hours=1)).run_until_idle()

    def outcomes(self) -> Counter[str | None]:
        return Counter(order.outcome for order in queries.orders(self.store, limit=10_000))


def opened(url: str) -> Store:
    """The toys' store at this address, which must not be refused."""
    store = open_store(url, "toys")
    assert isinstance(store, Store), store
    return store


def stocked(url: str, quantity: int = 5) -> Shop:
    """A fresh store with every toy at every node, and the toy process deployed."""
    store = opened(url)
    put_items(store, toy.items(ITEMS))
    put_nodes(store, toy.nodes(NODES))
    put_positions(store, toy.positions(ITEMS, NODES, quantity), toy.START)
    deploy(store, toy.DIGEST, {"toy.yaml": b"toys"}, "first", toy.START)
    return Shop(store)


def snapshot(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables that say how a run came out."""
    names = (
        "orders",
        "due",
        "outbox",
        "inbox",
        "history",
        "ledger",
        "reservations",
        "supplies",
        "loads",
        "records",
        "exceptions",
    )
    with store.reading() as connection:
        return {
            name: sorted((tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr) for name in names
        }
