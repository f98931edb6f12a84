"""Which units of a line are with the customer, since when, and which of them have come back or are about to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from orderloom.engine.order import Line
from orderloom.engine.returns.request import Piece, Return
from orderloom.engine.state import OrderState
from orderloom.engine.unit import REPAIR, Unit


def at_customer(line: Line, state: OrderState) -> dict[int, date]:
    """The day on which each unit of the line was delivered or picked up, by its number: those that were billed for the delivery.

    Where nobody bills, they are counted from the first one on.
    """
    there = sorted((unit for unit in state.units.values() if unit.arrived), key=_day)
    billed = {number: _day(unit) for unit in reversed(there) for number in _billed(line, state, unit)}
    return billed or _counted(line, state, there)


def _counted(line: Line, state: OrderState, there: list[Unit]) -> dict[int, date]:
    found: dict[int, date] = {}
    for at, unit in enumerate(there):
        whole = state.order.sets(line, lambda part, so_far=there[: at + 1]: _units(part, so_far))  # type: ignore[misc]
        found |= {number: _day(unit) for number in range(len(found), whole)}
    return found


def coming_back(line: str, state: OrderState) -> set[int]:
    """The numbers of units of a line that came back, or that a return is to bring."""
    return {number for each in in_force(state) if each.request.line == line for number in numbers(each.pieces)}


def in_repair(line: str, state: OrderState) -> list[Unit]:
    """The repairs of pieces of a line that still go on; whose they are is known by their serials alone."""
    return [unit for unit in state.units.values() if unit.type == REPAIR and unit.for_line == line and unit.outcome is None]


def in_force(state: OrderState) -> Iterator[Return]:
    """Returns that bring something: one that ended before anything came back gives its units free."""
    for id, each in state.returns.items():
        if state.units[id].outcome is None or each.received:
            yield each


def numbers(pieces: Iterable[Piece]) -> list[int]:
    """The numbers of the units."""
    return [number for piece in pieces for number in range(piece.first, piece.first + piece.count)]


def pieces_of(units: Iterable[int]) -> tuple[Piece, ...]:
    """Units by their numbers, those that follow each other as one piece."""
    found: list[Piece] = []
    for number in sorted(units):
        if found and found[-1].first + found[-1].count == number:
            found[-1] = Piece(found[-1].first, found[-1].count + 1)
        else:
            found.append(Piece(number, 1))
    return tuple(found)


def _billed(line: Line, state: OrderState, unit: Unit) -> Iterator[int]:
    for document in state.documents:
        if document.kind == "invoice" and document.unit == unit.id:
            for each in document.charges:
                if each.line == line.id:
                    yield from range(each.first, each.first + each.quantity)


def _units(line: Line, units: Iterable[Unit]) -> int:
    return sum(part.quantity for unit in units for part in unit.lines if part.line == line.id)


def _day(unit: Unit) -> date:
    """When its goods were with the customer: as planned, and not before its process had ended."""
    return max(unit.deliver_on, unit.ended_at.date()) if unit.ended_at is not None else unit.deliver_on
