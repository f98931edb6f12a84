"""A lane: one node seen from one order. What is the same for every shipment between the two is worked out here, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from orderloom.dsl.functions import distance_in_miles
from orderloom.dsl.program import Calendar, Formula, Promising
from orderloom.engine.catalog import Node
from orderloom.engine.numbers import number
from orderloom.engine.promising.calendars import calendar_of
from orderloom.engine.promising.promise import Dates, Ready, dates, ready
from orderloom.engine.world import World

MOST_DAYS = 3660  #: what takes longer than ten years is a slip of the pen


class Limited(Enum):
    """What a limit may be besides a number of units or days."""

    UNKNOWN = "unknown"


class Lane(Struct, frozen=True, gc=False):
    """A node, what expressions see of it and the order, when the node may begin, and the days of what it has on hand.

    `capacity` is the most units that it ships on one day, None without a limit. `calendars` are those of carriers, by name.
    """

    node: Node
    context: dict[str, object]
    begins: Ready
    first: Dates
    capacity: int | None = None
    calendars: Mapping[str, Calendar] = {}

    @property
    def miles(self) -> Decimal | None:
        """The lane's own `miles` where it has them, else the great-circle distance."""
        values, order = self.context["lane"], self.context["order"]
        miles = values.get("miles") if isinstance(values, Mapping) else None
        if miles is None and isinstance(order, Mapping):
            miles = distance_in_miles(self.context["node"], order.get("ship_to"))
        return miles if isinstance(miles, Decimal) else None


class Terms(NamedTuple):
    """Days of a node's lead and processing, None where they cannot be worked out, and its capacity as in `Lane`."""

    lead: int | None
    processing: int | None
    capacity: int | Limited | None


#: When nodes may begin for one moment, and the days of what is on hand, by calendar, cut-off, lead and processing days.
Begun = dict[tuple[str | None, time | None, int, int], tuple[Ready, Dates]]


def lane_context(node: Node, base: Mapping[str, object], promising: Promising, world: World) -> dict[str, object]:
    """What expressions see on a lane: `base` (now, today, order), the node, and the lane's values, worked out in turn."""
    return lane_contexts((node,), base, promising, world)[0]


def lane_contexts(
    nodes: Sequence[Node], base: Mapping[str, object], promising: Promising, world: World
) -> list[dict[str, object]]:
    """What expressions see on the lanes of some nodes, one value after the other: it is quicker to do the same thing again."""
    values: list[dict[str, object]] = [{} for _ in nodes]
    views = world.catalog.node_views
    contexts = [{**base, "node": views[node.id], "lane": own} for node, own in zip(nodes, values, strict=True)]
    for name, formula in promising.lane.items():
        evaluate = formula.evaluate
        for own, context in zip(values, contexts, strict=True):
            own[name] = evaluate(context)
    return contexts


def terms_of_lane(promising: Promising, context: Mapping[str, object]) -> Terms:
    """The terms of the lane with this context."""
    lead, processing = (days_of(asked(context) if asked else 0) for asked in (promising.lead_days, promising.processing_days))
    return Terms(lead, processing, limit_of(promising.capacity, context))


def lane(node: Node, context: dict[str, object], promising: Promising, world: World, at: datetime) -> Lane | str:
    """The lane for an order of this moment, or why nothing can be promised on it."""
    return lane_by(terms_of_lane(promising, context), node, context, promising, world.program.calendars, at, {})


def lane_by(
    terms: Terms,
    node: Node,
    context: dict[str, object],
    promising: Promising,
    calendars: Mapping[str, Calendar],
    at: datetime,
    begun: Begun,
) -> Lane | str:
    """As `lane`, by terms that are known; `begun` is what has been worked out for other nodes of this moment."""
    lead, processing, capacity = terms
    if lead is None:
        return _unknown("lead days", promising.lead_days)
    if processing is None:
        return _unknown("processing days", promising.processing_days)
    key = (node.calendar, node.cutoff, lead, processing)
    known = begun.get(key)
    if known is None:
        calendar = calendar_of(node.calendar, calendars)
        if not any(calendar.hours):
            return f"its calendar {calendar.name} has no working hours"
        begins = ready(calendar, at, node.cutoff, lead, processing)
        known = begun[key] = begins, dates(begins, date.min)
    if capacity is not None and (capacity is Limited.UNKNOWN or capacity == 0):
        return "it ships nothing: its capacity is 0" if capacity == 0 else "its capacity cannot be worked out"
    return Lane(node, context, *known, capacity, calendars)


def _unknown(what: str, formula: Formula | None) -> str:
    """Says where to look; a formula of numbers gives none most often because the node lacks a field."""
    return f"its {what} cannot be worked out" + (f": {' '.join(formula.text.split())} ({formula.origin})" if formula else "")


def limit_of(formula: Formula | None, context: Mapping[str, object]) -> int | Limited | None:
    """A whole number of 0 or more, rounded down; None, which a field may well be, stands for no limit."""
    value = formula(context) if formula else None
    if value is None:
        return None
    found = number(value, least=0)
    return Limited.UNKNOWN if found is None else int(found)


def days_of(value: object) -> int | None:
    """A number of days, rounded down; None for what is none: a negative one, or more than ten years."""
    found = number(value, 0, MOST_DAYS)
    return None if found is None else int(found)
