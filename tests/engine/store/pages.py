"""What every store must do with lists that are longer than a page. Imported like `conformance`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any, TypeVar

import toy
from shop import NODES, Shop, stocked

from orderloom.engine.desk import supply_orders
from orderloom.engine.desk.supply_orders import Entered
from orderloom.engine.promising.monitors import Figures
from orderloom.engine.store import queries, tables
from orderloom.engine.store.alerts import Alert, alerts, key_of_alert, raise_alerts
from orderloom.engine.store.queries import key_of_exception
from orderloom.engine.store.statements import insert, run
from orderloom.engine.supply_order import SupplyOrder

T = TypeVar("T")
Page = Callable[[Any, int], Sequence[T]]


def paged(page: Page[T], key: Callable[[T], Any], first: Any = None) -> Iterator[T]:
    """Everything in a list, three rows at a time."""
    after = first
    while rows := page(after, 3):
        yield from rows
        after = key(rows[-1])


def _same(page: Page[T], key: Callable[[T], Any], count: int, first: Any = None) -> None:
    whole = page(first, 1000)
    assert len(whole) == count and list(paged(page, key, first)) == list(whole)


def test_pages_of_orders_are_the_list(url: str) -> None:
    store = _worked_on(url).store
    for status, channel, customer, count in (
        (None, None, None, 25),
        ("delivered", None, None, 25),
        ("delivered", "web", None, 25),
        (None, None, "C3", 3),
        ("delivered", "web", "C3", 3),
        ("shipped", None, None, 0),
    ):
        asked = (status, channel, customer)
        _same(lambda after, limit, asked=asked: queries.orders(store, *asked, after, limit), lambda o: o.id, count, "")  # type: ignore[misc]


def test_pages_of_stock_are_the_list(url: str) -> None:
    store = _worked_on(url).store
    for item, node, count in ((None, None, 60), ("I003", None, NODES), (None, "N1", 20), ("I003", "N1", 1)):
        asked = (item, node)
        _same(lambda after, limit, asked=asked: queries.stock(store, *asked, after, limit), lambda s: (s.item, s.node), count)  # type: ignore[misc]


def test_pages_of_exceptions_are_the_queue(url: str) -> None:
    """Several are of one moment, so that the moment alone would not do as a key."""
    shop = _worked_on(url)
    with shop.store.writing() as connection:
        run(connection, insert(tables.exceptions), [_exception(number) for number in range(20)])
    for role, settled, count in ((None, False, 10), ("night", False, 5), (None, True, 10), ("day", True, 10), ("day", False, 5)):
        asked = (role, settled)
        _same(lambda after, limit, asked=asked: queries.exceptions(shop.store, *asked, after, limit), key_of_exception, count)  # type: ignore[misc]


def _exception(number: int) -> tuple[object, ...]:
    """An exception of each order, two a minute; those of odd numbers are settled, every fourth is of the night."""
    at = (toy.START + timedelta(minutes=number // 2)).isoformat(timespec="microseconds")
    settled = (at, "done") if number % 2 else (None, None)
    role = "night" if number % 4 == 0 else "day"
    return (
        0,
        f"O{number:05}",
        "a,b%",
        "late",
        role,
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


def test_pages_of_alerts_are_the_list(url: str) -> None:
    store = _worked_on(url).store
    figures = Figures(0, 0, Decimal(0), Decimal(0))
    raised = [
        Alert(monitor, f"I{item:03}", f"N{node}", 0, monitor, "x:1", toy.START + timedelta(hours=item % 2), figures)
        for monitor, item, node in product(("few", "none"), range(4), range(2))
    ]
    with store.writing() as connection:
        raise_alerts(connection, store.shard, raised)
    for item, only_open, count in ((None, False, 16), ("I002", False, 4), (None, True, 16), ("I002", True, 4)):
        asked = (item, only_open)
        _same(lambda after, limit, asked=asked: alerts(store, *asked, after, limit), key_of_alert, count)  # type: ignore[misc]
    found = alerts(store)
    assert found == sorted(found, key=key_of_alert, reverse=True)


def test_pages_of_supply_orders_are_the_list(url: str) -> None:
    store = _worked_on(url).store
    day = toy.START.date()
    rows = []
    for number in range(10):
        made = SupplyOrder(
            f"PO-{number}", "purchase", f"I{number % 2:03}", "V1", f"N{number % 3}", 1, day, toy.START, "V1", "x:1"
        )
        rows.append(supply_orders._row(store.shard, Entered(made, "proposed" if number % 5 else "ordered")))
    with store.writing() as connection:
        run(connection, insert(tables.supply_orders), rows)
    for status, item, node, count in (
        (None, None, None, 10),
        ("ordered", None, None, 2),
        (None, "I001", None, 5),
        (None, None, "N2", 3),
    ):
        asked = (status, item, node)
        _same(
            lambda after, limit, asked=asked: supply_orders.listed(store, *asked, after, limit), lambda e: e.order.id, count, ""
        )  # type: ignore[misc]


def _worked_on(url: str) -> Shop:
    shop = stocked(url, quantity=50)
    shop.capture(*range(25))
    shop.worker().run_until_idle()
    return shop
