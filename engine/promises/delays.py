"""A participant tells that its unit of work leaves on another day than planned."""

from __future__ import annotations

from datetime import date

from orderloom.engine.events import Happened
from orderloom.engine.promises.redated import Redated, redate
from orderloom.engine.promises.remedies import review
from orderloom.engine.promises.versions import lateness, promise_changed
from orderloom.engine.promising.calendars import first_working_day
from orderloom.engine.sources import policy_of
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine

DELAYED = "delayed"  #: the event; its data has the new day, `ship_on`


def delayed(turn: Turn, event: Happened) -> None:
    """Gives the unit its new dates, and treats what that puts at risk."""
    unit = turn.state.units.get(event.unit or "")
    day = _day(event.data.get("ship_on"))
    if unit is None or day is None or unit.shipped or unit.released or unit.outcome is not None:
        turn.note(unit.id if unit else "order", "late", f"event {event.name}")
        return
    found = _at(turn, unit, day)
    because = f"{unit.node} ships {found.ship_on} instead of {unit.ship_on}, so it arrives {found.deliver_on}"
    turn.note(unit.id, "slip", because)
    redate(turn, unit, found)
    review(turn, because, [unit.id])
    promising = turn.world.program.promising[policy_of(turn)[0].promising]
    promise_changed(turn, because, lateness(turn.world.program, promising))


def _at(turn: Turn, unit: Unit, ship_on: date) -> Redated[UnitLine]:
    """The dates with as many days of transit as were promised; no delivery on a day on which the service does not deliver."""
    rules = turn.world.program.promising[policy_of(turn)[0].promising]
    there = ship_on + (unit.deliver_on - unit.ship_on)
    delivers = next((each.delivers_on for each in rules.services if each.name == unit.service), None)
    there = first_working_day(turn.world.program.calendars[delivers], there) if delivers else there
    return Redated(unit.release_at, ship_on, there, (), unit.lines)


def _day(told: object) -> date | None:
    if isinstance(told, date):
        return told
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        return None
