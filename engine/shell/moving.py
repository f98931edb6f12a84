"""Running orders go from one version to another, and back: a page at a time, each page in one transaction.

What has been moved stands in the store with the migration's number, so that a run that was cut off goes on where it was, and
every order can be brought back that has not moved on since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from time import sleep

from msgspec import Struct, field
from sqlalchemy import Connection, Row, func, select

from orderloom.dsl.program import Program
from orderloom.dsl.stepmap import StateMap
from orderloom.engine import wire
from orderloom.engine.advance import advance
from orderloom.engine.events import Migrated, MigratedBack
from orderloom.engine.refused import Refused
from orderloom.engine.shell.batch import Batch, Due
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.cohort import PAGE, Cohort, locked, pages
from orderloom.engine.shell.foresight import Foresight
from orderloom.engine.shell.kept import Kept, kept_of, places
from orderloom.engine.shell.passing import persist
from orderloom.engine.shell.programs import Programs, next_number, one_at_a_time
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.shell.watch import Watch
from orderloom.engine.state import OrderState
from orderloom.engine.statemap import Stays, moves, running
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import insert, run, update, upsert

Told = Callable[[int], None]  #: is told how many orders were looked at


class Plan(Struct, frozen=True):
    """A migration as it was asked for: digests of versions, the map as it was written, and which orders."""

    before: str
    after: str
    written: dict[str, tuple[str | None, dict[str, str]]] = {}
    cohort: Cohort = Cohort()


class Outlook(Struct):
    """How many instances stand at each step, by process and step, and how many orders have no place there.

    `stay` has every order that cannot go over, with the reason.
    """

    orders: int = 0
    standing: Counter[tuple[str, str]] = field(default_factory=Counter)
    unplaced: Counter[tuple[str, str]] = field(default_factory=Counter)
    stay: dict[str, str] = field(default_factory=dict)


class Moved(Struct):
    """What became of a migration: its number, how many orders went, and why others did not."""

    number: int
    moved: int = 0
    left: dict[str, str] = field(default_factory=dict)


def outlook(store: Store, old: Program, new: Program, where: StateMap, cohort: Cohort, told: Told = lambda _: None) -> Outlook:
    """What would become of the orders of a cohort; nothing is changed."""
    found = Outlook()
    for page in pages(store, old.digest, cohort):
        for row in page:
            state = wire.load_state(row.state)
            found.standing.update((each.process, each.step) for each in running(state))
            answer = moves(state, old, new, where)
            if isinstance(answer, Stays):
                found.stay[row.id] = answer.because
                found.unplaced.update([answer.step] if answer.step else ())
        found.orders += len(page)
        told(found.orders)
    return found


class Mover:
    """Moves the orders of a store."""

    def __init__(self, store: Store, programs: Programs, clock: WorkerClock, by: str) -> None:
        self._store, self._programs, self._clock, self._by = store, programs, clock, by
        self._shelf = Shelf(store.shard)
        self._foresight = Foresight(store, programs)
        self._watch = Watch(store, self._shelf)

    def move(self, plan: Plan, old: Program, new: Program, where: StateMap, told: Told = lambda _: None) -> Moved:
        """Moves every order of the plan's cohort that has a place; goes on with a run of the same plan that was cut off."""
        found, done = self._begin(plan)
        cohort = plan.cohort
        if cohort.first is not None:
            cohort = Cohort(cohort.division, cohort.channel, cohort.status, max(0, cohort.first - done))
        looked = 0
        for page in pages(self._store, old.digest, cohort):
            ids = [row.id for row in page]
            self._page(found, partial(self._moves, found, ids, old, new, where))
            looked += len(page)
            told(looked)
        self._end(found.number, "done_at")
        return found

    def undo(self, number: int, told: Told = lambda _: None) -> Moved | Refused:
        """Brings back every order of a migration that stands as that has left it."""
        with self._store.reading() as connection:
            asked = select(_m.body, _m.undone_at).where(_m.shard == self._store.shard, _m.number == number)
            row = connection.execute(asked).one_or_none()
        if row is None:
            return Refused(f"there is no migration {number} in this store")
        if row.undone_at is not None and not self._next(number, ""):
            return Refused(f"migration {number} was taken back at {row.undone_at:%Y-%m-%d %H:%M}, with all of its orders")
        plan, found, after, looked = wire.load(row.body, Plan), Moved(number), "", 0
        while ids := self._next(number, after):
            self._page(found, partial(self._moves_back, found, ids, plan))
            looked, after = looked + len(ids), ids[-1]
            told(looked)
        self._end(number, "undone_at")
        return found

    # --- pages ---

    def _page(self, found: Moved, work: Callable[[Connection, datetime], Counted]) -> None:
        now = self._clock.now()

        def write() -> Counted:
            with self._store.writing() as connection:
                return work(connection, now)

        try:
            moved, left = persist(write, sleep, self._shelf.forget)
        except Exception:
            self._shelf.forget()
            raise
        found.moved += moved
        found.left |= left

    def _moves(
        self, found: Moved, ids: list[str], old: Program, new: Program, where: StateMap, connection: Connection, now: datetime
    ) -> Counted:
        left, events = dict[str, str](), dict[str, Migrated]()
        rows = locked(connection, self._store.shard, old.digest, ids)
        states = {row.id: wire.load_state(row.state) for row in rows}
        for order, state in states.items():
            answer = moves(state, old, new, where)
            if isinstance(answer, Stays):
                left[order] = answer.because
            else:
                events[order] = Migrated(now, found.number, old.digest, new.digest, self._by, answer)
        timers = _timers(connection, self._store.shard, events)
        after = self._apply(connection, f"migrate/{found.number}", rows, events, now)
        went = {order: after[order] for order in events if after[order].program == new.digest}
        left |= dict.fromkeys(events.keys() - went.keys(), "its event could not be applied; a worker tries again")
        entered = [order for order in went if any(move.enters for move in events[order].moves)]
        sent = _sent(connection, self._store.shard, {order: went[order].sequence for order in entered})
        kept = {order: kept_of(states[order], state, timers.get(order, {}), order in sent) for order, state in went.items()}
        run(connection, _KEEP, [(self._store.shard, found.number, order, wire.dump(each), None) for order, each in kept.items()])
        return len(went), left

    def _moves_back(self, found: Moved, ids: list[str], plan: Plan, connection: Connection, now: datetime) -> Counted:
        left, events = dict[str, str](), dict[str, MigratedBack]()
        kept = _kept(connection, self._store.shard, found.number, ids)
        rows = locked(connection, self._store.shard, plan.after, ids)
        left |= dict.fromkeys(sorted(kept.keys() - {row.id for row in rows}), "it has ended, or runs on another version by now")
        for row in rows:
            because = _moved_on(wire.load_state(row.state), kept[row.id])
            if because:
                left[row.id] = because
            else:
                own = kept[row.id]
                events[row.id] = MigratedBack(now, found.number, plan.after, plan.before, self._by, own.back, own.clocks)
        after = self._apply(connection, f"migrate/{found.number}/back", rows, events, now)
        back = [order for order in events if after[order].program == plan.before]
        run(connection, _TAKE_BACK, [(wire.moment_text(now), self._store.shard, found.number, order) for order in back])
        return len(back), left

    def _apply(
        self, connection: Connection, key: str, rows: Sequence[Row[tuple[str, int, str, str, str]]],
        events: Mapping[str, Migrated | MigratedBack], now: datetime,
    ) -> Mapping[str, OrderState]:  # fmt: skip
        """Works on the events as a worker would; the orders as they are then."""
        dues = [
            Due(row.id, key, now, "migrated", wire.dump_event(events[row.id]), 0, row.version, row.program, row.state, row.chain)
            for row in rows
            if row.id in events
        ]
        if not dues:
            return {}
        at_hand = self._programs, self._shelf, advance, self._foresight, self._watch
        batch = Batch(connection, dues, now, self._clock, *at_hand)
        for due in dues:
            batch.take(due)
        batch.write()
        self._watch.follow(connection, batch.stock, {item for item, _ in batch.changed}, batch.at)
        self._shelf.forget()
        return batch.states

    # --- the book of migrations ---

    def _begin(self, plan: Plan) -> tuple[Moved, int]:
        """The number of the migration, and how many orders have gone over already."""
        body, shard, now = wire.dump(plan), self._store.shard, wire.moment_text(self._clock.now())
        with self._store.writing() as connection:
            one_at_a_time(connection, shard)
            same = select(_m.number).where(_m.shard == shard, _m.body == body, _m.done_at.is_(None), _m.undone_at.is_(None))
            number = connection.execute(same.order_by(_m.number).limit(1)).scalar_one_or_none()
            if number is None:
                number = next_number(connection, _m.shard, _m.number, shard)
                run(connection, insert(tables.migrations), [(shard, number, body, now, self._by, None, None)])
            counting = select(func.count()).where(_k.shard == shard, _k.migration == number)
            return Moved(number), int(connection.execute(counting).scalar_one())

    def _end(self, number: int, column: str) -> None:
        now = self._clock.now()
        with self._store.writing() as connection:
            this = (_m.shard == self._store.shard) & (_m.number == number)
            connection.execute(tables.migrations.update().where(this).values({column: now}))

    def _next(self, number: int, after: str) -> list[str]:
        asked = select(_k.order_id).where(_k.shard == self._store.shard, _k.migration == number, _k.undone_at.is_(None))
        with self._store.reading() as connection:
            return list(connection.execute(asked.where(_k.order_id > after).order_by(_k.order_id).limit(PAGE)).scalars())


