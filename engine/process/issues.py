"""Exceptions in an order's turn: opened as their type says, gone on to another role in time, closed when the cause goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from orderloom.dsl.feel import to_python
from orderloom.dsl.program import ENGINE_TYPES, OPERATIONS, ExceptionType, Formula
from orderloom.engine.effects import ClearTimer, HandOver, OpenException
from orderloom.engine.events import Happened
from orderloom.engine.issue import Offered, OpenIssue
from orderloom.engine.process.clocks import clock_from
from orderloom.engine.process.tasks import ESCALATE, escalate_later
from orderloom.engine.state import ORDER, Instance, OrderState
from orderloom.engine.turn import Turn

LOWEST, HIGHEST = -9, 9  #: priorities, as those of orders


def type_of(turn: Turn, name: str) -> ExceptionType:
    """What the workspace says of a type, else what everybody would."""
    declared = turn.world.program.exceptions.get(name)
    return declared or ExceptionType(name, ENGINE_TYPES[name].title if name in ENGINE_TYPES else name)


def open_issue(
    turn: Turn, instance: Instance, name: str, options: tuple[str, ...], cause: str, role: str | None = None, id: str = ""
) -> OpenIssue:
    """Puts an exception into the queue of its owner: of `role` where a step says so."""
    kind, context = type_of(turn, name), turn.context(instance.id)
    offered = _offered(kind, options, context, turn)
    due_at = clock_from(turn, instance.root, turn.at, kind.within) if kind.within is not None else None
    issue = OpenIssue(
        id=id or turn.key(instance),
        type=name,
        instance=instance.id,
        options=tuple(each.option for each in offered),
        role=role or kind.owner or OPERATIONS,
        opened_at=turn.at,
    )
    turn.change(exceptions={**turn.state.exceptions, issue.id: issue})
    turn.emit(
        OpenException(
            id=issue.id,
            type=name,
            role=issue.role,
            subject=instance.id,
            options=issue.options,
            cause=cause,
            title=kind.title,
            priority=_priority(kind.priority, context),
            due_at=due_at,
            remedies=tuple(each for each in offered if each != Offered(each.option)),
        )
    )
    escalate_later(turn, issue.id, instance.root, turn.at, 0, kind.escalations)
    return issue


def _offered(kind: ExceptionType, options: tuple[str, ...], context: dict[str, object], turn: Turn) -> tuple[Offered, ...]:
    """The options that may be taken: those whose condition holds. Where none does, all of them, so that nobody is stuck."""
    remedies = kind.remedies or {}
    open_ = [name for name in options if name not in remedies or _holds(remedies[name].when, context)]
    found = []
    for name in open_ or options:
        remedy = remedies.get(name)
        if remedy is None:
            found.append(Offered(name))
        else:
            found.append(Offered(name, remedy.title, _cost(remedy.cost, context), _day(remedy.date, context, turn)))
    return tuple(found)


def _holds(condition: Formula | None, context: dict[str, object]) -> bool:
    return condition is None or condition(context) is True


def _cost(formula: Formula | None, context: dict[str, object]) -> Decimal | None:
    value = to_python(formula(context)) if formula is not None else None
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _day(formula: Formula | None, context: dict[str, object], turn: Turn) -> date | None:
    value = to_python(formula(context)) if formula is not None else None
    if isinstance(value, datetime):
        return value.astimezone(ZoneInfo(turn.world.program.timezone)).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else None


def _priority(formula: Formula | None, context: dict[str, object]) -> int:
    value = _cost(formula, context)
    return max(LOWEST, min(HIGHEST, int(value))) if value is not None and value.is_finite() else 0


def escalated(turn: Turn, issue: OpenIssue) -> None:
    """The time of an escalation has come: another role owns it now, and nobody has claimed it."""
    escalations = type_of(turn, issue.type).escalations
    if not escalations:
        return
    to = escalations[min(issue.escalated, len(escalations) - 1)]
    moved = replace(issue, role=to.role, claimed_by=None, escalated=issue.escalated + 1)
    hand_over(turn, moved)
    turn.note(issue.instance, "exception", f"{issue.type} goes on to {to.role}")
    root = turn.state.instances[issue.instance].root
    escalate_later(turn, issue.id, root, issue.opened_at or turn.at, moved.escalated, escalations)


def hand_over(turn: Turn, issue: OpenIssue) -> None:
    """Sets who has an exception."""
    turn.change(exceptions={**turn.state.exceptions, issue.id: issue})
    turn.emit(HandOver(issue.id, issue.role, issue.claimed_by, issue.escalated))


def quiet(turn: Turn, before: OrderState | None) -> None:
    """Clears the timers of exceptions that are settled."""
    for issue in (before.exceptions if before else {}).values():
        if issue.id not in turn.state.exceptions and type_of(turn, issue.type).escalations:
            turn.emit(ClearTimer(issue.id + ESCALATE))


def gone(turn: Turn, issues: Sequence[OpenIssue], event: Happened | None = None) -> Iterator[tuple[OpenIssue, str, str]]:
    """Exceptions whose cause has gone, of those given that are still open, each with the option that this means and why."""
    for issue in issues:
        kind = type_of(turn, issue.type)
        if turn.state.exceptions.get(issue.id) is not issue:
            continue
        if event is not None and kind.closes_on == event.name and _concerns(issue, event):
            yield issue, _closing(kind, issue), f"{event.name} came"
        elif event is None and kind.closes_when is not None and kind.closes_when(turn.context(issue.instance)) is True:
            yield issue, _closing(kind, issue), kind.closes_when.text


def _concerns(issue: OpenIssue, event: Happened) -> bool:
    return event.unit is None or issue.instance.partition("/")[0] in (event.unit, ORDER)


def _closing(kind: ExceptionType, issue: OpenIssue) -> str:
    return kind.closes_as if kind.closes_as in issue.options else issue.options[0]
