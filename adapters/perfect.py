"""Perfect orders: in full and on time, undamaged, and billed for just what was delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from orderloom.adapters.promised import READY, arrival_days, arrivals
from orderloom.adapters.states import states
from orderloom.engine.money.billing import INVOICE, paid_and_refunded
from orderloom.engine.money.shares import ZERO, charge
from orderloom.engine.returns.asked import BLIND
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.store import Store
from orderloom.engine.store.queries import HistoryLine, MessageLine
from orderloom.engine.unit import CANCELLED, LOST
from orderloom.engine.views import delivered

SOLD_AGAIN = ("", "restock", "transfer")  #: what becomes of goods that came back as good as they left


class Perfect(Struct, frozen=True):
    """How an order that has ended was fulfilled, by what makes it a perfect one."""

    in_full: bool
    on_time: bool
    undamaged: bool
    billed: bool

    @property
    def perfect(self) -> bool:
        return not self.lacks

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it is not, in words."""
        return tuple(name.replace("_", " ") for name in self.__struct_fields__ if not getattr(self, name))


class Ratio(Struct):
    """Orders that have ended: how many were `judged`, how many given up as a whole, how many were what a perfect order is."""

    judged: int = 0
    given_up: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def share(self, of: str) -> Decimal:
        """Per cent of those judged, one decimal."""
        return (Decimal(100 * self.counts[of]) / self.judged).quantize(Decimal("0.1")) if self.judged else ZERO


def perfect_orders(store: Store, timezone: str) -> Ratio:
    """The orders of a store; days are those of the time zone."""
    found = Ratio()
    with store.reading() as connection:
        arrived = arrival_days(connection, store.shard, ZoneInfo(timezone))
        for state in states(connection, store.shard):
            judged = perfection(state, arrived)
            found.given_up += _ended(state) == CANCELLED
            if judged is not None:
                found.judged += 1
                names = [name for name in Perfect.__struct_fields__ if getattr(judged, name)]
                found.counts.update([*names, "perfect"] if judged.perfect else names)
    return found


def perfection(state: OrderState, arrived: Mapping[str, date]) -> Perfect | None:
    """How the order was fulfilled; None where it has not ended, was given up as a whole, or has sold nothing.

    `arrived` has the days on which its units of work did. What was given up of it is not delivered, whoever gave it up. Damaged
    is what was lost on its way, or came back and could not be sold again.
    """
    if _ended(state) in ("", CANCELLED, BLIND):
        return None
    goods = [one for each in state.returns.values() for one in each.goods]
    return Perfect(
        in_full=all(delivered(line, state) == line.quantity for line in state.order.lines if line.part_of is None),
        on_time=not any(each.days_late for each in arrivals(state, arrived)),
        undamaged=all(one.next in SOLD_AGAIN for one in goods) and all(unit.outcome != LOST for unit in state.units.values()),
        billed=_billed(state),
    )


def perfection_of(
    state: OrderState, history: Iterable[HistoryLine], messages: Iterable[MessageLine], timezone: str
) -> Perfect | None:
    """The same of one order, by what happened to it and what was sent."""
    zone = ZoneInfo(timezone)
    found = {line.subject: line.at.astimezone(zone).date() for line in history if line.kind == "ended"}
    ready = {str(each.body.get("unit")): each.at.astimezone(zone).date() for each in messages if each.message == READY}
    return perfection(state, found | ready)


def _ended(state: OrderState) -> str:
    root = state.instances.get(ORDER)
    return root.ended or "" if root is not None else ""


def _billed(state: OrderState) -> bool:
    """Whether what was delivered was billed, each unit once and at its price; where nobody bills, whether that was paid."""
    lines = [line for line in state.order.lines if line.part_of is None]
    due = sum((charge(line, 0, delivered(line, state), state.order.currency).amount for line in lines), ZERO)
    bills = [each for each in state.documents if each.kind == INVOICE]
    if not bills:
        return paid_and_refunded(state)[0] == due
    charges = [each for bill in bills for each in bill.charges]
    units = [(each.line, number) for each in charges for number in range(each.first, each.first + each.quantity)]
    once = len(units) == len(set(units)) == sum(delivered(line, state) for line in lines)
    return once and sum((bill.amount for bill in bills), ZERO) == due
