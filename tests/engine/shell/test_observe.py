"""What a worker tells whoever watches it: each thing once, after it was written down, and nothing that was taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import toy
from conformance import Deaf, Leasing
from msgspec.structs import replace
from shop import ITEMS, Shop, stocked

from orderloom.engine.events import Happened
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture, report
from orderloom.engine.shell.observe import Batched, Delivered, Fenced, Opened, Report
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.retries import TURNS
from orderloom.engine.shell.worker import Worker
from orderloom.engine.trace import delivery_span, trace_of

BROUGHT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def shop(url: str) -> Shop:
    return stocked(url)


def watched(shop: Shop, told: list[Report], partner: Any, until: timedelta = timedelta(hours=1), clock: Any = None) -> Worker:
    clock = clock or SimulatedClock(shop.store, timedelta(hours=1), toy.START + until)
    return Worker(shop.store, Programs(shop.store, toy.program), {"partner": partner}, clock, toy.advance, observer=told.append)


def batches(told: list[Report]) -> list[Batched]:
    return [each for each in told if isinstance(each, Batched)]


def test_a_batch_tells_its_turns_and_a_delivery_its_message(shop: Shop) -> None:
    told: list[Report] = []
    brought = replace(toy.order(2, ITEMS), traceparent=BROUGHT, division="RETAIL")
    capture(shop.store, [toy.order(1, ITEMS), brought], toy.DIGEST)
    watched(shop, told, shop.partner, timedelta(minutes=30)).run_until_idle()
    [batch] = batches(told)
    turns = [(turn.order, turn.brought, turn.division, turn.event, turn.attempt, turn.fault) for turn in batch.turns]
    assert turns == [("O00001", None, None, "captured", 1, None), ("O00002", BROUGHT, "RETAIL", "captured", 1, None)]
    assert batch.opened == ()
    assert 0 < sum(turn.seconds for turn in batch.turns) < batch.seconds
    first, second = [each for each in told if isinstance(each, Delivered)]
    assert (first.order, first.organization, first.message, first.attempt) == ("O00001", "depot", "pick-request", 1)
    assert (first.result, first.fault) == ("delivered", None)
    assert first.traceparent == trace_of("O00001").parent_of(delivery_span(first.key, 1))
    assert second.traceparent == f"00-4bf92f3577b34da6a3ce929d0e0e4736-{delivery_span(second.key, 1)}-01"


def test_what_fails_is_told_with_its_attempt_and_by_name_alone(shop: Shop) -> None:
    """The partner raises and refuses in turn; the last attempt of a turn opens an exception."""
    told: list[Report] = []
    shop.capture(1)
    watched(shop, told, Deaf(2)).run_until_idle()
    deliveries = [(d.attempt, d.result, d.fault) for d in told if isinstance(d, Delivered)]
    assert deliveries == [(1, "failed", "ConnectionError"), (2, "failed", "failure"), (3, "delivered", None)]
    told.clear()
    breaks = Incoming("x", "depot", "O00001", Happened(toy.START + timedelta(minutes=10), "raise"))
    assert report(shop.store, [breaks]).accepted == 1
    watched(shop, told, shop.partner, timedelta(minutes=20)).run_until_idle()
    failed = [(t.event, t.attempt, t.fault) for batch in batches(told) for t in batch.turns]
    assert failed == [("happened", attempt, "RuntimeError") for attempt in range(1, TURNS + 1)]
    [opened] = [each for batch in batches(told) for each in batch.opened]
    assert isinstance(opened, Opened)
    assert (opened.order, opened.type, opened.role) == ("O00001", "no-way-forward", "operations")


def test_a_batch_that_was_taken_back_is_not_told(shop: Shop) -> None:
    """What the store refuses is put off alone; the others are written, and told, once."""
    told: list[Report] = []
    shop.capture(1, 2)
    watched(shop, told, shop.partner, timedelta(minutes=30)).run_until_idle()
    told.clear()
    refused = Incoming("x", "depot", "O00001", Happened(toy.START + timedelta(minutes=31), "refuse"))
    other = Incoming("y", "depot", "O00002", Happened(toy.START + timedelta(minutes=31), "whatever"))
    report(shop.store, [refused, other])
    watched(shop, told, shop.partner, timedelta(minutes=31, seconds=1)).run_until_idle()
    turns = [(turn.order, turn.fault) for batch in batches(told) for turn in batch.turns]
    assert sorted(turns, key=str) == [("O00001", "NotThere"), ("O00002", None)]


def test_acknowledgements_that_come_too_late_are_told(shop: Shop) -> None:
    """A worker sleeps past its lease while another one delivers its message."""
    told: list[Report] = []
    shop.capture(1)
    other = watched(shop, [], shop.partner, clock=Leasing(shop))

    class Sleepy(toy.Partner):
        def deliver(self, messages: Any, settings: Any) -> Any:
            answer = super().deliver(messages, settings)
            Leasing.later = timedelta(minutes=2)
            assert other.run_once().messages == 1
            return answer

    sleepy = watched(shop, told, Sleepy(), clock=Leasing(shop))
    try:
        assert sleepy.run_once().turns == 1
        assert sleepy.run_once().messages == 1
    finally:
        Leasing.later = timedelta(0)
    assert [each for each in told if isinstance(each, Fenced)] == [Fenced("depot", 1)]
