"""Availability answers a second from the store: `bench_availability.py [POSITIONS ...]`, 10,000 to 1,000,000.

An answer is what may be promised of one item at one node. The store is SQLite in a file, 50 nodes an item, every third position
with a supply on its way; the rules are those of the retail pack. Each figure is the best of three, in CPU time, which is steadier
where the machine is shared; the file is in the system's cache.

- item by item: each question asks about one item at its 50 nodes, in a transaction of its own;
- in batches: 100 items a question;
- again: item by item, asked a second time, with nothing changed in between;
- one question: milliseconds that a question about one item at its 50 nodes takes, the median and the slowest of a hundred;
- bare: the sqlite3 driver reads the same rows by the same keys, item by item, and makes nothing of them.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time

from orderloom.dsl.compile import compile_pack
from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.catalog import Item, Node
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.store import Store, open_store
from orderloom.engine.store.connect import PRAGMAS

NODES = 50
SIZES = (10_000, 100_000, 1_000_000)
ASKED = 200  #: items asked about in one run
BATCH = 100
ROUNDS = 3
GOAL = 10_000
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)

BARE = (
    "SELECT item, version FROM stock WHERE shard = 0 AND item = ?",
    "SELECT item, node, safety_stock, quarantined, attributes FROM positions WHERE shard = 0 AND item = ? ORDER BY item, node",
    "SELECT * FROM supplies WHERE shard = 0 AND item = ?",
)


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    program = compile_pack("retail").program
    assert program is not None
    heads = ("positions", "item by item", "in batches", "again", "bare rows", "ratio", "one question, ms")
    print("{:>11} {:>14} {:>12} {:>12} {:>12} {:>7} {:>17}".format(*heads))
    rates = {size: _measured(program, size) for size in sizes}
    first, last = rates[sizes[0]], rates[sizes[-1]]
    print(f"from {sizes[0]:,} to {sizes[-1]:,} positions an answer takes {first / last:.2f} times as long")
    print(f"goal {GOAL:,} answers/s: {'reached' if last >= GOAL else 'MISSED'}, {last:,.0f}")
    sys.exit(last < GOAL)


def _measured(program: Program, size: int) -> float:
    """Answers a second, item by item, at this size; prints the row of the table."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "stock.sqlite"
        store = _filled(path, program, size // NODES)
        chooser = random.Random(7)
        rounds = [chooser.sample(range(size // NODES), min(ASKED, size // NODES)) for _ in range(ROUNDS)]
        asked = [[_item(number) for number in numbers] for numbers in rounds]
        single = _best(lambda items: _ask(Lookup(store, program), [[item] for item in items]), asked)
        batches = _best(lambda items: _ask(Lookup(store, program), _batches(items)), asked)
        again = _best(lambda items: _ask_again(Lookup(store, program), items), asked)
        half, worst = _quantiles(Lookup(store, program), asked[0])
        store.close()
        bare = _best(lambda items: _read(path, items), asked)
    rates = f"{single:>12,.0f}/s {batches:>10,.0f}/s {again:>10,.0f}/s {bare:>10,.0f}/s {single / bare:>7.1%}"
    print(f"{size:>11,} {rates} {half:>8.2f} {worst:>8.2f}")
    return single


def _best(run: Callable[[list[str]], float], asked: Sequence[list[str]]) -> float:
    """Answers a second of the fastest run."""
    return max(len(items) * NODES / run(items) for items in asked)


# --- the ways to ask -----------------------------------------------------------------------------------------------------


def _ask(lookup: Lookup, questions: Sequence[list[str]]) -> float:
    """Seconds for all questions."""
    started = process_time()
    answers = sum(len(found) for items in questions for found in lookup.available(items, "ship", NOW).values())
    seconds = process_time() - started
    assert answers == NODES * sum(map(len, questions)), answers
    return seconds


def _ask_again(lookup: Lookup, items: list[str]) -> float:
    questions = [[item] for item in items]
    _ask(lookup, questions)
    return _ask(lookup, questions)


def _quantiles(lookup: Lookup, items: list[str]) -> tuple[float, float]:
    """Milliseconds that half of the questions, and 99 of a hundred, take at most."""
    taken = sorted(_ask(lookup, [[item]]) * 1000 for item in items)
    return taken[len(taken) // 2], taken[len(taken) * 99 // 100]


def _batches(items: list[str]) -> list[list[str]]:
    return [items[at : at + BATCH] for at in range(0, len(items), BATCH)]


def _read(path: Path, items: list[str]) -> float:
    """Seconds that the driver takes for the same rows."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    started = process_time()
    for item in items:
        connection.execute("BEGIN")
        for statement in BARE:
            connection.execute(statement, (item,)).fetchall()
        connection.execute("COMMIT")
    seconds = process_time() - started
    connection.close()
    return seconds


# --- the store -----------------------------------------------------------------------------------------------------------


def _filled(path: Path, program: Program, items: int) -> Store:
    """A store with so many items, each at every node, written straight into the tables."""
    store = open_store(f"sqlite:///{path}", program.workspace)
    assert isinstance(store, Store), store
    names = [_item(number) for number in range(items)]
    _insert(store, "nodes (shard, id, body)", ((0, node.id, wire.dump(node)) for node in _nodes()))
    _insert(store, "items (shard, id, body)", ((0, name, wire.dump(Item(name))) for name in names))
    _insert(store, "stock (shard, item, version)", ((0, name, 1) for name in names))
    columns = "positions (shard, item, node, safety_stock, quarantined, attributes)"
    _insert(store, columns, ((0, name, f"N{at:02}", at % 3, 0, "{}") for name in names for at in range(NODES)))
    columns = "supplies (shard, item, node, id, type, stock_class, due_on, quantity, reserved, received)"
    _insert(store, columns, _supplies(names))
    return store


def _insert(store: Store, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * (columns.count(",") + 1))
    with store.writing() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.executemany(f"INSERT INTO {columns} VALUES ({marks})", rows)


def _supplies(names: list[str]) -> Iterator[tuple[object, ...]]:
    due = (date(2026, 3, 2) + timedelta(days=5)).isoformat()
    for name in names:
        for at in range(NODES):
            node, quantity = f"N{at:02}", (len(name) * 7 + at * 13) % 40
            yield 0, name, node, "on-hand", "on-hand", "good", None, quantity, quantity // 4, quantity
            if at % 3 == 0:
                yield 0, name, node, "PO", "on-order", "good", due, 20, 3, 0


def _nodes() -> list[Node]:
    return [Node(f"N{at:02}", "dc" if at < 10 else "store") for at in range(NODES)]


def _item(number: int) -> str:
    return f"I{number:06}"


if __name__ == "__main__":
    main()
