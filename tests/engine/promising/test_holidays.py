"""Public holidays by hand: Independence Day of 2026 is a Saturday, so the Friday before is observed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from orderloom.dsl.program import Calendar, Origin
from orderloom.engine.promising.calendars import add_working_days, first_working_day, opens_at, working_day
from orderloom.engine.promising.promise import ready

HERE = Origin("calendar.yaml", 1)
WEEK = ((time(8), time(18)),) * 5 + (None, None)


def calendar(country: str, part: str = "", zone: str = "UTC") -> Calendar:
    return Calendar("c", zone, WEEK, frozenset(), HERE, (country, part))


@pytest.mark.parametrize(
    ("country", "part", "day", "works"),
    [
        ("US", "", date(2026, 7, 2), True),
        ("US", "", date(2026, 7, 3), False),  # Independence Day, observed
        ("US", "", date(2026, 11, 26), False),  # Thanksgiving
        ("US", "", date(2026, 11, 27), True),
        ("US", "TX", date(2026, 11, 27), False),  # the Friday after, in Texas
        ("DE", "", date(2026, 6, 4), True),
        ("DE", "BY", date(2026, 6, 4), False),  # Corpus Christi, in Bavaria
        ("DE", "", date(2026, 4, 6), False),  # Easter Monday
    ],
)
def test_a_holiday_is_no_working_day(country, part, day, works):
    assert working_day(calendar(country, part), day) is works


def test_working_days_skip_holidays():
    us = calendar("US")
    assert first_working_day(us, date(2026, 7, 3)) == date(2026, 7, 6)
    assert add_working_days(us, date(2026, 12, 23), 2) == date(2026, 12, 28), "Thursday, and Monday after Christmas"


def test_an_order_on_a_holiday_is_ready_on_the_next_working_day():
    node = ready(calendar("US"), datetime(2026, 7, 3, 10, tzinfo=UTC), time(14), 1, 0)
    assert node.day == date(2026, 7, 7)


def test_days_are_local_across_the_start_of_summer_time():
    """Chicago goes from UTC-6 to UTC-5 on Sunday 2026-03-08."""
    chicago = calendar("US", zone="America/Chicago")
    assert opens_at(chicago, date(2026, 3, 6)) == datetime(2026, 3, 6, 14, tzinfo=UTC)
    assert opens_at(chicago, date(2026, 3, 7)) == datetime(2026, 3, 9, 13, tzinfo=UTC)
    late_on_friday = datetime(2026, 3, 7, 3, tzinfo=UTC)  # 21:00 in Chicago
    assert ready(chicago, late_on_friday, time(14), 0, 0).day == date(2026, 3, 9)
    assert ready(chicago, datetime(2026, 3, 9, 18, 59, tzinfo=UTC), time(14), 0, 0).day == date(2026, 3, 9), "13:59 there"
    assert ready(chicago, datetime(2026, 3, 9, 19, 0, tzinfo=UTC), time(14), 0, 0).day == date(2026, 3, 10), "14:00 there"


def test_one_moment_is_two_days():
    """Tuesday 03:00 in UTC is Monday evening in Los Angeles and Tuesday noon in Tokyo."""
    at = datetime(2026, 3, 3, 3, tzinfo=UTC)
    west, east = calendar("US", zone="America/Los_Angeles"), calendar("JP", zone="Asia/Tokyo")
    assert ready(west, at, time(20), 0, 0).day == date(2026, 3, 2)
    assert ready(east, at, time(14), 0, 0).day == date(2026, 3, 3)
