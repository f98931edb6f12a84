"""The `then` of a scenario: what each path means, and what is wrong where it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import msgspec
from msgspec import Struct

from orderloom.adapters.scenarios import accounts, plan_accounts, queue_accounts
from orderloom.adapters.scenarios.appeasements import appeasements
from orderloom.adapters.scenarios.came_back import perfect_order, returns
from orderloom.adapters.scenarios.matching import differences, shown
from orderloom.adapters.stage import Stage
from orderloom.adapters.story import Story
from orderloom.dsl.suggest import hint_for
from orderloom.engine.access.who import somebody
from orderloom.engine.ledger.stock import Position
from orderloom.engine.order import Order
from orderloom.engine.plan import Plan
from orderloom.engine.refused import Refused
from orderloom.engine.seen import seen_order
from orderloom.engine.store.node_views import nodes_in
from orderloom.engine.views import order_view


class Subject(Struct, frozen=True):
    """What an expectation is about: an order as captured or quoted, its story and its last plan, and the stage on which it is."""

    order: Order
    story: Story | None
    plan: Plan | None
    stage: Stage


def unmet(path: str, expected: object, subject: Subject) -> Iterator[str]:
    """Why the expectation does not hold, a sentence each; nothing where it does."""
    head, _, rest = path.partition(".")
    check = CHECKS.get(head)
    if check is None:
        hint = hint_for(head, CHECKS)
        yield f"{path}: this cannot be looked at" + (f"; {hint}" if hint else "")
    elif subject.story is None and head not in WITHOUT_STORY:
        yield f"{path}: order {subject.order.id} was never captured"
    else:
        yield from check(path, rest, expected, subject)


#: Paths that need no captured order.
WITHOUT_STORY = ("plan", "options", "declined", "stock", "slots", "explain")

WITHOUT = "without"  #: texts that stand nowhere in what a role sees
MOST = 600  #: characters of what there is instead

Check = Callable[[str, str, object, Subject], Iterator[str]]


def _view(subject: Subject) -> dict[str, object]:
    state = subject.story.state if subject.story else None
    order = state.order if state else subject.order
    world = subject.stage.world({line.item for line in order.lines})
    return order_view(order, world.catalog, subject.stage.program.attributes, state)


def _order(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    yield from differences(_nested(rest, expected), _view(subject), "order")


def _line(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    lines = _view(subject)["lines"]
    by_id = {str(line["id"]): line for line in lines} if isinstance(lines, list) else {}
    yield from differences(_nested(rest, expected), by_id, "line")


def _seen(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    """What somebody sees of the order, `seen.ROLE`, and as `--as` has it; a customer is that of the order unless one is named."""
    assert subject.story is not None, "checked by `unmet`"
    state = subject.story.state
    catalog = subject.stage.world({line.item for line in state.order.lines}).catalog
    who = somebody(subject.stage.program, rest, nodes=nodes_in(subject.stage.store, subject.stage.program))
    if not isinstance(who, Refused):
        who = msgspec.structs.replace(who, customer=who.customer or state.order.customer.id)
    found = who if isinstance(who, Refused) else seen_order(who, state, subject.stage.program, catalog, subject.stage.now)
    if isinstance(found, Refused):
        yield f"{path}: {found.because}"
        return
    told, hidden = found, _map(expected).get(WITHOUT)
    for text in _texts(hidden):
        yield from (f"{path}: {rest} sees {text} in {each!r}" for each in _texts(told) if text in each)
    wanted = expected if hidden is None else {name: each for name, each in _map(expected).items() if name != WITHOUT}
    yield from differences(wanted, told, path)


def _texts(value: object) -> Iterator[str]:
    """Every single value that stands anywhere in it, as text."""
    if isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)
    elif value is not None:
        yield str(value)


def _nested(path: str, value: object) -> object:
    """`a.b: value` as { a: { b: value } }."""
    for name in reversed(path.split(".")):
        value = {name: value} if name else value
    return value


def _list(account: Callable[[Story], object]) -> Check:
    def check(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
        assert subject.story is not None, "checked by `unmet`"
        yield from differences(expected, account(subject.story), path)

    return check


def _messages(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    assert subject.story is not None, "checked by `unmet`"
    organizations = subject.stage.program.organizations.values()
    found = accounts.messages(subject.story, {each.name: each.nodes is not None for each in organizations})
    for receiver, names in _map(expected).items():
        yield from differences(names, found.get(receiver, []), f"{path}.{receiver}")


def _plan(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    if subject.plan is None:
        yield f"{path}: order {subject.order.id} has no plan"
        return
    texts = {"clash": subject.plan.clash, "relaxations": subject.plan.relaxations, "flips": subject.plan.flips}
    plain = {key: value for key, value in _map(expected).items() if key not in texts}
    yield from differences(plain, plan_accounts.plan(subject.plan), path)
    for key in _map(expected).keys() & texts.keys():
        yield from _contained(f"{path}.{key}", _map(expected)[key], texts[key])


def _options(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    menu = subject.stage.options(subject.order)
    found = plan_accounts.options(menu) if path == "options" else plan_accounts.declined(menu)
    yield from differences(expected, found, path)


def _explain(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    yield from _contained(path, expected, tuple(accounts.explanations(subject.story, subject.plan)))


def _contained(path: str, expected: object, sentences: tuple[str, ...]) -> Iterator[str]:
    """Each text must stand in one of the sentences."""
    there = shown(sentences)
    for text in expected if isinstance(expected, list) else [expected]:
        if not any(str(text) in sentence for sentence in sentences):
            yield f"{path}: no sentence says {str(text)!r}; there is {there[:MOST]}{' ...' if len(there) > MOST else ''}"


def _stock(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    stage, promising = subject.stage, _promising(subject)
    return stocked(rest, expected, stage, lambda item, node: stage.availability(item, node, subject.order, promising).total)


def stocked(rest: str, expected: object, stage: Stage, available: Callable[[str, str], int]) -> Iterator[str]:
    """Why the stock is not as expected; `available` says what may be promised of an item at a node."""
    for node, items in _map(_nested(rest, expected)).items():
        for item, units in _map(items).items():
            position = stage.world({item}).stock.position(item, node)
            if position is None:
                yield f"stock: there is no position of {item} at {node}"
                continue
            wanted = units if isinstance(units, dict) else {"available": units}
            yield from differences(wanted, _position(position, available(item, node)), f"stock.{node}.{item}")


def _position(position: Position, available: int) -> dict[str, object]:
    supplies = position.supplies
    return {
        "on hand": position.on_hand,
        "reserved": sum(supply.reserved for supply in supplies),
        "inbound": sum(supply.quantity for supply in supplies) - position.on_hand,
        "safety stock": position.safety_stock,
        "quarantined": position.quarantined,
        "classes": _classes(position),
        "available": available,
    }


def _classes(position: Position) -> dict[str, int]:
    """Units that are here, by stock class."""
    found: dict[str, int] = {}
    for supply in position.supplies:
        found[supply.stock_class] = found.get(supply.stock_class, 0) + supply.received
    return found


def _slots(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    """Visits that are booked, by resource, day and slot; 0 where none is."""
    booked = subject.stage.world({line.item for line in subject.order.lines}).stock
    for resource, days in _map(_nested(rest, expected)).items():
        for day, wanted in _map(days).items():
            taken = booked.loads_on(resource, date.fromisoformat(day))
            found = {name: taken.get(name, 0) for name in _map(wanted)}
            yield from differences(wanted, found, f"slots.{resource}.{day}")


def _offers(path: str, rest: str, expected: object, subject: Subject) -> Iterator[str]:
    """What may be offered with the order now, and what is `not offered`, and why."""
    found = plan_accounts.offers(subject.stage.offers(subject.story.state.order if subject.story else subject.order))
    yield from differences(expected, found[path], path)


def _promising(subject: Subject) -> str:
    """By which promising rules the subject's availability is worked out: its plan's, else the first there are."""
    program = subject.stage.program
    policy = program.sourcing.get(subject.plan.policy) if subject.plan else None
    return policy.promising if policy else next(iter(program.promising))


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


#: What a scenario may look at, by the first word of the path.
CHECKS: Mapping[str, Check] = {
    "order": _order,
    "line": _line,
    "units": _list(accounts.units),
    "steps": _list(accounts.steps),
    "statuses": _list(accounts.statuses),
    "plan": _plan,
    "options": _options,
    "declined": _options,
    "offers": _offers,
    "not offered": _offers,
    "promises": _list(accounts.promises),
    "stock": _stock,
    "slots": _slots,
    "messages": _messages,
    "notifications": _list(accounts.notifications),
    "documents": _list(accounts.documents),
    "supply orders": _list(accounts.supply_orders),
    "exceptions": _list(queue_accounts.exceptions),
    "settled": _list(queue_accounts.settled),
    "holds": _list(accounts.holds),
    "tasks": _list(queue_accounts.tasks),
    "closed tasks": _list(queue_accounts.closed_tasks),
    "changes": _list(accounts.changes),
    "appeasements": _list(appeasements),
    "returns": _list(returns),
    "seen": _seen,
    "explain": _explain,
    "perfect order": lambda path, _, expected, of: differences(expected, perfect_order(of.story, of.stage), path),
}
