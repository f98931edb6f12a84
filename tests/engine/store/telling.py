"""What every store must do with an event that is told without an order. Imported like `conformance`."""

from __future__ import annotations

from datetime import timedelta

import pytest
import toy
from shop import stocked
from sqlalchemy import select

from orderloom.engine.desk import broadcast as module
from orderloom.engine.desk.broadcast import Broadcast, broadcast, broadcasts
from orderloom.engine.events import Happened
from orderloom.engine.shell.programs import Programs
from orderloom.engine.store import tables


def test_what_is_told_without_an_order_reaches_each_that_it_concerns_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = stocked(url)
    shop.capture(*range(7))
    shop.worker(until=toy.START + timedelta(minutes=30)).run_until_idle()
    met = {toy.order(number, 20).id for number in (0, 3, 4)}
    monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(module, "concerns", lambda world, state, event: state.order.id in met)
    programs = Programs(shop.store, toy.program)
    told = Broadcast("ops", "e1", Happened(toy.START + timedelta(hours=1), "closed", node="N1"))
    nobody = Broadcast("ops", "e2", Happened(toy.START, "closed", node="N2"))
    found = [broadcast(shop.store, programs, each) for each in (told, told)]
    assert [(each.reached, each.repeated) for each in found] == [(5, False), (5, True)]  # nobody has worked on two of them yet
    met.clear()
    assert broadcast(shop.store, programs, nobody).reached == 2
    assert [(each.key, each.reached, each.done_at is None) for each in broadcasts(shop.store)] == [
        ("e2", 2, False), ("e1", 5, False),
    ]  # fmt: skip
    first = broadcasts(shop.store, limit=1)[0]
    behind = broadcasts(shop.store, (first.event.at, first.participant, first.key))
    assert [each.key for each in behind] == ["e1"]
    with shop.store.reading() as connection:
        keys = connection.execute(select(tables.inbox.c.key).where(tables.inbox.c.participant == "ops")).scalars().all()
    told_of = {"e1": (0, 3, 4, 5, 6), "e2": (5, 6)}
    assert sorted(keys) == [f"{key}/{toy.order(number, 20).id}" for key, numbers in told_of.items() for number in numbers]
    shop.store.close()
