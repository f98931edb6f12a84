"""What every store must do as it grows: a question or an order costs the same, however many orders have ended.

Not time is measured but what the database does: SQLite counts the steps of its machine, PostgreSQL the rows that it reads.
Imported like `conformance`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import toy
from filler import fill, settle
from shop import ITEMS, Shop, stocked
from sqlalchemy import text
from store_cost import cost

from orderloom.engine.shell.asking import cancel
from orderloom.engine.shell.inbox import report
from orderloom.engine.store import demands, queries, tables
from orderloom.engine.store.agenda import earliest
from orderloom.engine.store.alerts import alerts
from orderloom.engine.store.search import Asked, find
from orderloom.engine.store.statements import insert, run
from orderloom.engine.store.upkeep import tidy

FEW, MANY = 1_000, 20_000
MEASURE = 200  #: what a cost may differ by: the database looks at a few rows that are gone, too
FIRST = 200  #: orders that are run, and copied then

_new = count(FIRST)


def _life(shop: Shop) -> None:
    """Twenty orders from their capture to their end; what comes twice, and a cancellation."""
    numbers = [next(_new) for _ in range(20)]
    shop.capture(*numbers)
    shop.capture(*numbers)
    shop.worker(until=toy.START + timedelta(days=60)).run_until_idle()
    cancel(shop.store, toy.order(numbers[0], ITEMS).id, "shop", toy.START)
    report(shop.store, [])


QUESTIONS: dict[str, Callable[[Shop], object]] = {
    "orders": lambda s: queries.orders(s.store),
    "orders behind another": lambda s: queries.orders(s.store, after="0000400-"),
    "orders of a status": lambda s: queries.orders(s.store, status="delivered"),
    "orders of a status that none has": lambda s: queries.orders(s.store, status="shipped"),
    "orders of a channel": lambda s: queries.orders(s.store, channel="web", after="0000400-"),
    "orders of a customer": lambda s: queries.orders(s.store, customer="C3"),
    "orders of a customer and status": lambda s: queries.orders(s.store, status="delivered", customer="C3"),
    "orders with an item and a word": lambda s: find(s.store, Asked(item="I003", text="nowhere")),
    "orders with a number": lambda s: find(s.store, Asked(number="W7"), limit=1),
    "orders of a day": lambda s: find(s.store, Asked(since=toy.START, until=toy.START + timedelta(minutes=1)), limit=1),
    "an order": lambda s: queries.order(s.store, "O00007"),
    "exceptions": lambda s: queries.exceptions(s.store),
    "exceptions behind another": lambda s: queries.exceptions(s.store, after=("09/~", toy.START - timedelta(days=90), "", "")),
    "exceptions of a role": lambda s: queries.exceptions(s.store, role="night", limit=10),
    "exceptions that are settled": lambda s: queries.exceptions(s.store, settled=True),
    "settled exceptions of a role": lambda s: queries.exceptions(s.store, role="night", settled=True, limit=10),
    "stock": lambda s: queries.stock(s.store, after=("I010", "N1")),
    "stock at a node": lambda s: queries.stock(s.store, node="N1"),
    "who claims stock": lambda s: demands.claims(s.store, "I003"),
    "what waits for a source": lambda s: demands.unsourced(s.store, "I003"),
    "since when a position stands still": lambda s: demands.quarantine(s.store, "I003", "N1"),
    "alerts": lambda s: alerts(s.store, only_open=True),
    "what is due": lambda s: earliest(s.store),
    "upkeep": lambda s: tidy(s.store),
    "the life of orders": _life,
}


def test_what_a_question_costs_does_not_grow_with_the_store(url: str) -> None:
    shop = _filled(url, FEW)
    before = {name: cost(shop, asked) for name, asked in QUESTIONS.items()}
    reading_all = cost(shop, _read_all)
    _fill(shop, MANY)
    cost(shop, _life)  # the first of a new size
    after = {name: cost(shop, asked) for name, asked in QUESTIONS.items()}
    assert cost(shop, _read_all) >= 10 * reading_all
    grown = {name: (before[name], after[name]) for name in QUESTIONS if after[name] > 1.2 * before[name] + MEASURE}
    assert grown == {}


def _read_all(shop: Shop) -> None:
    """What must be told as costing more."""
    with shop.store.reading() as connection:
        connection.execute(text("SELECT count(*) FROM orders WHERE program <> 'toy'"))


def _filled(url: str, orders: int) -> Shop:
    shop = stocked(url, quantity=100_000)
    shop.capture(*range(FIRST))
    shop.worker().run_until_idle()
    with shop.store.writing() as connection:
        run(connection, insert(tables.exceptions), [_exception(number) for number in range(FIRST)])
    _fill(shop, orders)
    return shop


def _fill(shop: Shop, orders: int) -> None:
    """Orders that have ended; as if each waited, too, for a day that is far away."""
    fill(shop.store, orders)
    far = "SELECT shard, id, 'far', '2099-01-01T00:00:00.000000+00:00', 'timer', 'far', 0, queue FROM orders WHERE id LIKE '%-%'"
    columns = "shard, order_id, key, due_at, kind, body, attempt, queue"
    with shop.store.writing() as connection:
        connection.execute(text(f"INSERT INTO due ({columns}) {far} ON CONFLICT DO NOTHING"))
    settle(shop.store)


def _exception(number: int) -> tuple[object, ...]:
    at = toy.START.isoformat(timespec="microseconds")
    settled = (at, "done") if number % 2 else (None, None)
    return (
        0,
        f"O{number:05}",
        "x",
        "late",
        "night" if number < 4 else "day",
        "order",
        '["done"]',
        "",
        at,
        *settled,
        None,
        "",
        0,
        None,
        None,
        0,
        "[]",
        "09/~",
    )
