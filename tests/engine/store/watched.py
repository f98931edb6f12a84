"""How a store is doing, as watchers ask: the same on every store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from time import sleep
from typing import Any

import pytest
import toy
from shop import Shop, stocked

from orderloom.engine.shell.ports import Delivery
from orderloom.engine.store.statements import BEGIN_WAIT, run
from orderloom.engine.store.vitals import MOST, Open, Outbox, Queue, statuses, vitals
from orderloom.engine.store.workers import Doing, beat, gone

MINUTE = timedelta(minutes=1)


@pytest.fixture
def watched(url: str) -> Iterator[Shop]:
    found = stocked(url)
    yield found
    found.store.close()


class Silent:
    """Takes no message."""

    def deliver(self, messages: Any, settings: Any) -> Any:
        return [Delivery(message.key, failed="busy") for message in messages]


def test_a_store_with_nothing_to_do_is_well(watched: Shop) -> None:
    found = vitals(watched.store, UTC, toy.START)
    assert (found.queue, found.outbox, found.exceptions) == (Queue(0, None, 0, None), (), ())
    assert (found.late, found.workers, statuses(watched.store)) == (0, (), {})


def test_what_is_due_is_counted_by_when_it_is(watched: Shop) -> None:
    """Orders are placed every 7 minutes: at 0 and 7 by now, at 14 to 70 within the hour, at 77 later."""
    watched.capture(*range(12))
    found = vitals(watched.store, UTC, toy.START + 10 * MINUTE)
    assert found.queue == Queue(2, toy.START, 9, toy.START + 14 * MINUTE)
    assert statuses(watched.store) == {"captured": 12}


def test_messages_are_counted_by_participant_and_by_whether_they_failed(watched: Shop) -> None:
    """Two orders at 7 and 14 minutes ask the depot to pick, which takes nothing; the third waits for its turn."""
    watched.partner = Silent()  # type: ignore[assignment]
    watched.capture(1, 2, 9)
    watched.worker(timedelta(0), until=toy.START + 14 * MINUTE).run_until_idle()
    found = vitals(watched.store, UTC, toy.START + 20 * MINUTE)
    assert found.outbox == (Outbox("depot", 2, 2, toy.START + 7 * MINUTE),)
    assert found.queue.due == 0
    assert statuses(watched.store) == {"captured": 1, "sourced": 2}


def test_a_message_that_nobody_tried_to_deliver_waits_since_it_was_written(watched: Shop) -> None:
    watched.capture(1)
    watched.worker(timedelta(0)).run_once()
    assert vitals(watched.store, UTC, toy.START).outbox == (Outbox("depot", 1, 0, toy.START + 7 * MINUTE),)


def test_open_exceptions_are_counted_by_role_and_type(watched: Shop) -> None:
    watched.partner = Silent()  # type: ignore[assignment]
    watched.capture(1, 2)
    watched.worker(until=toy.START + timedelta(hours=1, minutes=59)).run_until_idle()
    assert vitals(watched.store, UTC).exceptions == (Open("operations", "stuck", 2),)


def test_orders_are_late_from_the_day_after_that_promised(watched: Shop) -> None:
    watched.capture(1, 2, 3)
    with watched.store.writing() as connection:
        connection.exec_driver_sql("UPDATE orders SET promised_on = '2026-03-04' WHERE id <> 'O00003'")
        connection.exec_driver_sql("UPDATE orders SET outcome = 'delivered' WHERE id = 'O00002'")
    night = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    moments = [(night, UTC), (night, timezone(timedelta(hours=1))), (night + timedelta(hours=1), UTC)]
    assert [vitals(watched.store, zone, at).late for at, zone in moments] == [0, 1, 1]


def test_what_a_server_has_yet_to_clean_up_is_counted(watched: Shop) -> None:
    watched.capture(*range(50))
    watched.worker(until=toy.START + timedelta(hours=3)).run_until_idle()
    if watched.store.engine.dialect.name == "sqlite":
        assert vitals(watched.store, UTC).dead_rows == {}
        return
    watched.store.engine.dispose()  # what a connection did is known when it ends
    for _ in range(100):
        found = vitals(watched.store, UTC).dead_rows
        if min(found.values()) > 0:
            break
        sleep(0.1)
    assert set(found) == {"due", "orders", "outbox"} and min(found.values()) > 0


def test_counting_ends_somewhere(watched: Shop) -> None:
    watched.capture(1)
    rows = [(0, "O00001", f"timer/{n:05}", "2026-03-02T10:00:00.000000+00:00", "timer", "x", 0) for n in range(MOST + 5)]
    with watched.store.writing() as connection:
        run(connection, BEGIN_WAIT, rows)
    assert vitals(watched.store, UTC, toy.START).queue.due == MOST


def test_workers_are_alive_while_they_are_heard_of(watched: Shop) -> None:
    with watched.store.writing() as connection:
        beat(connection, 0, "host:1", toy.START, Doing(turns=3))
        beat(connection, 0, "host:2", toy.START, Doing())
        beat(connection, 0, "host:1", toy.START + MINUTE, Doing(turns=7, breakers={"depot": "open"}))
    first, second = vitals(watched.store, UTC, toy.START + MINUTE).workers
    assert (first.owner, first.started_at, first.seen_at, first.alive) == ("host:1", toy.START, toy.START + MINUTE, True)
    assert first.doing == Doing(turns=7, breakers={"depot": "open"})
    assert (second.owner, second.alive) == ("host:2", False)


def test_workers_that_have_ended_are_gone_and_those_silent_for_a_day_forgotten(watched: Shop) -> None:
    with watched.store.writing() as connection:
        beat(connection, 0, "host:1", toy.START, Doing())
        beat(connection, 0, "host:2", toy.START + timedelta(days=2), Doing())
        beat(connection, 0, "host:3", toy.START + timedelta(days=2), Doing())
        gone(connection, 0, "host:3")
    assert [each.owner for each in vitals(watched.store, UTC, toy.START).workers] == ["host:2"]
