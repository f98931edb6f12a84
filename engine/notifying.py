"""Notifications: what somebody is told in words when an order comes to something, once for each cause, whatever is repeated.

The cause is the notification, its channel, what it is of, and the value of `once per`. The order remembers it from that turn on,
so neither a repeated fact nor a worker that dies tells it twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orderloom.dsl.feel import to_python
from orderloom.dsl.program import Channel, Formula, Notice, Notifications, Words
from orderloom.engine.effects import Note, Send
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import Event
from orderloom.engine.monitoring.points import Mark, marks
from orderloom.engine.process.messages import recipient
from orderloom.engine.state import ORDER, Instance, OrderState
from orderloom.engine.turn import Turn

NOTICE = "notice"  #: the kind of note that says what was told, and what could not be
Subject = tuple[str, Mapping[str, object]]  #: what it is of, and what its expressions see


def notify(turn: Turn, before: OrderState | None, event: Event) -> None:
    """Tells what the turn has come to."""
    of_points = [(rules, notice) for rules, notice in _notices(turn) if notice.message is None]
    if not of_points:
        return
    notes = [(each.subject, each.kind, each.text) for each in turn.effects if isinstance(each, Note)]
    reached = marks(before, turn.state, notes, event, turn.world.program)
    for rules, notice in of_points:
        for mark in (each for each in reached if each.point == notice.on):
            for subject in _subjects(turn, notice, mark):
                _tell(turn, rules, notice, subject)


def in_words(turn: Turn, instance: Instance, role: str, message: str, key: str) -> dict[str, object]:
    """What a message takes along that a process sends to a role; other channels are told at once."""
    found: dict[str, object] = {}
    for rules, notice in _notices(turn):
        if rules.role != role or notice.message != message:
            continue
        unit = turn.state.units.get(instance.root)
        context = _context(turn, unit.id if unit else None, None)
        if notice.when is not None and notice.when(context) is not True:
            continue
        for name in notice.by:
            channel = rules.channels[name]
            told = _worded(turn, rules, notice, name, (unit.id if unit else ORDER, context))
            if told is not None and channel.through is None:
                found = found or told
            elif told is not None:
                turn.emit(Send(f"{key}/{name}", str(channel.through), role, message, _body(turn, message, told)))
    return found


def _notices(turn: Turn) -> Iterator[tuple[Notifications, Notice]]:
    for rules in turn.world.program.notifications.values():
        yield from ((rules, notice) for notice in rules.notices)


def _subjects(turn: Turn, notice: Notice, mark: Mark) -> Iterator[Subject]:
    """What the notification is of: the order where the point is its own, the unit of work, or the lines."""
    if notice.of == "order" and mark.unit is None and mark.line is None:
        yield ORDER, _context(turn, None, None)
    elif notice.of == "unit" and mark.unit is not None:
        yield mark.unit, _context(turn, mark.unit, None)
    elif notice.of == "line":
        unit = turn.state.units.get(mark.unit) if mark.unit is not None else None
        own = [part.line for part in unit.lines] if unit is not None else []
        for line in dict.fromkeys([mark.line] if mark.line is not None else own):
            yield f"line {line}", _context(turn, mark.unit, line)


def _context(turn: Turn, unit: str | None, line: str | None) -> dict[str, object]:
    context = turn.context(unit if unit is not None and unit in turn.state.instances else ORDER)
    order = context["order"]
    lines = order["lines"] if isinstance(order, dict) else []
    seen = next((each for each in lines if each["id"] == line), None)
    none = dict.fromkeys(("unit", "node"))
    return {**none, **context, "line": seen, "item": seen["item"] if seen else None}


def _tell(turn: Turn, rules: Notifications, notice: Notice, subject: Subject) -> None:
    id, context = subject
    if notice.when is not None and notice.when(context) is not True:
        return
    per = f"/{_text(notice.per(context))}" if notice.per is not None else ""
    for name in notice.by:
        cause = f"{rules.name}/{notice.name}/{name}/{id}{per}"
        if cause in turn.state.notified:
            continue
        told = _worded(turn, rules, notice, name, subject)
        if told is not None:
            turn.change(notified=(*turn.state.notified, cause))
            through = rules.channels[name].through or _organization(turn, rules.role)
            key = f"{turn.state.order.id}/{NOTICE}/{len(turn.state.notified):05}:{notice.name}.{name}"
            turn.emit(Send(key, through, rules.role, notice.name, _body(turn, notice.name, told)))


def _organization(turn: Turn, role: str) -> str:
    try:
        return recipient(turn.world, role, None)
    except NoWayForward:
        return role  # nobody has the role in this version: the message is undelivered, and says why


def _body(turn: Turn, message: str, told: dict[str, object]) -> dict[str, object]:
    return {"message": message, "order": turn.state.order.id, **told}


# --- words -----------------------------------------------------------------------------------------------------------


def _worded(turn: Turn, rules: Notifications, notice: Notice, name: str, subject: Subject) -> dict[str, object] | None:
    """Address, language and text; None where the channel is not taken, or there is no address, which is noted."""
    channel: Channel = rules.channels[name]
    id, context = subject
    if channel.when is not None and channel.when(context) is not True:
        return None
    to = channel.address(context)
    if not isinstance(to, str) or not to.strip():
        turn.note(_root(turn, id), NOTICE, f"{notice.name} does not go by {name}: there is no address")
        return None
    language = _language(turn, rules, notice, context, id)
    words: Words = notice.texts[language]
    subject_line = " ".join(_filled(words.subject, context).split())
    told: dict[str, object] = {"channel": name, "to": to.strip(), "language": language, "subject": subject_line}
    return told | {"text": _filled(words.text, context)}


def _language(turn: Turn, rules: Notifications, notice: Notice, context: Mapping[str, object], id: str) -> str:
    """The customer's language where there is a text in it, else that of its first part (`en` of `en-GB`), else the fallback."""
    wanted = rules.language(context) if rules.language is not None else None
    if not isinstance(wanted, str) or not wanted.strip():
        return rules.fallback
    known = {each.casefold(): each for each in notice.texts}
    for word in (wanted.strip().casefold(), wanted.strip().casefold().replace("_", "-").partition("-")[0]):
        if word in known:
            return known[word]
    turn.note(_root(turn, id), NOTICE, f"{notice.name} has no text in {wanted}; it goes in {rules.fallback}")
    return rules.fallback


def _root(turn: Turn, id: str) -> str:
    return id if id in turn.state.units else ORDER


def _filled(template: tuple[str | Formula, ...], context: Mapping[str, object]) -> str:
    return "".join(part if isinstance(part, str) else _text(part(context)) for part in template)


def _text(value: object) -> str:
    """A value as it stands in a text; nothing where there is none."""
    found = to_python(value)
    return "" if found is None else str(found).lower() if isinstance(found, bool) else f"{found}"
