"""Drafts on a stage: what they hold goes back once, however often their timer fires, and is kept by who submits in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import known_by
from orderloom.adapters.imports.nodes import node_of
from orderloom.adapters.props import Props
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile_workspace
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item
from orderloom.engine.events import Drafted, TimeReached
from orderloom.engine.ledger.stock import ON_HAND, Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.shell.asking import cancel
from orderloom.engine.shell.inbox import draft

COMPILED = compile_workspace(Path(__file__).parents[1] / "scenarios" / "world-w")
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
DC1 = {"id": "DC1", "type": "dc", "region": "EAST", "calendar": "weekdays", "base": 5, "handling": 1, "transit": 2}


@pytest.fixture
def shop() -> Stage:
    """Two of an item at one node."""
    assert COMPILED.program is not None
    node = node_of(Fields(DC1), known_by(COMPILED.program, (), ()))
    on_hand = Position("TV55", "DC1", supplies=(Supply("OH", "TV55", "DC1", ON_HAND, 2),))
    return stage(COMPILED.program, Props((Item("TV55"),), (node,), (on_hand,)), NINE)


def order(id: str, quantity: int = 2) -> Order:
    own = {"date": "weighed", "late_penalty": Decimal(0)}
    lines = (Line("1", "TV55", quantity, Decimal(500)),)
    return Order(id, "web", NINE, Customer("C-1"), lines, "USD", ship_to=Address(region="EAST"), attributes=own)


def reserved(shop: Stage) -> int:
    position = shop.world({"TV55"}).stock.position("TV55", "DC1")
    assert position is not None
    return position.supplies[0].reserved


def end(shop: Stage) -> None:
    assert shop.faults == []
    assert audit(shop.store) == ()


def test_the_timer_gives_back_once(shop: Stage) -> None:
    shop.draft(order("D1"), HALF_AN_HOUR)
    shop.run(NINE + HALF_AN_HOUR)
    assert reserved(shop) == 0
    shop.submit(order("O2", 1))
    shop.tell("D1", TimeReached(shop.now, "D1/draft"))
    assert reserved(shop) == 1
    end(shop)


def test_the_timer_that_comes_too_early_gives_back_nothing(shop: Stage) -> None:
    shop.draft(order("D1"), HALF_AN_HOUR)
    shop.tell("D1", TimeReached(shop.now, "D1/draft"))
    assert reserved(shop) == 2
    end(shop)


def test_the_timer_takes_nothing_from_an_order(shop: Stage) -> None:
    shop.draft(order("D1"), HALF_AN_HOUR)
    shop.submit(order("D1"))
    shop.run(NINE + HALF_AN_HOUR)
    shop.tell("D1", TimeReached(shop.now, "D1/draft"))
    assert reserved(shop) == 2
    end(shop)


def test_a_draft_holds_the_last_version_of_it(shop: Stage) -> None:
    shop.draft(order("D1"), HALF_AN_HOUR)
    shop.draft(order("D1", 1), HALF_AN_HOUR)
    assert reserved(shop) == 1
    end(shop)


def test_another_trace_is_no_other_content(shop: Stage) -> None:
    """What the draft holds becomes the order's own, and is not given back and taken again."""
    shop.draft(order("D1"), HALF_AN_HOUR)
    shop.submit(replace(order("D1"), traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
    with shop.store.reading() as connection:
        kinds = connection.exec_driver_sql("SELECT DISTINCT kind FROM ledger WHERE order_id = 'D1' ORDER BY kind")
        assert kinds.scalars().all() == ["harden", "reserve"]
    end(shop)


def test_who_submits_something_else_is_planned_anew(shop: Stage) -> None:
    shop.draft(order("D1", 1), HALF_AN_HOUR)
    shop.submit(order("D1", 2))
    assert reserved(shop) == 2
    end(shop)


def test_who_submits_at_the_last_moment_holds_nothing_any_more(shop: Stage) -> None:
    """Drafted, submitted and expired at one moment, in whatever order the worker comes to it."""
    draft(shop.store, [order("D1")], shop.program.digest, NINE, NINE + HALF_AN_HOUR)
    shop.run()
    shop.now = NINE + HALF_AN_HOUR
    shop.submit(order("D1"))
    assert reserved(shop) == 2
    end(shop)


def test_a_draft_of_an_order_is_late(shop: Stage) -> None:
    shop.submit(order("O1", 1))
    shop.tell("O1", Drafted(shop.now, order("O1", 2), shop.now + HALF_AN_HOUR))
    assert reserved(shop) == 1
    end(shop)


def test_a_draft_that_is_too_late_for_its_own_time_holds_nothing(shop: Stage) -> None:
    shop.draft(order("D1"), timedelta(0))
    assert reserved(shop) == 0
    end(shop)


def test_what_a_cancelled_draft_holds_is_free(shop: Stage) -> None:
    shop.draft(order("D1"), HALF_AN_HOUR)
    assert cancel(shop.store, "D1", "customer", shop.now) is None
    shop.run()
    story = shop.story("D1")
    assert story is not None and (story.state.status, story.state.ended) == ("cancelled", True)
    assert reserved(shop) == 0
    shop.run(NINE + HALF_AN_HOUR)
    end(shop)


def test_the_same_order_under_another_id_cannot_take_what_is_held(shop: Stage) -> None:
    shop.draft(order("D1"), HALF_AN_HOUR)
    shop.submit(replace(order("D1"), id="O2"))
    assert reserved(shop) == 2
    end(shop)
