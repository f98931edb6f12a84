"""What was promised of an order's lines, version by version: each says when all units of the line come, and why so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from orderloom.dsl.program import Jeopardy, Program, Promising
from orderloom.engine.plan import Allocation, PlannedShipment, fees
from orderloom.engine.state import OrderState, Promise
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine

Derivations = Mapping[str, tuple[str, ...]]  #: how new dates of units of work came about, by their ids


class Lateness(Protocol):
    """Rules that say how bad it is to be late."""

    def jeopardy(self, days_late: int, /) -> Jeopardy | None:
        """How bad so many days are; None where they are no matter."""


def lateness(program: Program, promising: Promising) -> Lateness:
    """The jeopardy rules that the promising rules name, else those for slips."""
    return program.jeopardy[promising.jeopardy] if promising.jeopardy is not None else promising.slip


def promise(turn: Turn, lines: Iterable[str], reason: str, rules: Lateness, derivations: Derivations | None = None) -> None:
    """Adds a version of the promise of each line, of all its units that are planned or in units of work that go on.

    `reason` says why there is another version; `rules` say how bad it is to be later than the first one.
    """
    made = list(turn.state.promises)
    for line in dict.fromkeys(lines):
        version = 1 + max((each.version for each in turn.state.promises if each.line == line), default=0)
        first = due_on(turn.state, line)
        for quantity, source in _parts(turn.state, line):
            late = max(0, (source.deliver_on - (first or source.deliver_on)).days)
            made.append(
                Promise(
                    line=line,
                    quantity=quantity,
                    node=source.node,
                    ship_on=source.ship_on,
                    deliver_on=source.deliver_on,
                    made_at=turn.at,
                    version=version,
                    derivation=_derivation(turn.state, line, source, derivations or {}),
                    reason=reason if version > 1 else "",
                    days_late=late,
                    jeopardy=rules.jeopardy(late),
                    fees=_fees(source, line),
                )
            )
    turn.change(promises=tuple(made))


def first_promised(state: OrderState, line: str) -> date | None:
    """The day by which all of a line was promised first; None while nothing of it was."""
    return max((each.deliver_on for each in state.promises if each.line == line and each.version == 1), default=None)


def due_on(state: OrderState, line: str) -> date | None:
    """By when a line has to be there: as promised first, or in time for the last of what follows it and was promised."""
    sources: Iterable[PlannedShipment | Unit] = (*state.units.values(), *state.planned)
    following = [part.line for each in sources if line in each.after for part in _parts_of(each)]
    days = [first_promised(state, each) for each in (line, *following)]
    return max((day for day in days if day is not None), default=None)


def promise_changed(turn: Turn, reason: str, rules: Lateness) -> None:
    """Adds a version of the promise of every line of which the nodes or dates are not those promised last."""
    promised: dict[str, list[tuple[object, ...]]] = {}
    for each in standing(turn.state):
        promised.setdefault(each.line, []).append((each.quantity, each.node, each.ship_on, each.deliver_on))
    for line, before in promised.items():
        now = [(units, each.node, each.ship_on, each.deliver_on) for units, each in _parts(turn.state, line)]
        if now and sorted(now) != sorted(before):
            promise(turn, [line], reason, rules)


def standing(state: OrderState) -> tuple[Promise, ...]:
    """The promises that stand: of each line those of its last version."""
    last = {each.line: each.version for each in state.promises}
    return tuple(each for each in state.promises if each.version == last[each.line])


def _parts(state: OrderState, line: str) -> Iterator[tuple[int, PlannedShipment | Unit]]:
    for unit in state.units.values():
        quantity = sum(part.quantity for part in unit.lines if part.line == line)
        if quantity and not unit.released:
            yield quantity, unit
    for shipment in state.planned:
        quantity = sum(part.quantity for part in shipment.allocations if part.line == line)
        if quantity:
            yield quantity, shipment


def _fees(source: PlannedShipment | Unit, line: str) -> dict[str, Decimal]:
    return fees((part.work, part.quantity) for part in _parts_of(source) if part.line == line)


def _parts_of(source: PlannedShipment | Unit) -> tuple[Allocation, ...] | tuple[UnitLine, ...]:
    return source.allocations if isinstance(source, PlannedShipment) else source.lines


def _derivation(state: OrderState, line: str, source: PlannedShipment | Unit, new: Derivations) -> tuple[str, ...]:
    """That of new dates; else as it was told when the unit was promised."""
    if isinstance(source, PlannedShipment):
        return source.derivation
    same = (line, source.node, source.ship_on, source.deliver_on)
    told = (p.derivation for p in reversed(state.promises) if (p.line, p.node, p.ship_on, p.deliver_on) == same)
    return new.get(source.id) or next(told, ())
