"""Promise options: what may be offered for an order before it is placed, each with its dates, its price and its plan. Pure.

The plans are exact: the cheapest one first, then the cheapest of those whose last delivery is earlier, and so on until none is.
The options of the promising rules name and price them; what another offer of the same way beats in price and date is not offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import PromiseOption, Sourcing
from orderloom.engine.divisions import placed
from orderloom.engine.numbers import number
from orderloom.engine.order import Order
from orderloom.engine.plan import Plan, PlannedShipment
from orderloom.engine.promises.quote import policy_for, quote
from orderloom.engine.promising.calendars import day_name
from orderloom.engine.unit import SERVICE
from orderloom.engine.views import order_view
from orderloom.engine.world import World

PICKUP, SHIP, TRANSFER = "pickup", "ship", "transfer"
ONE_DAY = timedelta(days=1)


class Option(Struct, frozen=True):
    """One offer, by the name of the option, or of the policy where the rules have no options.

    `ways` are among ship, pickup, and transfer (brought to the pickup node from another one). `lines` has the day on which the
    last of each line arrives. `price` is what the customer is asked for, `cost` what the policy pays, in the order's currency.
    `origin` is the place of the rule that names it. `slots` has the slot of each service line, in words.
    """

    option: str
    ways: tuple[str, ...]
    deliver_by: date
    lines: dict[str, date]
    price: Decimal
    cost: Decimal
    because: str
    origin: str
    plan: Plan
    slots: dict[str, str] = {}


class Declined(Struct, frozen=True):
    """An option or a plan that is not offered, and why."""

    what: str
    because: str


class Menu(Struct, frozen=True):
    """The offers, the cheapest first, and what is not offered."""

    offered: tuple[Option, ...]
    declined: tuple[Declined, ...]


def options(order: Order, world: World, at: datetime) -> Menu:
    """The offers for an order; one that is to be picked up is offered shipped, too, where it has an address."""
    order, world = placed(order, world, at)
    offered: list[Option] = []
    declined: list[Declined] = []
    for asked in _ways_to_ask(order):
        policy, answer = policy_for(asked, world, at)
        if policy is None:
            declined.append(Declined(str(answer.value), f"this is no sourcing policy ({answer.origin})"))
            continue
        for offer in _offers(policy, asked, world, at):
            if isinstance(offer, Declined):
                declined.append(offer)
            elif (beaten := _beaten(offer, offered)) is not None:
                declined.append(Declined(_words(offer), beaten))
            else:
                offered.append(offer)
    return _menu(offered, declined)


def _ways_to_ask(order: Order) -> Iterator[Order]:
    """The order as it is before it takes an option, and shipped where it may be both."""
    order = replace(order, promise=None)
    yield order
    if order.pickup_node is not None and order.ship_to is not None:
        yield replace(order, pickup_node=None, lines=tuple(replace(line, method=SHIP) for line in order.lines))


# --- plans -------------------------------------------------------------------------------------------------------------


def _offers(policy: Sourcing, order: Order, world: World, at: datetime) -> Iterator[Option | Declined]:
    """What is offered of the order's plans, and what is not."""
    plans, last = _frontier(policy, order, world, at)
    if not plans:
        yield Declined(f"the whole order by {policy.name}", " and ".join(last.clash or [each.because for each in last.unfilled]))
        return
    rules = world.program.promising[policy.promising].options
    if not rules:
        yield from (_option(plan.policy, plan, plans, order, _paid(plan), policy.origin) for plan in plans)
        return
    base = {"now": at, "today": at.date(), "order": order_view(order, world.catalog, world.program.attributes)}
    yield from (_by_rule(rule, plans, order, base, at) for rule in rules)


def _frontier(policy: Sourcing, order: Order, world: World, at: datetime) -> tuple[list[Plan], Plan]:
    """The plans that serve the whole order, each the cheapest of those that are there before the last one; and the try after."""
    plans: list[Plan] = []
    made = quote(policy, order, world, at)
    while made.outcome == "sourced":
        while plans and made.cost <= plans[-1].cost:
            plans.pop()  # as cheap and earlier
        plans.append(made)
        made = quote(policy, order, world, at, _last(made.shipments) - ONE_DAY)
    return plans, made