Counted = tuple[int, dict[str, str]]  #: how many orders went, and why others did not


def _moved_on(state: OrderState, kept: Kept) -> str:
    """What an order has done since it was moved; empty where it stands as it did then."""
    if kept.worked:
        return "when it was moved, something was sent or changed"
    now = places(state)
    if now == kept.after:
        return ""
    first = next((id for id in now if now[id] != kept.after.get(id)), None)
    where = f"{first} is at {state.instances[first].step} by now" if first else "it has fewer instances by now"
    return f"it has moved on: {where}"


def _timers(connection: Connection, shard: int, orders: Iterable[str]) -> dict[str, dict[str, datetime]]:
    d = tables.due.c
    asked = select(d.order_id, d.body, d.due_at).where(d.shard == shard, d.order_id.in_(sorted(orders)), d.kind == "timer")
    found: dict[str, dict[str, datetime]] = {}
    for order, key, due_at in connection.execute(asked):
        found.setdefault(order, {})[key] = due_at
    return found


def _sent(connection: Connection, shard: int, turns: Mapping[str, int]) -> set[str]:
    """Those of these orders whose turn has written a message or an entry of the ledger."""
    found = set[str]()
    for table in (tables.outbox, tables.ledger) if turns else ():
        asked = select(table.c.order_id, table.c.sequence).where(table.c.shard == shard, table.c.order_id.in_(sorted(turns)))
        found |= {order for order, sequence in connection.execute(asked) if turns[order] == sequence}
    return found


def _kept(connection: Connection, shard: int, number: int, ids: list[str]) -> dict[str, Kept]:
    asked = select(_k.order_id, _k.body).where(_k.shard == shard, _k.migration == number, _k.order_id.in_(ids))
    return {order: wire.load(body, Kept) for order, body in connection.execute(asked)}


_m, _k = tables.migrations.c, tables.migrated.c
_KEEP = upsert(tables.migrated)
_TAKE_BACK = update(tables.migrated, "undone_at")
