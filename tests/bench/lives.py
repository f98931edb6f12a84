"""Stores full of orders to work on, for benchmarks: two ways through an order's life, on both kinds of store.

`eight` is a process of eight requests, each answered by a participant: nothing is decided, so that it shows what it costs to
carry an order. `retail` is the shipped pack on its data, where every order is sourced by the optimizer.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import URL, make_url

from orderloom.adapters.demo import BEGINNING, ended, load
from orderloom.adapters.imports.datasets import DATA_SET, shipped_data
from orderloom.adapters.simulator import simulated
from orderloom.adapters.versions import current_version, deploy_version, versions
from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source
from orderloom.engine.advance import advance
from orderloom.engine.order import Customer, Line, Order
from orderloom.engine.shell.batch import Advance
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, queries

sys.path.append(str(Path(__file__).parent.parent))

from postgres import Postgres, running

STEPS = 8
FIRST = 50  #: orders that have been through before, so that the server has statistics, as it makes them itself within a minute
TICK = timedelta(days=1)
STORES = ("SQLite", "PostgreSQL")  #: SQLite with synchronous FULL, PostgreSQL with fsync on

_MANIFEST = "orderloom: 1\nworkspace: eight\ncurrency: USD\ntimezone: UTC\npacks: [retail]\n"
_EIGHT = f"""kind: participants
name: eight
roles:
  partner: {{ title: Does what is asked, receives: {{ work: {{ replies: [done] }} }} }}
organizations:
  - name: partners
    roles: [partner]
    connect: {{ adapter: simulator, messages: {{ work: {{ after: PT0S }} }} }}
---
kind: decision
name: process-for-order
hit: unique
inputs:  {{ type: order.document_type }}
outputs: {{ process: name of process }}
table: |
  type    || process
  "sales" || "eight"
---
kind: process
name: eight
for: order
steps:
{"".join(f"  - {{ step: step-{n}, ask: partner, message: work, status: at {n} }}" + chr(10) for n in range(1, STEPS + 1))}
  - {{ step: done, status: done, end: done }}
"""


@dataclass(frozen=True)
class Life:
    """A way through an order's life: `fill` puts orders in, so many at most, none of them worked on."""

    name: str
    sources: tuple[Source, ...]
    fill: Callable[[Store, str, int], None]


def _eight(store: Store, program: str, orders: int) -> None:
    placed = datetime(2026, 1, 1, tzinfo=UTC)
    lines = tuple(Line(str(n), f"item-{n}", 2, Decimal("12.50")) for n in (1, 2))

    def order(n: int) -> Order:
        customer = Customer(f"customer-{n}", "A. Customer", "a@example.com")
        return Order(f"o-{n:07}", "web", placed + timedelta(milliseconds=n), customer, lines, "USD")

    capture(store, map(order, range(orders)), program)


def _retail(store: Store, _program: str, orders: int) -> None:
    program = compile(pack_sources("retail")).program
    assert program is not None
    for file in DATA_SET:
        load(store, program, shipped_data(), file, orders if file.kind == "orders" else None, lambda *_: None)


_FILES = (*pack_sources("retail"), Source("orderloom.yaml", _MANIFEST.encode()), Source("processes/eight.yaml", _EIGHT.encode()))
EIGHT = Life("eight", _FILES, _eight)
RETAIL = Life("retail", tuple(pack_sources("retail")), _retail)


# --- stores --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """A store full of orders at `url`. `copy` makes another one, `empty` a database with nothing in it, `settle` statistics."""

    url: str
    copy: Callable[[], str]
    empty: Callable[[], str]
    settle: Callable[[], object] = lambda: None


@contextmanager
def prepared(kind: str, life: Life, orders: int) -> Iterator[Prepared]:
    """A store, of one of `STORES`, with so many orders to work on; it and its copies are gone afterwards."""
    with _PLACES[kind]() as place:
        program = compile(life.sources).program
        assert program is not None
        store = opened(place.url, program.workspace)
        deploy_version(store, program, life.sources, BEGINNING)
        life.fill(store, program.digest, FIRST)
        worker(store).run_until_idle()
        place.settle()
        life.fill(store, program.digest, FIRST + orders)
        store.close()
        yield place


@contextmanager
def _sqlite() -> Iterator[Prepared]:
    with TemporaryDirectory() as folder:
        numbers, path = count(), Path(folder) / "prepared.sqlite"

        def copy() -> str:
            return f"sqlite:///{shutil.copy(path, path.with_name(f'copy-{next(numbers)}.sqlite'))}"

        yield Prepared(f"sqlite:///{path}", copy, lambda: f"sqlite:///{folder}/empty-{next(numbers)}.sqlite")


@contextmanager
def _postgres() -> Iterator[Prepared]:
    with running(durable=True) as server:
        numbers = count()

        def another(template: str = "template1") -> str:
            return _database(server, f"{template}_{next(numbers)}", template)

        url = _database(server, "prepared")
        yield Prepared(url, lambda: another("prepared"), another, lambda: _run(make_url(url), "VACUUM ANALYZE"))


def _database(server: Postgres, name: str, template: str = "template1") -> str:
    _run(server.server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.server.set(database=name).render_as_string(hide_password=False)


def _run(url: URL, statement: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(statement)


_PLACES = {"SQLite": _sqlite, "PostgreSQL": _postgres}


def worker(store: Store, advance: Advance = advance) -> Worker:
    """A worker with simulated participants, in ticks of a day."""
    return Worker(store, versions(store), simulated(current_version(store)), SimulatedClock(store, TICK), advance)


def plain(url: URL) -> str:
    """An address as PostgreSQL's own library takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def opened(url: str, workspace: str | None = None) -> Store:
    """The store at an address."""
    store = open_store(url, workspace)
    assert isinstance(store, Store), store
    return store


def left(store: Store) -> int:
    """How many orders have neither ended nor wait for somebody's decision, as those do whose parcel is lost."""
    done, whole = ended(store)
    return whole - done - len({each.order for each in queries.exceptions(store, limit=whole or 1)})
