"""A scenario while it is played: the orders on its stage, and the commands of `when`.

Participants are silent, so that a request stays open until the scenario replies; `partners: answer` lets them answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.scenarios import alerts
from orderloom.adapters.scenarios.given import order_fields
from orderloom.adapters.scenarios.sees import HEAD, not_seen_so
from orderloom.adapters.scenarios.then import Subject, unmet
from orderloom.adapters.simulator import simulated
from orderloom.adapters.stage import Silent, Stage
from orderloom.adapters.story import Story, visits
from orderloom.dsl.leaves import duration
from orderloom.dsl.program import Origin
from orderloom.dsl.scenario import Entry
from orderloom.dsl.suggest import hint_for
from orderloom.engine.desk.reference_data import put_supplies
from orderloom.engine.desk.stock_inbox import Taken, count, receive
from orderloom.engine.events import Happened, Replied, TimeReached
from orderloom.engine.ledger.messages import Count, SupplyReceipt
from orderloom.engine.order import Order
from orderloom.engine.plan import Plan
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import cancel, resolve
from orderloom.engine.state import DRAFT, visit_of
from orderloom.engine.store.queries import HistoryLine, MessageLine


class Failure(Struct, frozen=True):
    """Something that a scenario says and that is not so; `at` is the place in its file."""

    at: str
    text: str


class Cannot(Exception):
    """The scenario asks for something that cannot be done; says why."""


@dataclass(slots=True)
class Play:
    """`subject` is the order that expectations are about: the first one, until `of` names another."""

    stage: Stage
    orders: dict[str, Order] = field(default_factory=dict)
    quotes: dict[str, Plan] = field(default_factory=dict)
    subject: str = ""
    failures: list[Failure] = field(default_factory=list)

    def do(self, entry: Entry) -> bool:
        """Does what an entry of `when` says; False, with a failure, where that cannot be done."""
        try:
            COMMANDS[entry.key](self, entry)
        except Cannot as fault:
            self.failures.append(Failure(str(entry.origin), f"{entry.key}: {fault}"))
            return False
        self.failures += [Failure(str(entry.origin), f"the order could not be advanced: {text}") for text in self.stage.faults]
        return not self.stage.faults

    def expect(self, path: str, expected: object, origin: Origin) -> None:
        """Notes what is not as expected."""
        try:
            self._expect(path, expected, origin)
        except Cannot as fault:
            self.failures.append(Failure(str(origin), f"{path}: {fault}"))

    def _expect(self, path: str, expected: object, origin: Origin) -> None:
        if path == "of":
            self.subject = self.order(expected).id
            return
        if path.partition(".")[0] == HEAD:
            self.failures += [Failure(str(origin), text) for text in not_seen_so(path, expected, self.stage)]
            return
        if path.partition(".")[0] == alerts.HEAD:
            self.failures += [Failure(str(origin), text) for text in alerts.not_raised_so(path, expected, self.stage)]
            return
        order = self.order(None)
        story = self.stage.story(order.id)
        plans = [told.record.plan for told in story.records if told.record.plan] if story else []
        made = self.quotes.get(order.id) or (plans[-1] if plans else None)
        subject = Subject(order, story, made, self.stage)
        self.failures += [Failure(str(origin), text) for text in unmet(path, expected, subject)]

    def take(self, record: object) -> Order:
        """An order as it is written; one without a moment is placed now."""
        if not isinstance(record, dict):
            raise Cannot("write the order's fields below `order:`")
        values = {"placed_at": self.stage.now.isoformat(), "currency": self.stage.program.currency, **record}
        fields, known = order_fields(values, self.stage.program)
        order = order_of(fields, known)
        unknown = [f"there is no field {name}" for name in sorted(fields.unknown)]
        if fields.problems or unknown:
            raise Cannot("; ".join([*fields.problems, *unknown]))
        self.orders[order.id] = order
        self.subject = self.subject or order.id
        return order

    def order(self, named: object) -> Order:
        """The order with this id; without one, the order that the scenario is about."""
        name = str(named or self.subject)
        if name not in self.orders:
            raise Cannot(f"there is no order {name}; there is {', '.join(self.orders) or 'none yet'}")
        return self.orders[name]

    def story(self, named: object) -> Story:
        """The story of an order that was captured."""
        found = self.stage.story(self.order(named).id)
        if found is None:
            raise Cannot(f"order {named or self.subject} was never captured")
        return found


def _map(entry: Entry, *keys: str) -> Mapping[str, object]:
    """What the command is told, with no keys but these."""
    if not isinstance(entry.value, dict):
        raise Cannot("write what it concerns as a map, { ... }")
    for key in entry.value.keys() - set(keys):
        raise Cannot(f"there is no {key} here; {hint_for(key, keys)}")
    return entry.value


def _capture(play: Play, entry: Entry) -> None:
    play.stage.submit(play.take(_map(entry, "order").get("order")))


def _draft(play: Play, entry: Entry) -> None:
    said = _map(entry, "order", "keep")
    keep = duration(str(said.get("keep")))
    if keep is None:
        raise Cannot(f"keep must be a duration such as PT30M, not {said.get('keep')}")
    play.stage.draft(play.take(said.get("order")), keep)


def _submit(play: Play, entry: Entry) -> None:
    order = play.order(_map(entry, "order").get("order"))
    if play.story(order.id).state.status != DRAFT:
        raise Cannot(f"order {order.id} is no draft")
    play.stage.submit(order)


def _plan(play: Play, entry: Entry) -> None:
    order = play.take(_map(entry, "order").get("order"))
    made = play.stage.quote(order)
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
    said = _map(entry, "order", "unit", "name", "data")
    order, unit, name = play.order(said.get("order")), said.get("unit"), str(said.get("name"))
    sent = sorted({event for role in play.stage.program.roles.values() for event in role.sends})
    if name not in sent:
        raise Cannot(f"no role sends {name}; {hint_for(name, sent)}")
    play.stage.tell(order.id, Happened(play.stage.now, name, None if unit is None else _unit(order, unit), _data(said)))


def _reply(play: Play, entry: Entry) -> None:
    said = _map(entry, "order", "unit", "message", "reply", "data")
    asked = _request(play.story(said.get("order")), said)
    reply, replies = str(said.get("reply")), play.stage.program.roles[asked.role].receives[asked.message].replies
    if reply not in replies:
        raise Cannot(f"{reply} is no reply to {asked.message}; {hint_for(reply, replies)}")
    play.stage.tell(play.order(said.get("order")).id, Replied(play.stage.now, asked.key, reply, _data(said)))


def _request(story: Story, said: Mapping[str, object]) -> MessageLine:
    """The one open request that is meant."""
    requests = [message for message in story.messages if _awaits(story, message.key)]
    of_unit = [m for m in requests if _concerns(m.body, story, said.get("unit"))]
    fitting = [m for m in of_unit if said.get("message", m.message) == m.message]
    if not requests:
        raise Cannot(f"no open request is meant; open: none; {_standing(story)}")
    if len(fitting) != 1:
        there = ", ".join(f"{m.message} of unit {m.body.get('unit')}" for m in requests)
        raise Cannot(f"{'no' if not fitting else 'more than one'} open request is meant; open: {there}")
    return fitting[0]


def _standing(story: Story) -> str:
    """How far the order has come, and what holds it up."""
    issues = [f"{issue.type} ({issue.cause})" for issue in story.exceptions if issue.option is None]
    return f"the order is {story.state.status}" + (f", held up by {'; '.join(issues)}" if issues else "")


def _awaits(story: Story, key: str) -> bool:
    """Whether the instance still stands at the visit that sent this request."""
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
    said = _map(entry, "order", "exception", "option", "by", "note")
    story = play.story(said.get("order"))
    issues = [issue for issue in story.state.exceptions.values() if issue.type == said.get("exception")]
    if len(issues) != 1:
        there = ", ".join(issue.type for issue in story.state.exceptions.values()) or "none"
        raise Cannot(f"{len(issues)} open exceptions are a {said.get('exception')}; open: {there}")
    option, by, note = str(said.get("option")), str(said.get("by", "operations")), str(said.get("note", ""))
    _asked(play, resolve(play.stage.store, story.state.order.id, issues[0].id, option, by, play.stage.now, note))


def _cancel(play: Play, entry: Entry) -> None:
    said = _map(entry, "order", "by", "reason")
    order, by, reason = play.story(said.get("order")).state.order.id, str(said.get("by", "customer")), str(said.get("reason", ""))
    _asked(play, cancel(play.stage.store, order, by, play.stage.now, reason))


def _asked(play: Play, refused: Refused | None) -> None:
    """Lets a request that was taken in have its effect."""
    if refused:
        raise Cannot(refused.because)
    play.stage.run()


def _time_out(play: Play, entry: Entry) -> None:
    """Lets the clock of a step run out, once more where it did already."""
    said = _map(entry, "order", "unit", "step")
    story = play.story(said.get("order"))
    unit = said.get("unit")
    subject = "order" if unit is None else _unit(story.state.order, unit)
    at_step = [v for v, place in visits(story.history).items() if _is_at(story.history[place], subject, said.get("step"))]
    if not at_step:
        raise Cannot(f"{subject} was never at step {said.get('step')}")
    play.stage.tell(story.state.order.id, TimeReached(play.stage.now, f"{story.state.order.id}/{at_step[-1]}"))


def _is_at(told: HistoryLine, subject: str, step: object) -> bool:
    return told.subject == subject and told.text == step


def _supply(play: Play, entry: Entry) -> None:
    """Lets a supply be due on another day, or on no day that anybody knows."""
    said = _map(entry, "id", "item", "node", "due on")
    item, node, name = (str(said.get(key)) for key in ("item", "node", "id"))
    position = play.stage.world({item}).stock.position(item, node)
    supply = position.supply(name) if position else None
    if supply is None:
        raise Cannot(f"there is no supply {name} of {item} at {node}")
    try:
        due_on = None if said.get("due on") is None else date.fromisoformat(str(said.get("due on")))
    except ValueError:
        raise Cannot(f"{said.get('due on')} is no day such as 2026-03-02") from None
    put_supplies(play.stage.store, [replace(supply, due_on=due_on)], play.stage.now)
    play.stage.run()


def _receive(play: Play, entry: Entry) -> None:
    """Lets units of a supply arrive; each time they are others."""
    said = _map(entry, "id", "item", "node", "quantity")
    item, node = (None if said.get(key) is None else str(said.get(key)) for key in ("item", "node"))
    told = SupplyReceipt(str(entry.origin), str(said.get("id")), _whole(said, "quantity"), play.stage.now, item, node)
    _taken(play, receive(play.stage.store, [told]))


def _count(play: Play, entry: Entry) -> None:
    """Lets somebody count what is on hand of an item at a node."""
    said = _map(entry, "item", "node", "on hand")
    told = Count(str(said.get("item")), str(said.get("node")), _whole(said, "on hand"))
    _taken(play, count(play.stage.store, [told], play.stage.now))


def _taken(play: Play, verdicts: list[Taken | Refused]) -> None:
    [verdict] = verdicts
    _asked(play, verdict if isinstance(verdict, Refused) else None)


def _whole(said: Mapping[str, object], name: str) -> int:
    value = said.get(name)
    if isinstance(value, (int, Decimal)) and value >= 0 and value == int(value):
        return int(value)
    raise Cannot(f"{name} must be a whole number, not {value}")


def _partners(play: Play, entry: Entry) -> None:
    if entry.value not in ("answer", "are silent"):
        raise Cannot("partners either answer or are silent")
    played = simulated(play.stage.program)
    play.stage.partners = played if entry.value == "answer" else dict.fromkeys(played, Silent())


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
    "at": _at,
    "event": _event,
    "reply": _reply,
    "resolve": _resolve,
    "cancel": _cancel,
    "time out": _time_out,
    "supply": _supply,
    "receive": _receive,
    "count": _count,
    "partners": _partners,
    "check": _check,
}
