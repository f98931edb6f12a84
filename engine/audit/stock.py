"""The laws of stock; each is a query that finds what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, TextClause, text

from orderloom.engine.audit.finding import Finding


@dataclass(frozen=True, slots=True)
class _Law:
    law: str
    subject: str
    because: str
    query: TextClause


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
        "{3} are reserved, the orders' reservations are {4}",
        text(f"""
            SELECT s.item, s.node, s.id, s.reserved, COALESCE(x.reserved, 0) FROM supplies s LEFT JOIN ({_CLAIMS}) x ON {_SUPPLY}
            WHERE s.shard = :shard AND s.reserved <> COALESCE(x.reserved, 0)"""),
    ),
    _Law(
        "every reservation is of a supply",
        "supply {2} of {0} at {1}",
        "{3} units are reserved of a supply that is not there",
        text(f"""
            SELECT x.item, x.node, x.supply, x.reserved FROM ({_CLAIMS}) x
            LEFT JOIN supplies s ON s.shard = :shard AND {_SUPPLY} WHERE s.id IS NULL"""),
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
            SELECT l.node, CASE l.resource WHEN '' THEN '' ELSE ' for ' || l.resource END, l.day, l.units, COALESCE(x.units, 0)
            FROM loads l LEFT JOIN ({_BOOKED}) x
            ON x.node = l.node AND x.resource = l.resource AND x.day = l.day
            WHERE l.shard = :shard AND l.units <> COALESCE(x.units, 0)"""),
    ),
    _Law(
        "an alert is raised once",
        "alert of {0} for {1}{2}",
        "{3} of it are open",
        text("""
            SELECT monitor, item, CASE node WHEN '' THEN '' ELSE ' at ' || node END, COUNT(*) FROM alerts
            WHERE shard = :shard AND cleared_at IS NULL GROUP BY monitor, item, node HAVING COUNT(*) > 1"""),
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
    ),
)


def broken_by_stock(connection: Connection, shard: int) -> Iterator[Finding]:
    """Every supply, reservation or load that breaks a law."""
    for law in _LAWS:
        for row in connection.execute(law.query, {"shard": shard}):
            yield Finding(law.law, law.subject.format(*row), law.because.format(*row))
