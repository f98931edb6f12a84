"""Whatever is split, given up, lost, comes back: no more goes back than was paid, no unit comes back twice, none vanishes."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

import plays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plays import START, Play

from orderloom.engine.appeasements.appeasement import Appeasement
from orderloom.engine.events import Appeased, Cancelled, Event, Happened, ModificationAsked, Replied, ReturnAsked, TimeReached
from orderloom.engine.modifications.request import Part
from orderloom.engine.money.billing import FUTURE_DISCOUNT, GIFT_CARD, paid, paid_and_refunded, refundable
from orderloom.engine.money.shares import charge, shared
from orderloom.engine.order import Line, Order
from orderloom.engine.returns.goods import STAY
from orderloom.engine.returns.pieces import at_customer, in_force, numbers
from orderloom.engine.returns.request import Exchange, ReturnRequest
from orderloom.engine.state import OrderState
from orderloom.engine.views import shipped

#: What is on hand: of one node, or of several, over which an order is split.
ON_HAND = ({"DC1": 9, "S1": 3}, {"DC1": 2, "DC2": 3, "S1": 3})
LATER = START + timedelta(days=20)


def an_order(first: int, second: int, discount: int, shipping: int) -> Order:
    plain = plays.order(first)
    lines = (plain.lines[0], Line("2", "TEE", second, Decimal("7.35"), want_by=plain.lines[0].want_by))
    return shared(replace(plain, lines=lines, discount=Decimal(discount) / 100, shipping=Decimal(shipping) / 100))


def gone_on(play: Play, events: list[Event], data: st.DataObject) -> None:
    """Lets everybody answer until nobody is asked any more."""
    for _ in range(60):
        waiting = [(id, each) for id, each in play.live.instances.items() if each.waiting is not None and each.ended is None]
        waiting = [(id, each) for id, each in waiting if id != "order" and each.waiting and each.waiting.kind != "exception"]
        if not waiting:
            return
        id, instance = waiting[0]
        assert instance.waiting is not None
        at, key = max(LATER, START), f"O1/{instance.key}"
        event: Event = TimeReached(at, key)
        if instance.waiting.kind == "event":
            event = Happened(at, instance.waiting.name, id)
        elif instance.waiting.kind == "reply":
            event = Replied(at, key, *_answer(play, id, data))
        events.append(event)
        play.feed(event)


def _answer(play: Play, unit: str, data: st.DataObject) -> tuple[str, dict[str, object]]:
    step = play.live.instances[unit].step
    if step == "pick" and not data.draw(st.integers(0, 3)):  # not all of it is there: the unit is split, the rest sourced again
        lines = play.live.units[unit].lines
        return "short-picked", {"picked": {each.line: data.draw(st.integers(0, each.quantity)) for each in lines}}
    if step == "arrive":
        asked = play.live.returns[unit].request.quantity
        told = {"quantity": data.draw(st.integers(0, asked)), "condition": data.draw(st.sampled_from(("resellable", "damaged")))}
        return data.draw(st.sampled_from((("received", told), ("not-received", {}))))
    main = {
        "pick": "picked",
        "pack": "packed",
        "deliver": data.draw(st.sampled_from(("delivered", "delivered", "lost"))),
        "send": "sent",
    }
    return main[step], {}


def asked(data: st.DataObject) -> ReturnAsked:
    exchange = data.draw(st.sampled_from((None, None, Exchange(), Exchange(advance=True), Exchange("TEE", 1, Decimal("31.10")))))
    node = data.draw(st.sampled_from((None, "S1", "DC1")))
    condition = data.draw(st.sampled_from(("resellable", "damaged")))
    line = data.draw(st.sampled_from(("1", "2", "1X1")))
    return ReturnAsked(LATER, ReturnRequest(line, data.draw(st.integers(1, 3)), "r", node, None, condition, exchange=exchange))


def appeased(state: OrderState, data: st.DataObject) -> Appeased:
    """Something in place of a return, worth up to what is left of the units."""
    line = data.draw(st.sampled_from([each for each in state.order.lines if each.id in ("1", "2")]))
    first = data.draw(st.integers(0, line.quantity - 1))
    quantity = data.draw(st.integers(1, line.quantity - first))
    left, number = refundable(state, line.id, first, quantity).amount, len(state.appeasements) + 1
    amount = (left * data.draw(st.integers(0, 100)) / 100).quantize(Decimal("0.01"), ROUND_DOWN)
    kind = data.draw(st.sampled_from(("gift card", "future discount", "amount")))
    of = (f"O1-A{number}", number, "p", "o", kind, line.id, first, quantity, "r", amount, amount, amount, LATER, "csr")
    return Appeased(LATER, Appeasement(*of), "", {}, {}, {})


def given_up(number: int, data: st.DataObject) -> Event:
    """A line is given up, a part of it, or the whole order; before anything is picked, or later."""
    if not data.draw(st.integers(0, 5)):
        return Cancelled(START, "ann", "", "customer-service")
    quantity = data.draw(st.sampled_from((None, 1)))
    part = Part("cancel", data.draw(st.sampled_from(("1", "2"))), quantity)
    return ModificationAsked(START, f"M{number}", (part,), "customer-service", "ann")


def holds(state: OrderState, play: Play, there: int) -> None:
    got, back = paid_and_refunded(state)
    presents = sum((each.amount for each in state.documents if each.kind in (GIFT_CARD, FUTURE_DISCOUNT)), Decimal(0))
    assert back >= 0 and back + presents <= got and paid(state) >= 0
    assert sum((charge(x, 0, x.quantity, "USD").amount for x in state.order.lines), Decimal(0)) == state.order.total
    for line in state.order.lines:
        units = [n for each in in_force(state) if each.request.line == line.id for n in numbers(each.pieces)]
        assert len(units) == len(set(units)) and set(units) <= set(at_customer(line, state))
        for n in range(line.quantity):
            assert 0 <= refundable(state, line.id, n, 1, shipping=True).amount <= charge(line, n, 1, "USD").amount
    here = sum(s.received for n in play.world.catalog.nodes if (p := play.world.stock.position("TEE", n)) for s in p.supplies)
    away = sum(shipped(line, state) for line in state.order.lines)
    goods = [(each, one) for each in state.returns.values() for one in each.goods]
    came = sum(each.received or 0 for each in state.returns.values())
    gone = sum(one.quantity for _, one in goods if one.next and one.next not in STAY)
    on_the_road = sum(one.quantity for each, one in goods if one.transfer and each.sent and not each.there)
    assert here + away - came + gone + on_the_road == there


def whatever_happens(first: int, second: int, discount: int, shipping: int, data: st.DataObject) -> None:
    whole = an_order(first, second, discount, shipping)
    on_hand = data.draw(st.sampled_from(ON_HAND))
    play, events, there = Play(plays.world(**on_hand), whole), list[Event](), sum(on_hand.values())
    for number in range(data.draw(st.integers(0, 2))):
        events.append(given_up(number, data))
        play.feed(events[-1])
        holds(play.live, play, there)
    gone_on(play, events, data)
    for _ in range(data.draw(st.integers(1, 5))):
        event: Event = asked(data) if data.draw(st.integers(0, 2)) else appeased(play.live, data)
        events.append(event)
        play.feed(event)
        if data.draw(st.booleans()):
            gone_on(play, events, data)
        holds(play.live, play, there)
    gone_on(play, events, data)
    holds(play.live, play, there)
    again = Play(plays.world(**on_hand), whole)
    for event in events:
        again.feed(event)
    assert again.live == play.live


ORDERS = (st.integers(1, 3), st.integers(1, 2), st.integers(0, 900), st.integers(0, 900), st.data())


@settings(deadline=None, max_examples=25)
@given(*ORDERS)
def test_whatever_comes_back(first: int, second: int, discount: int, shipping: int, data: st.DataObject) -> None:
    whatever_happens(first, second, discount, shipping, data)


@pytest.mark.soak
@settings(deadline=None, max_examples=2_000)
@given(*ORDERS)
def test_whatever_comes_back_in_thousands_of_orders(
    first: int, second: int, discount: int, shipping: int, data: st.DataObject
) -> None:
    whatever_happens(first, second, discount, shipping, data)


def test_nothing_is_granted_for_units_that_were_given_up_meanwhile() -> None:
    """Line 2 is paid, so that there is something to give; line 1 was given up before it was agreed to."""
    play = Play(plays.world(DC1=9), an_order(1, 1, 0, 0))
    play.feed(ModificationAsked(START, "M1", (Part("cancel", "1"),), "customer-service", "ann"))
    (unit,) = (id for id in play.running() if id != "order")
    for reply in ("picked", "packed", "delivered"):
        play.reply(reply, unit)
    amount = Decimal("5.00")
    of = ("O1-A1", 1, "p", "o", "gift card", "1", 0, 1, "r", amount, amount, amount, LATER, "csr")
    play.feed(Appeased(LATER, Appeasement(*of), "", {}, {}, {}))
    granted = play.live.appeasements["O1-A1"]
    assert (granted.status, granted.because) == ("void", "the units are not of the order any more")
    assert [each.kind for each in play.live.documents] == ["invoice"]
