"""What is done to the units of a shipment before it leaves: in the plan's allocations, and in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from orderloom.engine.plan import PlannedWork
from orderloom.engine.promising.availability import Begun, Free
from orderloom.engine.promising.calendars import day_name
from orderloom.engine.promising.promise import Dates
from orderloom.engine.promising.work import fees_of
from orderloom.engine.sourcing.pricing import Content
from orderloom.engine.sourcing.rates import Rates
from orderloom.engine.sourcing.shares import Share


def frees(content: Sequence[Content]) -> list[Free]:
    """The supplies that a shipment takes units of."""
    return [share.available.free[lot.supply] for share, lots in content for lot in lots]


def started(when: Dates, found: Iterable[Free]) -> Dates:
    """The dates with the day on which the first piece of work begins, where there is any before the node's own."""
    begun = [free.worked.pieces[0].on for free in found if free.worked]
    return Dates(min([when.start, *begun]), when.ship_on) if begun else when


def supply_day(free: Free) -> date:
    """The day from which units are here to be worked on or shipped."""
    return free.worked.supply_on if free.worked else free.usable_on


def planned_work(share: Share, free: Free, rates: Rates) -> tuple[PlannedWork, ...]:
    """The work on units of an allocation, each piece with its fee for one."""
    if free.worked is None:
        return ()
    fees = fees_of(share.want.line.services, rates.promising, share.context)
    assert isinstance(fees, dict), "a share whose fees cannot be worked out is none"
    return tuple(PlannedWork(each.work, each.on, fees.get(each.work)) for each in free.worked.pieces)


def sentences(found: Iterable[Free]) -> list[str]:
    """The pieces of work, each once."""
    pieces = {(each.work, each.on): each for free in found if free.worked for each in free.worked.pieces}
    return [sentence for each in pieces.values() for sentence in _told(each)]


def _told(piece: Begun) -> Iterator[str]:
    days = f"{piece.days} working day{'' if piece.days == 1 else 's'}"
    full = ", as its capacity before is taken" if piece.waited else ""
    yield f"{piece.work} begins {day_name(piece.on)}{full}" + (f", and takes {days}" if piece.days else "")
