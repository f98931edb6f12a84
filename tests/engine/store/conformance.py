"""What every store must do, whatever database it is. A module of tests imports these and gives them a fixture `url`."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import toy
from msgspec.structs import replace
from shop import ITEMS, Shop, snapshot, stocked

from orderloom.engine import wire
from orderloom.engine.advance import Step
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item
from orderloom.engine.desk.reference_data import put_items, put_supplies
from orderloom.engine.events import Event, Happened, Replied
from orderloom.engine.ledger.stock import Supply
from orderloom.engine.refused import Refused
from orderloom.engine.shell.asking import cancel, resolve
from orderloom.engine.shell.clock import DatabaseClock, SimulatedClock
from orderloom.engine.shell.inbox import Receipt, capture, report
from orderloom.engine.shell.ports import Delivery, Incoming
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.retries import DELIVERIES, TURNS
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.shell.worker import Worker
from orderloom.engine.state import OrderState
from orderloom.engine.store import queries
from orderloom.engine.world import World


@pytest.fixture
def shop(url: str) -> Shop:
    return stocked(url)


# --- the life of orders ------------------------------------------------------------------------------------------------


def test_an_order_goes_through_its_whole_life(shop: Shop) -> None:
    shop.capture(1)
    shop.worker().run_until_idle()
    found = queries.order(shop.store, "O00001")
    assert found is not None and found.state is not None
    assert (found.summary.status, found.summary.outcome, found.state.sequence) == ("delivered", "delivered", 3)
    events = [(line.at, line.kind) for line in found.history if not line.subject]
    placed = toy.START + timedelta(minutes=7)
    picked = placed + timedelta(minutes=40)
    assert events == [(placed, "captured"), (picked, "replied"), (picked + timedelta(days=1), "time-reached")]
    assert [(m.message, m.body, m.attempt, m.done_at) for m in found.messages] == [
        ("pick-request", {"units": ["O00001-1"]}, 1, placed)
    ]
    assert found.records[0].record.inputs == {"price": Decimal("9.90")}
    assert audit(shop.store) == ()


def test_stock_is_reserved_shipped_and_written_to_the_ledger(shop: Shop) -> None:
    shop.capture(1)  # a unit of I010 as line 1, two of I013 as line 2; both from N0
    worker = shop.worker(timedelta(0))
    worker.run_once()
    assert _supply(shop, "I010") == (5, 1) and _supply(shop, "I013") == (5, 2)
    worker.run_until_idle()
    assert _supply(shop, "I010") == (4, 0) and _supply(shop, "I013") == (3, 0)
    entries = [row[5:12] for row in snapshot(shop.store)["ledger"] if row[1]]
    assert entries == [
        ("reserve", "I010", "N0", "OH", 1, "1", "2026-03-02"),
        ("reserve", "I013", "N0", "OH", 2, "2", "2026-03-02"),
        ("ship", "I010", "N0", "OH", 1, "1", "2026-03-02"),
        ("ship", "I013", "N0", "OH", 2, "2", "2026-03-02"),
    ]
    assert snapshot(shop.store)["loads"] == [(0, "N0", "", "2026-03-02", 3)]
    assert snapshot(shop.store)["reservations"] == []


def _supply(shop: Shop, item: str) -> tuple[int, int]:
    supply = queries.stock(shop.store, item=item, node="N0")[0].supplies[0]
    return supply.quantity, supply.reserved


def test_scarce_stock_is_never_promised_twice(shop: Shop) -> None:
    shop.capture(*range(300))  # 900 units are asked for, there are 300
    shop.worker().run_until_idle()
    assert audit(shop.store) == ()
    shipped = sum(row[9] for row in snapshot(shop.store)["ledger"] if row[5] == "ship")
    left = sum(supply.quantity for line in queries.stock(shop.store, limit=1000) for supply in line.supplies)
    cancelled = shop.outcomes()["nothing"]
    assert shipped + left == ITEMS * 3 * 5 and cancelled > 0


@pytest.mark.parametrize("tick", [timedelta(0), timedelta(minutes=10), timedelta(days=1)])
def test_every_tick_brings_every_order_to_its_end(shop: Shop, tick: timedelta) -> None:
    shop.capture(*range(60))
    shop.worker(tick).run_until_idle()
    assert sum(shop.outcomes().values()) == 60 and None not in shop.outcomes()
    assert set(shop.partner.seen.values()) == {1}
    assert audit(shop.store) == ()


def test_a_run_stops_where_simulated_time_ends_and_goes_on_from_there(shop: Shop) -> None:
    shop.capture(1)
    shop.worker(until=toy.START + timedelta(hours=2)).run_until_idle()
    assert shop.outcomes() == {None: 1}
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 1}


def test_the_simulated_clock_stands_at_the_end_of_the_tick_that_has_the_next_event(shop: Shop) -> None:
    end = toy.START + timedelta(days=9)
    assert SimulatedClock(shop.store, timedelta(hours=1), end).now() == end
    shop.capture(1)
    assert SimulatedClock(shop.store).now() == toy.START + timedelta(minutes=7)
    assert SimulatedClock(shop.store, timedelta(hours=1)).now() == toy.START + timedelta(hours=1) - timedelta(microseconds=1)


def test_with_the_databases_clock_the_past_takes_effect_now(shop: Shop) -> None:
    clock = DatabaseClock(shop.store)
    capture(shop.store, [toy.order(1, ITEMS)], toy.DIGEST, clock.now())
    worker = Worker(shop.store, Programs(shop.store, toy.program), {"partner": shop.partner}, clock, toy.advance)
    before = clock.now()
    done = worker.run_until_idle()
    assert (done.turns, done.messages) == (1, 1)
    [message] = queries.order(shop.store, "O00001").messages  # type: ignore[union-attr]
    assert before <= message.done_at <= clock.now()  # type: ignore[operator]
    assert clock.now().tzinfo is UTC or clock.now().utcoffset() == timedelta(0)


# --- what comes in -----------------------------------------------------------------------------------------------------


def test_an_order_is_taken_in_once(shop: Shop) -> None:
    first, second = toy.order(1, ITEMS), toy.order(2, ITEMS)
    renumbered = replace(first, id="other")
    assert capture(shop.store, [first, second, first], toy.DIGEST) == (
        Receipt("O00001"),
        Receipt("O00002"),
        Receipt("O00001", repeated=True),
    )
    assert capture(shop.store, [renumbered], toy.DIGEST) == (Receipt("O00001", repeated=True),)
    shop.worker().run_until_idle()
    assert capture(shop.store, [second], toy.DIGEST) == (Receipt("O00002", repeated=True),)
    assert shop.worker().run_until_idle().turns == 0


def test_orders_without_a_number_of_their_channel_are_known_by_id_alone(shop: Shop) -> None:
    both = [replace(toy.order(number, ITEMS), external_id=None) for number in (1, 2)]
    assert capture(shop.store, both, toy.DIGEST) == (Receipt("O00001"), Receipt("O00002"))


def test_a_fact_told_twice_takes_effect_once(shop: Shop) -> None:
    shop.capture(1)
    fact = Incoming("k1", "depot", "O00001", Happened(toy.START + timedelta(minutes=30), "dented"))
    stranger = replace(fact, order="nobody")
    assert report(shop.store, [stranger]).unknown == (stranger,)
    told = report(shop.store, [fact, fact, stranger])
    assert (told.accepted, told.repeated, told.unknown) == (1, (fact,), (stranger,))
    shop.worker().run_until_idle()
    assert report(shop.store, [fact]).repeated == (fact,)
    assert report(shop.store, [replace(fact, participant="another")]).accepted == 1
    shop.worker().run_until_idle()
    history = queries.order(shop.store, "O00001").history  # type: ignore[union-attr]
    assert sum(line.kind == "happened" for line in history) == 2


@pytest.mark.parametrize("early", [timedelta(0), timedelta(minutes=9)])
def test_what_is_said_to_be_of_before_the_capture_takes_effect_after_it(shop: Shop, early: timedelta) -> None:
    """Clocks differ: what happens to an order happens after it is captured, at once, and costs no attempt."""
    shop.capture(1)
    fact = Happened(toy.START + timedelta(minutes=7) - early, "seen")
    report(shop.store, [Incoming("seen", "depot", "O00001", fact)])
    assert cancel(shop.store, "O00001", "web", fact.at) is None
    worker = shop.worker(timedelta(0), until=toy.START + timedelta(minutes=8))
    worker.run_until_idle()
    found = queries.order(shop.store, "O00001")
    assert found is not None and found.summary.outcome == "cancelled"
    first, *others = (line.kind for line in found.history if not line.subject)
    assert first == "captured" and sorted(others) == ["cancelled", "happened"]
    assert queries.exceptions(shop.store) == () and audit(shop.store) == ()


def test_facts_in_any_order_crash_nothing(shop: Shop) -> None:
    shop.capture(1)
    before = toy.START + timedelta(minutes=6, seconds=59)  # the participant's clock is slow: the order is captured a second later
    early = Incoming("early", "depot", "O00001", Replied(before, "O00001/order:1", "picked"))
    late = Incoming("late", "depot", "O00001", Replied(toy.START + timedelta(days=3), "O00001/order:1", "picked"))
    report(shop.store, [late, early])
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 1}
    assert [row[4] for row in snapshot(shop.store)["history"]] == ["captured", "replied", "replied", "time-reached", "replied"]
    assert queries.exceptions(shop.store) == ()
    assert audit(shop.store) == ()


def test_a_timer_that_the_same_batch_clears_does_not_go_off(shop: Shop) -> None:
    shop.capture(1)
    at = toy.START + timedelta(hours=2, minutes=7)
    report(shop.store, [Incoming("a", "depot", "O00001", Replied(at, "O00001/order:1", "picked"))])
    shop.partner = Silent()  # type: ignore[assignment]
    shop.worker(timedelta(0), until=at).run_until_idle()
    kinds = [row[4] for row in snapshot(shop.store)["history"]]
    assert kinds == ["captured", "replied"]


class Silent:
    """Takes every message and never answers."""

    def deliver(self, messages: Any, settings: Any) -> Any:
        return [Delivery(message.key) for message in messages]


def test_an_order_is_cancelled_and_its_stock_is_free_again(shop: Shop) -> None:
    shop.capture(1)
    shop.worker(timedelta(0)).run_once()
    at = toy.START + timedelta(minutes=20)
    assert cancel(shop.store, "O00001", "ann", at, "second thoughts") is None
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"cancelled": 1}
    assert _supply(shop, "I010") == (5, 0)
    assert cancel(shop.store, "O00001", "ann", at) == Refused("order O00001 has ended as cancelled")
    assert cancel(shop.store, "O7", "ann", at) == Refused("there is no order O7")
    assert audit(shop.store) == ()


# --- faults of plug-ins, of what they write, of participants --------------------------------------------------------------


@pytest.mark.parametrize("fault", ["raise", "refuse", "unwritable"])
def test_a_poisoned_event_is_isolated_and_kept_with_an_exception(shop: Shop, fault: str) -> None:
    shop.capture(*range(40))
    at = toy.START + timedelta(minutes=50)
    report(shop.store, [Incoming("bad", "depot", "O00007", Happened(at, fault))])
    shop.worker(timedelta(days=1)).run_until_idle()
    assert (sum(shop.outcomes().values()), None in shop.outcomes()) == (40, False)
    [parked] = queries.exceptions(shop.store)
    assert (parked.order, parked.role, parked.type) == ("O00007", "operations", "no-way-forward")
    assert {"raise": "a plug-in broke", "refuse": "NotThere", "unwritable": "object"}[fault] in parked.cause
    assert resolve(shop.store, "O00007", parked.id, "dance", "ann", at) == Refused(
        "dance is no way out of it; choose one of: try-again"
    )
    assert resolve(shop.store, "O00007", parked.id, "try-again", "ann", at + timedelta(days=5)) is None
    shop.worker().run_until_idle()
    [again] = queries.exceptions(shop.store)
    assert again.cause == parked.cause
    assert audit(shop.store) == ()


def test_an_event_that_failed_is_not_lost_when_the_fault_is_mended(shop: Shop) -> None:
    shop.capture(1)
    seen = Happened(toy.START + timedelta(minutes=50), "seen")

    def broken(world: World, state: OrderState | None, event: Event) -> Step:
        if event == seen:
            raise RuntimeError("a plug-in broke")
        return toy.advance(world, state, event)

    report(shop.store, [Incoming("told", "depot", "O00001", seen)])
    clock = SimulatedClock(shop.store)
    Worker(shop.store, Programs(shop.store, toy.program), {"partner": shop.partner}, clock, broken).run_until_idle()
    [parked] = queries.exceptions(shop.store)
    assert resolve(shop.store, "O00001", parked.id, "try-again", "ann", toy.START + timedelta(days=9)) is None
    shop.worker().run_until_idle()
    whole = queries.order(shop.store, "O00001")
    assert whole is not None
    assert "seen" in [line.text for line in whole.history]
    assert (queries.exceptions(shop.store), audit(shop.store)) == ((), ())


def test_an_order_that_cannot_even_start_waits_in_the_queue_and_can_be_tried_again(shop: Shop) -> None:
    capture(shop.store, [toy.order(1, ITEMS)], "never-deployed")
    shop.capture(2)
    shop.worker().run_until_idle()
    [parked] = queries.exceptions(shop.store)
    assert parked.cause == "UnknownProgram: version never-deployed was never deployed to this store"
    assert shop.outcomes() == {None: 1, "delivered": 1}
    assert audit(shop.store) == ()
    deploy(shop.store, "never-deployed", {}, "second", toy.START)
    at = toy.START + timedelta(days=2)
    assert resolve(shop.store, "O00001", parked.id, "try-again", "ann", at) is None
    assert isinstance(resolve(shop.store, "O00001", parked.id, "try-again", "ann", at), Refused)
    assert isinstance(resolve(shop.store, "O00001", "none", "try-again", "ann", at), Refused)
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 2}


def test_a_state_that_cannot_be_read_stops_its_order_alone(shop: Shop) -> None:
    shop.capture(1, 2)
    shop.worker(until=toy.START + timedelta(hours=1)).run_until_idle()
    with shop.store.writing() as connection:
        connection.exec_driver_sql("UPDATE orders SET state = 'torn' WHERE id = 'O00001'")
    shop.worker().run_until_idle()
    assert shop.outcomes() == {None: 1, "delivered": 1}
    parked = queries.exceptions(shop.store)
    assert {(line.order, line.options) for line in parked} == {("O00001", ("try-again",))}
    assert all("JSON is malformed" in line.cause for line in parked)
    assert [finding.law for finding in audit(shop.store)] == ["a state can be read"]


def test_an_event_is_tried_a_number_of_times_with_growing_pauses(shop: Shop) -> None:
    shop.capture(1)
    moments = []

    def failing(*_: object) -> Any:
        with_clock = SimulatedClock(shop.store).now()
        moments.append(with_clock)
        raise RuntimeError("no")

    clock = SimulatedClock(shop.store)
    Worker(shop.store, Programs(shop.store, toy.program), {}, clock, failing).run_until_idle()
    assert len(moments) == TURNS
    pauses = [after - before for before, after in pairwise(moments)]
    assert all(timedelta(seconds=2**n / 2) <= pause <= timedelta(seconds=2**n) for n, pause in enumerate(pauses, 1))


class Deaf:
    """Fails a number of times, then answers as the partner does."""

    def __init__(self, failures: int) -> None:
        self.failures, self.partner, self.attempts = failures, toy.Partner(), list[int]()

    def deliver(self, messages: Any, settings: Any) -> Any:
        self.attempts += [message.attempt for message in messages]
        if len(self.attempts) > self.failures:
            return self.partner.deliver(messages, settings)
        if len(self.attempts) % 2:
            raise ConnectionError("nobody there")
        return [Delivery(message.key, failed="busy") for message in messages]


def test_a_message_is_tried_again_until_it_is_delivered(shop: Shop) -> None:
    shop.capture(1)
    shop.partner = Deaf(4)  # type: ignore[assignment]
    shop.worker().run_until_idle()
    assert shop.partner.attempts == [1, 2, 3, 4, 5]  # type: ignore[attr-defined]
    assert shop.outcomes() == {"delivered": 1}


def test_a_message_that_nobody_takes_becomes_an_exception(shop: Shop) -> None:
    shop.capture(1)
    shop.partner = Deaf(10**6)  # type: ignore[assignment]
    shop.worker(until=toy.START + timedelta(hours=1, minutes=59)).run_until_idle()
    assert shop.partner.attempts == list(range(1, DELIVERIES + 1))  # type: ignore[attr-defined]
    [found] = queries.exceptions(shop.store)
    assert found.cause == "busy"
    assert audit(shop.store) == ()


def test_an_organization_or_adapter_that_is_not_there_is_a_failed_delivery(shop: Shop) -> None:
    shop.capture(1)
    clock = SimulatedClock(shop.store)
    worker = Worker(shop.store, Programs(shop.store, toy.program), {}, clock, toy.advance)
    worker.run_once()
    worker.run_once()
    [message] = queries.order(shop.store, "O00001").messages  # type: ignore[union-attr]
    assert (message.attempt, message.done_at, message.failure) == (1, None, "there is no adapter partner")


def test_an_acknowledgement_of_an_earlier_attempt_changes_nothing(shop: Shop) -> None:
    """A deliverer that sleeps past its lease wakes up when another one has the message."""
    shop.capture(1)
    others = Worker(shop.store, Programs(shop.store, toy.program), {"partner": shop.partner}, Leasing(shop), toy.advance)

    class Sleepy(toy.Partner):
        def deliver(self, messages: Any, settings: Any) -> Any:
            answer = super().deliver(messages, settings)
            Leasing.later = timedelta(minutes=2)
            assert others.run_once().messages == 1
            return answer

    programs = Programs(shop.store, toy.program)
    sleepy = Worker(shop.store, programs, {"partner": Sleepy()}, Leasing(shop), toy.advance)
    assert sleepy.run_once().turns == 1
    assert sleepy.run_once().messages == 1
    [message] = queries.order(shop.store, "O00001").messages  # type: ignore[union-attr]
    assert message.attempt == 2 and message.done_at == toy.START + timedelta(minutes=9)
    assert len(snapshot(shop.store)["inbox"]) == 1
    Leasing.later = timedelta(0)


class Leasing(SimulatedClock):
    """A clock that is set by hand, with leases of a minute."""

    lease = timedelta(minutes=1)
    later = timedelta(0)

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop.store)

    def horizon(self, agenda: Any) -> Any:
        return toy.START + timedelta(minutes=7) + self.later

    def moment(self, due_at: Any, now: Any) -> Any:
        return now


# --- reference data ------------------------------------------------------------------------------------------------------


def test_the_ledger_has_every_change_of_stock_from_outside(shop: Shop) -> None:
    put_supplies(shop.store, [Supply("OH", "I010", "N0", "on-hand", 9), Supply("PO1", "I010", "N0", "inbound", 4)], toy.START)
    put_supplies(shop.store, [Supply("OH", "I010", "N0", "on-hand", 2)], toy.START)
    entries = [row[8:10] for row in snapshot(shop.store)["ledger"] if row[6:8] == ("I010", "N0")]
    assert entries == [("OH", 5), ("OH", 4), ("PO1", 4), ("OH", -7)]
    assert audit(shop.store) == ()


def test_what_is_reserved_survives_an_import_of_stock(shop: Shop) -> None:
    shop.capture(1)
    shop.worker(timedelta(0)).run_once()
    put_supplies(shop.store, [Supply("OH", "I010", "N0", "on-hand", 7)], toy.START)
    assert _supply(shop, "I010") == (7, 1)
    shop.worker().run_until_idle()
    assert _supply(shop, "I010") == (6, 0)
    assert audit(shop.store) == ()


def test_what_a_worker_has_at_hand_follows_changes_from_outside(shop: Shop) -> None:
    shelf, program = Shelf(shop.store.shard), toy.program()

    def seen() -> tuple[object, object]:
        with shop.store.writing() as connection:
            shelf.refresh(connection, {"I001"})
            position = shelf.stock(connection, {"I001"}, toy.START.date()).position("I001", "N0")
            return shelf.catalog(program, ["I001"]).item_views["I001"]["title"], position and position.on_hand

    assert seen() == (None, 5)
    put_items(shop.store, [Item("I001", "Spinning top")])
    put_supplies(shop.store, [Supply("OH", "I001", "N0", "on-hand", 8)], toy.START)
    assert seen() == ("Spinning top", 8)


def test_orders_are_listed_by_page_and_filter(shop: Shop) -> None:
    shop.capture(*range(25))
    first = queries.orders(shop.store, limit=10)
    second = queries.orders(shop.store, after=first[-1].id, limit=10)
    assert [line.id for line in (*first, *second)] == [f"O{n:05}" for n in range(20)]
    assert {line.customer for line in queries.orders(shop.store, customer="C3")} == {"C3"}
    assert len(queries.orders(shop.store, customer="C3")) == 3
    assert queries.orders(shop.store, status="shipped") == ()
    assert len(queries.orders(shop.store, status="captured", channel="web")) == 25
    assert queries.order(shop.store, "nobody") is None


# --- what an audit finds -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "laws"),
    [
        (
            "UPDATE supplies SET reserved = 1 WHERE item = 'I001' AND node = 'N0'",
            {"reservations sum up to what is reserved", "the ledger sums up to the supplies"},
        ),
        ("UPDATE supplies SET quantity = 77 WHERE item = 'I001' AND node = 'N0'", {"what is on hand is received or claimed"}),
        (
            "UPDATE supplies SET quantity = 77, received = 77 WHERE item = 'I001' AND node = 'N0'",
            {"the ledger sums up to the supplies"},
        ),
        ("UPDATE loads SET units = units + 1", {"the ledger sums up to the loads"}),
        ("UPDATE orders SET status = 'lost' WHERE id = 'O00001'", {"an order's row says what its state says"}),
        ("UPDATE orders SET state = '{\"wire\":1,' WHERE id = 'O00001'", {"a state can be read"}),
        (
            "DELETE FROM history WHERE order_id = 'O00001' AND sequence = 1",
            {"the history has every event", "the history is as it was written", "every message has a cause"},
        ),
        (
            'UPDATE history SET notes = \'[["order","status","gone"]]\' WHERE sequence = 2',
            {"the history ends where the state is", "the history is as it was written"},
        ),
        ("DELETE FROM due", {"every order has something to wait for", "every clock that runs has its row"}),
        (
            "INSERT INTO reservations VALUES (0, 'O00001', '1', 'I001', 'N0', 'OH', 1, NULL)",
            {"reservations sum up to what is reserved", "what running units of work need is reserved, and nothing else"},
        ),
        (
            "INSERT INTO exceptions (shard, order_id, id, type, role, subject, options, cause, opened_at)"
            " VALUES (0, 'O00001', 'x', 'x', 'x', 'x', '[]', '', '2026-03-02')",
            {"the queue has the orders' exceptions"},
        ),
        (
            """UPDATE orders SET state = REPLACE(state, '"quantity":2,"unit_price"', '"quantity":1,"unit_price"')""",
            {"a line's quantity is conserved", "the history tells the state"},
        ),
    ],
)
def test_an_audit_finds_damage(shop: Shop, damage: str, laws: set[str]) -> None:
    shop.capture(1)
    shop.worker(until=toy.START + timedelta(hours=3)).run_until_idle()
    assert audit(shop.store) == ()
    with shop.store.writing() as connection:
        connection.exec_driver_sql(damage)
    assert {finding.law for finding in audit(shop.store)} == laws


def test_what_is_stored_comes_back_exactly(shop: Shop) -> None:
    attributes = {"price": Decimal("0.10"), "deep": [1, Decimal("2.50"), None, True, {"x": "é"}]}
    strange = replace(toy.order(1, ITEMS), attributes=attributes)
    capture(shop.store, [strange], toy.DIGEST)
    shop.worker().run_until_idle()
    state = queries.order(shop.store, "O00001").state  # type: ignore[union-attr]
    assert state is not None and state.order == strange
    assert wire.dump(state.order) == wire.dump(strange)
