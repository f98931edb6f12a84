"""Promised against actual: by unit of work, the delivery that was promised first, and the day on which it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from sqlalchemy import Connection, select

from orderloom.adapters.states import states
from orderloom.engine import wire
from orderloom.engine.promises.overdue import first_promise
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.unit import NOT_THERE

READY = "ready-for-pickup"  #: the message that keeps the promise of a pickup

#: Days late in the distribution: each reaches from the one before to itself; what is later is in the last.
BANDS = (0, 1, 2, 4, 7)


class Arrival(Struct, frozen=True):
    """Units of work that the customer has, or could have collected: the day promised first, and the day."""

    unit: str
    node: str
    method: str
    promised_on: date
    arrived_on: date

    @property
    def days_late(self) -> int:
        """0 where it came in time."""
        return max(0, (self.arrived_on - self.promised_on).days)


class Kept(Struct):
    """Units of work of one node and method: how many there are, how many came late, and by how many days."""

    node: str
    method: str
    days: Counter[int] = field(default_factory=Counter)

    @property
    def all(self) -> int:
        return sum(self.days.values())

    @property
    def kept(self) -> int:
        return self.days[0]

    @property
    def missed(self) -> int:
        return self.all - self.kept

    @property
    def share_kept(self) -> Decimal:
        """Per cent, one decimal."""
        return (Decimal(100 * self.kept) / self.all).quantize(Decimal("0.1")) if self.all else Decimal(0)

    @property
    def mean_days_late(self) -> Decimal:
        """Over all units of work, those in time counting as 0; two decimals."""
        total = sum(days * count for days, count in self.days.items())
        return (Decimal(total) / self.all).quantize(Decimal("0.01")) if self.all else Decimal(0)

    @property
    def distribution(self) -> dict[str, int]:
        """Units of work by days late: `0`, `1`, `2`, `3-4`, `5-7`, `8 or more`."""
        found = dict.fromkeys(_BAND_NAMES, 0)
        for days, count in self.days.items():
            found[_band(days)] += count
        return found


def kept_by_place(store: Store, timezone: str) -> list[Kept]:
    """What became of the promises by node and method; days are those of the time zone."""
    found: dict[tuple[str, str], Kept] = {}
    with store.reading() as connection:
        arrived = arrival_days(connection, store.shard, ZoneInfo(timezone))
        for state in states(connection, store.shard):
            for each in arrivals(state, arrived):
                place = found.setdefault((each.node, each.method), Kept(each.node, each.method))
                place.days[each.days_late] += 1
    return [found[key] for key in sorted(found)]


def arrivals(state: OrderState, arrived: Mapping[str, date]) -> Iterator[Arrival]:
    """The units of work of an order that arrived."""
    for unit in state.units.values():
        if unit.shipped and unit.quantity and unit.id in arrived and unit.outcome not in NOT_THERE:
            yield Arrival(unit.id, unit.node, unit.method, first_promise(unit, state), arrived[unit.id])


def arrival_days(connection: Connection, shard: int, zone: ZoneInfo) -> dict[str, date]:
    """By unit of work, the day on which the customer had it, or could collect it."""
    h, o = tables.history.c, tables.outbox.c
    found: dict[str, date] = {}
    ended = select(h.at, h.notes).where(h.shard == shard, h.notes.contains('"ended"'))
    for at, notes in connection.execution_options(yield_per=500).execute(ended):
        found |= {subject: at.astimezone(zone).date() for subject, kind, _ in wire.load(notes, _NOTES) if kind == "ended"}
    for at, body in connection.execute(select(o.at, o.body).where(o.shard == shard, o.message == READY)):
        found[str(wire.load(body, dict)["unit"])] = at.astimezone(zone).date()
    return found


_NOTES = list[tuple[str, str, str]]


def _names() -> Iterator[str]:
    before = -1
    for band in BANDS:
        yield str(band) if band == before + 1 else f"{before + 1}-{band}"
        before = band
    yield f"{before + 1} or more"


_BAND_NAMES = tuple(_names())


def _band(days: int) -> str:
    return _BAND_NAMES[next((index for index, band in enumerate(BANDS) if days <= band), len(BANDS))]
