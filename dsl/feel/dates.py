"""Dates of the proleptic Gregorian calendar, from year -999,999,999 to 999,999,999."""

import re

from msgspec import Struct

MAX_YEAR = 999_999_999
_TEXT = re.compile(r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)", re.ASCII)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Date(Struct, frozen=True, order=True):
    year: int
    month: int
    day: int

    @property
    def number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """ISO 8601: 1 is Monday."""
        return (self.number + 3) % 7 + 1

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"


def date_of(year: int, month: int, day: int) -> Date | None:
    """The date, or None when the calendar has no such day."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        return None
    return Date(year, month, day)


def parse_date(text: str) -> Date | None:
    found = _TEXT.fullmatch(text)
    return date_of(int(found[1]), int(found[2]), int(found[3])) if found else None


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01, by eras of 400 years whose years start in March, so that the leap day comes last."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def from_day_number(number: int) -> Date | None:
    """The date so many days after 1970-01-01, or None beyond the calendar's end."""
    era, day_of_era = divmod(number + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = (shifted + 2) % 12 + 1
    return date_of(era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1)


def add_months(date: Date, months: int) -> Date | None:
    """The same day of another month, or that month's last day when it is shorter."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    return date_of(year, month + 1, min(date.day, month_length(year, month + 1)))


def day_of_year(date: Date) -> int:
    return date.number - day_number(date.year, 1, 1) + 1


def week_of_year(date: Date) -> int:
    """ISO 8601: the week that holds the year's first Thursday is its first."""
    thursday = date.number + 4 - date.weekday
    found = from_day_number(thursday)
    return (thursday - day_number(found.year if found else date.year, 1, 1)) // 7 + 1
