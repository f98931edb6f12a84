"""What is seen ahead, in the store: the forecast that comes from outside, and the outlook that is renewed from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from sqlalchemy import Connection, func, select

from orderloom.dsl.program import Program, Sourcing
from orderloom.engine import wire
from orderloom.engine.ahead import LATEST, Ahead, looks_ahead, renewed, stale
from orderloom.engine.events import Captured
from orderloom.engine.forecast import Expected
from orderloom.engine.order import Order
from orderloom.engine.outlook import Outlook
from orderloom.engine.programs import Programs
from orderloom.engine.reach import Way
from orderloom.engine.shelf import Shelf
from orderloom.engine.stock import Key
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import run, upsert
from orderloom.engine.world import World

_FORECAST = upsert(tables.forecast)
_AHEAD = upsert(tables.ahead)


class _Body(Struct, frozen=True):
    """An `Ahead` as rows."""

    orders: int
    prices: list[tuple[str, str, Decimal]]  # item, node, price
    ways: list[tuple[str, str, Decimal, dict[str, Decimal]]]  # item, region, not served, cost by node


def put_forecast(store: Store, expected: Sequence[Expected]) -> None:
    """Adds or replaces what is expected; the items and the regions' nodes must be there."""
    rows = [(store.shard, e.item, e.region, wire.day_text(e.begins), e.days, str(e.units)) for e in expected]
    with store.writing() as connection:
        run(connection, _FORECAST, rows)


class Foresight:
    """What one worker has at hand of what its store sees ahead."""

    def __init__(self, store: Store, programs: Programs) -> None:
        self._store, self._programs = store, programs
        self._made_at: datetime | None = None
        self.costs: Mapping[Key, Decimal] = {}  #: opportunity costs by item and node

    def look(self, now: datetime) -> None:
        """Looks ahead anew where the current version does so and what the store has holds no longer, then takes what it has.

        As long as there are no orders there is nothing to see.
        """
        with self._store.reading() as connection:
            program = self._programs.current(connection)
            policy = _policy(program)
            if policy is None:
                return
            made_at = _made_at(connection, self._store.shard, program.digest)
            made = _made(connection, self._store.shard, program, policy, now) if stale(made_at, now) else None
        if made is not None:
            made_at, self.costs = now, made.outlook.prices
            with self._store.writing() as connection:
                run(connection, _AHEAD, [(self._store.shard, program.digest, wire.moment_text(now), wire.dump(_body(made)))])
        elif made_at != self._made_at:
            self.costs = opportunity_costs(self._store)
        self._made_at = made_at


def opportunity_costs(store: Store) -> Mapping[Key, Decimal]:
    """Those that the store has, by item and node."""
    with store.reading() as connection:
        body = connection.execute(select(tables.ahead.c.body).where(tables.ahead.c.shard == store.shard)).scalar_one_or_none()
    return _prices(wire.load(body, _Body)) if body else {}


def _policy(program: Program) -> Sourcing | None:
    """Of the policies that look ahead the first by name: a unit has one worth, whoever asks for it."""
    return next((policy for _, policy in sorted(program.sourcing.items()) if looks_ahead(policy)), None)


def _made(connection: Connection, shard: int, program: Program, policy: Sourcing, now: datetime) -> Ahead | None:
    orders, latest = _orders(connection, shard, now)
    if not latest:
        return None
    forecast = _forecast(connection, shard)
    items = {each.item for each in forecast}
    shelf = Shelf(shard)
    shelf.refresh(connection, items)
    world = World(program, shelf.catalog(program, items), shelf.stock(connection, items, now.date()))
    return renewed(_before(connection, shard, program.digest), policy, forecast, orders, latest, world, now)


def _forecast(connection: Connection, shard: int) -> list[Expected]:
    t = tables.forecast.c
    rows = connection.execute(select(t.item, t.region, t.begins, t.days, t.units).where(t.shard == shard))
    return [Expected(item, region, begins, days, Decimal(units)) for item, region, begins, days, units in rows]


def _orders(connection: Connection, shard: int, now: datetime) -> tuple[int, list[Order]]:
    """How many orders were placed before today, and the last of them; without any, the one whose turn comes first.

    Today's are left out because how many of them were begun depends on where a worker happens to be.
    """
    t = tables.orders.c
    begun = (t.shard == shard) & t.state.is_not(None) & (t.placed_at < now.replace(hour=0, minute=0, second=0, microsecond=0))
    count = connection.execute(select(func.count()).where(begun)).scalar_one()
    newest = connection.execute(select(t.state).where(begun).order_by(t.placed_at.desc(), t.id).limit(LATEST)).scalars()
    latest = [wire.load_state(text).order for text in newest] or _first_due(connection, shard, now)
    return max(count, len(latest)), latest


def _first_due(connection: Connection, shard: int, now: datetime) -> list[Order]:
    t = tables.due.c
    captures = select(t.body).where(t.shard == shard, t.key == "captured", t.due_at <= now).order_by(t.due_at, t.order_id)
    events = [wire.load_event(body) for body in connection.execute(captures.limit(1)).scalars()]
    return [event.order for event in events if isinstance(event, Captured)]


def _made_at(connection: Connection, shard: int, program: str) -> datetime | None:
    t = tables.ahead.c
    return connection.execute(select(t.made_at).where(t.shard == shard, t.program == program)).scalar_one_or_none()


def _before(connection: Connection, shard: int, program: str) -> Ahead | None:
    t = tables.ahead.c
    row = connection.execute(select(t.made_at, t.body).where(t.shard == shard, t.program == program)).one_or_none()
    if row is None:
        return None
    body = wire.load(row.body, _Body)
    ways = {(item, region): Way(costs, not_served) for item, region, not_served, costs in body.ways}
    return Ahead(Outlook(row.made_at, _prices(body)), ways, body.orders)


def _prices(body: _Body) -> dict[Key, Decimal]:
    return {(item, node): price for item, node, price in body.prices}


def _body(made: Ahead) -> _Body:
    prices = [(item, node, price) for (item, node), price in made.outlook.prices.items()]
    return _Body(made.orders, prices, [(*key, way.not_served, dict(way.costs)) for key, way in made.ways.items()])
