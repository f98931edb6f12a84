"""Questions about an item's stock, as commands and the API ask them, and their answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from orderloom.dsl.program import Program, SavedView
from orderloom.dsl.suggest import with_hint
from orderloom.engine.access.grants import seen_share
from orderloom.engine.access.who import OPERATOR, Who
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.ledger.stock import ON_HAND
from orderloom.engine.promising.browse import browsed
from orderloom.engine.promising.calendars import day_name
from orderloom.engine.promising.lanes import lane, lane_context
from orderloom.engine.promising.promise import dates
from orderloom.engine.promising.stock_views import Seen, Standing, View, everything, seen, share_of, standing
from orderloom.engine.promising.stock_views import projected as shown
from orderloom.engine.promising.usual import usual_rules
from orderloom.engine.promising.why import in_full
from orderloom.engine.refused import Refused
from orderloom.engine.store.demands import Claim, Quarantine, Unsourced
from orderloom.engine.supply.projection import Day, Movement, projected, to_come, usable
from orderloom.engine.world import World


class Inquiry(Struct, frozen=True):
    """What is asked: an item for a method, at one node or at all, on a day or today; by somebody, in a saved view."""

    item: str
    method: str = "ship"
    node: str | None = None
    day: date | None = None
    who: Who = OPERATOR
    saved: SavedView | None = None


class Why(Struct, frozen=True):
    """Why so many units are available at a node on a day, in sentences; `ships_on` is the first day on which they can leave."""

    item: str
    node: str
    method: str
    day: date
    available: int
    ships_on: date | None
    sentences: tuple[str, ...]
    claims: tuple[Claim, ...]


class Projection(Struct, frozen=True):
    """Units on hand that can be used, to come by type of supply, claimed by orders, waiting for a source; and day by day."""

    item: str
    node: str | None
    on_hand: int
    to_come: dict[str, int]
    claimed: int
    waiting: int
    days: tuple[Day, ...]


def answer(lookup: Lookup, asked: Inquiry, now: datetime) -> list[Seen] | Refused:
    """How the item stands, as the role that asks may see it; without a role all of it."""
    world = lookup.world([asked.item])
    refused = _refused(lookup, asked, world, now)
    if refused:
        return refused
    there = _standings(world, asked, now)
    if asked.who.is_operator:
        found = [shown(each, everything(there)) | ({"problem": each.problem} if each.problem else {}) for each in there]
    else:
        views = world.catalog.node_views
        lent = _lent(there, world.program, asked.who.organization, views)
        found = seen(lent, world.program.roles[asked.who.role], asked.who.view, views, asked.saved)
    # Asked about one node, whoever may not know which node has what learns nothing.
    return found if asked.node is None else [each for each in found if each.get("node") == asked.node]


def _lent(there: Iterable[Standing], program: Program, viewer: str, nodes: Mapping[str, View]) -> list[Standing]:
    """How an item stands at the nodes of which somebody may know: his own, and those that a relation grants, by its share."""
    shares = ((each, seen_share(program, viewer, nodes[each.node])) for each in there)
    return [share_of(each, share) for each, share in shares if share is not None]


def why(lookup: Lookup, asked: Inquiry, now: datetime, claims: tuple[Claim, ...], frozen: Quarantine | None) -> Why | Refused:
    """Why the node's availability is what it is; `claims` are its reservations, `frozen` its last quarantine."""
    world = lookup.world([asked.item])
    refused = _refused(lookup, asked, world, now)
    if refused or asked.node is None:
        return refused or Refused("a node is needed")
    found = browsed(world, asked.item, asked.node, asked.method, now)
    position = world.stock.position(asked.item, asked.node)
    day = asked.day or now.date()
    sentences = list(in_full(found))
    later = [free for free in found.free if free.usable_on > day]
    if later:
        units, first = sum(free.quantity for free in later), min(free.usable_on for free in later)
        sentences.append(f"{units} of it cannot be used on {day_name(day)} yet, the first from {day_name(first)}")
    if position and position.quarantined and frozen:
        order = f", when order {frozen.order} found too few" if frozen.order else ""
        sentences.append(f"in quarantine since {frozen.since:%Y-%m-%d %H:%M}{order}; a recount ends that")
    ships_on, sentence = _ships_on(world, asked.node, asked.method, now)
    return Why(asked.item, asked.node, asked.method, day, found.by(day), ships_on, (*sentences, sentence), claims)


