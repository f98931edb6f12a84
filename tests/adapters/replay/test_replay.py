"""Past orders on other definitions: the figures of a past that was worked out by hand, and what the ledger knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from postgres import database
from replays import MONDAY, SUNDAY, new, old, order, past, props
from sqlalchemy import URL

from orderloom.adapters.replay.outcome import Outcome, outcomes
from orderloom.adapters.replay.part import Asked, Cancelling, News, Part, Past
from orderloom.adapters.replay.past import past_orders
from orderloom.adapters.replay.play import play
from orderloom.adapters.replay.run import Replay, run
from orderloom.adapters.replay.spread import here
from orderloom.adapters.replay.variant import Variant
from orderloom.adapters.stage import Stage
from orderloom.engine.audit.archive import Gone, archive
from orderloom.engine.ledger.stock import Entry, EntryKind, on_hand_id
from orderloom.engine.shell.asking import cancel
from orderloom.engine.store import Store, open_store
from orderloom.engine.store.copies import copy

UTC = ZoneInfo("UTC")
ALL = Asked()
PROGRAM = new().program


def replayed(live: Stage, variants: Sequence[Variant], asked: Asked = ALL, days: int | None = None, top: int = 10) -> Replay:
    return run(past_orders(live.store, asked, days, UTC, False), variants, 1, top, here, lambda _: None)


def nodes(found: Sequence[Outcome]) -> list[str]:
    return [source.rpartition(" ")[2] for outcome in found for source in outcome.sources]


@pytest.fixture(scope="module")
def live() -> Stage:
    return past()


def the_part(live: Stage, asked: Asked = ALL) -> Part:
    (part,) = past_orders(live.store, asked, None, UTC, False).parts
    return part


# --- the past of scenario 15 ---------------------------------------------------------------------------------------------


def test_a_replay_of_what_ran_is_what_ran(live: Stage) -> None:
    part = the_part(live)
    assert play(part, old().program, 1) == tuple(outcomes(live, part))


def test_each_order_leaves_less_for_the_next(live: Stage) -> None:
    """S1 may give two of its three units: a replay that forgot what it sold would take a third one there."""
    part = the_part(live)
    assert nodes(play(part, old().program, 1)) == ["DC1", "DC2", "DC2", "DC2", "DC1"]
    assert nodes(play(part, new().program, 1)) == ["DC1", "S1", "S1", "DC2", "DC1"]


def test_cost_days_and_decisions_are_set_against_each_other(live: Stage) -> None:
    found = replayed(live, [new(), old()])
    proposed, before = found.wholes
    assert (before.cost, before.mean_days) == (Decimal("42.00"), Decimal("3.20"))
    assert (proposed.cost, proposed.mean_days) == (Decimal("39.00"), Decimal("2.00"))
    (comparison,) = found.comparisons
    assert (comparison.decisions, comparison.differing) == (2, 2)
    assert dict(comparison.promises) == {"kept": 3, "earlier": 2}
    assert [(each.order, each.cost, each.days) for each in comparison.top] == [
        ("W2", Decimal("-1.50"), -3),
        ("W3", Decimal("-1.50"), -3),
    ]


def test_of_many_differences_the_greatest_are_told(live: Stage) -> None:
    (comparison,) = replayed(live, [new(), old()], top=1).comparisons
    assert ([each.order for each in comparison.top], comparison.differing) == (["W2"], 2)


def test_what_was_found_meanwhile_is_found_again(live: Stage) -> None:
    """The stock of the beginning has one unit at DC1; the other one was told of before the fifth order."""
    part = the_part(live)
    assert {p.node: p.on_hand for p in part.props.positions} == {"DC1": 1, "DC2": 5, "S1": 3}
    assert [(each.at, each.entry.quantity) for each in part.happened] == [(MONDAY.replace(minute=40), 1)]  # type: ignore[union-attr]


# --- which orders, and in which windows ----------------------------------------------------------------------------------


def ids(part: Part) -> list[str]:
    return [each.order.id for each in part.orders if each.asked_for]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(limit=2), ["W1", "W2"]),
        (Asked(since=MONDAY.replace(minute=20)), ["W3", "W4", "W5"]),
        (Asked(until=MONDAY.replace(minute=20)), ["W1", "W2"]),
        (Asked(since=MONDAY.replace(minute=10), limit=1), ["W2"]),
        (Asked(channel="web"), ["W1", "W2", "W3", "W4", "W5"]),
    ],
)
def test_orders_are_asked_for(live: Stage, asked: Asked, expected: list[str]) -> None:
    assert ids(the_part(live, asked)) == expected


@pytest.mark.parametrize("asked", [Asked(channel="store"), Asked(division="B2B"), Asked(since=MONDAY.replace(hour=11))])
def test_there_may_be_none(live: Stage, asked: Asked) -> None:
    found = replayed(live, [new(), old()], asked)
    assert (found.orders, found.windows, found.wholes[0].cost) == (0, 0, 0)


def test_stock_is_as_it_was_when_the_first_of_them_came(live: Stage) -> None:
    """W1 had taken the unit of DC1, and W2 one of DC2; W3 is sourced as it was."""
    part = the_part(live, Asked(since=MONDAY.replace(minute=20), limit=1))
    free = {p.node: sum(supply.unreserved for supply in p.supplies) for p in part.props.positions}
    assert free == {"DC1": 0, "DC2": 4, "S1": 3}
    assert nodes(play(part, old().program, 1)) == ["DC2"]


def test_orders_of_others_are_played_beside() -> None:
    live = past(1)
    live.run(SUNDAY.replace(month=5))
    live.submit(order("STORE", live.now, 3, "mail"))
    live.submit(order("WEB", live.now))
    asked = Asked(since=live.now, channel="web")
    found = replayed(live, [old()], asked)
    assert (found.orders, found.beside) == (1, 1)
    assert found.wholes[0].figures.units["ordered"] == 1
    part = the_part(live, asked)
    assert [each.order.id for each in part.orders] == ["STORE", "WEB"]


def test_windows_begin_with_what_was_known_then() -> None:
    """By days, the second order does not know that the first would have gone elsewhere: DC1's unit is taken, as it was."""
    live = past(1)
    live.run(MONDAY + timedelta(days=1))
    live.submit(order("TUESDAY", live.now))
    live.run(MONDAY + timedelta(days=9))
    parts = list(past_orders(live.store, Asked(), 1, UTC, False).parts)
    assert [ids(part) for part in parts] == [["W1"], ["TUESDAY"]]
    assert [play(part, old().program, 1) for part in parts] == [tuple(outcomes(live, part)) for part in parts]
    assert len(list(past_orders(live.store, Asked(), 2, UTC, False).parts)) == 1