def _last(shipments: tuple[PlannedShipment, ...]) -> date:
    return max(shipment.deliver_on for shipment in shipments)


def _paid(plan: Plan) -> Decimal:
    return sum(plan.paid.values(), Decimal(0))


# --- offers ------------------------------------------------------------------------------------------------------------


def _by_rule(rule: PromiseOption, plans: list[Plan], order: Order, base: Mapping[str, object], at: datetime) -> Option | Declined:
    """The cheapest plan that the option fits, at its price."""
    for plan in plans:
        context = {**base, **_view(plan, order, at)}
        if rule.when is None or rule.when(context) is True:
            price = number(rule.price(context) if rule.price else _paid(plan), least=0)
            if price is None:
                return Declined(rule.name, f"its price cannot be worked out ({rule.origin})")
            return _option(rule.name, plan, plans, order, price, rule.origin)
    return Declined(rule.name, f"no plan fits `{rule.when.text if rule.when else ''}` ({rule.origin})")


def _view(plan: Plan, order: Order, at: datetime) -> dict[str, object]:
    """What the formulas of an option see of a plan; `days` from today to the last delivery."""
    last = _last(plan.shipments)
    return {
        "cost": _paid(plan),
        "days": (last - at.date()).days,
        "deliver_on": last,
        "shipments": len(plan.shipments),
        "ways": list(_ways(plan, order)),
    }


def _option(name: str, plan: Plan, plans: list[Plan], order: Order, price: Decimal, origin: object) -> Option:
    lines: dict[str, date] = {}
    for shipment in plan.shipments:
        for part in shipment.allocations:
            lines[part.line] = max(shipment.deliver_on, lines.get(part.line, shipment.deliver_on))
    first = plan is plans[0]
    because = "the cheapest plan" if first else f"the cheapest plan delivered before {_last(_before(plan, plans).shipments)}"
    services = [shipment for shipment in plan.shipments if shipment.method == SERVICE]
    slots = {a.line: f"{s.node} {day_name(s.ship_on)} {a.work[0].work}" for s in services for a in s.allocations}
    return Option(name, _ways(plan, order), _last(plan.shipments), lines, price, _paid(plan), because, str(origin), plan, slots)


def _before(plan: Plan, plans: list[Plan]) -> Plan:
    return plans[plans.index(plan) - 1]


def _ways(plan: Plan, order: Order) -> tuple[str, ...]:
    return tuple(sorted({_way(shipment, order) for shipment in plan.shipments}))


def _way(shipment: PlannedShipment, order: Order) -> str:
    if shipment.method != PICKUP:
        return shipment.method
    return PICKUP if order.pickup_node in (None, shipment.node) else TRANSFER


def _beaten(offer: Option, others: list[Option]) -> str | None:
    """By which offer of the same way this one is beaten in price and date; None where by none."""
    for other in others:
        if other.ways == offer.ways and other.price <= offer.price and other.deliver_by <= offer.deliver_by:
            return f"{other.option}, {other.deliver_by} for {other.price:.2f}, is no later and no dearer"
    return None


def _menu(offered: list[Option], declined: list[Declined]) -> Menu:
    """The menu without what a later offer beats."""
    kept = []
    for place, offer in enumerate(offered):
        beaten = _beaten(offer, offered[place + 1 :])
        if beaten is None:
            kept.append(offer)
        else:
            declined.append(Declined(_words(offer), beaten))
    kept.sort(key=lambda offer: (offer.price, offer.deliver_by, offer.ways))
    return Menu(tuple(kept), tuple(dict.fromkeys(declined)))


def _words(offer: Option) -> str:
    return f"{offer.option}, {offer.deliver_by} for {offer.price:.2f}"
