"""Dates by hand: cut-offs, lead days, supply, processing, and the sentences that tell of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from orderloom.dsl.program import Calendar, Origin
from orderloom.engine.promising.promise import Dates, dates, derivation, ready, release_at

HERE = Origin("calendar.yaml", 1)
WEEKDAYS = Calendar("weekdays", "UTC", ((time(8), time(18)),) * 5 + (None, None), frozenset(), HERE)
CHICAGO = Calendar("chicago", "America/Chicago", ((time(8), time(18)),) * 7, frozenset(), HERE)
THURSDAY, FRIDAY = date(2026, 3, 5), date(2026, 3, 6)


@pytest.mark.parametrize(("clock", "day"), [(time(13, 59), THURSDAY), (time(14), FRIDAY), (time(15, 30), FRIDAY)])
def test_at_the_cut_off_the_day_is_over(clock, day):
    at = datetime.combine(THURSDAY, clock, UTC)
    assert ready(WEEKDAYS, at, time(14), 0, 0).day == day


@pytest.mark.parametrize(("clock", "day"), [(time(17, 59), THURSDAY), (time(18), FRIDAY), (time(7), THURSDAY)])
def test_without_a_cut_off_the_day_is_over_at_closing(clock, day):
    assert ready(WEEKDAYS, datetime.combine(THURSDAY, clock, UTC), None, 0, 0).day == day


def test_the_cut_off_is_local():
    at = datetime(2026, 3, 5, 19, 30, tzinfo=UTC)  # 13:30 in Chicago
    assert ready(CHICAGO, at, time(14), 0, 0).day == THURSDAY


def test_a_monogram_takes_two_working_days():
    node = ready(WEEKDAYS, datetime(2026, 3, 5, 15, 30, tzinfo=UTC), time(14), 0, 2)
    assert dates(node, date.min) == Dates(FRIDAY, date(2026, 3, 10))


def test_lead_days_are_counted_before_supply_comes_in():
    node = ready(WEEKDAYS, datetime(2026, 3, 2, 10, tzinfo=UTC), None, 2, 0)
    assert node.day == date(2026, 3, 4)
    assert dates(node, date(2026, 3, 3)).start == date(2026, 3, 4)
    assert dates(node, date(2026, 3, 7)).start == date(2026, 3, 9), "the supply comes on a Saturday"


def test_work_is_released_when_the_day_opens_but_not_before_the_order():
    node = ready(WEEKDAYS, datetime(2026, 3, 2, 10, tzinfo=UTC), time(14), 0, 0)
    assert release_at(node, date(2026, 3, 2)) == node.at
    assert release_at(node, date(2026, 3, 3)) == datetime(2026, 3, 3, 8, tzinfo=UTC)


def test_every_date_says_how_it_came_about():
    node = ready(WEEKDAYS, datetime(2026, 3, 5, 15, 30, tzinfo=UTC), time(14), 1, 2)
    when = dates(node, date(2026, 3, 10))
    assert derivation(node, date(2026, 3, 10), "GROUND", when, date(2026, 3, 14)) == (
        "ordered Thu 2026-03-05 15:30, past the cut-off of 14:00, so it counts as the next day",
        "1 working day of lead time: ready Mon 2026-03-09",
        "waits for supply that can be used from Tue 2026-03-10",
        "work starts Tue 2026-03-10",
        "2 working days of processing: ships Thu 2026-03-12",
        "ships Thu 2026-03-12, GROUND takes 2 days: delivered Sat 2026-03-14",
    )
