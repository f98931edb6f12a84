"""Monitors of orders where what they look at is not as they expect: the order goes on, and every fact takes effect once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from string import ascii_letters

import pytest
from alarmed import BEGIN, filled, program
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.event import listen

from orderloom.adapters.stage import Silent
from orderloom.engine.audit import audit
from orderloom.engine.events import Happened
from orderloom.engine.monitoring.collect import Told, number_of
from orderloom.engine.monitoring.pattern import Seen
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture, report
from orderloom.engine.shell.observe import Batched, Report
from orderloom.engine.shell.patterns import Patterns
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import tables
from orderloom.engine.store.alarms import alarms

TWICE = b"""\
kind: attributes
name: own
order: { due: %s }
---
kind: event
name: seen-at-gate
about: order
fields: { on: date }
---
kind: monitor
name: twice
watch: events
pattern: { within: P1D, same: [order.customer.id], events: [{ event: seen-at-gate, count: 2 }] }
raise: { exception: odd }
"""


class Shop:
    """A store with a version in force, and workers that go on until they are told to stop."""

    def __init__(self, url: str, rules: bytes) -> None:
        self.programs = {b"alarmed": program(rules)}
        [self.first] = self.programs.values()
        self.store = filled(url, self.first, 0)
        self.reports: list[Report] = []

    def deploy(self, rules: bytes) -> None:
        made = self.programs[rules] = program(rules)
        deploy(self.store, made.digest, {"alarmed.yaml": rules}, "next", BEGIN + timedelta(minutes=6))

    def capture(self, *orders: Order) -> None:
        capture(self.store, orders, self.first.digest)

    def gate(self, order: str, minutes: int, on: str = "2026-03-02") -> None:
        """Somebody tells that the order was seen at the gate."""
        event = Happened(BEGIN + timedelta(minutes=minutes), "seen-at-gate", data={"on": on})
        report(self.store, [Incoming("ann", f"{order}-{minutes}", order, event)])

    def work(self, until: timedelta) -> None:
        programs = Programs(self.store, lambda sources: self.programs[sources["alarmed.yaml"]])
        clock, adapters = SimulatedClock(self.store, until=BEGIN + until), {"simulator": Silent(), "files": Silent()}
        Worker(self.store, programs, adapters, clock, observer=self.reports.append).run_until_idle()

    def untold(self) -> list[tuple[str, str]]:
        """What patterns could not be told, by order."""
        turns = [turn for each in self.reports if isinstance(each, Batched) for turn in each.turns]
        return [(turn.order, turn.untold) for turn in turns if turn.untold]

    def faults(self) -> list[str]:
        """What turns have raised."""
        return [turn.fault for each in self.reports if isinstance(each, Batched) for turn in each.turns if turn.fault]

    def happened(self, order: str) -> int:
        """How often the history of the order has the event."""
        h = tables.history.c
        with self.store.reading() as connection:
            told = connection.execute(select(h.event).where(h.order_id == order)).scalars()
            return sum('"seen-at-gate"' in each for each in told)


def order(id: str, name: str = "", **attributes: object) -> Order:
    """An order of one line."""
    line, where = Line("1", "I0", 1, Decimal(9), "ship"), Address(zip="60000", name=name)
    who = Customer("C1", attributes={"tier": "standard"})
    return Order(id, "web", BEGIN, who, (line,), "USD", ship_to=where, division="RETAIL", attributes=attributes)


def test_an_event_that_no_pattern_can_be_told_takes_effect_once(url: str) -> None:
    shop = Shop(url, TWICE % b"string")
    shop.capture(order("O1"))
    shop.work(timedelta(hours=1))
    shop.gate("O1", 5, on="garbage")
    shop.work(timedelta(hours=3))
    assert shop.happened("O1") == 1
    assert (shop.untold(), shop.faults()) == ([("O1", "seen-at-gate: ValueError")], [])
    for minutes in (6, 7):
        shop.gate("O1", minutes)
    shop.work(timedelta(hours=5))
    assert len(alarms(shop.store, "twice")) == 1, "of the two that fit"
    assert audit(shop.store) == ()


def test_an_order_of_before_whose_fields_have_another_type_now_goes_on(url: str) -> None:
    shop = Shop(url, TWICE % b"string")
    shop.capture(order("O1", due="next week"))
    shop.work(timedelta(minutes=5))
    shop.deploy(TWICE % b"date")
    shop.gate("O1", 10)
    shop.work(timedelta(hours=3))
    assert shop.happened("O1") == 1
    assert ("O1", "seen-at-gate: ValueError") in shop.untold() and shop.faults() == []
    assert audit(shop.store) == ()


SHIPPED = b"""\
kind: monitor
name: late
watch: line
not-reached: { milestone: shipped, after: P2D, date: line.want_by }
raise: { exception: late }
---
kind: monitor
name: late-by-hours
watch: line
not-reached: { milestone: shipped, after: P1DT9H, date: line.want_by, calendar: office }
raise: { exception: late }
---
kind: calendar
name: office
timezone: America/New_York
hours: { mon-fri: 08:00-18:00 }
"""


@pytest.mark.parametrize("day", [date(9999, 12, 29), date.max])
def test_a_deadline_beyond_the_last_day_is_never_reached(url: str, day: date) -> None:
    shop = Shop(url, SHIPPED)
    far, near = order("O1"), order("O2")
    shop.capture(*(replace(of, lines=(replace(of.lines[0], want_by=by),)) for of, by in ((far, day), (near, date(2026, 3, 2)))))
    shop.work(timedelta(days=4))
    assert shop.faults() == []
    assert {(alarm.monitor, alarm.order) for alarm in alarms(shop.store)} == {("late", "O2"), ("late-by-hours", "O2")}
    with shop.store.reading() as connection:
        o = tables.orders.c
        far, near = connection.execute(select(o.status, o.version).order_by(o.id))
    assert far.status == near.status and far.version > 0


NAMED = b"""\
kind: monitor
name: twice
watch: events
pattern: { within: P3D, same: [order.ship_to.name], events: [{ event: captured, count: 2 }, { no: shipped }] }
raise: { exception: odd }
"""


def test_what_events_have_in_common_may_be_any_text(url: str) -> None:
    shop = Shop(url, NAMED)
    chance = Random(1)
    long = "".join(chance.choice(ascii_letters) for _ in range(9000))  # what repeats would be packed into a short row
    names = ["Ann", long + "1", long + "2", "A\x00B", "AB", long + "1", "A\x00B", "Ann"]
    shop.capture(*(order(f"O{number}", name) for number, name in enumerate(names)))
    shop.work(timedelta(days=4))
    assert shop.faults() == []
    found = {alarm.order: alarm.key for alarm in alarms(shop.store, "twice")}
    assert set(found) == {"O5", "O6", "O7"}, "not of AB, and not of the other long one"
    assert found["O7"] == "Ann", "what is short stands as it is"
    assert found["O5"].startswith(long[:100]) and len(found["O5"]) < 200
    assert found["O6"].startswith("AB")
    assert audit(shop.store) == ()


def test_no_event_is_lost_of_a_key_whose_row_is_taken_away_meanwhile(url: str) -> None:
    """Between the claim of one worker and its look another makes the pattern whole, and a third one comes before it writes."""
    if url.startswith("sqlite"):
        pytest.skip("one writes at a time")
    shop = Shop(url, TWICE % b"string")
    names = ["O1", "O2", "O3", "O4"]
    shop.capture(*map(order, names))

    def follow(
        name: str, *, after_claim: Callable[[], object] | None = None, before_write: Callable[[], object] | None = None
    ) -> None:
        def claimed(connection: object, cursor: object, statement: str, *more: object) -> None:
            nonlocal after_claim
            if after_claim is not None and statement.startswith("INSERT INTO patterns"):
                now, after_claim = after_claim, None
                now()

        def writes(connection: object, cursor: object, statement: str, *more: object) -> None:
            if before_write is not None and statement.startswith("INSERT INTO patterns") and "DO UPDATE" in statement:
                before_write()

        number = names.index(name)
        at = BEGIN + timedelta(minutes=number)
        with shop.store.writing() as connection:
            listen(connection, "after_cursor_execute", claimed)
            listen(connection, "before_cursor_execute", writes)
            told = Told("twice", "C1", name, at, Seen(number_of(at), name, 1, 0, (0,)))
            Patterns(shop.store.shard).follow(connection, shop.first, [told], at)

    follow("O1")
    with ThreadPoolExecutor(1) as other:

        def come_last() -> None:
            done = other.submit(follow, "O4")
            with suppress(TimeoutError):
                done.result(0.5)  # it has to wait

        follow("O3", after_claim=lambda: follow("O2"), before_write=come_last)
    p, d = tables.patterns.c, tables.due.c
    with shop.store.reading() as connection:
        woken = connection.execute(select(d.order_id).where(d.key.startswith("alarm/")).order_by(d.order_id)).scalars().all()
        kept = connection.execute(select(p.events)).scalars().all()
    assert (woken, kept) == (["O2", "O4"], [])
