"""What makes an order a perfect one, each taken from an order that is."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace
from plays import Play, order, world

from orderloom.adapters.perfect import Perfect, perfection
from orderloom.engine.state import OrderState


def an_order(*replies: str) -> OrderState:
    play = Play(world(DC1=9), order(2))
    for reply in replies:
        play.reply(reply)
    return play.live


def lacking(state: OrderState, days: int = 0) -> tuple[str, ...]:
    found = perfection(state, {"O1-1": state.units["O1-1"].deliver_on + timedelta(days)})
    assert found is not None and found.perfect == (not found.lacks)
    return found.lacks


def test_an_order_is_perfect_by_all_of_it_or_not() -> None:
    state = an_order("picked", "packed", "delivered")
    assert (lacking(state), lacking(state, -1), lacking(state, 1)) == ((), (), ("on time",))
    line, (bill,), unit = state.order.lines[0], [d for d in state.documents if d.kind == "invoice"], state.units["O1-1"]
    more = replace(state, order=replace(state.order, lines=(replace(line, quantity=3),)))
    assert lacking(more) == ("in full",)
    twice = replace(state, documents=(*state.documents, replace(bill, number="O1-I2")))
    dear = replace(state, documents=(replace(bill, amount=bill.amount + 1),))
    assert lacking(twice) == lacking(dear) == ("billed",)
    lost = replace(unit, id="O1-2", outcome="lost")
    assert lacking(replace(state, units={**state.units, "O1-2": lost})) == ("undamaged",)


def test_what_has_not_ended_is_not_judged() -> None:
    assert perfection(an_order("picked"), {}) is None
    play = Play(world(), order(2))
    assert play.live.instances["order"].ended == "cancelled" and perfection(play.live, {}) is None
    assert Perfect(True, False, True, False).lacks == ("on time", "billed")
