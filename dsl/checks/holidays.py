"""Calendars: no holidays of nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Calendar, Holidays


def holidays(definitions: Definitions) -> Iterator[Diagnostic]:
    for calendar in definitions.of_kind(Calendar).values():
        if calendar.holidays is not None:
            yield from _known(calendar.holidays)


def _known(holidays: Holidays) -> Iterator[Diagnostic]:
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
