"""Of each cause somebody is told once, whatever is repeated and in whatever order it comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import known_by
from orderloom.adapters.imports.nodes import node_of
from orderloom.adapters.props import Props
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile_workspace
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item
from orderloom.engine.events import Happened, Replied
from orderloom.engine.ledger.stock import ON_HAND, Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.shell.inbox import capture

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COMPILED = compile_workspace(Path(__file__).parents[1] / "scenarios" / "channels")
DC1 = {"id": "DC1", "type": "dc", "region": "EAST", "calendar": "weekdays", "base": 5, "handling": 1, "transit": 2}
REPLIES = {"pick": "picked", "pack": "packed", "ship": "left"}
STEPS = ("capture", "pick", "pack", "ship", "arrived", "an hour")


def order() -> Order:
    customer = Customer("C", "Ann", "ann@example.com", language="en")
    lines = (Line("1", "HDMI", 1, Decimal("15.00")),)
    return Order("O1", "web", NINE, customer, lines, "USD", ship_to=Address(region="EAST"))


def do(shop: Stage, step: str) -> None:
    """A step, or its repetition; a request that was never sent has no reply."""
    story = shop.story("O1")
    if step == "capture":
        capture(shop.store, [order()], shop.program.digest, shop.now)
        shop.run()
    elif step == "an hour":
        shop.run(shop.now + timedelta(hours=1))
    elif story is None:
        return
    elif step == "arrived":
        shop.tell("O1", Happened(shop.now, "arrived", "O1-1"))
    else:
        for sent in [message for message in story.messages if message.message == step]:
            shop.tell("O1", Replied(shop.now, sent.key, REPLIES[step]))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_each_cause_is_told_once(steps: list[str]) -> None:
    program = COMPILED.program
    assert program is not None
    there = Position("HDMI", "DC1", supplies=(Supply("OH", "HDMI", "DC1", ON_HAND, 5),))
    shop = stage(program, Props((Item("HDMI"),), (node_of(Fields(DC1), known_by(program, (), ())),), (there,)), NINE)
    for step in ["capture", *steps, "pick", "pack", "ship", "arrived", *steps]:
        do(shop, step)
    story = shop.story("O1")
    assert story is not None and shop.faults == []
    told = [message for message in story.messages if message.organization == "post"]
    assert [message.message for message in told] == ["received", "confirmed", "shipped", "delivered"]
    assert len(story.state.notified) == 4 and len({message.key for message in told}) == 4
    assert audit(shop.store) == ()
    shop.store.close()
