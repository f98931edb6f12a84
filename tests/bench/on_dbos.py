"""The process of eight requests as a DBOS workflow of eight steps: `on_dbos.py ADDRESS ORDERS [rows]`.

A process of its own, since DBOS is one of a kind in a process. Written as its guide shows it: workflows that a queue hands out,
a step for each call to a participant, its answer kept by DBOS. With `rows` it also keeps an order's status and history as they
can be asked for here, by transactional steps. Prints the seconds of wall time and of CPU time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from dbos import DBOS, DBOSConfig, SQLAlchemyDatasource
from spent import spent
from sqlalchemy import create_engine, text

STEPS = 8
AT_ONCE = 16  #: orders under way in the process at any moment

TABLES = (
    "CREATE TABLE orders (id TEXT PRIMARY KEY, status TEXT NOT NULL, state TEXT NOT NULL)",
    "CREATE TABLE history (id TEXT NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL, PRIMARY KEY (id, at))",
)
KEEP = """INSERT INTO orders VALUES (:id, :status, :state)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, state = excluded.state"""
REMEMBER = "INSERT INTO history VALUES (:id, :at, :status)"

Order = dict[str, object]


@DBOS.step()
def ask(order: Order, step: int) -> dict[str, object]:
    """A participant that answers at once."""
    return {"order": order["id"], "step": step, "reply": "done"}


@DBOS.workflow()
def life(order: Order) -> str:
    """An order, from its capture to its end."""
    for step in range(1, STEPS + 1):
        assert ask(order, step)["reply"] == "done"
    return "done"


def life_with_rows(tables: SQLAlchemyDatasource) -> Callable[[Order], str]:
    """The same, with rows of the order kept as it goes."""

    @tables.transaction
    def keep(order: Order, status: str, at: int) -> None:
        told = {"id": order["id"], "status": status, "at": at, "state": json.dumps(order)}
        tables.sql_session().execute(text(KEEP), told)
        tables.sql_session().execute(text(REMEMBER), told)

    @DBOS.workflow()
    def life_kept(order: Order) -> str:
        keep(order, "captured", 0)
        for step in range(1, STEPS + 1):
            assert ask(order, step)["reply"] == "done"
            keep(order, f"at {step}", step)
        return "done"

    return life_kept


def main() -> None:
    address, orders, rows = sys.argv[1], int(sys.argv[2]), "rows" in sys.argv[3:]
    config: DBOSConfig = {"name": "eight", "system_database_url": address, "log_level": "ERROR", "console_log_level": "ERROR"}
    DBOS(config=config)
    run = life_with_rows(_tables(address)) if rows else life
    DBOS.launch()
    queue = DBOS.register_queue("orders", worker_concurrency=AT_ONCE, polling_interval_sec=0.05)
    queue.enqueue(run, _order(0)).get_result()  # whatever the first one sets up
    before = spent(address)
    handles = [queue.enqueue(run, _order(n)) for n in range(1, orders + 1)]
    assert all(handle.get_result(polling_interval_sec=0.05) == "done" for handle in handles)
    taken = spent(address) - before
    print(taken.wall, taken.cpu)
    DBOS.destroy()


def _tables(address: str) -> SQLAlchemyDatasource:
    """The order's tables, in the database that DBOS itself uses."""
    url = address.replace("postgresql://", "postgresql+psycopg://")
    with create_engine(url).begin() as connection:
        for statement in TABLES:
            connection.execute(text(statement))
    return SQLAlchemyDatasource.create(url)


def _order(n: int) -> Order:
    lines = [{"line": str(k), "item": f"item-{k}", "quantity": 2, "unit_price": "12.50"} for k in (1, 2)]
    return {"id": f"o-{n:07}", "channel": "web", "currency": "USD", "customer": f"customer-{n}", "lines": lines}


if __name__ == "__main__":
    main()
