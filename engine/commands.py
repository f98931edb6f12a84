"""Requests that may be refused, and `decide`, which turns one into the fact that it causes."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from orderloom.engine.events import Cancelled, Resolved
from orderloom.engine.state import OrderState


class Cancel(Struct, frozen=True, omit_defaults=True):
    """Cancel the whole order."""

    by: str
    reason: str = ""


class Resolve(Struct, frozen=True, omit_defaults=True):
    """Take one of the options of an open exception."""

    exception: str
    option: str
    by: str
    note: str = ""


class Refusal(Struct, frozen=True):
    """Why a command is refused, in words for whoever gave it."""

    because: str


def decide(state: OrderState, command: Cancel | Resolve, at: datetime) -> Cancelled | Resolved | Refusal:
    """The fact that a command causes, or why it is refused; pure."""
    if isinstance(command, Cancel):
        return _cancel(state, command, at)
    return _resolve(state, command, at)


def _cancel(state: OrderState, command: Cancel, at: datetime) -> Cancelled | Refusal:
    if state.ended:
        return Refusal(f"order {state.order.id} has ended as {state.status}")
    shipped = sorted(unit.id for unit in state.units.values() if unit.shipped)
    if shipped:
        return Refusal(
            f"order {state.order.id} cannot be cancelled: {', '.join(shipped)} left its node; take it back as a return"
        )
    return Cancelled(at, command.by, command.reason)


def _resolve(state: OrderState, command: Resolve, at: datetime) -> Resolved | Refusal:
    issue = state.exceptions.get(command.exception)
    if issue is None:
        return Refusal(f"order {state.order.id} has no open exception {command.exception}")
    if command.option not in issue.options:
        return Refusal(f"{command.option} is no option of {issue.type}; choose one of {', '.join(issue.options)}")
    return Resolved(at, command.exception, command.option, command.by, command.note)
