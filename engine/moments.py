"""Moments out of expressions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from orderloom.dsl.feel import to_python


def moment_of(value: object, timezone: str) -> datetime | None:
    """A date or date-time, in this zone where it names none; a date is its first moment. None where it is neither."""
    found = to_python(value)
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime.combine(found, time())
    if not isinstance(found, datetime):
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)
    except OverflowError:  # the first or the last day of the calendar, in another zone
        return None
