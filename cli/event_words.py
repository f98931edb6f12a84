"""A recorded fact in words."""

from __future__ import annotations

from orderloom.engine.alarm import words
from orderloom.engine.events import (
    Appeased,
    Cancelled,
    Captured,
    Claimed,
    Completed,
    Delegated,
    Drafted,
    Event,
    Happened,
    HoldApplied,
    HoldResolved,
    Migrated,
    MigratedBack,
    ModificationAsked,
    ModificationConfirmed,
    Raised,
    Released,
    Replied,
    Resolved,
    ReturnAsked,
    SupplyMoved,
    TimeReached,
    Undelivered,
)
from orderloom.engine.words import acting


def event_words(event: Event) -> str:
    """What happened, without its moment."""
    match event:
        case Captured(by=by, role=role):
            return f"captured{_by(role, by)}"
        case Drafted(expires_at=expires_at, by=by, role=role):
            return f"kept as a draft{_by(role, by)}, what it takes is held until {expires_at:%Y-%m-%d %H:%M}"
        case Replied(key=key, reply=reply, by=by, role=role):
            return f"answer {reply} to {_visit(key)}{_by(role, by)}"
        case Happened(name=name, unit=unit, by=by, role=role):
            return f"event {name}" + (f" of {unit}" if unit else "") + _by(role, by)
        case TimeReached(key=key):
            return f"the clock of {_visit(key)} ran out"
        case Undelivered(key=key, because=because):
            return f"the message of {_visit(key)} was not delivered: {because}"
        case Resolved(exception=exception, option=option, by=by, role=role):
            return f"{acting(role, by)} takes {option} of {exception}"
        case Cancelled(by=by, role=role, reason=reason):
            return f"{acting(role, by)} cancels" + (f": {reason}" if reason else "")
        case HoldApplied(hold=hold, role=role, by=by, line=line):
            return f"{acting(role, by)} holds {f'line {line}' if line else 'the order'}: {hold}"
        case HoldResolved(hold=hold, role=role, by=by, line=line):
            return f"{acting(role, by)} resolves {hold}" + (f" of line {line}" if line else "")
        case ModificationAsked(parts=parts, role=role, by=by, preview=preview):
            return f"{acting(role, by)} {'wonders about' if preview else 'asks for'} {'; '.join(map(str, parts))}"
        case ModificationConfirmed(id=id, by=by, role=role):
            return f"{acting(role, by)} confirms {id}"
        case ReturnAsked(request=request, by=by, role=role):
            return f"{acting(role, by) or 'somebody'} wants to return {request}"
        case SupplyMoved(supply=supply, item=item, node=node, due_on=due_on):
            return f"{supply} of {item} at {node} is due on {due_on or 'no known day'}"
        case Claimed(work=work, by=by, role=role):
            return f"{acting(role, by)} claims {work}"
        case Released(work=work, by=by, role=role):
            return f"{acting(role, by)} hands {work} back"
        case Delegated(work=work, by=by, role=role, to=to):
            return f"{acting(role, by)} gives {work} to {to}"
        case Completed(work=work, by=by, role=role, outcome=outcome, form=form):
            filled = ", ".join(f"{name} = {value}" for name, value in form.items())
            return f"{acting(role, by)} completes {work}: {outcome}" + (f" ({filled})" if filled else "")
        case Appeased(appeasement=taken):
            return (
                f"{acting(taken.role, taken.by)} offers {taken.offer} for line {taken.line} ({taken.reason}), which is accepted"
            )
        case Migrated(migration=number, by=by):
            return f"{by} moves it to another version, migration {number}"
        case MigratedBack(migration=number, by=by):
            return f"{by} undoes migration {number}"
        case Raised(alarm=alarm):
            return f"the monitor {alarm.monitor} raises {words(alarm.raises)}: {alarm.because}"


def _by(role: str, by: str) -> str:
    return f" by {acting(role, by)}" if role or by else ""


def _visit(key: str) -> str:
    """The instance and visit of a key, without the order."""
    return key.partition("/")[2]
