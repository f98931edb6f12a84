"""What monitors cost on an order of many lines: to see the order takes all of it, so they see it once a turn."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import plays
import pytest
from alarmed import program
from msgspec.structs import replace

from orderloom.engine import turn as turns
from orderloom.engine.events import Happened
from orderloom.engine.monitoring.collect import told_by
from orderloom.engine.monitoring.watch import looked
from orderloom.engine.order import Customer, Line, Order
from orderloom.engine.state import ORDER, Instance, OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine
from orderloom.engine.views import View, order_view

LINES = 30
RULES = "\n---\n".join(
    [
        *(
            f"kind: monitor\nname: late-{level}\nwatch: {level}\n"
            "not-reached: { milestone: shipped, after: PT2H, date: order.placed_at }\nraise: { exception: late }"
            for level in ("order", "line", "unit")
        ),
        *(
            f"kind: monitor\nname: twice-{level}\nwatch: events\npattern: {{ of: {level}, within: PT2H, same: [order.id], "
            "events: [{ event: status picking, count: 2 }] }\nraise: { exception: odd }"
            for level in ("line", "unit")
        ),
    ]
)
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def large() -> Turn:
    """A turn of an order of many lines, of which each has its own unit of work."""
    ids = [str(number) for number in range(LINES)]
    of = Order("O1", "web", AT, Customer("C1"), tuple(Line(id, "TEE", 1, Decimal(5)) for id in ids), "USD")
    units = {
        f"U{id}": Unit(f"U{id}", "DC1", "ship", "ground", "on-hand", (UnitLine(id, "TEE", 1, "here"),), AT, AT.date(), AT.date())
        for id in ids
    }
    world = replace(plays.world(), program=program(RULES.encode()))
    state = OrderState(of, "digest", units=units, instances={ORDER: Instance(ORDER, "sales-order", "fulfill")})
    return Turn(world, state, AT, world.stock)


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> list[View]:
    """Every view of the order that is made."""
    made: list[View] = []

    def view(*of: object) -> View:
        made.append(order_view(*of))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(turns, "order_view", view)
    return made


def test_monitors_of_an_order_see_it_once_a_turn(large: Turn, views: list[View]) -> None:
    found = looked(large, [])
    assert len(found.watched.timers) == 1 + LINES + LINES
    assert len(views) == 1


def test_patterns_see_an_order_once_a_turn(large: Turn, views: list[View]) -> None:
    notes = [(f"U{number}", "status", "picking") for number in range(LINES)]
    found, untold = told_by(large.world, large.state, large.state, notes, Happened(AT, "any"))
    assert (len(found), untold, len(views)) == (2 * LINES, [], 1)


def test_what_no_pattern_asks_for_costs_no_look_at_the_order(large: Turn, views: list[View]) -> None:
    assert told_by(large.world, large.state, large.state, [], Happened(AT, "any")) == ([], [])
    assert views == []
