"""What has become of all orders of a store, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from sqlalchemy import Connection, func, select

from orderloom.adapters.promised import arrival_days, arrivals
from orderloom.adapters.standing import standing
from orderloom.adapters.states import states
from orderloom.engine import wire
from orderloom.engine.effects import Record
from orderloom.engine.ledger.stock import on_hand_id
from orderloom.engine.plan import Plan
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.views import delivered


class Figures(Struct):
    """Counts of orders by (channel, standing), of lines and promises by what became of them, of exceptions by (type, how
    settled), and the cost of all plans by term."""

    orders: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    promises: Counter[str] = field(default_factory=Counter)
    exceptions: Counter[tuple[str, str]] = field(default_factory=Counter)
    costs: dict[str, Decimal] = field(default_factory=dict)

    def count(self, state: OrderState, arrived: Mapping[str, date]) -> None:
        """Counts an order with its lines and promises; `arrived` has the days on which its units of work did."""
        self.orders[state.order.channel, standing(state)] += 1
        _count_lines(self, state)
        _count_promises(self, state, arrived)

    def pay(self, plan: Plan) -> None:
        """Adds what a plan costs."""
        for term, cost in plan.paid.items():
            self.costs[term] = self.costs.get(term, Decimal(0)) + cost

    def add(self, other: Figures) -> None:
        """Adds the figures of other orders."""
        for mine, theirs in ((self.orders, other.orders), (self.exceptions, other.exceptions)):
            mine.update(theirs)
        for ours, more in ((self.lines, other.lines), (self.units, other.units), (self.promises, other.promises)):
            ours.update(more)
        for term, cost in other.costs.items():
            self.costs[term] = self.costs.get(term, Decimal(0)) + cost


def figures(store: Store, timezone: str) -> Figures:
    """The figures of a store; days are those of the time zone."""
    found = Figures()
    with store.reading() as connection:
        arrived = arrival_days(connection, store.shard, ZoneInfo(timezone))
        for state in states(connection, store.shard):
            found.count(state, arrived)
        _count_costs(found, connection, store.shard)
        found.exceptions = _exceptions(connection, store.shard)
    return found


def _count_lines(found: Figures, state: OrderState) -> None:
    for line in state.order.sourced_lines:
        parts = [(unit, part) for unit in state.units.values() for part in unit.lines if part.line == line.id and part.quantity]
        gone = [(unit, part) for unit, part in parts if unit.shipped]
        shipped, cancelled = sum(part.quantity for _, part in gone), state.cancelled.get(line.id, 0)
        found.lines["all"] += 1
        found.lines["filled"] += shipped == line.quantity
        found.lines["split over shipments"] += len({unit.id for unit, _ in gone}) > 1
        found.lines["backordered"] += any(part.supply != on_hand_id(part.item, unit.node) for unit, part in parts)
        found.lines["cancelled in part"] += 0 < cancelled < line.quantity
        found.lines["cancelled"] += cancelled == line.quantity
        found.units["ordered"] += line.quantity
        found.units["shipped"] += shipped
        found.units["delivered"] += delivered(line, state)
        found.units["cancelled"] += cancelled


def _count_promises(found: Figures, state: OrderState, arrived: Mapping[str, date]) -> None:
    for each in arrivals(state, arrived):
        found.promises["missed" if each.days_late else "kept"] += 1


def _count_costs(found: Figures, connection: Connection, shard: int) -> None:
    t = tables.records.c
    rows = select(t.body).where(t.shard == shard, t.kind == "sourcing").order_by(t.order_id, t.sequence, t.number)
    for text in connection.execution_options(yield_per=500).execute(rows).scalars():
        if plan := wire.load(text, Record).plan:
            found.pay(plan)


def _exceptions(connection: Connection, shard: int) -> Counter[tuple[str, str]]:
    t = tables.exceptions.c
    counted = select(t.type, t.option, func.count()).where(t.shard == shard).group_by(t.type, t.option)
    return Counter({(type, option or "open"): count for type, option, count in connection.execute(counted)})
