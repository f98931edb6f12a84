"""The laws of orders: each compares what the store says of an order in one place with what it says in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orderloom.dsl.program import CREDITED
from orderloom.engine import wire
from orderloom.engine.appeasements.appeasement import ASKED, GRANTED, WAITING
from orderloom.engine.audit.finding import Finding, Repair
from orderloom.engine.audit.history import of_history
from orderloom.engine.audit.known import Known, known
from orderloom.engine.audit.messages import of_messages
from orderloom.engine.audit.money import of_money
from orderloom.engine.audit.rows import OrderRows
from orderloom.engine.audit.waiting import of_waiting
from orderloom.engine.money.billing import memos
from orderloom.engine.money.shares import Charge
from orderloom.engine.process.holds import standing_holds
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.store.work_rows import appeasement_row, task_row
from orderloom.engine.supply_order import TRANSFER

#: A law, how it stands, in which table, and what to do.
Broken = Iterator[tuple[str, str, str, str]]

_DECIDE = "compare with the history (`orderloom orders explain`), and decide; nothing says which of the two is right"


def broken_by(rows: OrderRows) -> Iterator[Finding]:
    """Every law that an order breaks."""
    if rows.order is None:
        for table, orphans in rows.tables.items():
            because = f"{len(orphans)} rows of {table} speak of it, and it is not there"
            yield Finding(
                "every row is of an order", rows.id, because, table, rows.id, "restore the order from a backup", rows.id
            )
        return
    found = known(rows, rows.order)
    yield from found.findings
    yield from of_history(found)
    yield from of_waiting(found)
    yield from of_messages(found)
    if found.state is None:
        return
    yield from _same(found, found.state)
    yield from of_money(found, found.state)
    for law in _LAWS:
        for name, because, table, todo in law(found, found.state):
            yield Finding(name, found.id, because, table, found.id, todo, found.id)


def _same(found: Known, state: OrderState) -> Iterator[Finding]:
    root = state.instances.get(ORDER)
    names = ("version", "status", "outcome")
    stored = {name: found.row[name] for name in names}
    meant = dict(zip(names, (state.sequence, state.status, root.ended if root else None), strict=True))
    if stored != meant:
        because = f"{tuple(stored.values())} is not {tuple(meant.values())}"
        repair = Repair("orders", {"id": found.id}, stored, meant) if found.told == state else None
        todo = "the repair writes what the state says, as the history does" if repair else _DECIDE
        yield Finding("an order's row says what its state says", found.id, because, "orders", found.id, todo, found.id, repair)
    noted = next((text for _, subject, kind, text in reversed(found.notes) if (subject, kind) == (ORDER, "status")), None)
    if noted is not None and noted != state.status:
        because = f"the last status noted is {noted}, it is {state.status}"
        yield Finding("the history ends where the state is", found.id, because, "orders", found.id, _DECIDE, found.id)


def _quantities(found: Known, state: OrderState) -> Broken:
    """Units of work, planned ones and cancelled ones never exceed what was ordered; in the end they are exactly that."""
    for line in state.order.sourced_lines:
        at_work = sum(p.quantity for u in state.units.values() if not u.released for p in u.lines if p.line == line.id)
        planned = sum(a.quantity for shipment in state.planned for a in shipment.allocations if a.line == line.id)
        told = at_work + planned + state.cancelled.get(line.id, 0)
        if told > line.quantity or (state.ended and told != line.quantity):
            stands = f"line {line.id}: {told} of {line.quantity} are accounted for"
            yield "a line's quantity is conserved", stands, "orders", _DECIDE


def _reservations(found: Known, state: OrderState) -> Broken:
    """Exactly what units of work that still run, and planned ones, are to take is reserved; of a transfer at its source, too."""
    wanted: dict[tuple[str, str, str, str], int] = {}
    running = [unit for unit in state.units.values() if not (unit.outcome or unit.shipped or unit.released)]
    needs = [((p.line, p.item, unit.node, p.supply), p.quantity) for unit in running for p in unit.lines if p.supply]
    needs += [((a.line, a.item, plan.node, a.supply), a.quantity) for plan in state.planned for a in plan.allocations if a.supply]
    held = [entry for pending in state.modifications.values() for entry in pending.held if not entry.resource]
    needs += [((e.line, e.item, e.node, e.supply), e.quantity) for e in held]
    transfers = {(each.item, each.node, each.id): each for each in state.supply_orders if each.kind == TRANSFER}
    brought = [(key, transfers[key[1:]], quantity) for key, quantity in needs if key[1:] in transfers]
    needs += [((line, item, order.source, order.supply), quantity) for (line, item, _, _), order, quantity in brought]
    for key, quantity in needs:
        wanted[key] = wanted.get(key, 0) + quantity
    reserved = {(r["line"], r["item"], r["node"], r["supply"]): r["quantity"] for r in found.rows["reservations"]}
    for key in sorted(wanted.keys() | reserved.keys()):
        if wanted.get(key, 0) != reserved.get(key, 0):
            line, item, node, supply = key
            stands = f"line {line}, {item} at {node}, supply {supply}: {reserved.get(key, 0)} instead of {wanted.get(key, 0)}"
            yield "what running units of work need is reserved, and nothing else", stands, "reservations", _DECIDE


def _soft(found: Known, state: OrderState) -> Broken:
    """A draft's reservations expire when it says; everything else is reserved for good."""
    expiries = {row["expires_at"] for row in found.rows["reservations"]}
    held = state.held_until and wire.moment_text(state.held_until)
    previews = {wire.moment_text(each.expires_at) for each in state.modifications.values()}
    if expiries - {held, *previews}:
        told = ", ".join(sorted(moment or "never" for moment in expiries))
        stands = f"its reservations expire {told}, it holds them until {held}"
        yield "only what a draft holds expires", stands, "reservations", _DECIDE


