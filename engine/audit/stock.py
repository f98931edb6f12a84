"""The laws of stock; each is a query that finds what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct
from sqlalchemy import Connection, TextClause, text

from orderloom.engine.audit.finding import Finding, Repair
from orderloom.engine.store import Store

MOST = 1_000  #: findings of one law


_DECIDE = (
    "count what is there (`orderloom import snapshot`), and compare with the orders that claim it; nothing says which is right"
)
_RESTORE = "restore the row from a backup; nothing else says what it was"


class _Law(Struct, frozen=True):
    """A law of a table. `repair` makes the one change that is certain out of a row of the query, where there is one."""

    law: str
    subject: str
    because: str
    query: TextClause
    table: str = "supplies"
    todo: str = _DECIDE
    repair: Callable[..., Repair | None] = lambda *row: None


def _reserved(item: str, node: str, supply: str, reserved: int, by_orders: int, by_ledger: int) -> Repair | None:
    """Where the orders and the ledger agree, the supply is what is wrong."""
    if by_orders != by_ledger:
        return None
    return Repair("supplies", {"item": item, "node": node, "id": supply}, {"reserved": reserved}, {"reserved": int(by_orders)})


def _load(node: str, _words: str, day: str, units: int, by_ledger: int, resource: str) -> Repair | None:
    keys = {"node": node, "resource": resource, "day": day}
    return Repair("loads", keys, {"units": units}, {"units": int(by_ledger)}) if by_ledger >= 0 else None


_BALANCES = """
    SELECT item, node, supply,
        SUM(CASE WHEN kind IN ('expect', 'adjust') THEN quantity WHEN kind IN ('withdraw', 'ship') THEN -quantity ELSE 0 END)
            AS quantity,
        SUM(CASE WHEN kind IN ('receive', 'presume', 'adjust') THEN quantity WHEN kind = 'ship' THEN -quantity ELSE 0 END)
            AS received,
        SUM(CASE WHEN kind = 'reserve' THEN quantity WHEN kind IN ('release', 'ship') THEN -quantity ELSE 0 END) AS reserved
    FROM ledger WHERE shard = :shard AND supply <> '' GROUP BY item, node, supply"""
_CLAIMS = (
    "SELECT item, node, supply, SUM(quantity) AS reserved FROM reservations WHERE shard = :shard GROUP BY item, node, supply"
)
_BOOKED = """
    SELECT node, resource, ship_on AS day, SUM(CASE kind WHEN 'reserve' THEN quantity ELSE -quantity END) AS units FROM ledger
    WHERE shard = :shard AND kind IN ('reserve', 'release') AND ship_on IS NOT NULL GROUP BY node, resource, ship_on"""
_SUPPLY = "s.item = x.item AND s.node = x.node AND s.id = x.supply"

_LAWS = (
    _Law(
        "0 <= reserved <= quantity",
        "supply {2} of {0} at {1}",
        "{4} of {3} are reserved",
        text("""
            SELECT item, node, id, quantity, reserved FROM supplies
            WHERE shard = :shard AND NOT (0 <= reserved AND reserved <= quantity)"""),
    ),
    _Law(
        "0 <= received <= quantity",
        "supply {2} of {0} at {1}",
        "{4} of {3} are received",
        text("""
            SELECT item, node, id, quantity, received FROM supplies
            WHERE shard = :shard AND NOT (0 <= received AND received <= quantity)"""),
    ),
    _Law(
        "what is on hand is received or claimed",
        "supply {2} of {0} at {1}",
        "its quantity is {3}, {4} are received and {5} reserved",
        text("""
            SELECT item, node, id, quantity, received, reserved FROM supplies WHERE shard = :shard AND type = 'on-hand'
            AND quantity <> CASE WHEN received > reserved THEN received ELSE reserved END"""),
    ),
    _Law(
        "reservations sum up to what is reserved",
        "supply {2} of {0} at {1}",
        "{3} are reserved, the orders' reservations are {4}, by the ledger {5}",
        text(f"""
            SELECT s.item, s.node, s.id, s.reserved, COALESCE(x.reserved, 0), COALESCE(b.reserved, 0)
            FROM supplies s LEFT JOIN ({_CLAIMS}) x ON {_SUPPLY} LEFT JOIN ({_BALANCES}) b ON {_SUPPLY.replace("x.", "b.")}
            WHERE s.shard = :shard AND s.reserved <> COALESCE(x.reserved, 0)"""),
        repair=_reserved,
    ),
    _Law(
        "every reservation is of a supply",
        "supply {2} of {0} at {1}",
        "{3} units are reserved of a supply that is not there",
        text(f"""
            SELECT x.item, x.node, x.supply, x.reserved FROM ({_CLAIMS}) x
            LEFT JOIN supplies s ON s.shard = :shard AND {_SUPPLY} WHERE s.id IS NULL"""),
        "reservations",
        _RESTORE,
    ),
    _Law(
        "the ledger sums up to the supplies",
        "supply {2} of {0} at {1}",
        "quantity {3}, received {4}, reserved {5}; by the ledger {6}, {7} and {8}",
        text(f"""
            SELECT s.item, s.node, s.id, s.quantity, s.received, s.reserved,
                CASE WHEN s.type = 'on-hand' THEN s.quantity ELSE COALESCE(x.quantity, 0) END,
                COALESCE(x.received, 0), COALESCE(x.reserved, 0)
            FROM supplies s LEFT JOIN ({_BALANCES}) x ON {_SUPPLY} WHERE s.shard = :shard
            AND ((s.type <> 'on-hand' AND s.quantity <> COALESCE(x.quantity, 0))
                OR s.received <> COALESCE(x.received, 0) OR s.reserved <> COALESCE(x.reserved, 0))"""),
    ),
    _Law(
        "the ledger speaks of supplies that are there",
        "supply {2} of {0} at {1}",
        "by the ledger there are {3}, {4} received and {5} reserved, and there is no such supply",
        text(f"""
            SELECT x.item, x.node, x.supply, x.quantity, x.received, x.reserved FROM ({_BALANCES}) x
            LEFT JOIN supplies s ON s.shard = :shard AND {_SUPPLY} WHERE s.id IS NULL"""),
    ),
    _Law(
        "the ledger sums up to the loads",
        "node {0} on {2}",
        "{3} units are booked{1}; by the ledger {4}",
        text(f"""
            SELECT l.node, CASE l.resource WHEN '' THEN '' ELSE ' for ' || l.resource END, l.day, l.units, COALESCE(x.units, 0),
                l.resource
            FROM loads l LEFT JOIN ({_BOOKED}) x
            ON x.node = l.node AND x.resource = l.resource AND x.day = l.day
            WHERE l.shard = :shard AND l.units <> COALESCE(x.units, 0)"""),
        "loads",
        repair=_load,
    ),
    _Law(
        "the loads have what the ledger has booked",
        "node {0} on {2}",
        "{3} units are booked{1} by the ledger, and the load has no row",
        text(f"""
            SELECT x.node, CASE x.resource WHEN '' THEN '' ELSE ' for ' || x.resource END, x.day, x.units FROM ({_BOOKED}) x
            LEFT JOIN loads l ON l.shard = :shard AND l.node = x.node AND l.resource = x.resource AND l.day = x.day
            WHERE l.day IS NULL AND x.units <> 0"""),
        "loads",
        _RESTORE,
    ),
    _Law(
        "the ledger is of orders that are there",
        "order {0}",
        "{1} entries of the ledger speak of it, and it is neither here nor in an archive",
        text("""
            SELECT e.order_id, COUNT(*) FROM ledger e WHERE e.shard = :shard AND e.order_id <> ''
            AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.shard = e.shard AND o.id = e.order_id)
            AND NOT EXISTS (SELECT 1 FROM archived a WHERE a.shard = e.shard AND a.order_id = e.order_id)
            GROUP BY e.order_id"""),
        "ledger",
        "restore the order from a backup",
    ),
    _Law(
        "an alert is raised once",
        "alert of {0} for {1}{2}",
        "{3} of it are open",
        text("""
            SELECT monitor, item, CASE node WHEN '' THEN '' ELSE ' at ' || node END, COUNT(*) FROM alerts
            WHERE shard = :shard AND cleared_at IS NULL GROUP BY monitor, item, node HAVING COUNT(*) > 1"""),
        "alerts",
        "clear all but the first by hand",
    ),
    _Law(
        "an alert is cleared before it is raised again",
        "alert {3} of {0} for {1}{2}",
        "the one before it ends at {4}, it begins at {5}",
        text("""
            SELECT a.monitor, a.item, CASE a.node WHEN '' THEN '' ELSE ' at ' || a.node END, a.number, b.cleared_at, a.raised_at
            FROM alerts a LEFT JOIN alerts b ON b.shard = a.shard AND b.monitor = a.monitor AND b.item = a.item
                AND b.node = a.node AND b.number = a.number - 1
            WHERE a.shard = :shard AND a.number > 1 AND (b.cleared_at IS NULL OR b.cleared_at > a.raised_at)"""),
        "alerts",
        "restore the earlier row from a backup",
    ),
)


def broken_by_stock(store: Store) -> Iterator[Finding]:
    """Every supply, reservation or load that breaks a law; each law is looked at in a transaction of its own."""
    for law in _LAWS:
        with store.reading() as connection:
            found = list(broken(connection, store.shard, law.law))
        yield from found


def broken(connection: Connection, shard: int, name: str) -> Iterator[Finding]:
    """What breaks the law of this name, the first of it."""
    for law in (each for each in _LAWS if each.law == name):
        for row in connection.execute(law.query, {"shard": shard}).fetchmany(MOST):
            subject, repair = law.subject.format(*row), law.repair(*row)
            todo = "the repair writes what the orders and the ledger say" if repair else law.todo
            yield Finding(law.law, subject, law.because.format(*row), law.table, subject, todo, repair=repair)
