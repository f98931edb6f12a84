"""When a node can ship, when the customer has it, and how each date comes about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from msgspec import Struct

from orderloom.dsl.program import Calendar
from orderloom.engine.promising.calendars import (
    ONE_DAY,
    add_working_days,
    closed_for_the_day,
    day_name,
    first_working_day,
    local,
    opens_at,
)


class Ready(Struct, frozen=True, gc=False):
    """When a node may begin to work for an order, as far as the order decides that.

    ready = the first working day on or after the order's day (the next day at or after the cut-off, or after closing where there
    is no cut-off), and `lead_days` working days later.
    """

    calendar: Calendar
    at: datetime
    cutoff: time | None
    lead_days: int
    processing_days: int
    day: date


class Dates(Struct, frozen=True, gc=False):
    """The days of a shipment: work starts, it leaves the node."""

    start: date
    ship_on: date


def ready(calendar: Calendar, at: datetime, cutoff: time | None, lead_days: int, processing_days: int) -> Ready:
    """When the node may begin for an order of this moment."""
    moment = local(calendar, at)
    late = closed_for_the_day(calendar, at) if cutoff is None else moment.time() >= cutoff
    first = first_working_day(calendar, moment.date() + ONE_DAY if late else moment.date())
    return Ready(calendar, at, cutoff, lead_days, processing_days, add_working_days(calendar, first, lead_days))


def dates(node: Ready, usable_on: date) -> Dates:
    """start = first working day on or after the later of ready day and supply; ship = `processing_days` working days later."""
    start = first_working_day(node.calendar, max(node.day, usable_on))
    return Dates(start, add_working_days(node.calendar, start, node.processing_days))


def release_at(node: Ready, start: date) -> datetime:
    """The moment from which the node may work: the opening of the first day of work, or the order's own moment if later."""
    return max(opens_at(node.calendar, start), node.at)


def derivation(
    node: Ready, usable_on: date, service: str, when: Dates, deliver_on: date, work: Sequence[str] = ()
) -> tuple[str, ...]:
    """How the dates came about, a sentence each; `usable_on` is the latest supply's day, `date.min` for stock on hand.

    `work` tells, in sentences, what else is done between start and shipping.
    """
    return (*_order_side(node), *_supply_side(node, usable_on, when, work), *_road(service, when, deliver_on))


def _order_side(node: Ready) -> list[str]:
    moment = local(node.calendar, node.at)
    clock = moment.time()
    day = f"ordered {day_name(moment.date())} {clock.isoformat('minutes')}"
    if node.cutoff is not None and clock >= node.cutoff:
        day += f", past the cut-off of {node.cutoff:%H:%M}, so it counts as the next day"
    elif node.cutoff is None and closed_for_the_day(node.calendar, node.at):
        day += ", after closing, so it counts as the next day"
    sentences = [day]
    if node.lead_days:
        sentences.append(f"{_days(node.lead_days, 'working day')} of lead time: ready {day_name(node.day)}")
    return sentences


def _supply_side(node: Ready, usable_on: date, when: Dates, work: Sequence[str]) -> list[str]:
    waits = usable_on > node.day
    sentences = [f"waits for supply that can be used from {day_name(usable_on)}"] if waits else []
    sentences += [f"work starts {day_name(when.start)}", *work]
    if node.processing_days:
        sentences.append(f"{_days(node.processing_days, 'working day')} of processing: ships {day_name(when.ship_on)}")
    return sentences


def _road(service: str, when: Dates, deliver_on: date) -> list[str]:
    transit = (deliver_on - when.ship_on).days
    return [f"ships {day_name(when.ship_on)}, {service} takes {_days(transit, 'day')}: delivered {day_name(deliver_on)}"]


def _days(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
