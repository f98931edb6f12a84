"""An audit takes the same memory however large the store is."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from itertools import islice, product
from pathlib import Path
from string import ascii_uppercase, digits

import pytest
from shop import Shop, stocked
from sqlalchemy import inspect

from orderloom.engine.audit import audit, audited
from orderloom.engine.store.migrations.chained import link_all

Record = Callable[[str, object], None]
BASE = 100  #: orders that have lived; the others are copies of them
COPIED = ("orders", "history", "records", "outbox", "inbox")


def grown(file: Path, orders: int) -> Shop:
    """A store with so many orders that have ended, of which the ledger says nothing, linked as those of an older release are."""
    shop = stocked(f"sqlite:///{file}", quantity=10_000)
    shop.capture(*range(BASE))
    shop.worker().run_until_idle()
    names = (a + b for a, b in product(ascii_uppercase, ascii_uppercase + digits) if a != "O")
    with shop.store.writing() as connection:
        connection.exec_driver_sql("UPDATE history SET cause = ''")
        connection.exec_driver_sql("UPDATE outbox SET sequence = 0")
        columns = {table: [column["name"] for column in inspect(connection).get_columns(table)] for table in COPIED}
        for name in islice(names, orders // BASE - 1):
            for table in COPIED:
                cells = [f"REPLACE({c}, 'O0', '{name}')" if c in _NAMED else _ELSE.get(c, c) for c in columns[table]]
                where = "WHERE order_id LIKE 'O0%'" if table != "orders" else "WHERE id LIKE 'O0%'"
                into = f"INSERT INTO {table} ({', '.join(columns[table])}) SELECT {', '.join(cells)} FROM {table} {where}"
                connection.exec_driver_sql(into)
        link_all(connection)
    return shop


_NAMED = ("id", "order_id", "state", "key", "event", "notes", "body", "change")
_ELSE = {"external_id": "NULL"}


def peak(shop: Shop) -> tuple[int, int]:
    """The most memory that an audit takes, in bytes, and how many orders it has looked at."""
    seen = 0

    def told(done: int, total: int, last: str) -> None:
        nonlocal seen
        seen = done

    tracemalloc.start()
    assert list(audited(shop.store, told=told)) == []
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most, seen


@pytest.mark.parametrize(("few", "many"), [(300, 3_000), pytest.param(10_000, 100_000, marks=pytest.mark.soak)])
def test_memory_is_bounded(tmp_path: Path, few: int, many: int, record_property: Record) -> None:
    found = {}
    for orders in (few, many):
        shop = grown(tmp_path / f"{orders}.sqlite", orders)
        assert audit(shop.store) == ()
        found[orders] = peak(shop)
        shop.store.close()
    assert [seen for _, seen in found.values()] == [few, many]
    megabytes = [most / 2**20 for most, _ in found.values()]
    record_property("report", f"audit: {megabytes[0]:.1f} MB at {few:,} orders, {megabytes[1]:.1f} MB at {many:,}")
    assert megabytes[1] < 1.2 * megabytes[0] + 1
