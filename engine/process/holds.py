"""Holds: named stops of an order or a line, beside its status. What a hold blocks is entered only when it is resolved.

A rule is asked when the order is captured or changed, when anything happens to it, and when its status changes. What somebody has
resolved while the rule is still true is remembered, so that it is not applied again until the rule was false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from orderloom.dsl.program import Do, Hold, Step
from orderloom.engine.effects import OPERATIONS, ClearTimer, SaveHold, SetTimer
from orderloom.engine.events import Happened, HoldApplied, HoldResolved
from orderloom.engine.moments import moment_of
from orderloom.engine.state import ORDER, Held, Instance, OrderState, Waiting
from orderloom.engine.turn import Turn
from orderloom.engine.views import View
from orderloom.engine.words import acting

RULE, TIME = "its rule", "time"  #: who applied or resolved a hold, where that was nobody


def hold_key(hold: str, line: str | None) -> str:
    """Names a hold within an order."""
    return hold if line is None else f"{hold}/{line}"


def standing_holds(state: OrderState) -> Mapping[str, Held]:
    """The holds that stand, by key."""
    return {key: held for key, held in state.holds.items() if held.resolved_by is None}


# --- what they block ---------------------------------------------------------------------------------------------------


def held_up(turn: Turn, instance: Instance, step: Step) -> bool:
    """Whether holds block the step: then the instance waits before it, in its place, until the last of them is resolved."""
    names = ", ".join(_blocking(turn, instance, step))
    if not names:
        return False
    waiting = Waiting("hold", names)
    if instance.waiting != waiting or instance.step != step.name:
        turn.note(instance.id, "held", f"{step.name}: {names}")
    turn.put(replace(instance, step=step.name, waiting=waiting))
    return True


def _blocking(turn: Turn, instance: Instance, step: Step) -> Iterator[str]:
    unit = turn.state.units.get(instance.root)
    action = step.verb.action if isinstance(step.verb, Do) else None
    lines = {part.line for part in unit.lines if part.quantity} if unit else set()
    for key, held in standing_holds(turn.state).items():
        hold = turn.world.program.holds.get(held.hold)
        concerned = held.line is None or unit is None or held.line in lines
        if hold is None or (concerned and hold.stops(instance.process, step.name, action, unit is not None)):
            yield key


def let_go(turn: Turn) -> None:
    """Queues what no hold blocks any more, each at the step before which it waits; what others still block waits for those."""
    queued = {instance for instance, _ in turn.queue}
    for instance in turn.state.instances.values():
        waiting = instance.waiting if instance.ended is None else None
        if waiting is None or waiting.kind != "hold" or instance.id in queued:
            continue
        names = ", ".join(_blocking(turn, instance, turn.step(instance)))
        if not names:
            turn.queue.append((instance.id, instance.step))
        elif names != waiting.name:
            turn.put(replace(instance, waiting=Waiting("hold", names)))


# --- rules and time ----------------------------------------------------------------------------------------------------


def ask_rules(turn: Turn, changed: bool = False, moved: bool = False) -> None:
    """Applies and resolves holds by their rules and times; `changed`: the order was; `moved`: the rules are others."""
    state = turn.state
    if state.ended:
        for key in standing_holds(state):
            resolve_hold(turn, key, "the end of the order")
        _forget_times(turn)
        return
    if not state.instances or not (turn.world.program.holds or state.holds):
        return
    for key, held in standing_holds(state).items():
        if held.line is not None and all(line.id != held.line for line in state.order.lines):
            resolve_hold(turn, key, "the removal of the line")
    contexts: dict[str | None, View] | None = None
    for hold in turn.world.program.holds.values():
        if hold.of_heading:
            _ask(turn, hold, None, turn.heading_context(), changed, moved)
            continue
        contexts = contexts or _contexts(turn)
        for line in contexts if hold.of_line else (None,):
            if hold.of_line is (line is not None):
                _ask(turn, hold, line, contexts[line], changed, moved)


def _contexts(turn: Turn) -> dict[str | None, View]:
    """What rules see: of the order (None), and of each line."""
    context = turn.context()
    order = context["order"]
    found: dict[str | None, View] = {None: context}
    lines = order["lines"] if isinstance(order, dict) else []
    return found | {line["id"]: {**context, "line": line, "item": line["item"]} for line in lines}


def _ask(turn: Turn, hold: Hold, line: str | None, context: View, changed: bool, moved: bool) -> None:
    key = hold_key(hold.name, line)
    held = turn.state.holds.get(key)
    rule = hold.apply.when
    at = moment_of(hold.apply.at(context), turn.world.program.timezone) if hold.apply.at else None
    applies = (rule is not None and rule(context) is True) or (at is not None and at <= turn.at)
    if held is None:
        if applies:
            apply_hold(turn, hold, line, RULE if rule is not None and rule(context) is True else TIME)
        elif at is not None and (changed or moved or turn.state.sequence == 1):
            turn.emit(SetTimer(timer_of(turn.state.order.id, key), at))
    elif held.resolved_by is not None:
        if not applies:
            turn.change(holds={other: each for other, each in turn.state.holds.items() if other != key})
        elif changed and hold.again:
            apply_hold(turn, hold, line, RULE)
    elif hold.resolve.when is not None and hold.resolve.when(context) is True:
        resolve_hold(turn, key, RULE, remember=applies)
    elif (due := _resolved_at(turn, hold, held, context)) is not None and due <= turn.at:
        resolve_hold(turn, key, TIME, remember=applies)
    elif held.by == RULE and not applies:
        resolve_hold(turn, key, RULE)


def _resolved_at(turn: Turn, hold: Hold, held: Held, context: View) -> datetime | None:
    moments = [moment_of(hold.resolve.at(context), turn.world.program.timezone) if hold.resolve.at else None]
    moments += [held.applied_at + hold.resolve.after if hold.resolve.after is not None else None]
    return min((moment for moment in moments if moment is not None), default=None)


def _forget_times(turn: Turn) -> None:
    """No hold is applied any more at its time."""
    for hold in turn.world.program.holds.values():
        if hold.apply.at is not None:
            for line in [each.id for each in turn.state.order.lines] if hold.of_line else (None,):
                turn.emit(ClearTimer(timer_of(turn.state.order.id, hold_key(hold.name, line))))


def timer_of(order: str, key: str) -> str:
    """The key of the timer that wakes a hold."""
    return f"{order}/hold/{key}"


def is_timer(order: str, key: str) -> bool:
    """Whether the timer is of a hold; its rules say then what its time means."""
    return key.startswith(timer_of(order, ""))


# --- roles and events --------------------------------------------------------------------------------------------------


def happened(turn: Turn, event: Happened) -> bool:
    """Applies and resolves what the event applies and resolves; whether that was any."""
    program, found = turn.world.program, False
    if turn.state.ended:
        return False
    for held_key, held in standing_holds(turn.state).items():
        hold = program.holds.get(held.hold)
        if hold is not None and event.name in hold.resolve.on and held.line in (None, *_lines(turn, event)):
            settle_hold(turn, held_key, f"event {event.name}")
            found = True
    for hold in program.holds.values():
        if event.name not in hold.apply.on:
            continue
        for line in _lines(turn, event) if hold.of_line else (None,):
            known = turn.state.holds.get(hold_key(hold.name, line))
            if known is None or known.resolved_by is not None:
                apply_hold(turn, hold, line, f"event {event.name}")
            found = True
    return found


def _lines(turn: Turn, event: Happened) -> tuple[str, ...]:
    """The lines that an event is about: the one that it names, those of its unit of work, or all."""
    named = event.line if event.line is not None else event.data.get("line")
    unit = turn.state.units.get(event.unit or "")
    ids = [str(named)] if named is not None else [part.line for part in unit.lines] if unit else None
    return tuple(line.id for line in turn.state.order.lines if ids is None or line.id in ids)


def applied_by_hand(turn: Turn, event: HoldApplied) -> None:
    """Applies what somebody has asked for."""
    hold = turn.world.program.holds[event.hold]
    apply_hold(turn, hold, event.line, acting(event.role, event.by), event.note)


def resolved_by_hand(turn: Turn, event: HoldResolved) -> None:
    """Resolves what somebody has asked for."""
    note = f": {event.note}" if event.note else ""
    settle_hold(turn, hold_key(event.hold, event.line), acting(event.role, event.by) + note)


def settle_hold(turn: Turn, key: str, by: str) -> None:
    """Resolves a hold as a role or an event does; where it leads into another one, that one is applied."""
    held = turn.state.holds[key]
    hold = turn.world.program.holds.get(held.hold)
    resolve_hold(turn, key, by, remember=True)
    into = turn.world.program.holds.get(hold.resolve.into) if hold and hold.resolve.into else None
    if into is not None:
        apply_hold(turn, into, held.line, held.hold)


# --- what all of it comes to -------------------------------------------------------------------------------------------


def apply_hold(turn: Turn, hold: Hold, line: str | None, by: str, note: str = "") -> None:
    """Lets a hold stand from now on."""
    key, because = hold_key(hold.name, line), note or hold.because
    held = Held(hold.name, turn.at, by, because, line)
    turn.change(holds={**turn.state.holds, key: held})
    turn.emit(_saved(key, held, hold))
    turn.note(ORDER, "hold", f"{key} applied by {by}: {because}")
    context = _contexts(turn).get(line)
    due = _resolved_at(turn, hold, held, context) if context is not None else None
    if due is not None and due > turn.at:
        turn.emit(SetTimer(timer_of(turn.state.order.id, key), due))


def resolve_hold(turn: Turn, key: str, by: str, remember: bool = False) -> None:
    """Ends a hold; `remember` keeps that it was resolved, for as long as its rule is true."""
    held = turn.state.holds[key]
    holds = {other: each for other, each in turn.state.holds.items() if other != key}
    hold = turn.world.program.holds.get(held.hold)
    timed = hold is not None and (hold.resolve.at is not None or hold.resolve.after is not None)
    if remember and hold is not None and (hold.apply.when is not None or hold.apply.at is not None):
        holds[key] = replace(held, resolved_by=by)
    turn.change(holds=holds)
    turn.emit(replace(_saved(key, held, hold), resolved_at=turn.at, resolved_by=by))
    turn.note(ORDER, "hold", f"{key} resolved by {by}")
    if timed:
        turn.emit(ClearTimer(timer_of(turn.state.order.id, key)))


def _saved(key: str, held: Held, hold: Hold | None) -> SaveHold:
    return SaveHold(key, held.hold, held.line, hold.owner if hold else OPERATIONS, held.because, held.applied_at, held.by)
