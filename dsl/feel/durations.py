"""FEEL's two durations, which never mix: days and time (exact), years and months (by the calendar)."""

import re

from msgspec import Struct

from orderloom.dsl.feel.times import SECOND

_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
MAX_DIGITS = 18


class DaysDuration(Struct, frozen=True, order=True):
    nanos: int

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """Days, hours, minutes and seconds, all of the duration's sign; fractions are cut."""
        seconds = abs(self.nanos) // SECOND
        sign = -1 if self.nanos < 0 else 1
        return sign * (seconds // 86_400), sign * (seconds // 3600 % 24), sign * (seconds // 60 % 60), sign * (seconds % 60)

    def __str__(self) -> str:
        days, hours, minutes, seconds = map(abs, self.parts)
        fraction = f".{abs(self.nanos) % SECOND:09}".rstrip("0") if self.nanos % SECOND else ""
        time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        time += f"{seconds}{fraction}S" if seconds or fraction else ""
        text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
        return ("-" if self.nanos < 0 else "") + "P" + (text or "T0S")


class MonthsDuration(Struct, frozen=True, order=True):
    months: int

    @property
    def parts(self) -> tuple[int, int]:
        """Years and months, both of the duration's sign."""
        years, months = divmod(abs(self.months), 12)
        return (-years, -months) if self.months < 0 else (years, months)

    def __str__(self) -> str:
        years, months = map(abs, self.parts)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """Either duration by its text, or None. `PT` or `P` alone are none."""
    if len(text) < 3 or max(map(len, re.findall(r"\d+", text)), default=0) > MAX_DIGITS:
        return None
    found = _MONTHS.fullmatch(text)
    if found:
        return MonthsDuration(_signed(found[1], int(found[2] or 0) * 12 + int(found[3] or 0)))
    found = _DAYS.fullmatch(text)
    if not found or text.endswith("T"):
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.group(2, 3, 4, 5))
    nanos = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * SECOND + int((found[6] or "0")[:9].ljust(9, "0"))
    return DaysDuration(_signed(found[1], nanos))


def _signed(sign: str | None, value: int) -> int:
    return -value if sign else value
