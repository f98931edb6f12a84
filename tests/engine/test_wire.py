"""The codec: what is stored comes back exactly, and what a newer release wrote is not misread."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import ValidationError

from orderloom.engine import wire
from orderloom.engine.events import Captured, Claimed, TimeReached
from orderloom.engine.order import Customer, Line, Order
from orderloom.engine.state import OrderState

#: Threads that all read their first event and state at the same moment.
AT_ONCE = """
import sys, threading
from msgspec import ValidationError
from orderloom.engine import wire
start, said = threading.Barrier(8), []
def read():
    start.wait()
    for load in (wire.load_event, wire.load_state):
        try:
            load('{"wire": 1, "body": {}}')
        except ValidationError as fault:
            said.append(str(fault))
sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(said))
"""

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(lambda d: d.adjusted() < 300)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | decimals | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def order(attributes: dict[str, object]) -> Order:
    line = Line("1", "I1", 2, Decimal("9.90"), want_by=date(2026, 3, 5))
    return Order("O1", "web", AT, Customer("C1"), (line,), "USD", attributes=attributes)


@given(st.dictionaries(st.text(max_size=8), values, max_size=4))
def test_attributes_come_back_with_every_digit(attributes: dict[str, object]) -> None:
    state = OrderState(order(attributes), "digest", sequence=3, cancelled={"1": 1})
    assert wire.load_state(wire.dump_state(state)) == state


@given(decimals)
def test_a_decimal_keeps_its_digits(value: Decimal) -> None:
    assert str(wire.load(wire.dump(value), Decimal)) == str(value)


def test_figures_keep_their_scale() -> None:
    text = wire.dump({"price": Decimal("12.50"), "big": Decimal("1E+3"), "whole": Decimal("5")})
    assert text == '{"price":12.50,"big":1E+3,"whole":5}'
    assert {key: str(value) for key, value in wire.load(text, dict[str, object]).items()} == {
        "price": "12.50",
        "big": "1E+3",
        "whole": "5",
    }


def test_an_event_comes_back_as_what_it_was() -> None:
    for event in (Captured(AT, order({})), TimeReached(AT, "O1/order:1")):
        assert wire.load_event(wire.dump_event(event)) == event


def test_an_event_of_before_roles_were_kept_loads() -> None:
    told = '{"wire":1,"body":{"type":"claimed","at":"2026-03-02T10:00:00Z","work":"O1/order:1","by":"ann"}}'
    assert wire.dump_event(Claimed(AT, "O1/order:1", "ann")) == told
    assert wire.load_event(told) == Claimed(AT, "O1/order:1", "ann")
    assert wire.load_event(wire.dump_event(Claimed(AT, "O1/order:1", "ann", "sales"))).role == "sales"  # type: ignore[union-attr]


def test_what_a_newer_release_wrote_is_refused() -> None:
    newer = wire.dump_event(TimeReached(AT, "k")).replace('"wire":1', '"wire":2').replace('"key"', '"name"')
    with pytest.raises(wire.NewerWire, match="written as version 2, this release reads up to 1"):
        wire.load_event(newer)
    with pytest.raises(ValidationError):
        wire.load_event(newer.replace('"wire":2', '"wire":1'))


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
)
def test_moments_sort_as_text(one: datetime, other: datetime) -> None:
    assert (wire.moment_text(one) < wire.moment_text(other)) == (one < other)
    assert wire.moment_of(wire.moment_text(one)) == one


def test_moments_are_in_utc_whatever_zone_they_came_in() -> None:
    assert wire.moment_text(datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=-6)))) == "2026-03-02T16:00:00.000000+00:00"
    assert wire.day_of(wire.day_text(date(2026, 3, 2))) == date(2026, 3, 2)
    assert wire.day_text(None) is None and wire.day_of(None) is None


def test_threads_may_read_their_first_values_at_once() -> None:
    """To make two decoders of the same types at once ends the process; the locked making of them does not."""
    made = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
    assert (made.returncode, made.stdout) == (0, "16\n"), made.stderr
