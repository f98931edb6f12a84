"""What becomes of an order that is played again, as far as one outcome is compared with another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection, select

from orderloom.adapters.figures import Figures
from orderloom.adapters.promised import arrival_days
from orderloom.adapters.replay.part import Part, Past
from orderloom.adapters.stage import Stage
from orderloom.adapters.standing import standing
from orderloom.engine import wire
from orderloom.engine.effects import Record
from orderloom.engine.plan import Plan
from orderloom.engine.state import OrderState
from orderloom.engine.store import tables


class Outcome(Struct, frozen=True):
    """One order. `sources` and `promised`, the day of delivery by line, are those of its first plan that found any.

    `because` says why it could not be played to its end.
    """

    order: str
    standing: str
    figures: Figures
    sources: tuple[str, ...] = ()
    promised: Mapping[str, date] = {}
    days: int = 0
    because: str = ""

    @property
    def cost(self) -> Decimal:
        """What its plans cost."""
        return sum(self.figures.costs.values(), Decimal(0))


def outcomes(stage: Stage, part: Part) -> Iterator[Outcome]:
    """The outcomes of the part's orders that were asked for, in the order of capture."""
    shard, zone = stage.store.shard, ZoneInfo(stage.program.timezone)
    with stage.store.reading() as connection:
        arrived = arrival_days(connection, shard, zone)
        for past in part.orders:
            if past.asked_for:
                yield _outcome(connection, shard, past, arrived, zone)


def _outcome(connection: Connection, shard: int, past: Past, arrived: Mapping[str, date], zone: ZoneInfo) -> Outcome:
    t = tables.orders.c
    body = connection.execute(select(t.state).where(t.shard == shard, t.id == past.order.id)).scalar_one()
    state = wire.load_state(body) if body else OrderState(past.order, "")
    plans = list(_plans(connection, shard, past.order.id))
    found, because = Figures(), _exceptions(connection, shard, past.order.id)
    found.count(state, arrived)
    found.exceptions.update((type, option or "open") for type, option, _, _ in because)
    for plan in plans:
        found.pay(plan)
    first = next((plan for plan in plans if plan.shipments), None)
    promised = _promised(first) if first else {}
    today = past.at.astimezone(zone).date()
    return Outcome(
        past.order.id,
        standing(state),
        found,
        _sources(first) if first else (),
        promised,
        sum((day - today).days for day in promised.values()),
        next((cause for _, _, cause, event in because if event is not None), ""),
    )


def _plans(connection: Connection, shard: int, order: str) -> Iterator[Plan]:
    t = tables.records.c
    rows = select(t.body).where(t.shard == shard, t.order_id == order, t.kind == "sourcing").order_by(t.sequence, t.number)
    for body in connection.execute(rows).scalars():
        if plan := wire.load(body, Record).plan:
            yield plan


def _exceptions(connection: Connection, shard: int, order: str) -> list[tuple[str, str | None, str, str | None]]:
    """Type, how it was settled, cause, and the event that could not be applied where that is the cause."""
    t = tables.exceptions.c
    rows = select(t.type, t.option, t.cause, t.event).where(t.shard == shard, t.order_id == order).order_by(t.opened_at, t.id)
    return [(type, option, cause, event) for type, option, cause, event in connection.execute(rows)]


def _sources(plan: Plan) -> tuple[str, ...]:
    """Where each line comes from, without days: `2 of line 1 from DC1`."""
    units: dict[tuple[str, str], int] = {}
    for shipment in plan.shipments:
        for part in shipment.allocations:
            units[part.line, shipment.node] = units.get((part.line, shipment.node), 0) + part.quantity
    return tuple(f"{quantity} of line {line} from {node}" for (line, node), quantity in sorted(units.items()))


def _promised(plan: Plan) -> dict[str, date]:
    """The day by which all of a line that has a source is delivered."""
    days: dict[str, date] = {}
    for shipment in plan.shipments:
        for part in shipment.allocations:
            days[part.line] = max(shipment.deliver_on, days.get(part.line, shipment.deliver_on))
    return days
