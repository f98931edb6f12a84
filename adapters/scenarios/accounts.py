"""What a scenario can look at of an order, as plain maps and lists in the words of the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from orderloom.adapters.story import Story
from orderloom.engine.bringing import lines_of
from orderloom.engine.modifications.request import Difference
from orderloom.engine.plan import Plan
from orderloom.engine.process.holds import standing_holds
from orderloom.engine.promises.versions import standing
from orderloom.engine.state import OrderState
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
        "lines": by_line((line, units) for line, _, units in lines_of(story.state, unit)),
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


def by_line(parts: Iterator[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for line, quantity in parts:
        total[line] = total.get(line, 0) + quantity
    return total


def notifications(story: Story) -> list[Account]:
    """What somebody was told in words."""
    words = ("to", "channel", "language", "subject", "text")
    told = [message for message in story.messages if "text" in message.body and "to" in message.body]
    return [{"notify": each.message, **{name: each.body.get(name) for name in words}} for each in told]


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
            "pegs": by_line((peg.line, peg.quantity) for peg in order.pegs),
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
    return _told("entered", story)


def statuses(story: Story) -> dict[str, list[object]]:
    """The statuses that the order and each unit of work came to, in that order."""
    return _told("status", story)


def _told(kind: str, story: Story) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for told in story.history:
        if told.kind == kind:
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