# --- what happened besides -----------------------------------------------------------------------------------------------


def alone(quantity: int = 1) -> Part:
    return Part((Past(MONDAY, order("W1", MONDAY, quantity)),), props({"DC1": 1, "DC2": 5}))


def test_a_request_to_cancel_is_made_again() -> None:
    part = alone()
    (found,) = play(
        Part(part.orders, part.props, (Cancelling(MONDAY + timedelta(minutes=1), "W1", "customer", ""),)), new().program, 1
    )
    assert found.figures.units == {"ordered": 1, "shipped": 0, "delivered": 0, "cancelled": 1}


def test_a_request_that_comes_too_late_is_in_vain() -> None:
    part = alone()
    late = Cancelling(MONDAY + timedelta(days=7), "W1", "customer", "")
    (found,) = play(Part(part.orders, part.props, (late,)), new().program, 1)
    assert found.figures.units["shipped"] == 1


def test_requests_are_read_from_the_history() -> None:
    live = past(1)
    live.submit(order("GONE", live.now))
    assert cancel(live.store, "GONE", "customer", live.now, "changed my mind") is None
    live.run(live.now + timedelta(days=9))
    part = the_part(live, Asked(since=MONDAY.replace(month=4)))
    assert [(each.order, each.by) for each in part.happened if isinstance(each, Cancelling)] == [("GONE", "customer")]
    assert play(part, old().program, 1) == tuple(outcomes(live, part))


@given(
    told=st.lists(
        st.tuples(
            st.integers(0, 40),
            st.sampled_from(["expect", "withdraw", "receive", "adjust", "quarantine", "recount", "confirm"]),
            st.sampled_from(["DC1", "DC2", "S1"]),
            st.booleans(),
            st.integers(-4, 4),
        ),
        max_size=8,
    ),
    on_hand=st.integers(0, 3),
)
@settings(max_examples=12, deadline=None)
def test_what_was_told_of_other_stock_does_no_harm(told: list[tuple[int, EntryKind, str, bool, int]], on_hand: int) -> None:
    """Whatever the real stock was told, the stock of the replay keeps its laws, and nobody gets more than there ever was."""
    news = [
        News(
            MONDAY + timedelta(minutes=minute), entry(kind, node, here, abs(units) if kind in ("receive", "withdraw") else units)
        )
        for minute, kind, node, here, units in sorted(told)
    ]
    orders = tuple(Past(at, order(f"W{at:%M}", at)) for at in [MONDAY + timedelta(minutes=5 * number) for number in range(6)])
    found = play(Part(orders, props({"DC1": on_hand, "DC2": 1}), tuple(news)), PROGRAM, 1)
    ever = on_hand + 1 + sum(each.entry.quantity for each in news if each.entry.quantity > 0)
    assert sum(outcome.figures.units["shipped"] for outcome in found) <= ever
    assert [outcome.because for outcome in found] == [""] * 6


def entry(kind: EntryKind, node: str, here: bool, units: int) -> Entry:
    """An entry as the ledger has it, of what is on hand or of a supply that is to come."""
    if kind in ("quarantine", "recount"):
        return Entry(kind, "A", node)
    if here:
        return Entry(kind, "A", node, on_hand_id("A", node), units, supply_type="on-hand")
    return Entry(kind, "A", node, f"PO@{node}", units, supply_type="on-order", due_on=MONDAY.date() + timedelta(days=3))


# --- another store -------------------------------------------------------------------------------------------------------


def test_a_server_tells_the_same_past(live: Stage, postgres: URL) -> None:
    with database(postgres) as url:
        store = open_store(url, live.store.workspace)
        assert isinstance(store, Store)
        assert isinstance(copy(live.store, store), int)
        asked = Asked(since=MONDAY.replace(minute=20))
        parts = [list(past_orders(each, asked, 1, UTC, True).parts) for each in (store, live.store)]
        store.close()
    assert parts[0] == parts[1]
    assert len(parts[0]) == 1


def test_orders_that_were_archived_are_missed(tmp_path: Path) -> None:
    """STUCK waits for a person; the two that came after it have ended and gone to files, one of them within the time."""
    live = past(0)
    for id, quantity in (("STUCK", 99), ("GONE", 1), ("LATER", 1)):
        live.submit(order(id, live.now, quantity))
        live.run(live.now + timedelta(days=9))
    gone = archive(live.store, tmp_path / "archive", live.now)
    assert isinstance(gone, Gone)
    assert gone.orders == 2
    found = past_orders(live.store, ALL, None, UTC, False)
    assert (found.count, found.archived) == (1, 2)
    within = Asked(until=live.now - timedelta(days=10))
    assert past_orders(live.store, within, None, UTC, False).archived == 1
