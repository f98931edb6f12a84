"""What comes of an alarm in its order's turn: an event, a message, an exception."""

from __future__ import annotations

from orderloom.engine.alarm import Alarm
from orderloom.engine.effects import RaiseAlarm, Send
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import Happened, Raised
from orderloom.engine.process.happenings import taken
from orderloom.engine.process.issues import open_issue
from orderloom.engine.process.messages import body, recipient
from orderloom.engine.state import ORDER
from orderloom.engine.turn import Turn


def raised(turn: Turn, event: Raised) -> None:
    """An alarm that was found among many orders."""
    raise_alarm(turn, event.alarm)


def raise_alarm(turn: Turn, alarm: Alarm) -> None:
    """Raises what its monitor says."""
    subject = alarm.unit if alarm.unit in turn.state.instances else ORDER
    turn.note(subject or ORDER, "alarm", f"{alarm.monitor}: {alarm.because}")
    turn.emit(RaiseAlarm(alarm))
    if alarm.raises.notify is not None:
        _notify(turn, alarm)
    instance = turn.state.instances.get(subject or ORDER)
    if alarm.raises.exception is not None and instance is not None:
        because = f"{alarm.monitor}: {alarm.because}"
        open_issue(turn, instance, alarm.raises.exception, alarm.raises.options, because, alarm.raises.owner, _key(turn, alarm))
    if alarm.raises.event is not None and instance is not None:
        _happen(turn, alarm, alarm.raises.event)


_MARK = "/alarm/"


def _key(turn: Turn, alarm: Alarm) -> str:
    """Names what an alarm opens and sends, for people: its monitor, the unit or line, and the event of the history."""
    of = _of(alarm)
    again = sum(isinstance(each, RaiseAlarm) and _of(each.alarm) == of for each in turn.effects)
    return f"{turn.state.order.id}{_MARK}{of}:{turn.state.sequence}" + (f".{again}" if again > 1 else "")


def _of(alarm: Alarm) -> str:
    about = alarm.unit or (f"line-{alarm.line}" if alarm.line else "")
    return f"{alarm.monitor}/{about}" if about else alarm.monitor


def is_of_alarm(order: str, exception: str) -> bool:
    """Whether an alarm has opened the exception: nothing waits for how it is settled."""
    return exception.startswith(order + _MARK)


def _notify(turn: Turn, alarm: Alarm) -> None:
    role, message = alarm.raises.notify or "", alarm.raises.message or ""
    unit = turn.state.units.get(alarm.unit or "")
    try:
        organization = recipient(turn.world, role, unit.node if unit else None)
    except NoWayForward as fault:
        turn.note(ORDER, "late", f"{message} of the alarm {alarm.monitor}: {fault.because}")
        return
    about = body(turn.state, unit, message) | _told(alarm)
    turn.emit(Send(_key(turn, alarm), organization, role, message, about))


def _happen(turn: Turn, alarm: Alarm, name: str) -> None:
    declared = turn.world.program.events.get(name)
    about = declared.about if declared is not None else "order"
    told = {field: value for field, value in _told(alarm).items() if declared is not None and field in declared.fields}
    unit, line = alarm.unit if about == "unit" else None, alarm.line if about == "line" else None
    turn.note(unit or ORDER, "event", f"{name}, raised by {alarm.monitor}")
    taken(turn, Happened(turn.at, name, unit, told, line))


def _told(alarm: Alarm) -> dict[str, object]:
    """What is told of it besides what it is about: `key` where it is of a pattern."""
    told: dict[str, object] = {"monitor": alarm.monitor, "because": alarm.because}
    return told | ({"key": alarm.key} if alarm.key else {})
