"""What a scenario can look at, as plain maps and lists in the words of the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from orderloom.adapters.story import Story
from orderloom.engine.bringing import lines_of
from orderloom.engine.holds import standing_holds
from orderloom.engine.modifications.request import Difference
from orderloom.engine.offering import Offered
from orderloom.engine.plan import Plan, PlannedShipment
from orderloom.engine.promises.options import Menu
from orderloom.engine.promises.versions import standing
from orderloom.engine.state import OrderState
from orderloom.engine.store.queries import ExceptionLine
from orderloom.engine.task import Task
from orderloom.engine.unit import Unit

Account = dict[str, object]


def units(story: Story) -> list[Account]:
    """The units of work, in the order in which they were made."""
    return [_unit(unit, story) for unit in story.state.units.values()]


def _unit(unit: Unit, story: Story) -> Account:
    instance = story.state.instances[unit.id]
    waiting = instance.waiting
    return {
        "unit": number(unit.id, story.state),
        "node": unit.node,
        "type": unit.type,
        "method": unit.method,
        "service": unit.service,
        "supply": unit.supply,
        "slot": unit.slot,
        "after": list(unit.after),
        "for line": unit.for_line,
        "serial": unit.serial,
        "lines": _by_line((line, units) for line, _, units in lines_of(story.state, unit)),
        "quantity": unit.quantity,
        "release at": unit.release_at,
        "ship on": unit.ship_on,
        "deliver on": unit.deliver_on,
        "status": unit.status,
        "outcome": unit.outcome,
        "process": instance.process,
        "step": instance.step,
        "waits for": waiting and (waiting.name if waiting.kind == "event" else waiting.kind),
        "until": story.clocks.get(f"{story.state.order.id}/{instance.key}"),
    }


def number(unit: str, state: OrderState) -> int | str:
    """How a scenario calls a unit of work: by its number within the order."""
    own = unit.removeprefix(f"{state.order.id}-")
    return int(own) if own.isdigit() else unit


def _by_line(parts: Iterator[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for line, quantity in parts:
        total[line] = total.get(line, 0) + quantity
    return total


def plan(made: Plan) -> Account:
    """A plan; `excluded` has, by node, every reason why it gives nothing or not all."""
    excluded: dict[str, list[object]] = {}
    for candidate in made.candidates:
        excluded.setdefault(candidate.node, []).append(candidate.because)
    return {
        "policy": made.policy,
        "outcome": made.outcome,
        "cost": made.cost,
        "terms": dict(made.terms),
        "shipments": [_shipment(shipment) for shipment in made.shipments],
        "unfilled": [{"line": u.line, "item": u.item, "quantity": u.quantity, "because": u.because} for u in made.unfilled],
        "excluded": excluded,
        "fees": sum(made.fees.values(), Decimal(0)),
    }


def _shipment(shipment: PlannedShipment) -> Account:
    return {
        "node": shipment.node,
        "method": shipment.method,
        "service": shipment.service,
        "supply": shipment.supply_type,
        "lines": _by_line((a.line, a.quantity) for a in shipment.allocations),
        "work": {each.work: each.on for a in shipment.allocations for each in a.work},
        "release at": shipment.release_at,
        "ship on": shipment.ship_on,
        "deliver on": shipment.deliver_on,
        "cost": sum(shipment.costs.values(), Decimal(0)),
        "costs": dict(shipment.costs),
    }


def options(menu: Menu) -> list[Account]:
    """What may be offered, the cheapest first; `lines` by the day on which the last of each arrives."""
    return [
        {
            "option": each.option,
            "ways": list(each.ways),
            "deliver by": each.deliver_by,
            "lines": dict(each.lines),
            "price": each.price,
            "cost": each.cost,
            "slots": dict(each.slots),
            "nodes": [shipment.node for shipment in each.plan.shipments],
            "because": each.because,
        }
        for each in menu.offered
    ]


def declined(menu: Menu) -> list[Account]:
    """What is not offered, and why."""
    return [{"name": each.what, "because": each.because} for each in menu.declined]


def notifications(story: Story) -> list[Account]:
    """What somebody was told in words."""
    words = ("to", "channel", "language", "subject", "text")
    told = [message for message in story.messages if "text" in message.body and "to" in message.body]
    return [{"notify": each.message, **{name: each.body.get(name) for name in words}} for each in told]


def offers(found: Offered) -> Mapping[str, list[Account]]:
    """What may be offered, the best first, and what is not offered."""
    made: list[Account] = [
        {
            "item": each.item,
            "offer": each.offer,
            "sells": each.sells,
            "basis": each.basis,
            "line": each.line,
            "quantity": each.quantity,
            "price": each.price,
            "deliver by": each.deliver_by,
            "available": each.available,
            "because": each.because,
        }
        for each in found.made
    ]
    declined: list[Account] = [{"item": each.item, "offer": each.offer, "because": each.because} for each in found.declined]
    return {"offers": made, "not offered": declined}


def documents(story: Story) -> list[Account]:
    """Invoices, payments and refunds: the kind with its amount first, as in `invoice: 20.00`."""
    return [
        {
            document.kind: document.amount,
            "number": document.number,
            "node": document.node,
            "tender": document.tender,
            "unit": document.unit and number(document.unit, story.state),
            "at": document.at,
        }
        for document in story.state.documents
    ]


def difference(found: Difference) -> Account:
    """What a change comes to: `total` and `cost` are the new ones, `more` what fulfilling it costs more."""
    return {
        "total": found.total_after,
        "cost": found.cost_after,
        "more": found.cost_after - found.cost,
        "fee": found.fee,
        "promised": {each.line: each.after for each in found.promised},
        "undone": list(found.undone),
        "approve": found.approve,
    }


def changes(story: Story) -> list[Account]:
    """The changes that are previewed, or wait for somebody to agree."""
    return [
        {
            "change": each.id,
            "what": [str(part) for part in each.parts],
            "by": f"{each.role} {each.by}".strip(),
            "until": each.expires_at,
            "asks": each.exception is not None,
            **difference(each.difference),
        }
        for each in story.state.modifications.values()
    ]


def holds(story: Story) -> list[Account]:
    """The holds that stand; `blocks` are the steps before which something waits, of the order (`order`) and of units of work."""
    waiting = [(i, i.waiting) for i in story.state.instances.values() if i.waiting is not None and i.waiting.kind == "hold"]
    return [
        {
            "hold": held.hold,
            "line": held.line,
            "by": held.by,
            "because": held.because,
            "at": held.applied_at,
            "blocks": {str(number(i.id, story.state)): i.step for i, waits in waiting if key in waits.name.split(", ")},
        }
        for key, held in standing_holds(story.state).items()
    ]


def supply_orders(story: Story) -> list[Account]:
    """What was bought and transferred for the order; `pegs` has the units that are bound to each of its lines."""
    return [
        {
            "number": order.id,
            "kind": order.kind,
            "from": order.source,
            "to": order.node,
            "item": order.item,
            "quantity": order.quantity,
            "price": order.price,
            "total": order.total,
            "due on": order.due_on,
            "pegs": _by_line((peg.line, peg.quantity) for peg in order.pegs),
            "cancelled": order.cancelled,
        }
        for order in story.state.supply_orders
    ]


def promises(story: Story) -> list[Account]:
    """The promises that stand: of each line those of its last version."""
    return [
        {
            "line": promise.line,
            "quantity": promise.quantity,
            "node": promise.node,
            "ship on": promise.ship_on,
            "deliver on": promise.deliver_on,
            "version": promise.version,
            "because": promise.reason,
            "days late": promise.days_late,
            "jeopardy": promise.jeopardy,
            "fees": sum(promise.fees.values(), Decimal(0)),
        }
        for promise in standing(story.state)
    ]


def exceptions(story: Story) -> list[Account]:
    """The exceptions that are open."""
    return [_issue(issue, story) for issue in story.exceptions if issue.option is None]


def settled(story: Story) -> list[Account]:
    """The exceptions that were settled, and how."""
    return [_issue(issue, story) | {"option": issue.option} for issue in story.exceptions if issue.option is not None]


def _issue(issue: ExceptionLine, story: Story) -> Account:
    return {
        "type": issue.type,
        "role": issue.role,
        "unit": number(issue.subject, story.state),
        "options": list(issue.options),
        "cause": issue.cause,
        "at": issue.opened_at,
        "title": issue.title,
        "priority": issue.priority,
        "due at": issue.due_at,
        "claimed by": issue.claimed_by,
        "escalations": issue.escalated,
        "remedies": [{"name": each.option, "title": each.title, "cost": each.cost, "date": each.date} for each in issue.remedies],
    }


def tasks(story: Story) -> list[Account]:
    """The work of people that is open."""
    return [_task(task, story) for task in story.tasks if task.closed_at is None]


def closed_tasks(story: Story) -> list[Account]:
    """The work of people that is done, or gone, and how."""
    return [_task(task, story) | _how(task) for task in story.tasks if task.closed_at is not None]


def _task(task: Task, story: Story) -> Account:
    return {
        "name": task.name,
        "title": task.title,
        "role": task.role,
        "skill": task.skill,
        "unit": number(task.instance, story.state),
        "claimed by": task.claimed_by,
        "outcomes": list(task.outcomes),
        "fields": [field.name for field in task.form],
        "escalations": task.escalated,
        "at": task.opened_at,
        "due at": task.due_at,
    }


def _how(task: Task) -> Account:
    return {"outcome": task.outcome, "by": task.completed_by, "closed at": task.closed_at, "answer": task.answer}


def messages(story: Story, nodes_of: Mapping[str, bool]) -> dict[str, list[object]]:
    """The names of the messages by who got them: by role, by organization, and by node where one that operates nodes got it.

    `nodes_of` says which organizations operate nodes.
    """
    found: dict[str, list[object]] = {}
    for message in story.messages:
        node = message.body.get("node")
        receivers = {message.role, message.organization, *([str(node)] if node and nodes_of.get(message.organization) else [])}
        for receiver in receivers:
            found.setdefault(receiver, []).append(message.message)
    return found


def steps(story: Story) -> dict[str, list[object]]:
    """The steps that were entered, of the order (`order`) and of each unit of work (its number)."""
    found: dict[str, list[object]] = {}
    for told in story.history:
        if told.kind == "entered":
            found.setdefault(str(number(told.subject, story.state)), []).append(told.text)
    return found


def explanations(story: Story | None, made: Plan | None) -> Iterator[str]:
    """Every sentence that explains the order: its history, its decisions, its plan."""
    if story is not None:
        yield from (f"{told.subject} {told.kind}: {told.text}" for told in story.history)
        yield from (f"{r.record.kind} {r.record.subject}: {r.record.chosen} ({r.record.because})" for r in story.records)
        yield from (f"{issue.type}: {issue.cause}" for issue in story.exceptions)
    if made is not None:
        yield from (f"{candidate.node}: {candidate.because}" for candidate in made.candidates)
        yield from (sentence for shipment in made.shipments for sentence in shipment.derivation)
        yield from (f"{' and '.join(a.shipments)}: {a.because}" for a in made.alternatives)
        yield from (*made.clash, *made.relaxations, *made.flips, *(unfilled.because for unfilled in made.unfilled))
