"""Whatever a bank answers, in whatever order: no more is kept than is owed, no more goes back than came, nothing is forgotten."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random

from fates import Told, any_event
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from plays import order, world

from orderloom.dsl.compile import compile_workspace
from orderloom.engine import wire
from orderloom.engine.advance import advance
from orderloom.engine.effects import Send
from orderloom.engine.events import Event, Replied, Undelivered
from orderloom.engine.money.shares import shared
from orderloom.engine.order import Order, Tender
from orderloom.engine.state import OrderState
from orderloom.engine.world import World

PROGRAM = compile_workspace(Path(__file__).parents[2] / "scenarios" / "payments").program


def made(state: OrderState, kind: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in state.documents:
        if each.kind == kind:
            found[each.tender] += each.amount  # type: ignore[assignment]
    return found


def lawful(play: Told, paid_by: Order) -> None:
    state = play.live
    paid, back, set_aside, freed = (made(state, kind) for kind in ("payment", "refund", "authorisation", "release"))
    assert all(back[tender] <= paid[tender] for tender in back)
    assert all(freed[tender] <= set_aside[tender] for tender in freed)
    asked_for = [Decimal(str(e.body["amount"])) for e in play.effects if isinstance(e, Send) and e.message == "authorise-request"]
    assert sum(set_aside.values()) <= sum(asked_for), "an answer counts once"
    assert all(paid[each.tender] - back[each.tender] <= each.amount for each in paid_by.payments)
    asked = {e.body["number"]: e for e in play.effects if isinstance(e, Send) and e.message == "refund-request"}
    for document in (each for each in state.documents if each.kind == "refund"):
        request = asked[document.number]
        assert (request.body["amount"], request.body["tenders"][0]["tender"]) == (str(document.amount), document.tender)  # type: ignore[index]
    open_ = {claim.document for claim in state.claims.values() if claim.document}
    failed = {issue.id.partition("/")[2] for issue in state.exceptions.values() if issue.type == "refund-failed"}
    assert failed <= open_, "somebody is told of a refund that is over"


def of_the_bank(play: Told, chance: Random) -> Event | None:
    """The bank answers something that it was ever asked, in time or not, or was not there."""
    asked = [effect for effect in play.effects if isinstance(effect, Send) and effect.role == "payments"]
    if not asked:
        return None
    key, message = (chance.choice(asked).key, PROGRAM.roles["payments"].receives)  # type: ignore[union-attr]
    if chance.random() < 0.1:
        return Undelivered(play.now, key, "nobody is there")
    replies = {reply for each in message.values() for reply in each.replies}
    return Replied(play.now, key, chance.choice(sorted(replies)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 3000), st.integers(1, 3))
def test_whatever_the_bank_answers(seed: int, gift_card: int, quantity: int) -> None:
    assert PROGRAM is not None
    chance, plain = Random(seed), world(DC1=2, DC2=5)
    one = order(quantity)
    ordered = shared(replace(one, shipping=Decimal("4.90")))
    gift = min(Decimal(gift_card) / 100, ordered.total)
    ordered = replace(ordered, payments=(Tender("gift card", gift, "G7"), Tender("card", ordered.total - gift, "V1")))
    start = World(PROGRAM, plain.catalog, plain.stock)
    play = Told(start, ordered)
    lawful(play, ordered)
    for _ in range(chance.randint(5, 40)):
        event = of_the_bank(play, chance) if chance.random() < 0.4 else any_event(play, chance)
        if event is not None:
            play.feed(event)
            lawful(play, ordered)
    again, state = start, None
    for event in play.told:
        step = advance(again, state, wire.load_event(wire.dump_event(event)))
        state, again = wire.load_state(wire.dump_state(step.state)), World(again.program, again.catalog, step.stock)
    assert state == play.live
