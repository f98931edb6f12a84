"""Working time by hand: offices in New York, an always open node, hours until midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl.program import Calendar, Origin
from orderloom.engine.promising.calendars import (
    ALWAYS,
    NeverOpen,
    add_working_days,
    add_working_time,
    calendar_of,
    first_working_day,
    opens_at,
    working_day,
)

HERE = Origin("calendar.yaml", 1)
OFFICE = Calendar(
    "office", "America/New_York", ((time(9), time(17)),) * 5 + (None, None), frozenset({date(2026, 3, 4)}), HERE
)  # fmt: skip
LATE = Calendar("late", "UTC", ((time(18), time()),) * 7, frozenset(), HERE)
NEVER = Calendar("never", "UTC", (None,) * 7, frozenset(), HERE)
FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)


def test_weekends_and_closed_days_are_not_worked():
    assert [working_day(OFFICE, date(2026, 3, day)) for day in range(2, 9)] == [True, True, False, True, True, False, False]


def test_the_first_working_day_may_be_the_day_itself():
    assert first_working_day(OFFICE, FRIDAY) == FRIDAY
    assert first_working_day(OFFICE, date(2026, 3, 7)) == MONDAY


def test_working_days_are_counted_after_the_day():
    assert add_working_days(OFFICE, date(2026, 3, 3), 2) == FRIDAY, "Wednesday is closed"
    assert add_working_days(OFFICE, date(2026, 3, 7), 1) == MONDAY
    assert add_working_days(OFFICE, date(2026, 3, 7), 0) == date(2026, 3, 7)


def test_opening_is_told_in_utc_on_both_sides_of_a_change_of_clocks():
    assert opens_at(OFFICE, FRIDAY) == datetime(2026, 3, 6, 14, tzinfo=UTC)
    assert opens_at(OFFICE, date(2026, 3, 7)) == datetime(2026, 3, 9, 13, tzinfo=UTC), "summer time began on the 8th"


def test_working_time_skips_nights_and_weekends():
    start = datetime(2026, 3, 6, 21, tzinfo=UTC)  # 16:00 on Friday in New York
    assert add_working_time(OFFICE, start, timedelta(minutes=30)) == start + timedelta(minutes=30)
    assert add_working_time(OFFICE, start, timedelta(hours=2)) == datetime(2026, 3, 9, 14, tzinfo=UTC)


def test_work_ordered_in_closed_hours_begins_at_the_opening():
    closed = datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert add_working_time(OFFICE, closed, timedelta(hours=1)) == datetime(2026, 3, 9, 14, tzinfo=UTC)


def test_hours_may_end_at_midnight():
    at = datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert add_working_time(LATE, at, timedelta(hours=2)) == datetime(2026, 3, 3, 19, tzinfo=UTC)


def test_a_node_without_a_calendar_is_always_open():
    moment = datetime(2026, 3, 7, 23, 59, tzinfo=UTC)
    assert calendar_of(None, {}) is ALWAYS
    assert add_working_time(ALWAYS, moment, timedelta(hours=50)) == moment + timedelta(hours=50)
    assert opens_at(ALWAYS, date(2026, 3, 7)) == datetime(2026, 3, 7, tzinfo=UTC)
    assert calendar_of("office", {"office": OFFICE}) is OFFICE


def test_a_calendar_without_hours_is_never_open():
    with pytest.raises(NeverOpen):
        first_working_day(NEVER, FRIDAY)
    with pytest.raises(NeverOpen):
        add_working_time(NEVER, datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1))


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))


DURATIONS = st.timedeltas(timedelta(minutes=1), timedelta(hours=60))


@given(MOMENTS, DURATIONS, DURATIONS)
def test_working_time_adds_up(at, one, other):
    there = add_working_time(OFFICE, at, one)
    assert there >= at + one
    assert add_working_time(OFFICE, there, other) == add_working_time(OFFICE, at, one + other)


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(1, 30), st.integers(1, 30))
def test_working_days_add_up(day, one, other):
    assert add_working_days(OFFICE, add_working_days(OFFICE, day, one), other) == add_working_days(OFFICE, day, one + other)
    assert working_day(OFFICE, add_working_days(OFFICE, day, one))
