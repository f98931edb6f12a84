"""Times of day with nanoseconds, local, at an offset from UTC, or in a named zone; and dates with times."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from orderloom.dsl.feel.dates import Date, from_day_number, parse_date

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
MAX_OFFSET = 18 * 3600

Zone = int | str | None  # seconds east of UTC, an IANA name, or local

_TEXT = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:(Z|z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z][\w+-]*(?:/[\w+-]+)*))?", re.ASCII
)


class Time(Struct, frozen=True):
    nanos: int  # since midnight
    zone: Zone = None

    @property
    def hour(self) -> int:
        return self.nanos // (3600 * SECOND)

    @property
    def minute(self) -> int:
        return self.nanos // (60 * SECOND) % 60

    @property
    def second(self) -> int:
        return self.nanos // SECOND % 60

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC; a named zone counts by its offset in January, as a time of day has no date."""
        return offset_at(self.zone, Date(2024, 1, 1), self.nanos)

    def __str__(self) -> str:
        fraction = f".{self.nanos % SECOND:09}".rstrip("0") if self.nanos % SECOND else ""
        return f"{self.hour:02}:{self.minute:02}:{self.second:02}{fraction}{zone_text(self.zone)}"


class DateTime(Struct, frozen=True):
    date: Date
    time: Time

    @property
    def offset(self) -> int | None:
        return offset_at(self.time.zone, self.date, self.time.nanos)

    @property
    def local(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 by the clock on its own wall."""
        return self.date.number * DAY + self.time.nanos

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 UTC; a local one counts as if it were UTC."""
        return self.local - (self.offset or 0) * SECOND

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def time_of(hour: int, minute: int, nanos: int, zone: Zone = None) -> Time | None:
    """The time, or None when a part is out of range; `nanos` are those of the seconds. 24:00:00 is midnight."""
    if hour == 24 and minute == 0 and nanos == 0:
        return Time(0, zone)
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= nanos < 60 * SECOND) or not is_zone(zone):
        return None
    return Time((hour * 60 + minute) * 60 * SECOND + nanos, zone)


def parse_time(text: str) -> Time | None:
    found = _TEXT.fullmatch(text)
    if not found:
        return None
    fraction = int((found[4] or "").ljust(9, "0"))
    return time_of(int(found[1]), int(found[2]), int(found[3]) * SECOND + fraction, _zone_of(found))


def _zone_of(found: re.Match[str]) -> Zone:
    if found[5]:
        return 0
    if found[6]:
        if int(found[8]) > 59 or int(found[9] or 0) > 59:
            return MAX_OFFSET + 1
        seconds = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
        return -seconds if found[6] == "-" else seconds
    return found[10]


def parse_date_time(text: str) -> DateTime | None:
    """A date and time; one without the time is at midnight. 24:00:00 is the start of the next day."""
    day, _, rest = text.partition("T")
    date = parse_date(day)
    if date is None or text.endswith("T"):
        return None
    time = parse_time(rest) if rest else Time(0)
    if time and rest.startswith("24"):
        date = from_day_number(date.number + 1)
    return DateTime(date, time) if date and time else None


def from_local(nanos: int, zone: Zone) -> DateTime | None:
    number, rest = divmod(nanos, DAY)
    date = from_day_number(number)
    return DateTime(date, Time(rest, zone)) if date else None


def from_instant(nanos: int, zone: Zone) -> DateTime | None:
    """The date and time of an instant on the wall clock of a zone."""
    utc = from_local(nanos, 0)
    if utc is None or zone is None or isinstance(zone, int):
        return from_local(nanos + (zone or 0) * SECOND if isinstance(zone, int) else nanos, zone)
    at = _representable(utc.date, utc.time.nanos, ZoneInfo("UTC")).astimezone(_zone(zone))
    offset = at.utcoffset()
    return from_local(nanos + round(offset.total_seconds() if offset else 0) * SECOND, zone)


def is_zone(zone: Zone) -> bool:
    if isinstance(zone, str):
        return zone in _zone_names()
    return zone is None or abs(zone) <= MAX_OFFSET


def offset_at(zone: Zone, date: Date, nanos: int) -> int | None:
    """Seconds east of UTC that the zone keeps at a wall-clock time, or None when local."""
    if not isinstance(zone, str):
        return zone
    offset = _representable(date, nanos, _zone(zone)).utcoffset()
    return round(offset.total_seconds()) if offset else 0


def zone_text(zone: Zone) -> str:
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _representable(date: Date, nanos: int, zone: ZoneInfo) -> datetime:
    """The nearest moment that `datetime` can hold: zone rules are known for its years only."""
    year = min(max(date.year, 2), 9998)
    day = 28 if (date.month, date.day) == (2, 29) and year != date.year else date.day
    seconds = nanos // SECOND
    return datetime(year, date.month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=zone)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())
