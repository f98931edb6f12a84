"""Alerts in the store. One row has both events: that it was raised, and, later, that it was cleared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Select, bindparam, func, select, text, tuple_

from orderloom.engine import wire
from orderloom.engine.ledger.stock import Key
from orderloom.engine.promising.monitors import Figures, Shipped
from orderloom.engine.store import tables
from orderloom.engine.store.statements import insert, run, update
from orderloom.engine.store.store import Store

_t = tables.alerts.c
_RAISE = insert(tables.alerts)
_CLEAR = update(tables.alerts, "cleared_at", "cleared", also=" AND COALESCE(cleared_at, '') = ''")  # by key, and no other index


class Alert(Struct, frozen=True):
    """An alert of an item (`node` is empty) or of its position at a node, with what its monitor saw, and where that is defined.

    It is open until `cleared_at`; `cleared` is None, too, where its monitor is gone.
    """

    monitor: str
    item: str
    node: str
    number: int
    event: str
    origin: str
    raised_at: datetime
    raised: Figures
    cleared_at: datetime | None = None
    cleared: Figures | None = None


def open_alerts(connection: Connection, shard: int, items: Collection[str] | None = None) -> list[Alert]:
    """The alerts that are raised now, of these items or of all, in the order of monitor, item and node."""
    asked = _ALERT.where(_t.shard == shard, _t.cleared_at.is_(None))
    asked = asked if items is None else asked.where(_t.item.in_(sorted(items)))
    return [_alert(*row) for row in connection.execute(asked.order_by(_t.monitor, _t.item, _t.node))]


AlertKey = tuple[datetime, str, str, str, int]


def key_of_alert(alert: Alert) -> AlertKey:
    """Where an alert stands among all."""
    return (alert.raised_at, alert.monitor, alert.item, alert.node, alert.number)


def alerts(
    store: Store, item: str | None = None, only_open: bool = False, after: AlertKey | None = None, limit: int = 100
) -> list[Alert]:
    """Alerts in the order in which they were raised, the latest first, of one moment the last by key."""
    key = tuple_(_t.raised_at, _t.monitor, _t.item, _t.node, _t.number)
    asked = _ALERT.where(_t.shard == store.shard)
    asked = asked.where(_t.item == item) if item is not None else asked
    asked = asked.where(_t.cleared_at.is_(None)) if only_open else asked
    asked = asked.where(key < after) if after is not None else asked
    latest = [part.desc() for part in (_t.raised_at, _t.monitor, _t.item, _t.node, _t.number)]
    with store.reading() as connection:
        return [_alert(*row) for row in connection.execute(asked.order_by(*latest).limit(limit))]


def raise_alerts(connection: Connection, shard: int, raised: Sequence[Alert]) -> None:
    """Adds alerts, each with the next number of its monitor, item and node. Who raises them holds the items' locks."""
    last = _last_numbers(connection, shard, {alert.item for alert in raised})
    rows = []
    for each in raised:
        number = last.get((each.monitor, each.item, each.node), 0) + 1
        moment, figures = wire.moment_text(each.raised_at), wire.dump(each.raised)
        rows.append((shard, each.monitor, each.item, each.node, number, each.event, each.origin, moment, figures, None, None))
    run(connection, _RAISE, rows)


def clear_alerts(connection: Connection, shard: int, cleared: Iterable[tuple[Alert, Figures | None]], at: datetime) -> None:
    """Ends alerts that are open."""
    moment = wire.moment_text(at)
    rows = [
        (moment, None if figures is None else wire.dump(figures), shard, alert.monitor, alert.item, alert.node, alert.number)
        for alert, figures in cleared
    ]
    run(connection, _CLEAR, rows)


def shipped_since(connection: Connection, shard: int, places: Collection[Key], since: datetime) -> Shipped:
    """Units that left each of these positions after a moment."""
    items, nodes = (sorted(set(names)) for names in zip(*places, strict=True)) if places else ([], [])
    asked = {"shard": shard, "items": items, "nodes": nodes, "since": since}
    return {(item, node): int(units) for item, node, units in connection.execute(_SHIPPED, asked)}


def _last_numbers(connection: Connection, shard: int, items: Collection[str]) -> dict[tuple[str, str, str], int]:
    asked = select(_t.monitor, _t.item, _t.node, func.max(_t.number)).where(_t.shard == shard, _t.item.in_(sorted(items)))
    found = connection.execute(asked.group_by(_t.monitor, _t.item, _t.node))
    return {(monitor, item, node): number for monitor, item, node, number in found}


def _alert(
    monitor: str, item: str, node: str, number: int, event: str, origin: str,
    raised_at: datetime, raised: str, cleared_at: datetime | None, cleared: str | None,
) -> Alert:  # fmt: skip
    after = None if cleared is None else wire.load(cleared, Figures)
    return Alert(monitor, item, node, number, event, origin, raised_at, wire.load(raised, Figures), cleared_at, after)


_ALERT: Select[Any] = select(
    _t.monitor, _t.item, _t.node, _t.number, _t.event, _t.origin, _t.raised_at, _t.raised, _t.cleared_at, _t.cleared
)
_l = tables.ledger.c
#: Asked by item and node, so that the index of what is no mere reservation leads to the window at once.
_SHIPPED = (
    select(_l.item, _l.node, func.sum(_l.quantity))
    .where(_l.shard == bindparam("shard"), text(tables.MOVES), _l.kind == "ship", _l.at > bindparam("since", type_=tables.Moment))
    .where(_l.item.in_(bindparam("items", expanding=True)), _l.node.in_(bindparam("nodes", expanding=True)))
    .group_by(_l.item, _l.node)
)
