"""Offers: what may be sold with an order or in place of a line. Pure. What cannot be promised now is not offered.

First `candidates`, by the rules and the items of the order, of the customer's history and of his interests; then `offers`, with
their stock at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import asdict, replace

from orderloom.dsl.feel import to_python
from orderloom.dsl.program import OfferRule, Offers
from orderloom.dsl.program.offers import BASKET, HISTORY, UP_SELL
from orderloom.engine.divisions import belonging
from orderloom.engine.numbers import number
from orderloom.engine.order import Line, Order
from orderloom.engine.plan import Plan
from orderloom.engine.promises.quote import policy_for, quote
from orderloom.engine.promising.monitors import Shipped, figures
from orderloom.engine.views import View, line_view, order_view
from orderloom.engine.world import World

ZERO = Decimal(0)


class Past(Struct, frozen=True):
    """What is known of the customer besides this order: earlier orders, what they were worth, items bought, items of interest."""

    orders: int = 0
    spent: Decimal = ZERO
    items: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()


class Candidate(Struct, frozen=True):
    """An item that goes with `basis` by a rule; `line` is the one of the basket that led to it."""

    rules: Offers
    rule: OfferRule
    item: str
    basis: str
    line: str | None


class Made(Struct, frozen=True):
    """An offer: as many units as `quantity`, all there by `deliver_by`; an up-sell stands in place of `line`."""

    offer: str
    sells: str
    item: str
    title: str
    basis: str
    line: str | None
    quantity: int
    price: Decimal | None
    deliver_by: date
    available: int
    rank: Decimal | None
    because: str
    origin: str


class NotMade(Struct, frozen=True):
    """What is not offered, and why not."""

    offer: str
    item: str
    because: str


class Offered(Struct, frozen=True):
    """The offers, the best first, and what is not offered."""

    made: tuple[Made, ...]
    declined: tuple[NotMade, ...]


def bases(order: Order, past: Past) -> set[str]:
    """The items whose views the rules need before candidates are known."""
    return {line.item for line in order.lines} | set(past.items) | set(past.interests)


def candidates(order: Order, past: Past, world: World, at: datetime) -> list[Candidate]:
    """What the rules name, in their order, each item once a rule."""
    found: dict[tuple[str, str, str], Candidate] = {}
    order = belonging(order, world, at)
    base = _base(order, past, world, at)
    for rules in world.program.offers.values():
        if rules.when is not None and rules.when(base) is not True:
            continue
        for rule in rules.rules:
            for basis, line in _bases(rule, order, past):
                context = {**base, **_basis(order, basis, line, world)}
                for item in _named(rule.items(context)):
                    found.setdefault((rules.name, rule.name, item), Candidate(rules, rule, item, basis, line))
    return list(found.values())


def _bases(rule: OfferRule, order: Order, past: Past) -> Iterator[tuple[str, str | None]]:
    if rule.basis == BASKET:
        yield from ((line.item, line.id) for line in order.lines if line.part_of is None)
    else:
        yield from ((item, None) for item in (past.items if rule.basis == HISTORY else past.interests))


def _named(value: object) -> Iterator[str]:
    """Ids of items out of what a rule gives: a list, a text, lists in lists."""
    found = to_python(value)
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        for each in found:
            yield from _named(each)
    elif isinstance(found, Mapping):
        for each in found.values():
            yield from _named(each)


def offers(order: Order, past: Past, found: Sequence[Candidate], world: World, shipped: Shipped, at: datetime) -> Offered:
    """Judges candidates, whose items and stock the world has."""
    order = belonging(order, world, at)
    base = _base(order, past, world, at)
    made: list[tuple[Candidate, Made]] = []
    declined: list[NotMade] = []
    for each in found:
        judged = _judged(each, order, base, world, shipped, at)
        if isinstance(judged, Made):
            made.append((each, judged))
        else:
            declined.append(judged)
    made.sort(key=lambda pair: (pair[1].rank is None, -(pair[1].rank or ZERO)))
    return Offered(*_limited(made, declined))


def _limited(made: Iterable[tuple[Candidate, Made]], declined: list[NotMade]) -> tuple[tuple[Made, ...], tuple[NotMade, ...]]:
    """Each item once, by its best rule, and of each document as many as it allows."""
    kept: list[Made] = []
    count: dict[str, int] = {}
    for candidate, each in made:
        rules = candidate.rules
        if any(other.item == each.item for other in kept):
            continue
        if count.get(rules.name, 0) >= rules.limit:
            declined.append(NotMade(each.offer, each.item, f"{rules.limit} better ones are offered ({rules.origin})"))
            continue
        count[rules.name] = count.get(rules.name, 0) + 1
        kept.append(each)
    return tuple(kept), tuple(declined)


def _judged(candidate: Candidate, order: Order, base: View, world: World, shipped: Shipped, at: datetime) -> Made | NotMade:
    rule, item = candidate.rule, candidate.item
    line = order.line(candidate.line) if candidate.line is not None else None
    method = line.method if line is not None else order.lines[0].method if order.lines else "ship"
    if item not in world.catalog.items:
        return NotMade(rule.name, item, f"there is no item {item}")
    if any(each.item == item for each in order.lines):
        return NotMade(rule.name, item, "it is in the order already")
    seen = figures((method, candidate.rules.days), item, world.stock.nodes_of(item), world, shipped, at)
    context = {**base, **_basis(order, candidate.basis, candidate.line, world)}
    context |= {"item": world.catalog.item_views[item], **asdict(seen)}
    if rule.when is not None and rule.when(context) is not True:
        return NotMade(rule.name, item, f"`{rule.when.text}` is not so ({rule.when.origin})")
    price = number(rule.price(context), least=0) if rule.price is not None else None
    if rule.price is not None and price is None:
        return NotMade(rule.name, item, f"its price cannot be worked out ({rule.price.origin})")
    quantity = line.quantity if line is not None and rule.sells == UP_SELL else 1
    plan = _planned(order, Line("offer", item, quantity, price or ZERO, method), world, at)
    if isinstance(plan, str):
        return NotMade(rule.name, item, f"it cannot be promised: {plan}")
    rank = number(rule.rank(context)) if rule.rank is not None else None
    by = max(shipment.deliver_on for shipment in plan.shipments)
    what = "in place of" if rule.sells == UP_SELL else "goes with"
    title = world.catalog.items[item].title or item
    known = (rule.name, rule.sells, item, title, candidate.basis, candidate.line, quantity, price, by, seen.available, rank)
    return Made(*known, f"{what} {candidate.basis} ({rule.basis})", str(rule.origin))


def _planned(order: Order, line: Line, world: World, at: datetime) -> Plan | str:
    """The plan of the line alone, or why there is none."""
    asked = replace(order, lines=(line,), promise=None, payments=(), discount=ZERO, shipping=ZERO)
    policy, answer = policy_for(asked, world, at)
    if policy is None:
        return f"{answer.value} is no sourcing policy ({answer.origin})"
    made = quote(policy, asked, world, at)
    if made.outcome == "sourced":
        return made
    why = [f"{each.node}: {each.because}" for each in made.candidates if each.because]
    return "; ".join(why) or " and ".join(each.because for each in made.unfilled) or "no node has it"


def _base(order: Order, past: Past, world: World, at: datetime) -> View:
    view = order_view(order, world.catalog, world.program.attributes)
    known = {"orders": past.orders, "spent": past.spent, "items": list(past.items), "interests": list(past.interests)}
    return {"now": at, "today": at.date(), "order": view, "past": known}


def _basis(order: Order, basis: str, line: str | None, world: World) -> View:
    view = line_view(order.line(line), world.catalog, world.program.attributes, None) if line is not None else None
    return {"basis": world.catalog.item_views.get(basis), "line": view}