def _exceptions(found: Known, state: OrderState) -> Broken:
    queued = {row["id"] for row in found.rows["exceptions"] if row["closed_at"] is None and row["event"] is None}
    if queued != set(state.exceptions):
        stands = f"queued {sorted(queued)}, in the state {sorted(state.exceptions)}"
        yield "the queue has the orders' exceptions", stands, "exceptions", _DECIDE

    whose = {row["id"]: (row["role"], row["claimed_by"]) for row in found.rows["exceptions"]}
    for issue in state.exceptions.values():
        has = whose.get(issue.id)
        if issue.role and has is not None and has != (issue.role, issue.claimed_by):
            stands = f"{issue.id} is of {has}, by the state of {(issue.role, issue.claimed_by)}"
            yield "an exception is whose the state says", stands, "exceptions", _DECIDE


def _tasks(found: Known, state: OrderState) -> Broken:
    """The queue has the order's open tasks, each as the state has it, and something waits for each."""
    rows = {row["id"]: row for row in found.rows["tasks"]}
    stored = {id for id, row in rows.items() if row["closed_at"] is None}
    if stored != set(state.tasks):
        stands = f"queued {sorted(stored)}, in the state {sorted(state.tasks)}"
        yield "the queue has the orders' tasks", stands, "tasks", _DECIDE
    for id in sorted(stored & set(state.tasks)):
        meant = task_row(rows[id]["shard"], found.id, state.tasks[id])
        if tuple(rows[id].values()) != meant:
            yield "a task stands in the queue as in the state", f"{id} differs", "tasks", _DECIDE
    waited = {each.waiting.name for each in state.instances.values() if each.waiting and each.waiting.kind == "task"}
    if waited != set(state.tasks):
        stands = f"waited for {sorted(waited)}, open {sorted(state.tasks)}"
        yield "somebody waits for every open task", stands, "tasks", _DECIDE


def _holds(found: Known, state: OrderState) -> Broken:
    """The list of holds has those that stand, and no others."""
    listed = {row["id"] for row in found.rows["holds"] if row["resolved_at"] is None}
    if listed != standing_holds(state).keys():
        stands = f"listed {sorted(listed)}, in the state {sorted(standing_holds(state))}"
        yield "the list of holds has the orders' holds", stands, "holds", _DECIDE


def _appeasements(found: Known, state: OrderState) -> Broken:
    """What limits count is what the order says; of what a worker has yet to come to there is a row alone."""
    rows = {row["id"]: row for row in found.rows["appeasements"]}
    known = {id for id, row in rows.items() if row["status"] != ASKED}
    if known != set(state.appeasements):
        stands = f"listed {sorted(known)}, in the state {sorted(state.appeasements)}"
        yield "the list of appeasements has the orders' appeasements", stands, "appeasements", _DECIDE
    given = {charge for memo in memos(state) for charge in memo.charges}
    for each in state.appeasements.values():
        row = rows.get(each.id)
        if row is not None and tuple(row.values()) != appeasement_row(row["shard"], found.id, state.order.customer.id, each):
            yield "an appeasement is listed as in the state", f"{each.id} differs", "appeasements", _DECIDE
        if each.status == WAITING and each.exception not in state.exceptions:
            yield (
                "somebody can decide what waits for an agreement",
                f"{each.id} waits, and {each.exception} is not open",
                "orders",
                _DECIDE,
            )
        meant = Charge(each.line, each.first, each.quantity, each.amount)
        if each.status == GRANTED and each.kind in CREDITED and meant not in given:
            stands = f"no credit memo has {each.amount} for {each.quantity} of line {each.line} from unit {each.first} on"
            yield "what was granted was credited", f"{each.id}: {stands}", "orders", _DECIDE


def _owned(found: Known, state: OrderState) -> Broken:
    """What is for a line of a sale, such as a repair, has goods of the customer: nothing of it is in the books of stock."""
    for unit in state.units.values():
        if unit.for_line is not None and unit.lines:
            stands = f"{unit.id}, a {unit.type} of line {unit.for_line}, has {unit.quantity} units of stock"
            yield "what a customer owns is no stock", stands, "orders", _DECIDE


def _promises(found: Known, state: OrderState) -> Broken:
    """The versions of a line's promise count from 1, each made when an event took effect."""
    moments = {row["at"] for row in found.rows["history"]}
    last: dict[str, int] = {}
    for promise in state.promises:
        if promise.version not in (last.get(promise.line, 0), last.get(promise.line, 0) + 1):
            stands = f"line {promise.line}: version {promise.version} comes after {last.get(promise.line, 0)}"
            yield "a promise has every version", stands, "orders", _DECIDE
        if wire.moment_text(promise.made_at) not in moments:
            stands = f"line {promise.line}: version {promise.version} was made at {promise.made_at}, when nothing happened"
            yield "a promise was made by an event", stands, "orders", _DECIDE
        last[promise.line] = promise.version


_LAWS: tuple[Callable[[Known, OrderState], Broken], ...] = (
    _quantities,
    _reservations,
    _soft,
    _exceptions,
    _tasks,
    _holds,
    _appeasements,
    _owned,
    _promises,
)
