"""What the turns of a batch write: rows by statement, gathered in memory, written at the end in a few bulk statements."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import Connection, TextClause

from orderloom.engine import wire
from orderloom.engine.advance import Step
from orderloom.engine.change import Change, change_of
from orderloom.engine.effects import (
    ClearTimer,
    CloseException,
    Effect,
    HandOver,
    KeepAppeasement,
    KeepTask,
    Note,
    OpenException,
    OrderSupply,
    Post,
    RaiseAlarm,
    Record,
    SaveHold,
    Send,
    SetTimer,
)
from orderloom.engine.events import Event
from orderloom.engine.ledger.stock import Entry, Position, Stock, Supply
from orderloom.engine.promises.overdue import awaited_on
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.store import statements as s
from orderloom.engine.store.alarms import alarm_row
from orderloom.engine.store.chain import link
from orderloom.engine.store.search import term_rows
from orderloom.engine.store.statements import Row, run
from orderloom.engine.store.work_rows import appeasement_row, exception_row, task_row

Rows = defaultdict[TextClause, list[Row]]

#: Statements in the order in which they run; an exception may be opened and closed in one batch.
_ORDER_OF_WRITING = (
    s.SEND,
    s.REMEMBER,
    s.POST,
    s.RESERVE,
    s.HARDEN,
    s.UNRESERVE,
    s.FORGET_RESERVATION,
    s.EXPLAIN,
    s.OPEN_EXCEPTION,
    s.HAND_OVER,
    s.CLOSE_EXCEPTION,
    s.SAVE_HOLD,
    s.RAISE_ALARM,
    s.KEEP_TASK,
    s.KEEP_APPEASEMENT,
    s.ADD_POSITION,
    s.ADD_SUPPLY,
    s.SAVE_SUPPLY,
    s.QUARANTINE,
    s.ADD_LOAD,
    s.ORDER_SUPPLY,
    s.TOUCH_STOCK,
    s.FIND_BY,
)


#: Statements every row of which must find what it changes.
_MUST_BE_THERE = (s.HARDEN, s.UNRESERVE, s.SAVE_SUPPLY)


class NotThere(Exception):
    """An entry of the ledger gives back or takes what the order had not reserved."""


class Conflict(Exception):
    """Somebody else changed an order meanwhile; the batch is taken back and tried again."""


class Stood(NamedTuple):
    """How an order stands in the store: its version, its state, and the last link of its history."""

    version: int
    state: OrderState | None
    chain: str


class Writes:
    """Rows of a batch. `waits` has what wakes orders, by order and key: a row to be put, or None for one to be removed."""

    def __init__(self, shard: int) -> None:
        self.shard = shard
        self.rows: Rows = defaultdict(list)
        self.waits: dict[tuple[str, str], Row | None] = {}
        self._orders: dict[str, Stood] = {}

    def add(self, order: str, key: str, stood: Stood, event: Event, told: str, step: Step) -> None:
        """Adds what a step writes, and ends the wait for its event, as it was `told`: all of it, or nothing when it raises."""
        turn = _Turn(self.shard, step.state, wire.moment_text(event.at))
        for effect in step.effects:
            turn.carry_out(effect)
        version, state, chain = self._orders.get(order, stood)
        chain = turn.remember(event, told, key, change_of(state, step.state, step.effects, event), chain)
        if state is None or state.order is not step.state.order:
            self.rows[s.FIND_BY] += term_rows(self.shard, step.state.order)
        self._orders[order] = Stood(version, step.state, chain)
        self.waits[order, key] = None
        self.waits |= turn.waits
        for statement, rows in turn.rows.items():
            self.rows[statement] += rows

    def add_stock(self, before: Stock, after: Stock) -> None:
        """Adds what became of supplies, positions and loads."""
        positions, loads = after.changes()
        for (item, node), position in positions.items():
            self._add_position(before.position(item, node), position)
        for (node, resource, day), units in sorted(loads.items()):  # orders of other items may take of the same days
            more = units - before.load(node, day, resource)
            self.rows[s.ADD_LOAD].append((self.shard, node, resource, day.isoformat(), more))
        self.rows[s.TOUCH_STOCK] += [(self.shard, item) for item in sorted({item for item, _ in positions})]

    def _add_position(self, before: Position | None, position: Position) -> None:
        key = (self.shard, position.item, position.node)
        if before is None:
            own = (position.safety_stock, position.quarantined, wire.dump(position.attributes), None)
            self.rows[s.ADD_POSITION].append((*key, *own))
        elif position.quarantined != before.quarantined:
            self.rows[s.QUARANTINE].append((position.quarantined, *key))
        known = {supply.id: supply for supply in before.supplies} if before else {}
        for supply in position.supplies:
            was = known.get(supply.id)
            if was is None:
                self.rows[s.ADD_SUPPLY].append(supply_row(self.shard, supply))
            elif supply != was:
                now = (supply.quantity, supply.reserved, supply.received)
                self.rows[s.SAVE_SUPPLY].append((*now, *key, supply.id))

    def write(self, connection: Connection) -> None:
        """Writes everything; raises Conflict when an order is not what it was."""
        orders = [self._order_row(order, *stands) for order, stands in self._orders.items()]
        if run(connection, s.SAVE_ORDER, orders) != len(orders):
            raise Conflict
        gone = [(self.shard, order, key) for (order, key), row in self.waits.items() if row is None]
        run(connection, s.END_WAIT, gone)
        run(connection, s.BEGIN_WAIT, [row for row in self.waits.values() if row is not None])
        for statement in _ORDER_OF_WRITING:
            rows = self.rows[statement]
            if run(connection, statement, rows) != len(rows) and statement in _MUST_BE_THERE:
                raise NotThere

    def _order_row(self, order: str, before: int, state: OrderState | None, chain: str) -> Row:
        assert state is not None, "an order that had a turn has a state"
        root, text = state.instances.get(ORDER), wire.dump_state(state)
        promised_on = wire.day_text(awaited_on(state))
        now = (state.status, root and root.ended, state.sequence, text, chain, promised_on, state.program, state.order.division)
        return (*now, self.shard, order, before)


def supply_row(shard: int, supply: Supply) -> Row:
    """The row of a new supply."""
    key = (shard, supply.item, supply.node, supply.id)
    due_on = wire.day_text(supply.due_on)
    return (*key, supply.type, supply.stock_class, due_on, supply.quantity, supply.reserved, supply.received)


class _Turn:
    """The rows of one event."""

    def __init__(self, shard: int, state: OrderState, at: str) -> None:
        self.shard, self.order, self.sequence, self.at = shard, state.order.id, state.sequence, at
        self.queue, self.traceparent = state.order.queue, state.order.traceparent
        self.rows: Rows = defaultdict(list)
        self.waits: dict[tuple[str, str], Row | None] = {}
        self.notes: list[tuple[str, str, str]] = []

    def remember(self, event: Event, told: str, cause: str, change: Change, chain: str) -> str:
        """The event itself, with what it did in words and to the state; the link of all that the turn writes."""
        did = (told, wire.dump(self.notes), cause, wire.dump(change))
        row = (self.order, self.sequence, self.at, type(event).__struct_config__.tag, *did)
        records, entries = [written[3:] for written in self.rows[s.EXPLAIN]], [written[3:] for written in self.rows[s.POST]]
        messages = [(sent[1], *sent[3:8]) for sent in self.rows[s.SEND]]
        chain = link(chain, row, records, entries, messages)
        self.rows[s.REMEMBER].append((self.shard, *row, chain))
        return chain

    def carry_out(self, effect: Effect) -> None:
        """The rows of one effect."""
        match effect:
            case Note():
                self.notes.append((effect.subject, effect.kind, effect.text))
            case SetTimer():
                key, due_at = f"timer/{effect.key}", wire.moment_text(effect.due_at)
                self.waits[self.order, key] = (self.shard, self.order, key, due_at, "timer", effect.key, 0)
            case ClearTimer():
                self.waits[self.order, f"timer/{effect.key}"] = None
            case Send():
                self._send(effect)
            case Post():
                self._post(effect.entry)
            case OrderSupply():
                made = effect.order
                status = "cancelled" if made.cancelled else "ordered"
                row = (self.shard, made.id, made.item, made.node, status, self.at, None, wire.dump(made))
                self.rows[s.ORDER_SUPPLY].append(row)
            case Record():
                self._record(effect)
            case OpenException():
                self.rows[s.OPEN_EXCEPTION].append(exception_row(self.shard, self.order, effect, self.at))
            case CloseException():
                self.rows[s.CLOSE_EXCEPTION].append((self.at, effect.option, self.shard, self.order, effect.id))
            case SaveHold():
                self.rows[s.SAVE_HOLD].append(self._hold(effect))
            case RaiseAlarm():
                self.rows[s.RAISE_ALARM].append(alarm_row(self.shard, effect.alarm))
            case HandOver():
                whose = (effect.role, effect.claimed_by, effect.escalated)
                self.rows[s.HAND_OVER].append((*whose, self.shard, self.order, effect.id))
            case KeepAppeasement():
                self.rows[s.KEEP_APPEASEMENT].append(appeasement_row(self.shard, self.order, effect.customer, effect.appeasement))
            case KeepTask():
                self.rows[s.KEEP_TASK].append(task_row(self.shard, self.order, effect.task))

    def _hold(self, effect: SaveHold) -> Row:
        own = (effect.hold, effect.line, effect.role, effect.because, wire.moment_text(effect.applied_at), effect.applied_by)
        resolved = effect.resolved_at and wire.moment_text(effect.resolved_at)
        return (self.shard, self.order, effect.key, *own, resolved, effect.resolved_by)

    def _send(self, effect: Send) -> None:
        told = (effect.organization, effect.role, effect.message, wire.dump(effect.body))
        place = self.sequence, self.traceparent, len(self.rows[s.SEND]), f"{effect.organization}/{self.queue}"
        self.rows[s.SEND].append((self.shard, effect.key, self.order, *told, self.at, self.at, 0, None, None, None, *place))

    def _post(self, entry: Entry) -> None:
        number, ship_on = len(self.rows[s.POST]), wire.day_text(entry.ship_on)
        what = (entry.kind, entry.item, entry.node, entry.supply, entry.quantity, entry.line, ship_on, entry.resource)
        self.rows[s.POST].append((self.shard, self.order, self.sequence, number, self.at, *what))
        if entry.resource or entry.kind not in ("reserve", "harden", "release", "ship"):
            return
        key = (self.shard, self.order, entry.line, entry.item, entry.node, entry.supply)
        if entry.kind == "reserve":
            expires_at = entry.expires_at and wire.moment_text(entry.expires_at)
            self.rows[s.RESERVE].append((*key, entry.quantity, expires_at))
        elif entry.kind == "harden":
            self.rows[s.HARDEN].append(key)
        else:
            self.rows[s.UNRESERVE].append((entry.quantity, *key))
            self.rows[s.FORGET_RESERVATION].append(key)

    def _record(self, record: Record) -> None:
        number = len(self.rows[s.EXPLAIN])
        what = (record.kind, record.subject, record.chosen, record.origin, wire.dump(record))
        self.rows[s.EXPLAIN].append((self.shard, self.order, self.sequence, number, self.at, *what))
