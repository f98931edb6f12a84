"""Repairs: an audit's findings become a plan that a person reads, and a plan is applied where it still is the one way out.

Only what one change alone can make good is ever changed. Each change is checked anew in the transaction that makes it, under the
locks of those who work with the row, and is kept in the table `repairs`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import BindParameter, Connection, bindparam, func, select, text

from orderloom.engine import wire
from orderloom.engine.audit.finding import Finding, Repair
from orderloom.engine.audit.orders import broken_by
from orderloom.engine.audit.rows import rows_of
from orderloom.engine.audit.stock import broken
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import NOW
from orderloom.engine.store.schema import KEY
from orderloom.engine.store.statements import insert, run
from orderloom.engine.store.stock_rows import lock_items, touch


class Planned(Struct, frozen=True):
    """A change that makes a law hold again: in words, and exactly."""

    law: str
    subject: str
    statement: str
    order: str
    change: Repair


class Open(Struct, frozen=True):
    """What a person has to decide."""

    law: str
    subject: str
    because: str
    todo: str


class Plan(Struct, frozen=True):
    """What would be changed in the store of a workspace, and what remains to be decided."""

    workspace: str
    changes: tuple[Planned, ...]
    decide: tuple[Open, ...]


class Applied(Struct, frozen=True):
    """A change that was made; else `refused` says why not."""

    planned: Planned
    refused: str = ""


def plan(workspace: str, findings: Iterable[Finding]) -> Plan:
    """The plan for these findings."""
    found = list(findings)
    changes = [
        Planned(each.law, each.subject, _words(each, each.repair), each.order, each.repair) for each in found if each.repair
    ]
    rest = [Open(each.law, each.subject, each.because, each.todo) for each in found if each.repair is None]
    return Plan(workspace, tuple(changes), tuple(rest))


def _words(finding: Finding, repair: Repair) -> str:
    keys = ", ".join(f"{name} {value}" for name, value in repair.keys.items() if value != "")
    if repair.before is None:
        return f"{finding.because}: a row is added to {repair.table} ({keys})"
    before = repair.before
    told = [f"{name} {_short(before.get(name))} becomes {_short(value)}" for name, value in repair.after.items()]
    return f"{finding.because}: in {repair.table} ({keys}) {', '.join(told)}"


def _short(value: object) -> str:
    words = str(value)
    return words if len(words) <= 40 else f"{words[:37]}..."


def apply(store: Store, planned: Plan, by: str) -> tuple[Applied, ...] | Refused:
    """Makes the changes of a plan, each in a transaction of its own, unless they no longer are what makes the law hold."""
    if planned.workspace != store.workspace:
        return Refused(f"the plan is for the workspace {planned.workspace}, this store belongs to {store.workspace}")
    return tuple(_apply(store, each, by) for each in planned.changes)


def _apply(store: Store, planned: Planned, by: str) -> Applied:
    repair = planned.change
    with store.writing() as connection:
        now = [each for each in _findings(connection, store.shard, planned) if each.law == planned.law]
        if repair not in [each.repair for each in now]:
            because = "it is otherwise now: audit again" if now else "the law holds by now"
            return Applied(planned, because)
        _change(connection, store.shard, repair)
        r = tables.repairs.c
        number = (connection.execute(select(func.max(r.number)).where(r.shard == store.shard)).scalar_one() or 0) + 1
        at = connection.exec_driver_sql(NOW[connection.dialect.name]).scalar_one()
        run(connection, _KEEP, [(store.shard, number, at, by, planned.law, planned.subject, wire.dump(repair))])
    return Applied(planned)


def _findings(connection: Connection, shard: int, planned: Planned) -> list[Finding]:
    """What the audit says of it now, with everybody else kept from what the change is about."""
    connection.execute(_ONE_AT_A_TIME, {"shard": shard})
    if planned.order:
        connection.execute(_LOCK_ORDER, {"shard": shard, "id": planned.order})
        return [finding for rows in rows_of(connection, shard, [planned.order]) for finding in broken_by(rows)]
    keys = planned.change.keys
    if "item" in keys:
        lock_items(connection, shard, {keys["item"]})
    else:
        connection.execute(_LOCK_LOAD, {"shard": shard, **{name: keys.get(name) for name in ("node", "resource", "day")}})
    return list(broken(connection, shard, planned.law))


def _change(connection: Connection, shard: int, repair: Repair) -> None:
    keys = {"shard": shard, **repair.keys}
    if repair.before is None:
        cells = keys | repair.after
        names = ", ".join(cells)
        connection.execute(
            text(f"INSERT INTO {repair.table} ({names}) VALUES ({', '.join(':' + name for name in cells)})"), cells
        )
        return
    values: dict[str, Any] = {f"to_{name}": value for name, value in repair.after.items()}
    sets = ", ".join(f"{name} = :to_{name}" for name in repair.after)
    where = " AND ".join(f"{name} = :{name}" for name in keys)
    connection.execute(text(f"UPDATE {repair.table} SET {sets} WHERE {where}"), keys | values)
    if repair.table == "supplies":
        touch(connection, shard, {repair.keys["item"]})


_KEEP = insert(tables.repairs)
_w, _o, _l = tables.workspace.c, tables.orders.c, tables.loads.c
_shard: BindParameter[int] = bindparam("shard")
_ONE_AT_A_TIME = select(_w.name).where(_w.shard == _shard).with_for_update(key_share=True)
_LOCK_ORDER = select(_o.id).where(_o.shard == _shard, _o.id == bindparam("id")).with_for_update()
_this_load = (_l.node == bindparam("node"), _l.resource == bindparam("resource"), _l.day == bindparam("day", type_=KEY))
_LOCK_LOAD = select(_l.units).where(_l.shard == _shard, *_this_load).with_for_update()
