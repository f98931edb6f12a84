"""The laws of what an order waits for: every clock that runs has its row, and every row a clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from orderloom.engine import wire
from orderloom.engine.audit.finding import Finding, Repair
from orderloom.engine.audit.known import TIMER, Known, cause_of, put_aside
from orderloom.engine.drafts import is_draft, timer_of
from orderloom.engine.modifications.pending import pending_of
from orderloom.engine.monitoring.watch import is_watch
from orderloom.engine.process.holds import is_timer
from orderloom.engine.process.timed import is_clock
from orderloom.engine.state import Instance, OrderState, visit_of

WAITS = "every order has something to wait for"
CLOCK = "every clock that runs has its row"


def of_waiting(found: Known) -> Iterator[Finding]:
    """Findings of timers and of what wakes the order."""
    rows, aside = found.rows, put_aside(found)
    due = {cause_of(found.id, row["key"]) for row in rows["due"]} | aside
    if found.timers is not None:
        yield from _as_told(found, found.timers, due)
    if found.state is None:
        if not (due or found.unreadable):
            yield _finding(found, WAITS, "it was captured and nothing will work on it", "decide: capture it again, or remove it")
        return
    yield from _clocks(found, found.state, due)
    yield from _idle(found, found.state, due)


def _as_told(found: Known, timers: Mapping[str, datetime], due: set[str]) -> Iterator[Finding]:
    """The timers that the history has set and not ended are those that are due."""
    for key, at in timers.items():
        if TIMER + key not in due:
            moment = wire.moment_text(at)
            own = {"due_at": moment, "kind": "timer", "body": key, "attempt": 0, "queue": found.row["queue"]}
            repair = Repair("due", {"order_id": found.id, "key": TIMER + key}, None, own)
            because = f"by its history it is to be woken by {key} at {moment}, and nothing will do that"
            todo = "the repair sets the timer as the history has it"
            yield Finding(CLOCK, found.id, because, "due", TIMER + key, todo, found.id, repair)
    for row in found.rows["due"]:
        key = row["key"].removeprefix(TIMER)
        if row["kind"] == "timer" and key not in timers:
            because = f"it is to be woken by {key} at {row['due_at']}, which its history has not set, or has ended"
            todo = "leave it: at its moment it is noted as late, and changes nothing"
            yield Finding("every row has a clock that runs", found.id, because, "due", row["key"], todo, found.id)


def _clocks(found: Known, state: OrderState, due: set[str]) -> Iterator[Finding]:
    """Who waits for time alone has a timer, and so has a draft that holds something."""
    keys = {key for key in due if key.startswith(TIMER)}
    for each in _waiting(state, "time"):
        if f"{TIMER}{state.order.id}/{each.key}" not in keys and found.timers is None:
            because = f"{each.id} waits at {each.step} for time alone, and no timer will wake it"
            yield _finding(found, CLOCK, because, "set the timer by hand: by which moment is for the process to say")
    if state.held_until is not None and TIMER + timer_of(found.id) not in keys and not _open(found):
        because = "no timer will give back what the draft holds"
        yield _finding(found, "what a draft holds is given back", because, "cancel the draft, which gives it back")
    visits = {each.key for each in state.instances.values() if each.waiting is not None and each.ended is None}
    for key in sorted(keys - {TIMER + timer_of(found.id)}):
        own = key.removeprefix(TIMER)
        by_rule = is_timer(found.id, own) or is_watch(found.id, own) or is_clock(found.id, own)
        if not by_rule and pending_of(state, own) is None and visit_of(key.removeprefix(TIMER)) not in visits:
            because = f"{key} would wake what waits no longer"
            yield _finding(found, "every row has a clock that runs", because, "leave it: it will be noted as late", key)


def _idle(found: Known, state: OrderState, due: set[str]) -> Iterator[Finding]:
    idle = [each.id for each in state.instances.values() if each.waiting is None and each.ended is None]
    if idle:
        yield _finding(found, WAITS, f"{', '.join(idle)} neither waits nor has ended", "report it with the order's history")
    if state.ended or is_draft(state) or due or _open(found):
        return
    if not any(_waiting(state, kind) for kind in ("reply", "event", "exception", "hold", "task")):
        yield _finding(found, WAITS, "nothing will ever wake it", "decide: cancel it, or restore what was to wake it")


def _waiting(state: OrderState, kind: str) -> list[Instance]:
    running = (each for each in state.instances.values() if each.ended is None)
    return [each for each in running if each.waiting is not None and each.waiting.kind == kind]


def _open(found: Known) -> bool:
    return any(row["closed_at"] is None for row in found.rows["exceptions"])


def _finding(found: Known, law: str, because: str, todo: str, key: str = "") -> Finding:
    return Finding(law, found.id, because, "due", key or found.id, todo, found.id)
