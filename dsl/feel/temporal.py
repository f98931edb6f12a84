"""Any date, time, date and time or duration by its text, as in `@"..."`."""

from orderloom.dsl.feel.dates import Date, parse_date
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration, parse_duration
from orderloom.dsl.feel.times import DateTime, Time, parse_date_time, parse_time

Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration


def parse_temporal(text: str) -> Temporal | None:
    """The value, or None when no kind reads so."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    return parse_date(text) or (parse_date_time(text) if text[8:].find("T") >= 0 else parse_time(text))
