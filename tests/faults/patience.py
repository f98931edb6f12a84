"""Trying again, as whoever uses a server must that comes and goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from orderloom.engine.store import Store, open_store

T = TypeVar("T")
LONGEST = 60  #: seconds
_OTHERS = text("""
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' AND state IS DISTINCT FROM 'idle'""")


def until(true: Callable[[], object], longest: float = LONGEST) -> None:
    """Waits for something to come true."""
    deadline = time.monotonic() + longest
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def insist(attempt: Callable[[], T]) -> T:
    """The result of an attempt that the store lets through in the end; whether a commit came through before cannot be known."""
    deadline = time.monotonic() + LONGEST
    while True:
        try:
            return attempt()
        except OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def reached(url: str) -> Store:
    """The store at this address, as soon as it can be opened."""
    deadline = time.monotonic() + LONGEST
    while not isinstance(store := open_store(url), Store):
        assert time.monotonic() < deadline, store
        time.sleep(0.05)
    return store


def until_alone(store: Store) -> None:
    """Waits until what killed processes had begun on a server has come to its end."""
    while store.engine.dialect.name == "postgresql" and _others_at_work(store):
        time.sleep(0.002)


def _others_at_work(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(_OTHERS).scalar_one())
