"""Promising rules and the calendars that they count by: no number that cannot be, no holidays of nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fields import Located
from orderloom.dsl.leaves import number
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Calendar, Holidays, Promising


def promising(definitions: Definitions) -> Iterator[Diagnostic]:
    for rules in definitions.of_kind(Promising).values():
        yield from _figures(rules)
    for calendar in definitions.of_kind(Calendar).values():
        if calendar.holidays is not None:
            yield from _holidays(calendar.holidays)


def _figures(rules: Promising) -> Iterator[Diagnostic]:
    for pair in rules.supply:
        yield from _out_of_range(pair.value.trust, Decimal(1), "a number from 0 to 1, or an expression that gives one")
    counts = [rules.floor, rules.lead_days, rules.processing_days, rules.capacity]
    counts += [each for work in rules.work for each in (work.processing_days, work.capacity, work.fee)]
    for count in counts:
        yield from _out_of_range(count, None, "a number that is 0 or more")


def _out_of_range(written: Located[str] | None, most: Decimal | None, hint: str) -> Iterator[Diagnostic]:
    """A number that is written down can be judged; an expression is judged by whoever evaluates it."""
    value = number(written.node) if written is not None else None
    if written is not None and value is not None and (value < 0 or (most is not None and value > most)):
        yield Diagnostic("E115", f"{value} is out of range", written.span, hint=f"write {hint}")


def _holidays(holidays: Holidays) -> Iterator[Diagnostic]:
    from holidays import list_supported_countries  # takes long to load, and few calendars ask for it

    if holidays.country is None:
        return
    known = list_supported_countries()
    country, part = holidays.country.value, holidays.subdivision
    if country not in known:
        hint = hint_for(country, known) or "write a code of ISO 3166 with two letters, as in US"
        yield Diagnostic("E843", f"the holidays of {country} are not known", holidays.country.span, hint=hint)
    elif part is not None and part.value not in known[country]:
        words = f"{country} has no part {part.value} with holidays of its own"
        yield Diagnostic("E844", words, part.span, hint=hint_for(part.value, known[country]))
