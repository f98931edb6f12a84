"""What 0004 makes of the history of an older release: every row gets its link, the last one of each order the whole state.

Orders are taken a page at a time, by key, so that a store of any size takes the same memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import DecodeError, ValidationError
from sqlalchemy import Connection, bindparam, text

from orderloom.engine import wire
from orderloom.engine.change import baseline
from orderloom.engine.store.chain import FIRST, Cells, link

PAGE = 200  #: orders at a time

_ORDERS = text("SELECT shard, id, state FROM orders WHERE (shard, id) > (:shard, :after) ORDER BY shard, id LIMIT :page")
_SET_CHAIN = "UPDATE orders SET chain = {0} WHERE shard = {0} AND id = {0}"
_SET_LINK = "UPDATE history SET chain = {0}, change = {0} WHERE shard = {0} AND order_id = {0} AND sequence = {0}"


def _of(columns: str, table: str, order: str) -> Any:
    asked = f"SELECT order_id, sequence, {columns} FROM {table} WHERE shard = :shard AND order_id IN :ids ORDER BY {order}"
    return text(asked).bindparams(bindparam("ids", expanding=True))


_TIMERS = text("SELECT order_id, body, due_at FROM due WHERE shard = :shard AND order_id IN :ids AND kind = 'timer'").bindparams(
    bindparam("ids", expanding=True)
)
_HISTORY = _of("at, kind, event, notes", "history", "order_id, sequence")
_RECORDS = _of("number, at, kind, subject, chosen, origin, body", "records", "order_id, sequence, number")
_LEDGER = _of("number, at, kind, item, node, supply, quantity, line, ship_on, resource", "ledger", "order_id, sequence, number")


def link_all(connection: Connection) -> None:
    """Links every history; which event asked for a message was not kept, so messages are not covered."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    for shard, states in _pages(connection):
        asked = {"shard": shard, "ids": list(states)}
        records, entries = _by_turn(connection, _RECORDS, asked), _by_turn(connection, _LEDGER, asked)
        timers: dict[str, dict[str, datetime | None]] = {}
        for order, key, due_at in connection.execute(_TIMERS, asked):
            timers.setdefault(order, {})[key] = wire.moment_of(due_at)
        last: dict[str, str] = {}
        links: list[tuple[object, ...]] = []
        rows = connection.execute(_HISTORY, asked).all()
        ends = {order: sequence for order, sequence, *_ in rows}
        for order, sequence, *told in rows:
            change = _whole(states[order], timers.get(order, {})) if ends[order] == sequence else ""
            turn = (order, sequence)
            row = (*turn, *told, "", change)
            last[order] = link(last.get(order, FIRST), row, records.get(turn, ()), entries.get(turn, ()), ())
            links.append((last[order], change, shard, *turn))
        _run(connection, _SET_LINK.format(mark), links)
        _run(connection, _SET_CHAIN.format(mark), [(chain, shard, order) for order, chain in last.items()])


def _whole(state: str | None, timers: dict[str, datetime | None]) -> str:
    """The whole state as a change; nothing where it cannot be read, which the audit will tell."""
    try:
        return wire.dump(baseline(wire.load_state(state), timers)) if state else ""
    except (DecodeError, ValidationError, wire.NewerWire):
        return ""


def _pages(connection: Connection) -> Iterator[tuple[int, dict[str, str | None]]]:
    """States by order, a page of one shard at a time."""
    shard, after = -1, ""
    while page := connection.execute(_ORDERS, {"shard": shard, "after": after, "page": PAGE}).all():
        shard = page[0][0]
        states = {id: state for of, id, state in page if of == shard}
        after = max(states)
        yield shard, states


def _by_turn(connection: Connection, query: Any, asked: dict[str, Any]) -> dict[tuple[str, int], list[Cells]]:
    found: dict[tuple[str, int], list[Cells]] = {}
    for order, sequence, *cells in connection.execute(query, asked):
        found.setdefault((order, sequence), []).append(cells)
    return found


def _run(connection: Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        connection.exec_driver_sql(statement, list(rows))
