"""Work on units before they ship: where it can be done, when it begins, and from when the units can go.

Pieces of work follow each other in the order of the promising rules, so their days add up. A piece begins on the first working
day on which the node has capacity for it, and takes of that day's capacity alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Formula, Promising, Work
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.numbers import number
from orderloom.engine.promising.availability import Availability, Begun, Free, Worked
from orderloom.engine.promising.calendars import ONE_DAY, add_working_days, first_working_day
from orderloom.engine.promising.lanes import Lane, Limited, days_of, limit_of

AHEAD = 400 * ONE_DAY  #: how far days with room are looked for; what does not fit by then is not promised
Taken = dict[tuple[str, date], int]  #: units by work and day that lines before this one may take, 0 unless told otherwise


class _Piece(Struct, frozen=True):
    """A piece of work at one node: its days, and the units that may begin on one day (None: any number)."""

    name: str
    days: int
    capacity: int | None


class _Node(Struct, frozen=True):
    """A node with what its capacity is booked for: by orders, and by the lines of this one."""

    lane: Lane
    stock: Stock
    taken: Taken

    def room(self, piece: _Piece, day: date, wanted: int) -> int:
        """How many of the wanted units may begin on this day."""
        if piece.capacity is None:
            return wanted
        booked = self.stock.load(self.lane.node.id, day, piece.name) + self.taken[piece.name, day]
        return max(0, min(wanted, piece.capacity - booked))


def worked(
    available: Availability, services: Sequence[str], wanted: int, lane: Lane, promising: Promising, stock: Stock, taken: Taken
) -> Availability | str:
    """The units, no more than are wanted, usable once the work is done on them; or why it cannot be done here.

    What they take of the node's capacity is added to `taken`.
    """
    pieces = _pieces(services, promising, lane)
    if isinstance(pieces, str):
        return pieces
    node, made = _Node(lane, stock, taken), []
    for free in available.free:
        units = min(free.quantity, wanted)
        wanted -= units
        day = max(lane.begins.day, free.usable_on)
        made += [_after_work(free, *part) for part in _scheduled(pieces, day, units, node)]
    return replace(available, free=tuple(made))


def fees_of(services: Sequence[str], promising: Promising, context: Mapping[str, object]) -> dict[str, Decimal] | str:
    """What the customer pays for the work on one unit, by its name; or whose fee cannot be worked out."""
    fees: dict[str, Decimal] = {}
    for work in promising.work:
        if work.fee is None or work.name not in services:
            continue
        fee = number(work.fee(context), least=0)
        if fee is None:
            return f"the fee of {work.name} cannot be worked out"
        fees[work.name] = fee
    return fees


def _pieces(services: Sequence[str], promising: Promising, lane: Lane) -> list[_Piece] | str:
    found = []
    known = {work.name: work for work in promising.work}
    for name in services:
        if name not in known or not _here(known[name].nodes, lane):
            return f"no service {name}"
    for work in promising.work:
        if work.name in services:
            piece = _piece(work, lane)
            if isinstance(piece, str):
                return piece
            found.append(piece)
    return found


def _here(nodes: Formula | None, lane: Lane) -> bool:
    return nodes is None or nodes(lane.context) is True


def _piece(work: Work, lane: Lane) -> _Piece | str:
    days = days_of(work.processing_days(lane.context) if work.processing_days else 0)
    capacity = limit_of(work.capacity, lane.context)
    if days is None:
        return f"the days of {work.name} cannot be worked out"
    if capacity is Limited.UNKNOWN:
        return f"the capacity for {work.name} cannot be worked out"
    if capacity == 0:
        return f"no capacity for {work.name}"
    return _Piece(work.name, days, capacity)


def _after_work(free: Free, units: int, begun: tuple[Begun, ...], done_on: date) -> Free:
    return replace(free, quantity=units, usable_on=done_on, worked=Worked(begun, free.usable_on))


def _scheduled(pieces: Sequence[_Piece], day: date, units: int, node: _Node) -> Iterator[tuple[int, tuple[Begun, ...], date]]:
    """The units in parts: how many, when each piece of work begins on them, and when they are done."""
    if not pieces:
        yield units, (), day
        return
    piece, calendar = pieces[0], node.lane.begins.calendar
    asked = first_working_day(calendar, day)
    while units and day < asked + AHEAD:
        day = first_working_day(calendar, day)
        part = node.room(piece, day, units)
        if part:
            node.taken[piece.name, day] += part
            done = add_working_days(calendar, day, piece.days)
            begun = Begun(piece.name, day, piece.days, day > asked)
            for count, others, end in _scheduled(pieces[1:], done, part, node):
                yield count, (begun, *others), end
        units -= part
        day += ONE_DAY
