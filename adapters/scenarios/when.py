"""The `when` of a scenario: what may happen in it, a function for each command.

Participants are silent, so that a request stays open until the scenario replies; `partners: answer` lets them answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from orderloom.adapters.imports.event_fields import check_event, told_of
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import Warned
from orderloom.adapters.imports.interests import interest_of
from orderloom.adapters.imports.modifications import parts_of
from orderloom.adapters.imports.repeats import captured
from orderloom.adapters.scenarios import accounts
from orderloom.adapters.scenarios.appease import appease
from orderloom.adapters.scenarios.given import order_fields
from orderloom.adapters.scenarios.matching import differences
from orderloom.adapters.scenarios.partners import MANNERS, Partner
from orderloom.adapters.scenarios.play import Cannot, Failure, Play, told
from orderloom.adapters.scenarios.returns import ask as ask_return
from orderloom.adapters.scenarios.stock import STOCK_COMMANDS
from orderloom.adapters.scenarios.whereabouts import whereabouts
from orderloom.adapters.scenarios.work import task
from orderloom.adapters.simulator import simulated
from orderloom.adapters.story import Story, visits
from orderloom.dsl.leaves import duration
from orderloom.dsl.program import OPERATIONS
from orderloom.dsl.scenario import Entry
from orderloom.dsl.suggest import with_hint
from orderloom.engine.access.rights import allowed
from orderloom.engine.access.who import Who
from orderloom.engine.desk.requests import apply_hold, cancel, confirm, modify, resolve_hold
from orderloom.engine.events import Happened, HoldApplied, HoldResolved, ModificationAsked, Replied, TimeReached
from orderloom.engine.order import Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.asking import resolve
from orderloom.engine.state import DRAFT, visit_of
from orderloom.engine.store.interests import put_interests
from orderloom.engine.store.queries import HistoryLine, MessageLine
from orderloom.engine.task import NOBODY


def do(play: Play, entry: Entry) -> bool:
    """Does what an entry of `when` says; False, with a failure, where that cannot be done."""
    try:
        _entitled(play, entry)
        COMMANDS[entry.key](play, entry)
    except Cannot as fault:
        play.failures.append(Failure(str(entry.origin), f"{entry.key}: {fault}"))
        return False
    play.failures += [Failure(str(entry.origin), f"the order could not be advanced: {text}") for text in play.stage.faults]
    return not play.stage.faults


#: The right that a role needs by which a command is given.
_RIGHT_OF = {
    "cancel": "cancel",
    "change": "modify",
    "hold": "hold",
    "release": "release",
    "appease": "appease",
    "return": "return",
}


def _entitled(play: Play, entry: Entry) -> None:
    """What is done in a role (`as`) is what the role may do; what is to be refused may be asked for by anybody."""
    said, program = entry.value, play.stage.program
    if isinstance(said, dict) and entry.key in _RIGHT_OF and "refused" not in said and said.get("as") in program.roles:
        may = allowed(program, Who(role=str(said["as"])), _RIGHT_OF[entry.key])
        if isinstance(may, Refused):
            raise Cannot(may.because)


def _capture(play: Play, entry: Entry) -> None:
    """Captures an order; `known as` names the one as which it is there already."""
    said = told(entry)
    stage, refused = play.stage, None
    try:
        order = play.take(said.get("order"))
    except Cannot as fault:
        if "refused" not in said:
            raise
        refused = Refused(str(fault))
    else:
        [found] = captured(stage.store, [order], stage.program.digest, stage.now)
        refused = found if isinstance(found, Refused) else None
        known_as = found.known_as if isinstance(found, Warned) else order.id if found == "unchanged" else None
        if refused is None and known_as != said.get("known as", known_as):
            raise Cannot(f"it is known as {known_as or 'no order that was there before'}")
    play.asked(refused, said.get("refused"))


def _draft(play: Play, entry: Entry) -> None:
    said = told(entry)
    keep = duration(str(said.get("keep")))
    if keep is None:
        raise Cannot(f"keep must be a duration such as PT30M, not {said.get('keep')}")
    play.stage.draft(play.take(said.get("order")), keep)


def _submit(play: Play, entry: Entry) -> None:
    order = play.order(told(entry).get("order"))
    if play.story(order.id).state.status != DRAFT:
        raise Cannot(f"order {order.id} is no draft")
    play.stage.submit(play.story(order.id).state.order)


def _interest(play: Play, entry: Entry) -> None:
    fields = Fields({"at": play.stage.now.isoformat(), **told(entry)})
    interest = interest_of(fields, order_fields({}, play.stage.program)[1], play.stage.now)
    if fields.problems:
        raise Cannot("; ".join(fields.problems))
    [new] = put_interests(play.stage.store, [interest])
    if isinstance(new, Refused):
        raise Cannot(new.because)


def _plan(play: Play, entry: Entry) -> None:
    said = told(entry)
    order, policy = play.take(said.get("order")), said.get("policy")
    if policy is not None and policy not in (there := play.stage.program.sourcing):
        raise Cannot(with_hint(f"there is no sourcing policy {policy}", str(policy), there))
    made = play.stage.quote(order, None if policy is None else str(policy))
    if made is None:
        raise Cannot("no sourcing policy is for this order")
    play.quotes[order.id] = made


def _at(play: Play, entry: Entry) -> None:
    try:
        moment = datetime.fromisoformat(str(entry.value))
    except ValueError:
        raise Cannot(f"{entry.value} is no moment such as 2026-03-02T10:00:00Z") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment < play.stage.now:
        raise Cannot(f"it is {play.stage.now.isoformat()} already")
    play.stage.run(moment)


def _event(play: Play, entry: Entry) -> None:
    said = told(entry)
    order, unit, name = play.order(said.get("order")), said.get("unit"), str(said.get("name"))
    program = play.stage.program
    about: dict[str, Any] = {key: None if said.get(key) is None else str(said[key]) for key in _ABOUT}
    fields = Fields({**about, "unit": None if unit is None else str(unit)})
    check_event(fields, name, program)
    if about["participant"] not in (None, *program.organizations):
        fields.problem(with_hint(f"there is no participant {about['participant']}", about["participant"], program.organizations))
    data = told_of(fields, _data(said), program.events.get(name))
    if fields.problems:
        raise Cannot("; ".join(fields.problems))
    play.stage.tell(order.id, Happened(play.stage.now, name, None if unit is None else _unit(order, unit), data, **about))


_ABOUT = ("line", "node", "participant")


def _reply(play: Play, entry: Entry) -> None:
    said = told(entry)
    story = play.story(said.get("order"))
    asked = _sent(story, said) if said.get("late") is True else _request(story, said)
    reply, replies = str(said.get("reply")), play.stage.program.roles[asked.role].receives[asked.message].replies
    if reply not in replies:
        raise Cannot(with_hint(f"{reply} is no reply to {asked.message}", reply, replies))
    play.stage.tell(play.order(said.get("order")).id, Replied(play.stage.now, asked.key, reply, _data(said)))


def _sent(story: Story, said: Mapping[str, object]) -> MessageLine:
    """The last request that is meant, whether anybody still waits for its reply or not."""
    of_unit = [m for m in story.messages if _concerns(m.body, story, said.get("unit"))]
    fitting = [m for m in of_unit if said.get("message", m.message) == m.message]
    if not fitting:
        raise Cannot(f"no such request was sent; sent: {', '.join(m.message for m in of_unit) or 'none'}")
    return fitting[-1]


def _request(story: Story, said: Mapping[str, object]) -> MessageLine:
    """The one open request that is meant."""
    requests = list({visit_of(m.key): m for m in story.messages if _awaits(story, m.key)}.values())  # once, if sent again
    of_unit = [m for m in requests if _concerns(m.body, story, said.get("unit"))]
    of_number = [m for m in of_unit if said.get("number") in (None, m.body.get("number"))]
    fitting = [m for m in of_number if said.get("message", m.message) == m.message]
    there = ", ".join(f"{m.message} of unit {m.body.get('unit')}" for m in requests) or "none"
    if not fitting:
        raise Cannot(f"no open request is meant; open: {there}; {whereabouts(story)}")
    if len(fitting) > 1:
        raise Cannot(f"more than one open request is meant; open: {there}")
    return fitting[0]


def _awaits(story: Story, key: str) -> bool:
    """Whether the instance still stands at the visit that sent this request, or money that it asks for is still open."""
    if visit_of(key) in story.state.claims:
        return True
    waiting = (instance for instance in story.state.instances.values() if instance.waiting and instance.waiting.kind == "reply")
    return any(instance.key == visit_of(key) for instance in waiting)


def _concerns(body: Mapping[str, object], story: Story, unit: object) -> bool:
    return unit is None or body.get("unit") == _unit(story.state.order, unit)


def _unit(order: Order, unit: object) -> str:
    """The id of a unit of work, which a scenario calls by its number."""
    return f"{order.id}-{unit}" if isinstance(unit, int) or str(unit).isdigit() else str(unit)


def _data(said: Mapping[str, object]) -> dict[str, object]:
    data = said.get("data")
    return dict(data) if isinstance(data, dict) else {}


def _resolve(play: Play, entry: Entry) -> None:
    said = told(entry)
    story = play.story(said.get("order"))
    issues = [issue for issue in story.state.exceptions.values() if issue.type == said.get("exception")]
    if len(issues) != 1:
        there = ", ".join(issue.type for issue in story.state.exceptions.values()) or "none"
        raise Cannot(f"{len(issues)} open exceptions are a {said.get('exception')}; open: {there}")
    option, by, note = str(said.get("option")), str(said.get("by") or issues[0].claimed_by or ""), str(said.get("note", ""))
    people, stage = play.stage.program.people if by else NOBODY, play.stage
    seen = str(said["condition"]) if "condition" in said else None
    who = by or OPERATIONS
    play.asked(resolve(stage.store, story.state.order.id, issues[0].id, option, who, stage.now, note, people, condition=seen))


def _cancel(play: Play, entry: Entry) -> None:
    said = told(entry)
    order, by, reason = play.story(said.get("order")).state.order.id, str(said.get("by", "customer")), str(said.get("reason", ""))
    role, stage = str(said.get("as", "")), play.stage
    refused = cancel(stage.store, stage.programs, order, by, stage.now, reason, _version(said), role, said.get("agreed") is True)
    play.asked(refused, said.get("refused"))


def _change(play: Play, entry: Entry) -> None:
    """Asks for a change, or previews it; what it comes to is `differs`."""
    said = told(entry)
    order = play.story(said.get("order")).state.order.id
    parts = parts_of(said.get("what"), play.stage.program)
    if isinstance(parts, Refused):
        raise Cannot(parts.because)
    at, stage = play.stage.now, play.stage
    asked = ModificationAsked(at, "", parts, str(said.get("as", "")), str(said.get("by", "")), bool(said.get("preview")))
    proposed = modify(stage.store, stage.programs, order, asked, _version(said))
    play.asked(proposed if isinstance(proposed, Refused) else None, said.get("refused"))
    if "differs" in said and not isinstance(proposed, Refused):
        found = accounts.difference(proposed.difference)
        play.failures += [Failure(str(entry.origin), text) for text in differences(said["differs"], found, "differs")]


def _confirm(play: Play, entry: Entry) -> None:
    said = told(entry)
    state = play.story(said.get("order")).state
    id = str(said.get("change", next(iter(state.modifications), "")))
    by, stage = str(said.get("by", "")), play.stage
    play.asked(confirm(stage.store, stage.programs, state.order.id, id, by, stage.now), said.get("refused"))


def _version(said: Mapping[str, object]) -> int | None:
    version = said.get("version")
    return version if isinstance(version, int) else None


def _hold(play: Play, entry: Entry) -> None:
    said = told(entry)
    fields = _of_hold(said)
    order, at = play.story(said.get("order")).state.order.id, play.stage.now
    play.asked(apply_hold(play.stage.store, play.stage.programs, order, HoldApplied(at, **fields)), said.get("refused"))


def _release(play: Play, entry: Entry) -> None:
    said = told(entry)
    fields = _of_hold(said)
    order, at = play.story(said.get("order")).state.order.id, play.stage.now
    play.asked(resolve_hold(play.stage.store, play.stage.programs, order, HoldResolved(at, **fields)), said.get("refused"))


def _of_hold(said: Mapping[str, object]) -> dict[str, Any]:
    line = said.get("line")
    words = {"hold": "hold", "as": "role", "by": "by", "note": "note"}
    return {field: str(said.get(name, "")) for name, field in words.items()} | {"line": None if line is None else str(line)}


def _time_out(play: Play, entry: Entry) -> None:
    """Lets the clock of a step run out, once more where it did already."""
    said = told(entry)
    story = play.story(said.get("order"))
    unit = said.get("unit")
    subject = "order" if unit is None else _unit(story.state.order, unit)
    at_step = [v for v, place in visits(story.history).items() if _is_at(story.history[place], subject, said.get("step"))]
    if not at_step:
        raise Cannot(f"{subject} was never at step {said.get('step')}")
    play.stage.tell(story.state.order.id, TimeReached(play.stage.now, f"{story.state.order.id}/{at_step[-1]}"))


def _is_at(told: HistoryLine, subject: str, step: object) -> bool:
    return told.subject == subject and told.text == step


def _partners(play: Play, entry: Entry) -> None:
    """All of them, or each by its name; those that are not named go on as they did."""
    said = entry.value if isinstance(entry.value, dict) else dict.fromkeys(play.stage.program.organizations, str(entry.value))
    for name, manner in said.items():
        if name not in play.stage.program.organizations:
            raise Cannot(with_hint(f"there is no organization {name}", name, play.stage.program.organizations))
        if manner not in MANNERS:
            raise Cannot(f"partners {', '.join(MANNERS)}, and not: {manner}")
    before = next((each.manners for each in play.stage.partners.values() if isinstance(each, Partner)), {})
    manners = {**before, **{name: str(manner) for name, manner in said.items()}}
    played = simulated(play.stage.program)
    play.stage.partners = {name: Partner(adapter, manners) for name, adapter in played.items()}


def _check(play: Play, entry: Entry) -> None:
    if not isinstance(entry.value, dict):
        raise Cannot("write what must be true as a map, { path: value }")
    for path, expected in entry.value.items():
        play.expect(path, expected, entry.origin)


#: What may happen in a scenario, by its command.
COMMANDS: Mapping[str, Callable[[Play, Entry], None]] = {
    "capture": _capture,
    "draft": _draft,
    "submit": _submit,
    "plan": _plan,
    "interest": _interest,
    "at": _at,
    "event": _event,
    "reply": _reply,
    "resolve": _resolve,
    "task": task,
    "cancel": _cancel,
    "hold": _hold,
    "release": _release,
    "change": _change,
    "confirm": _confirm,
    "appease": appease,
    "return": ask_return,
    "time out": _time_out,
    **STOCK_COMMANDS,
    "partners": _partners,
    "check": _check,
}
