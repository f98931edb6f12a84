"""Divisions take turns, priorities age, and what is due later costs nothing now."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import toy
from filler import settle
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from shop import ITEMS, Shop, stocked
from sqlalchemy import text
from store_cost import cost

from orderloom.engine.order import Order
from orderloom.engine.shell.claims import HEAD_START, Rota, claim
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import tables
from orderloom.engine.store.agenda import earliest
from orderloom.engine.store.statements import insert, run

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def taken(rota: Rota, waiting: dict[str, datetime], limit: int, has: dict[str, int]) -> Counter[str]:
    """How many a rota takes of each queue, which has so many that are due."""
    found = rota.take(waiting, NOW, limit, lambda queue, most: [queue] * min(has[queue], most))
    return Counter(found)


def test_divisions_share_a_batch_whoever_waits_longer() -> None:
    waiting = {"0/A": ago(600), "0/B": ago(1), "0/C": ago(1)}
    assert taken(Rota(), waiting, 99, {"0/A": 10**6, "0/B": 10, "0/C": 10**6}) == {"0/A": 33, "0/B": 10, "0/C": 56}


def test_what_a_division_leaves_goes_to_those_after_it_and_next_time_it_comes_first() -> None:
    rota, waiting, has = Rota(), {"0/A": ago(600), "0/B": ago(1)}, {"0/A": 10**6, "0/B": 10}
    assert taken(rota, waiting, 100, has) == {"0/A": 50, "0/B": 10}
    assert taken(rota, waiting, 100, has) == {"0/B": 10, "0/A": 90}


def test_more_divisions_than_a_batch_has_room_for_are_all_served_in_turn() -> None:
    rota, names = Rota(), [f"0/D{n:03}" for n in range(250)]
    served = [taken(rota, dict.fromkeys(names, ago(1)), 100, dict.fromkeys(names, 1)) for _ in range(3)]
    assert sum(served, Counter()).keys() == set(names)


def test_a_priority_is_worth_a_head_start_and_no_more() -> None:
    """Two steps of priority are two minutes: who has waited three minutes longer goes first nevertheless."""
    has = {"0/A": 5, "2/A": 5}
    assert timedelta(minutes=1) == HEAD_START
    assert taken(Rota(), {"0/A": ago(2), "2/A": ago(1)}, 5, has) == {"2/A": 5}
    assert taken(Rota(), {"0/A": ago(4), "2/A": ago(1)}, 5, has) == {"0/A": 5}
    assert taken(Rota(), {"0/A": ago(4), "2/A": ago(1)}, 8, has) == {"0/A": 5, "2/A": 3}


@given(st.dictionaries(st.sampled_from([f"{p}/{d}" for p in (-1, 0, 3) for d in "ABC"]), st.integers(1, 50)), st.integers(1, 60))
def test_nobody_with_something_due_is_left_out_and_no_more_is_taken_than_asked_for(has: dict[str, int], limit: int) -> None:
    rota, left, rounds = Rota(), dict(has), 0
    while left:
        found = taken(rota, dict.fromkeys(left, ago(1)), limit, left)
        assert 0 < sum(found.values()) <= limit
        left = {queue: count - found[queue] for queue, count in left.items() if count > found[queue]}
        rounds += 1
    divisions = len({queue[-1] for queue in has})
    assert rounds <= sum(has.values()) * divisions // limit + len(has) + 1


# --- in the store ------------------------------------------------------------------------------------------------------


@pytest.fixture
def shop(url: str) -> Shop:
    return stocked(url, 10_000)


def of(division: str, numbers: range, priority: int = 0) -> list[Order]:
    return [replace(toy.order(n, ITEMS, toy.START), division=division, priority=priority) for n in numbers]


def test_a_backlog_of_one_division_does_not_hold_up_another(shop: Shop) -> None:
    capture(shop.store, of("BIG", range(3000)), toy.DIGEST)
    worker = Worker(shop.store, Programs(shop.store, toy.program), {}, DatabaseClock(shop.store), toy.advance)
    assert worker.run_once().turns == 100
    capture(shop.store, of("SMALL", range(5000, 5010)), toy.DIGEST)
    assert worker.run_once().turns > 0
    with shop.store.reading() as connection:
        rows = connection.execute(text("SELECT division, count(*) FROM orders WHERE version > 0 GROUP BY division")).all()
    assert dict(rows)["SMALL"] == 10 and dict(rows)["BIG"] < 300  # type: ignore[arg-type]


def test_a_worker_of_some_divisions_leaves_the_others_alone(shop: Shop) -> None:
    capture(shop.store, of("A", range(5)) + of("B", range(5, 10)) + of("", range(10, 15)), toy.DIGEST)
    programs, partner = Programs(shop.store, toy.program), toy.Partner()

    def work(*divisions: str) -> set[str]:
        clock = DatabaseClock(shop.store)
        Worker(shop.store, programs, {"partner": partner}, clock, toy.advance, divisions=divisions).run_until_idle()
        return {key.split("/")[0] for key in partner.seen}

    assert work("A", "") == {f"O{n:05}" for n in (*range(5), *range(10, 15))}
    assert set(earliest(shop.store, {"B"}).turns) == {"0/B"}
    Worker(shop.store, programs, {}, DatabaseClock(shop.store), toy.advance, divisions=["B"]).run_once()
    assert set(earliest(shop.store, {"B"}).messages) == {"depot/0/B"}
    assert len(work("A")) == 10
    assert len(work("B")) == 15


def test_of_a_division_the_more_urgent_go_first(shop: Shop) -> None:
    capture(shop.store, of("A", range(150)), toy.DIGEST)
    capture(shop.store, of("A", range(200, 220), priority=5), toy.DIGEST)
    Worker(shop.store, Programs(shop.store, toy.program), {}, DatabaseClock(shop.store), toy.advance).run_once()
    with shop.store.reading() as connection:
        asked = text("SELECT queue, count(*) FROM orders WHERE version > 0 GROUP BY queue")
        assert dict(connection.execute(asked).all()) == {"5/A": 20, "0/A": 80}  # type: ignore[arg-type]


def test_in_simulated_time_what_is_due_first_goes_first_whatever_its_queue(shop: Shop) -> None:
    orders = of("A", range(5)) + of("B", range(5, 10), priority=9)
    placed = [replace(order, placed_at=toy.START + timedelta(minutes=n)) for n, order in enumerate(orders)]
    capture(shop.store, placed, toy.DIGEST)
    agenda = earliest(shop.store)
    assert set(agenda.turns) == {"0/A", "9/B"} and agenda.turn == toy.START
    with shop.store.writing() as connection:
        found = claim(connection, shop.store.shard, agenda, toy.START + timedelta(minutes=60), 7, None)
    assert [due.order for due in found] == [f"O{n:05}" for n in range(7)]


def test_what_is_due_later_costs_nothing_now(shop: Shop) -> None:
    capture(shop.store, of("A", range(50)), toy.DIGEST)
    before = cost(shop, _look_and_claim)
    with shop.store.writing() as connection:
        later = "2099-01-01T00:00:00.000000+00:00"
        timers = [(0, f"O{n % 50:05}", f"t{n}", later, "timer", "", 0, "0/A") for n in range(20_000)]
        run(connection, insert(tables.due), timers)
    settle(shop.store)
    cost(shop, _look_and_claim)  # the first of a new size
    assert cost(shop, _look_and_claim) <= 1.2 * before + 10


def _look_and_claim(shop: Shop) -> None:
    agenda = earliest(shop.store)
    with shop.store.writing() as connection:
        assert len(claim(connection, 0, agenda, toy.START, 20, Rota())) == 20
