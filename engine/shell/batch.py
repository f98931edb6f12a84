"""One batch of the first loop: events that are due, applied one after the other in memory, written together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import perf_counter

from msgspec import Struct
from sqlalchemy import Connection, bindparam, func, select

from orderloom.dsl.program import ENGINE_TYPES, Program
from orderloom.engine import wire
from orderloom.engine.advance import Step
from orderloom.engine.effects import OPERATIONS, Note, OpenException
from orderloom.engine.events import Captured, Drafted, Event, Migrated, MigratedBack, TimeReached
from orderloom.engine.items import items_of
from orderloom.engine.ledger.stock import Key, Position, Stock, Supply
from orderloom.engine.monitoring.collect import Told, pattern_of, told_by
from orderloom.engine.process.standstill import NO_WAY_FORWARD, TRY_AGAIN
from orderloom.engine.shell.claimants import lost, tell_of_slips
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.foresight import Foresight
from orderloom.engine.shell.observe import Batched, Opened, Turned, fault_of
from orderloom.engine.shell.programs import Programs, UnknownProgram
from orderloom.engine.shell.retries import TURNS, pause
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.shell.watch import Watch
from orderloom.engine.shell.writes import Stood, Writes
from orderloom.engine.state import OrderState
from orderloom.engine.store import tables
from orderloom.engine.store.statements import OPEN_EXCEPTION
from orderloom.engine.store.work_rows import exception_row
from orderloom.engine.unit import SERVICE
from orderloom.engine.words import in_words
from orderloom.engine.world import World

Advance = Callable[[World, OrderState | None, Event], Step]


class Due(Struct, frozen=True):
    """An event that is due, as the store has it, with its order as it stands there."""

    order: str
    key: str
    due_at: datetime
    kind: str
    body: str
    attempt: int
    version: int
    program: str
    state: str | None
    chain: str


class Batch:
    """Applies events in the order in which they are taken. The stock is carried on from each to the next."""

    def __init__(
        self,
        connection: Connection,
        claimed: Sequence[Due],
        now: datetime,
        clock: WorkerClock,
        programs: Programs,
        shelf: Shelf,
        advance: Advance,
        foresight: Foresight,
        watch: Watch,
    ) -> None:
        self._connection, self._programs, self._shelf, self._advance = connection, programs, shelf, advance
        self._moments = {(due.order, due.key): clock.moment(due.due_at, now) for due in claimed}
        self._began, self._turns = perf_counter(), list[Turned]()
        self._lost: list[tuple[datetime, str, Supply]] = []
        self._worlds: dict[str, World] = {}
        self._states: dict[str, OrderState | None] = {}
        self._events: dict[tuple[str, str], Event] = {}
        self._unreadable: dict[tuple[str, str], str] = {}
        self._writes = Writes(shelf.shard)
        self._patterns = watch.program if watch.program is not None and watch.program.patterns else None
        self.seen: list[Told] = []
        for due in claimed:
            self._read(due)
        items = self._at_stake = self._items()
        shelf.refresh(connection, items)
        self._opportunity_costs = foresight.costs(connection, items)
        since, versions = min(self._moments.values()).date(), list(self._versions(claimed))
        resources = shelf.lock_resources(connection, versions) if self._asks_for_services() else ()
        self._before = self._stock = shelf.stock(connection, items, since, versions, resources)
        self._alerts = watch.alerts(connection, items)

    @property
    def stock(self) -> Stock:
        """The stock as it is now."""
        return self._stock

    @property
    def at(self) -> datetime:
        """The latest moment at which an event took effect."""
        return max(self._moments.values())

    @property
    def changed(self) -> Mapping[Key, Position]:
        """The positions that the batch has changed, as they are now."""
        return self._stock.changes()[0]

    @property
    def states(self) -> Mapping[str, OrderState]:
        """The orders as they are now."""
        return {order: state for order, state in self._states.items() if state is not None}

    def take(self, due: Due) -> None:
        """Applies an event, unless an event before it has settled it; what raises is undone and put off."""
        if (due.order, due.key) in self._writes.waits:
            return
        began = perf_counter()
        try:
            event = self._event(due)
            if self._states[due.order] is None and not isinstance(event, (Captured, Drafted)):
                self._put_behind_capture(due)
                return
            untold = self._apply(due, event)
        except Exception as fault:
            self.fail(due, in_words(fault), began)
        else:
            self._turned(due, began, untold=untold)

    def fail(self, due: Due, because: str, began: float | None = None) -> None:
        """Puts an event off; after the last attempt it is kept with an exception of its order."""
        self._turned(due, began or perf_counter(), fault_of(because))
        at, attempt = self._moments[due.order, due.key], due.attempt + 1
        if attempt >= TURNS:
            self._park(due, at, because)
            return
        again = wire.moment_text(at + pause(f"{due.order}/{due.key}", attempt))
        row = (self._writes.shard, due.order, due.key, again, due.kind, due.body, attempt)
        self._writes.waits[due.order, due.key] = row

    def write(self) -> None:
        """Writes what the batch has come to; raises Conflict when an order is not what it was."""
        self._writes.add_stock(self._before, self._stock)
        self._writes.write(self._connection)
        for at, order, supply in self._lost:
            tell_of_slips(self._connection, self._writes.shard, [supply], at, but=order)

    def told(self) -> Batched:
        """What it did, for whoever watches, once that is written."""
        rows = self._writes.rows[OPEN_EXCEPTION]
        opened = tuple(Opened(order, *self._whose(order), *what) for _, order, *what in (row[:5] for row in rows))
        return Batched(tuple(self._turns), opened, self._began, perf_counter() - self._began)

    # --- within ---

    def _read(self, due: Due) -> None:
        """Reads event and state; what cannot be read fails when its turn comes."""
        key = due.order, due.key
        try:
            if due.order not in self._states:
                self._states[due.order] = self._shelf.state(due.order, due.version, due.state) if due.state else None
            at = self._moments[key]
            self._events[key] = TimeReached(at, due.body) if due.kind == "timer" else wire.load_event(due.body)
        except Exception as fault:
            self._unreadable[key] = in_words(fault)

    def _versions(self, claimed: Sequence[Due]) -> Iterator[Program]:
        """The programs on which the orders run; one that cannot be had fails when its turn comes."""
        to = {event.program for event in self._events.values() if isinstance(event, MIGRATIONS)}
        for digest in {due.program for due in claimed} | to:
            with suppress(UnknownProgram):
                program = self._programs.get(self._connection, digest)
                yield from (program, *(each.program for each in program.divisions.values()))

    def _items(self) -> set[str]:
        of_states = (items_of(state) for state in self._states.values())
        return set().union(*of_states, *(items_of(None, event) for event in self._events.values()))

    def _asks_for_services(self) -> bool:
        orders = [state.order for state in self._states.values() if state]
        orders += [event.order for event in self._events.values() if isinstance(event, (Captured, Drafted))]
        return any(line.method == SERVICE for order in orders for line in order.lines)

    def _event(self, due: Due) -> Event:
        fault = self._unreadable.get((due.order, due.key))
        if fault is not None:
            raise ValueError(fault)
        return self._events[due.order, due.key]

    def _apply(self, due: Due, event: Event) -> str | None:
        """All of it, or nothing when it raises; returns what patterns could not be told."""
        state = self._states[due.order]
        step = self._advance(self._world(version_for(event, state) or due.program), state, event)
        told = wire.dump_event(event) if due.kind == "timer" else due.body
        gone = [(event.at, due.order, supply) for supply in lost(step.effects)]
        seen, untold = self._seen(due, state, event, step)
        self._writes.add(due.order, due.key, Stood(due.version, state, due.chain), event, told, step)
        self._lost += gone
        self.seen += seen
        self._states[due.order], self._stock = step.state, step.stock
        return "; ".join(untold) or None

    def _seen(self, due: Due, before: OrderState | None, event: Event, step: Step) -> tuple[list[Told], list[str]]:
        """What the step tells patterns, by the version in force, whatever version the order runs on, and what it cannot tell."""
        if self._patterns is None:
            return [], []
        found = list[Told]()
        if isinstance(event, TimeReached) and (of := pattern_of(due.order, event.key)) is not None:
            found.append(Told(*of, order=due.order, at=event.at))
        notes = [(each.subject, each.kind, each.text) for each in step.effects if isinstance(each, Note)]
        try:
            seen, untold = told_by(self._world(self._patterns.digest), before, step.state, notes, event)
        except Exception as fault:  # the version in force need not fit what an order of an old one has; the order goes on
            return found, [type(fault).__name__]
        return found + seen, untold

    def _world(self, digest: str) -> World:
        """What orders of a version see, until the stock is another."""
        world = self._worlds.get(digest)
        if world is None or world.stock is not self._stock:
            program = self._programs.get(self._connection, digest)
            catalog = world.catalog if world else self._shelf.catalog(program, self._at_stake, self._alerts)
            world = World(program, catalog, self._stock, self._opportunity_costs, self._alerts)
            self._worlds[digest] = world
        return world

    def _put_behind_capture(self, due: Due) -> None:
        """Lets a fact wait that is said to be of before the order was captured: clocks differ. It is not an attempt."""
        of = {"shard": self._writes.shard, "order": due.order}
        captured_at = self._connection.execute(_CAPTURED_AT, of).scalar()
        if captured_at is None:
            raise LookupError(f"nobody has captured order {due.order}")
        again = wire.moment_text(max(due.due_at, captured_at) + timedelta(microseconds=1))
        row = (self._writes.shard, due.order, due.key, again, due.kind, due.body, due.attempt)
        self._writes.waits[due.order, due.key] = row

    def _turned(self, due: Due, began: float, fault: str | None = None, untold: str | None = None) -> None:
        taken = perf_counter() - began
        version = self._patterns.digest if untold and self._patterns else None
        whose = self._whose(due.order)
        self._turns.append(Turned(due.order, *whose, due.kind, due.attempt + 1, began, taken, fault, untold, version))

    def _whose(self, order: str) -> tuple[str | None, str | None]:
        """The trace that the order brought, and its division."""
        state = self._states.get(order)
        return (state.order.traceparent, state.order.division) if state else (None, None)

    def _park(self, due: Due, at: datetime, because: str) -> None:
        """Opens an exception beside the order, which goes on without the event until somebody has it applied again."""
        event = self._events.get((due.order, due.key))
        told = wire.dump_event(event) if event else due.body
        id, title = f"{due.order}/{due.key}", ENGINE_TYPES[NO_WAY_FORWARD].title
        opened = OpenException(id, NO_WAY_FORWARD, OPERATIONS, "order", (TRY_AGAIN,), because, title)
        row = exception_row(self._writes.shard, due.order, opened, wire.moment_text(at), told)
        self._writes.rows[OPEN_EXCEPTION].append(row)
        self._writes.waits[due.order, due.key] = None


MIGRATIONS = (Migrated, MigratedBack)


def version_for(event: Event, state: OrderState | None) -> str | None:
    """The digest of the version by which an event is worked on; None where the order has not begun."""
    if isinstance(event, MIGRATIONS):
        return event.program
    return state.program if state is not None else None


_d = tables.due.c
_CAPTURED_AT = select(func.min(_d.due_at)).where(
    _d.shard == bindparam("shard"), _d.order_id == bindparam("order"), _d.kind.in_(("captured", "drafted"))
)
