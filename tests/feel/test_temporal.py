"""Dates, times, zones and the two durations, against Python's own where it reaches and by hand where it does not."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl import feel
from orderloom.dsl.feel.dates import Date, add_months, day_of_year, from_day_number, week_of_year
from orderloom.dsl.feel.durations import parse_duration
from orderloom.dsl.feel.strings import text_of
from orderloom.dsl.feel.types import ANY

SCOPE = feel.Scope({"x": ANY, "y": ANY})


def evaluate(text, **context):
    tree, problems = feel.parse(text, SCOPE)
    assert problems == ()
    return feel.compile(tree, SCOPE)(context)


def shown(text, **context):
    value = evaluate(text, **context)
    return None if value is None else text_of(value)


@given(st.dates())
def test_calendar_agrees_with_python(day):
    own = Date(day.year, day.month, day.day)
    assert own.number == day.toordinal() - date(1970, 1, 1).toordinal()
    assert from_day_number(own.number) == own
    assert own.weekday == day.isoweekday()
    assert day_of_year(own) == day.timetuple().tm_yday
    assert week_of_year(own) == day.isocalendar().week
    assert str(own) == day.isoformat()


@given(st.integers(-365_000_000_000, 365_000_000_000))
def test_calendar_reaches_far(number):
    found = from_day_number(number)
    assert found.number == number
    assert from_day_number(number + 1) > found


@given(st.dates(), st.integers(-10_000, 10_000))
def test_months_keep_the_day_or_take_the_last(day, months):
    moved = add_months(Date(day.year, day.month, day.day), months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (
        moved.day < day.day and add_months(Date(moved.year, moved.month, 1), 1).number - moved.number == 1
    )


@given(
    st.datetimes(
        timezones=st.sampled_from([UTC, ZoneInfo("Europe/Paris"), ZoneInfo("America/Chicago"), timezone(timedelta(hours=-5))])
    )
)
def test_host_moments_go_in_and_out(moment):
    assert feel.to_python(feel.from_python(moment)) == moment.replace(fold=0)


@given(st.timedeltas(timedelta(days=-10_000), timedelta(days=10_000)))
def test_host_durations_go_in_and_out(span):
    own = feel.from_python(span)
    assert feel.to_python(own) == span
    assert parse_duration(str(own)) == own


CASES = [
    ('@"2024-02-29" + @"P1Y"', "2025-02-28"),
    ('@"2026-01-31" + @"P1M"', "2026-02-28"),
    ('@"2026-03-31" - @"P1M"', "2026-02-28"),
    ('@"2026-03-02" + @"P3D"', "2026-03-05"),
    ('@"2021-01-02" - @"PT1H"', "2021-01-01"),
    ('@"2026-03-05" - @"2026-03-02"', "P3D"),
    ('@"10:30:00" + @"PT14H"', "00:30:00"),
    ('@"23:59:59.999999999" + @"PT0.000000001S"', "00:00:00"),
    ('@"2026-03-08T01:30:00@America/Chicago" + @"PT1H"', "2026-03-08T03:30:00@America/Chicago"),
    ('@"2026-11-01T12:00:00@America/Chicago".time offset', "-PT6H"),
    ('@"2026-07-01T12:00:00@America/Chicago".time offset', "-PT5H"),
    ('@"2026-03-02T10:00:00Z" - @"2026-03-02T10:00:00+02:00"', "PT2H"),
    ('@"2026-12-31T24:00:00"', "2027-01-01T00:00:00"),
    ('@"-0044-03-15"', "-0044-03-15"),
    ('@"999999999-12-31"', "999999999-12-31"),
    ('@"999999999-12-31" + @"P1D"', None),
    ('@"1900-02-29"', None),
    ('@"2000-02-29"', "2000-02-29"),
    ('@"P1Y11M" * -2.5', "-P4Y9M"),
    ('@"PT1H" * 1.5', "PT1H30M"),
    ('@"P1D" / 2', "PT12H"),
    ('@"P1D" / @"PT6H"', "4"),
    ('@"P1Y" / @"P1M"', "12"),
    ('@"P1D" + @"P1M"', None),
    ('@"P1D" / 0', None),
    ("abs(@\"-P2Y3M\")", "P2Y3M"),
    ('@"2026-03-02".weekday', "1"),
    ('@"10:30:15".minute', "30"),
    ('@"P1DT2H3M4S".hours', "2"),
    ('@"-P1DT2H".hours', "-2"),
    ('@"P14M".years', "1"),
    ('day of week(@"2026-03-02")', "Monday"),
    ('month of year(@"2026-03-02")', "March"),
    ('years and months duration(@"2024-02-29", @"2026-02-28")', "P1Y11M"),
    ('duration("P1Y") = duration("P365D")', None),
    ('@"2026-03-02T10:00:00Z" = @"2026-03-02T11:00:00+01:00"', "true"),
    ('is(@"2026-03-02T10:00:00Z", @"2026-03-02T11:00:00+01:00")', "false"),
    ('@"2026-03-02T10:00:00" < @"2026-03-02T11:00:00Z"', None),
    ('@"2026-03-02" in [@"2026-03-01"..@"2026-03-03"]', "true"),
    ('time(10, 30, 15.5, null)', "10:30:15.5"),
    ('date and time(@"2026-03-02", @"10:30:00Z")', "2026-03-02T10:30:00Z"),
    ('@"10:00:00+18:30"', None),
    ('@"10:00:00@Europe/Atlantis"', None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_by_hand(text, expected):
    assert shown(text) == expected


def test_the_hosts_own_classes_take_part():
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert evaluate('x + @"PT2H" = y', x=noon, y=noon + timedelta(hours=2)) is True
    assert evaluate("x < y", x=date(2026, 3, 2), y=date(2026, 3, 3)) is True
    assert evaluate("x.year", x=date(2026, 3, 2)) == Decimal(2026)
    assert evaluate('x + y = @"2026-03-04"', x=date(2026, 3, 2), y=timedelta(days=2)) is True
    assert evaluate("x instance of date and time", x=noon) is True
    assert evaluate("[x][1] - y", x=noon, y=noon) == feel.from_python(timedelta(0))


def test_the_present_is_what_the_host_says():
    now = datetime(2026, 3, 2, 12, tzinfo=ZoneInfo("America/Chicago"))
    assert shown("now()", **{"now()": now}) == "2026-03-02T12:00:00@America/Chicago"
    assert shown("today()", **{"now()": now}) == "2026-03-02"
    assert evaluate("now()") is None
