"""Participants that answer several times, late, in any order, before they are asked, or not before they are asked again."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
import toy
from postgres import database
from shop import Shop, snapshot, stocked
from sqlalchemy import URL

from orderloom.engine.advance import Step
from orderloom.engine.audit import audit
from orderloom.engine.events import Captured, Event, Replied
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import report
from orderloom.engine.shell.ports import Delivery, Incoming, Outgoing
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, queries
from orderloom.engine.world import World

ORDERS = 60


@dataclass
class Moody:
    """Acts on a message, and answers none to three times, at once or later, in any order; or says that it did not get it."""

    store: Store
    chance: random.Random
    seen: dict[str, int] = field(default_factory=dict)
    later: list[Incoming] = field(default_factory=list)

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        return [self._one(message) for message in messages]

    def _one(self, sent: Outgoing) -> Delivery:
        self.seen[sent.key] = self.seen.get(sent.key, 0) + 1
        at = sent.at + timedelta(minutes=40)
        answers = [Incoming(f"{sent.key}/{n}", "depot", sent.order, Replied(at, sent.key, "picked")) for n in (1, 1, 2)]
        self.chance.shuffle(answers)
        self.later += answers[: self.chance.randint(1, 3)]
        if self.chance.random() < 0.3:
            return Delivery(sent.key, failed="the line went dead")
        return Delivery(sent.key, incoming=tuple(answers[: self.chance.randint(0, 3)]))


@pytest.mark.parametrize("seed", range(3))
def test_answers_any_number_of_times_in_any_order(tmp_path: Path, seed: int) -> None:
    shop = stocked(f"sqlite:///{tmp_path}/toys.sqlite", quantity=12)
    chance = random.Random(seed)
    shop.partner = moody = Moody(shop.store, chance)  # type: ignore[assignment]
    shop.capture(*range(ORDERS))
    until_end = toy.START + timedelta(days=30)
    while shop.worker(timedelta(0), until=until_end).run_until_idle() or moody.later:
        chance.shuffle(moody.later)
        report(shop.store, [moody.later.pop() for _ in range(min(len(moody.later), 20))])
    assert None not in shop.outcomes() and sum(shop.outcomes().values()) == ORDERS
    shipped = [row for row in snapshot(shop.store)["ledger"] if "ship" in row]
    assert len({(row[1], row[10]) for row in shipped}) == len(shipped), "no line was shipped twice"
    assert audit(shop.store) == ()


def test_an_answer_that_comes_before_the_request_is_committed(tmp_path: Path, postgres: URL) -> None:
    """The partner hears of the order in another way, and answers while the turn that asks is under way: that is kept."""
    with database(postgres) as url, closing(stocked(url).store) as store:
        shop, telling = Shop(store), []

        def ask(world: World, state: OrderState | None, event: Event) -> Step:
            step = toy.advance(world, state, event)
            if isinstance(event, Captured):
                fact = Replied(event.at + timedelta(minutes=1), f"{event.order.id}/order:1", "picked")
                told = Incoming("at once", "depot", event.order.id, fact)
                telling.append(Thread(target=report, args=(store, [told])))
                telling[-1].start()
            return step

        shop.capture(1)
        Worker(store, Programs(store, toy.program), {}, SimulatedClock(store), ask).run_once()
        telling[0].join(10)
        shop.worker(timedelta(0)).run_until_idle()
        found = queries.order(store, "O00001")
        assert found is not None
        assert [line.kind for line in found.history if not line.subject] == ["captured", "replied", "replied", "time-reached"]
        assert shop.outcomes() == {"delivered": 1} and audit(store) == ()