def projection(
    lookup: Lookup, asked: Inquiry, now: datetime, weeks: int, claims: Iterable[Claim], waiting: Iterable[Unsourced]
) -> Projection | Refused:
    """Supply, demand and balance of the item by day; at one node what waits for a source is left out, as it has no node."""
    world = lookup.world([asked.item])
    refused = _refused(lookup, asked, world, now)
    if refused:
        return refused
    today = now.date()
    nodes = world.stock.nodes_of(asked.item) if asked.node is None else (asked.node,)
    there = [position for node in nodes if (position := world.stock.position(asked.item, node))]
    classes = {name for rules in world.program.promising.values() for name in rules.stock_classes}
    on_hand = sum(usable(position, classes) for position in there)
    inbound: dict[str, int] = {}
    for part in (part for position in there for part in position.parts if part.type != ON_HAND):
        inbound[part.type] = inbound.get(part.type, 0) + part.quantity
    wanted = [Movement(claim.ship_on or today, "demand", claim.quantity, claim.order) for claim in claims]
    unsourced = [Movement(today, "demand", each.quantity, each.order) for each in waiting] if asked.node is None else []
    moves = [*(move for position in there for move in to_come(position, today)), *wanted, *unsourced]
    days = projected(on_hand, moves, today, today + timedelta(weeks=weeks))
    claimed, open_units = (sum(move.quantity for move in those) for those in (wanted, unsourced))
    return Projection(asked.item, asked.node, on_hand, inbound, claimed, open_units, days)


def _standings(world: World, asked: Inquiry, now: datetime) -> list[Standing]:
    there = []
    for node in sorted(world.stock.nodes_of(asked.item)):
        found = browsed(world, asked.item, node, asked.method, now, as_owner=not asked.who.is_operator)
        there.append(standing(world.stock.position(asked.item, node), found, now.date(), asked.day))
    return there


def _ships_on(world: World, node: str, method: str, now: datetime) -> tuple[date | None, str]:
    """The first day on which the node can ship what it has on hand, by the rules that are browsed by."""
    rules = world.program.promising[usual_rules(world.program, now) or ""]
    base = {"now": now, "today": now.date(), "order": None, "method": method}
    place = world.catalog.nodes[node]
    found = lane(place, lane_context(place, base, rules, world), rules, world, now)
    if isinstance(found, str):
        return None, found
    day = dates(found.begins, date.min).ship_on
    cutoff = f", cut-off {place.cutoff:%H:%M}" if place.cutoff else ""
    return day, f"units on hand ship from {day_name(day)} (calendar {found.begins.calendar.name}{cutoff})"


def _refused(lookup: Lookup, asked: Inquiry, world: World, now: datetime) -> Refused | None:
    """What is asked for that is not there."""
    if asked.day is not None and asked.day < now.date():
        return Refused(f"{asked.day} is over; what may be promised is known from {now.date()} on")
    if asked.item not in world.catalog.items:
        return _unknown("item", asked.item, lookup.items_like(asked.item))
    for node in (asked.node if asked.who.is_operator else None, asked.who.node):  # what others may not know of is not named
        if node is not None and node not in world.catalog.nodes:
            return _unknown("node", node, world.catalog.nodes)
    methods = {service.method for rules in world.program.promising.values() for service in rules.services}
    return None if asked.method in methods else _unknown("method", asked.method, methods)


def _unknown(what: str, name: str, known: Collection[str]) -> Refused:
    return Refused(with_hint(f"there is no {what} {name}", name, known))
