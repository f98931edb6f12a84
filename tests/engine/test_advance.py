"""The core as a whole: the retail pack's processes on small worlds, and laws over any order of events."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plays import START, Play, changed, order, program, world

from orderloom.dsl.program import Calendar, Origin
from orderloom.engine.commands import cancelled
from orderloom.engine.effects import ClearTimer, CloseException, Note, OpenException, Record, Send, SetTimer
from orderloom.engine.events import Cancelled, Event, Happened, Replied, Resolved, TimeReached, Undelivered
from orderloom.engine.order import Line
from orderloom.engine.process.clocks import clock_of
from orderloom.engine.refused import Refused
from orderloom.engine.sources import open_quantities
from orderloom.engine.world import World


def shipped_order() -> Play:
    play = Play(world(DC1=5), order())
    for reply in ("picked", "packed", "delivered"):
        play.reply(reply)
    return play


def test_an_order_ships_whole_from_one_node() -> None:
    play = shipped_order()
    assert (play.live.status, play.live.ended) == ("delivered", True)
    assert play.sent() == ["order-confirmed", "pick-request", "pack-request", "shipped", "transport-request"]
    assert [(document.kind, document.amount) for document in play.live.documents] == [("invoice", Decimal(40))]
    left = play.world.stock.position("TEE", "DC1")
    assert left is not None
    assert left.on_hand == 3


def test_every_decision_is_recorded_with_its_place() -> None:
    records = [effect for effect in shipped_order().effects if isinstance(effect, Record)]
    assert [(record.kind, record.chosen) for record in records] == [
        ("process", "sales-order"),
        ("sourcing", "sourced"),
        ("process", "ship-to-customer"),
        ("choose", "delivered"),
    ]
    assert all(record.origin.startswith(("rules/retail/", "processes/retail/")) for record in records)


def test_a_short_pick_freezes_the_item_and_finds_a_new_source() -> None:
    play = Play(world(DC1=5, DC2=5), order())
    play.reply("short-picked", picked={"1": 1})
    first, second = play.live.units["O1-1"], play.live.units["O1-2"]
    assert (first.quantity, second.quantity, second.parent) == (1, 1, "O1-1")
    assert second.node != first.node
    frozen = play.world.stock.position("TEE", first.node)
    assert frozen is not None
    assert frozen.quarantined


def test_a_short_pick_without_another_source_cancels_what_is_missing() -> None:
    play = Play(world(DC1=5), order())
    play.reply("short-picked", picked={"1": 0})
    assert play.live.cancelled == {"1": 2}
    assert play.live.status == "cancelled"
    assert "items-cancelled" in play.sent()


def test_an_order_that_nobody_can_serve_is_cancelled() -> None:
    play = Play(world(), order())
    assert (play.live.status, play.live.cancelled) == ("cancelled", {"1": 2})


def without_source(fallback: str) -> World:
    """A world where nobody has the item, under a policy with this `if nothing fits`."""
    policy = replace(program().sourcing["cheapest"], fallback=fallback)
    empty = world()
    return World(replace(program(), sourcing={"cheapest": policy}), empty.catalog, empty.stock)


def test_a_backorder_waits_and_is_sourced_again_every_day() -> None:
    play = Play(without_source("backorder"), order())
    timer = next(effect for effect in play.effects if isinstance(effect, SetTimer))
    assert timer.due_at == START + timedelta(days=1)
    play.world = World(play.world.program, play.world.catalog, world(DC1=5).stock)
    play.feed(TimeReached(timer.due_at, timer.key))
    assert play.live.units["O1-1"].quantity == 2


def test_what_has_no_source_stands_as_an_exception_until_it_is_tried_again() -> None:
    play = Play(without_source("exception"), order())
    opened = next(effect for effect in play.effects if isinstance(effect, OpenException))
    assert (opened.role, opened.options) == ("operations", ("try-again",))
    assert opened.cause.startswith("no source for 2 of TEE: ")
    play.world = World(play.world.program, play.world.catalog, world(DC1=5).stock)
    play.feed(Resolved(START, opened.id, "try-again", "ann"))
    assert play.live.units["O1-1"].quantity == 2


def test_days_are_days_and_hours_are_open_hours() -> None:
    calendar = Calendar("office", "UTC", ((time(8), time(18)),) * 5 + (None, None), frozenset(), Origin("test", 1))
    assert clock_of(calendar, START, timedelta(days=2, hours=9)) == datetime(2026, 3, 5, 9, tzinfo=UTC)


def test_a_pickup_expires_once_even_if_its_timer_fires_twice() -> None:
    play = Play(world(S1=3), order(pickup="S1"))
    play.reply("picked")
    timer = next(effect for effect in reversed(play.effects) if isinstance(effect, SetTimer))
    for _ in range(2):
        play.feed(TimeReached(timer.due_at, timer.key))
    assert timer.due_at == START + timedelta(days=7)
    assert play.live.units["O1-1"].status == "pickup expired"
    assert play.sent().count("pickup-expired") == 1


def test_an_event_that_comes_early_is_kept_until_it_is_waited_for() -> None:
    play = Play(world(V1=3), order())
    play.feed(Happened(START, "vendor-shipped", "O1-1"))
    assert play.live.instances["O1-1"].step == "order"
    play.reply("accepted")
    assert play.live.instances["O1-1"].step == "deliver"


def test_a_late_answer_is_noted_and_changes_nothing_else() -> None:
    play = shipped_order()
    before = play.live
    step = play.feed(Replied(START, "O1/O1-1:2", "picked"))
    assert step.state.instances == before.instances
    assert [effect.text for effect in step.effects] == ["reply picked to O1/O1-1:2"]  # type: ignore[union-attr]


def test_what_cannot_be_delivered_waits_in_the_queue_and_can_be_tried_again() -> None:
    play = Play(world(DC1=5), order())
    play.feed(Undelivered(START, f"O1/{play.live.instances['O1-1'].key}", "connection refused"))
    (issue,) = play.live.exceptions.values()
    play.feed(Resolved(START, issue.id, "try-again", "ann"))
    assert play.live.exceptions == {}
    assert play.sent().count("pick-request") == 2


def test_a_late_pick_is_an_exception_with_options() -> None:
    play = Play(world(DC1=5), order())
    timer = next(effect for effect in play.effects if isinstance(effect, SetTimer))
    play.feed(TimeReached(timer.due_at, timer.key))
    (issue,) = play.live.exceptions.values()
    assert (issue.type, issue.options) == ("pick-late", ("ask-again", "cancel"))
    play.feed(Resolved(START, issue.id, "cancel", "ann"))
    assert play.live.status == "cancelled"


def test_cancelling_gives_everything_back_and_is_refused_after_shipping() -> None:
    play = Play(world(DC1=5), order())
    fact = cancelled(play.live, "csr", START)
    assert isinstance(fact, Cancelled)
    play.feed(fact)
    left = play.world.stock.position("TEE", "DC1")
    assert left is not None
    assert (left.supplies[0].reserved, play.live.status, play.live.cancelled) == (0, "cancelled", {"1": 2})
    assert isinstance(cancelled(shipped_order().live, "csr", START), Refused)


def test_a_request_to_cancel_that_the_parcel_overtook_is_noted() -> None:
    play = Play(world(DC1=5), order())
    play.reply("picked")
    play.reply("packed")
    step = play.feed(Cancelled(START, "csr"))
    assert play.live.instances["O1-1"].step == "deliver"
    assert isinstance(note := step.effects[-1], Note)
    assert "left its node" in note.text


def test_no_clock_moves_an_instance_that_waits_for_a_decision() -> None:
    play = Play(world(DC1=5), order())
    timer = next(effect for effect in play.effects if isinstance(effect, SetTimer))
    step = play.feed(Undelivered(START, f"O1/{play.live.instances['O1-1'].key}", "connection refused"))
    assert ClearTimer(timer.key) in step.effects
    play.feed(TimeReached(timer.due_at, timer.key))
    assert [issue.type for issue in play.live.exceptions.values()] == ["undeliverable"]


def reserved(play: Play) -> int:
    held = [play.world.stock.position("TEE", at) for at in ("DC1", "DC2", "S1", "V1")]
    return sum(supply.reserved for position in held if position for supply in position.supplies)


def test_cancelling_frees_what_is_planned_and_not_at_work_yet() -> None:
    steps = """
  - { step: source, do: source, on: { partly: rest, nothing: rest } }
  - { step: rest, wait: PT2H }
  - { step: start, do: start-units }
  - { step: work, wait: units-ended }
  - { step: done, end: done }"""
    play = Play(changed("sales-order", "order", steps, DC1=5), order())
    assert reserved(play) == 2
    play.feed(Cancelled(START, "csr"))
    assert (reserved(play), play.live.cancelled) == (0, {"1": 2})


def test_an_order_that_ends_early_keeps_nothing_reserved() -> None:
    steps = """
  - { step: source, do: source, on: { partly: done, nothing: done } }
  - { step: done, end: done }"""
    play = Play(changed("sales-order", "order", steps, DC1=5), order())
    assert (reserved(play), play.live.cancelled, play.live.ended) == (0, {"1": 2}, True)


def test_a_unit_of_work_that_ends_without_shipping_gives_its_stock_back() -> None:
    steps = """
  - { step: tell, tell: customer, message: shipped }
  - { step: done, end: done }"""
    play = Play(changed("ship-to-customer", "fulfillment", steps, DC1=5), order())
    assert (reserved(play), play.live.cancelled, play.live.status) == (0, {"1": 2}, "cancelled")


def test_an_incomplete_order_that_is_cancelled_accounts_for_every_unit() -> None:
    line = Line("1", "GONE", 2, Decimal(20))
    play = Play(world(DC1=5), replace(order(), lines=(line,)))
    (issue,) = play.live.exceptions.values()
    play.feed(Resolved(START, issue.id, "cancel", "ann"))
    assert (play.live.status, play.live.cancelled) == ("cancelled", {"1": 2})


def test_one_that_goes_round_stands_still_alone() -> None:
    steps = """
  - step: which
    choose: [{ when: unit.quantity = 1, next: go-round }, { otherwise: pick }]
  - { step: go-round, wait: unit.release_at, next: which }
  - { step: pick, ask: fulfiller, message: pick-request, within: P1D, on: { short-picked: done, late: done } }
  - { step: done, end: done }"""
    play = Play(changed("ship-to-customer", "fulfillment", steps, DC1=1, DC2=2), order(3))
    waits = {instance.step: instance.waiting.kind for instance in play.live.instances.values() if instance.waiting}
    assert waits == {"work": "event", "which": "exception", "pick": "reply"}


def test_units_that_replace_each_other_for_ever_are_stopped() -> None:
    steps = """
  - { step: again, do: source-again, on: { short: done } }
  - { step: done, end: done }"""
    play = Play(changed("ship-to-customer", "fulfillment", steps, DC1=5, DC2=5), order())
    assert {issue.type for issue in play.live.exceptions.values()} == {"no-way-forward"}
    check_laws(play)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ('date and time("2026-03-05T10:00:00")', datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ('date("2026-03-05")', datetime(2026, 3, 5, tzinfo=UTC)),
        ("if order.quantity = 2 then null else now", None),
        ('now + duration("P9000Y")', None),
    ],
)
def test_the_moment_that_a_step_waits_for(moment: str, due: datetime | None) -> None:
    steps = f"""
  - {{ step: rest, wait: '{moment}' }}
  - {{ step: done, end: done }}"""
    play = Play(changed("sales-order", "order", steps, DC1=5), order())
    timers = [effect.due_at for effect in play.effects if isinstance(effect, SetTimer)]
    assert timers == ([due] if due else [])
    assert len(play.live.exceptions) == (0 if due else 1)


@pytest.mark.parametrize(("exception", "option"), [("O1/none:1", "try-again"), ("pick", "nonsense")])
def test_an_unknown_resolution_is_noted_as_late(exception: str, option: str) -> None:
    play = Play(world(DC1=5), order())
    before = play.live
    step = play.feed(Resolved(START, exception, option, "ann"))
    assert [effect.kind for effect in step.effects] == ["late"]  # type: ignore[union-attr]
    assert (play.live.status, play.live.instances) == (before.status, before.instances)


# --- laws ------------------------------------------------------------------------------------------------------------

REPLIES = ("picked", "short-picked", "packed", "delivered", "lost", "accepted", "rejected", "nonsense")
MOVES = st.one_of(
    st.tuples(st.just("reply"), st.sampled_from(REPLIES), st.integers(0, 3)),
    st.tuples(st.just("time"), st.just(""), st.integers(0, 5)),
    st.tuples(st.just("event"), st.sampled_from(("collected", "vendor-shipped", "units-ended", "unheard-of")), st.integers(0, 3)),
    st.tuples(st.just("resolve"), st.sampled_from(("ask-again", "cancel", "write-off", "found", "try-again")), st.integers(0, 3)),
    st.tuples(st.just("cancel"), st.just(""), st.just(0)),
    st.tuples(st.just("undelivered"), st.just(""), st.integers(0, 3)),
)
WORLDS = st.fixed_dictionaries({at: st.integers(0, 4) for at in ("DC1", "DC2", "S1", "V1")})


def event_of(play: Play, move: tuple[str, str, int]) -> Event:
    """A fact as the move describes it, about whatever stands there now: early, late, doubled, or wrong."""
    kind, name, number = move
    unit = f"O1-{number}" if number else "order"
    at = START + timedelta(hours=play.live.sequence)
    instance = play.live.instances.get(unit)
    key = f"O1/{instance.key if instance else unit + ':9'}"
    match kind:
        case "reply":
            return Replied(at, key, name, {"picked": {"1": 1}} if name == "short-picked" else {})
        case "time":
            timers = [effect for effect in play.effects if isinstance(effect, SetTimer)]
            return TimeReached(at, timers[-1 - number % len(timers)].key if timers else "O1/order:0")
        case "event":
            return Happened(at, name, unit if number else None)
        case "resolve":
            issues = [*play.live.exceptions, "O1/none:1"]
            return Resolved(at, issues[number % len(issues)], name, "ann")
        case "undelivered":
            return Undelivered(at, key, "connection refused")
    return Cancelled(at, "csr")


def check_laws(play: Play) -> None:
    state = play.live
    in_units = sum(unit.quantity for unit in state.units.values() if not unit.released)
    open_units = sum(quantity for _, quantity in open_quantities(state))
    assert in_units + sum(state.cancelled.values()) + open_units == state.order.quantity
    claimed = sum(unit.quantity for unit in state.units.values() if not (unit.released or unit.shipped))
    positions = [play.world.stock.position("TEE", at) for at in ("DC1", "DC2", "S1", "V1")]
    assert sum(supply.reserved for held in positions if held for supply in held.supplies) == claimed
    for instance in state.instances.values():
        assert instance.ended is not None or instance.waiting is not None, instance
    opened = {effect.id for effect in play.effects if isinstance(effect, OpenException)}
    closed = {effect.id for effect in play.effects if isinstance(effect, CloseException)}
    assert opened - closed == set(state.exceptions)


@settings(max_examples=150, deadline=None)
@given(WORLDS, st.integers(1, 6), st.sampled_from((None, "S1")), st.lists(MOVES, max_size=14))
def test_any_order_of_events_ends_or_waits_and_conserves(
    on_hand: dict[str, int], quantity: int, pickup: str | None, moves: list[tuple[str, str, int]]
) -> None:
    opening = world(**on_hand)
    play, facts = Play(opening, order(quantity, pickup)), list[Event]()
    for move in moves:
        facts.append(event_of(play, move))
        play.feed(facts[-1])
        check_laws(play)
    again = Play(opening, order(quantity, pickup))
    for fact in facts:
        again.feed(fact)
    assert (again.live, again.effects) == (play.live, play.effects)


@settings(max_examples=50, deadline=None)
@given(st.lists(MOVES, max_size=14))
def test_no_message_key_is_used_twice(moves: list[tuple[str, str, int]]) -> None:
    play = Play(world(DC1=2, DC2=2, V1=2), order(4))
    for move in moves:
        play.feed(event_of(play, move))
    keys = [effect.key for effect in play.effects if isinstance(effect, Send)]
    assert len(keys) == len(set(keys))
    assert all(key.startswith("O1/") for key in keys)
