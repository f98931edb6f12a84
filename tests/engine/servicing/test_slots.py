"""Slots: never more visits at a time than a resource makes, whatever the lengths of slots."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl.program import Origin, Resource
from orderloom.engine.ledger.stock import Entry, Stock
from orderloom.engine.servicing.slots import busiest, room, slots_on, span_of

DAY = date(2026, 3, 11)
HERE = Origin("test", 1)


def resource(capacity: int) -> Resource:
    return Resource("T1", "T1", frozenset(), frozenset(), None, capacity, HERE)


@given(
    st.integers(1, 3), st.lists(st.tuples(st.sampled_from([1, 2, 3, 4, 6]), st.integers(0, 23), st.integers(1, 2)), max_size=60)
)
def test_what_is_booked_by_room_never_overlaps_beyond_capacity(capacity: int, wanted: list[tuple[int, int, int]]) -> None:
    """Every attempt asks for a slot of some hours; it books where there is room, and gives nothing back."""
    stock, by_hour = Stock({}, {}), [0] * 24
    for hours, place, visits in wanted:
        slots = list(slots_on(resource(capacity), DAY, timedelta(hours=hours), {}))
        slot = slots[place % len(slots)]
        first = slot.begins.hour
        free = capacity - max(by_hour[first : first + hours])
        assert room(slot, capacity, stock) == free
        if free >= visits:
            stock = stock.post([Entry("reserve", "VISIT", "T1", "", visits, "O", "1", DAY, resource=slot.name)])
            for hour in range(first, first + hours):
                by_hour[hour] += visits
    assert max(by_hour) <= capacity


def test_slots_follow_each_other_on_the_clock_of_the_resource() -> None:
    names = [slot.name for slot in slots_on(resource(1), DAY, timedelta(hours=8), {})]
    assert names == ["00:00-08:00", "08:00-16:00", "16:00-00:00"]
    assert next(slots_on(resource(1), DAY, timedelta(hours=8), {})).begins == datetime(2026, 3, 11, tzinfo=UTC)


def test_the_end_at_midnight_is_that_of_the_day() -> None:
    whole, late = span_of("00:00-00:00"), span_of("22:00-00:00")
    assert whole is not None and late is not None
    assert busiest(late, {"00:00-00:00": 2, "20:00-22:00": 1}) == 2
    assert busiest(whole, {"20:00-22:00": 1, "21:00-23:00": 1, "dc": 5}) == 2
    assert span_of("monogramming") is None and span_of("25:00-26:00") is None
