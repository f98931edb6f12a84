"""What a turn shows of its order is what the order is at that moment, though it is not made anew each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import plays
import pytest
from alarmed import filled, program, raised, worker

from orderloom.engine.state import OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.views import View, order_view


def test_the_view_is_made_anew_where_the_order_is_another() -> None:
    world = plays.world()
    turn = Turn(world, OrderState(plays.order(2), "digest"), plays.START, world.stock)
    first = turn.order_view()
    turn.change(sequence=2, instances={})
    assert turn.order_view() is first
    turn.cancel_units([("1", 1)])
    assert turn.order_view()["cancelled_quantity"] == 1
    turn.change(status="in fulfillment")
    assert turn.order_view()["status"] == "in fulfillment"


def test_what_is_seen_in_the_lives_of_orders_is_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders that are sourced, watched, picked and cancelled: whenever anybody looks."""
    kept: Callable[[Turn], View] = Turn.order_view
    looks = 0

    def compared(turn: Turn) -> View:
        nonlocal looks
        looks += 1
        found = kept(turn)
        assert found == order_view(turn.state.order, turn.world.catalog, turn.world.program.attributes, turn.state)
        return found

    monkeypatch.setattr(Turn, "order_view", compared)
    store = filled(f"sqlite:///{tmp_path / 'orders.sqlite'}", program(), 60)
    worker(store, program(), 60).run_until_idle()
    assert looks > 500 and raised(store)
