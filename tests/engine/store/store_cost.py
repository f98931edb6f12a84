"""What a database does for a question: no time is measured, so that a busy machine changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from shop import Shop
from sqlalchemy import event, text


def cost(shop: Shop, asked: Callable[[Shop], object]) -> int:
    """What the database does for a question."""
    return (_steps if shop.store.engine.dialect.name == "sqlite" else _rows_read)(shop, asked)


def _steps(shop: Shop, asked: Callable[[Shop], object]) -> int:
    """Hundreds of steps of SQLite's machine."""
    steps = count()
    shop.store.engine.dispose()

    def watch(connection: object, *_: object) -> None:
        connection.set_progress_handler(lambda: next(steps) < 0, 100)  # type: ignore[attr-defined]

    event.listen(shop.store.engine, "connect", watch)
    asked(shop)
    event.remove(shop.store.engine, "connect", watch)
    shop.store.engine.dispose()
    return next(steps)


def _rows_read(shop: Shop, asked: Callable[[Shop], object]) -> int:
    """Rows of tables and entries of indexes that PostgreSQL reads."""
    before = _read_so_far(shop)
    asked(shop)
    return _read_so_far(shop) - before


def _read_so_far(shop: Shop) -> int:
    shop.store.engine.dispose()  # what a connection has counted is known when it ends
    with shop.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _until_alone(connection)
        tables_read = "SELECT sum(seq_tup_read) FROM pg_stat_user_tables"
        indexes_read = "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes"
        return sum(int(connection.execute(text(query)).scalar_one()) for query in (tables_read, indexes_read))


def _until_alone(connection: object) -> None:
    others = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    for _ in range(20_000):
        if not connection.execute(others).scalar_one():  # type: ignore[attr-defined]
            return
    pytest.fail("connections stay open")
