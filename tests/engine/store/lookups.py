"""What every store answers about stock. A module of tests imports these and gives them a fixture `url`.

Toy order 1 takes one I010 and two I013 of the five that N0 has of each.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import toy
from shop import Shop, stocked
from sqlalchemy import text

from orderloom.dsl.compile import compile_pack
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.desk.stock_inbox import adjust
from orderloom.engine.ledger.messages import Adjustment
from orderloom.engine.store import demands, tables
from orderloom.engine.store.demands import Claim, Quarantine


@pytest.fixture
def asked_shop(url: str) -> Shop:
    return stocked(url)


@pytest.fixture
def lookup(asked_shop: Shop) -> Lookup:
    program = compile_pack("retail").program
    assert program is not None
    return Lookup(asked_shop.store, program)


def available(lookup: Lookup, *items: str) -> dict[str, dict[str, int]]:
    found = lookup.available(items, "ship", toy.START)
    return {item: {each.node: each.total for each in answers} for item, answers in found.items()}


def test_an_answer_is_of_the_stock_as_it_stands(asked_shop: Shop, lookup: Lookup) -> None:
    assert available(lookup, "I010", "I011") == {item: {"N0": 5, "N1": 5, "N2": 5} for item in ("I010", "I011")}
    adjust(asked_shop.store, [Adjustment("A1", "I010", "N1", -2, toy.START + timedelta(hours=1), "damaged")])
    assert available(lookup, "I010") == {"I010": {"N0": 5, "N1": 3, "N2": 5}}


def test_a_reservation_is_seen_at_once_and_told_with_its_order(asked_shop: Shop, lookup: Lookup) -> None:
    assert available(lookup, "I010")["I010"]["N0"] == 5
    asked_shop.capture(1)
    asked_shop.worker(until=toy.START + timedelta(minutes=30)).run_until_idle()
    assert available(lookup, "I010")["I010"]["N0"] == 4
    assert demands.claims(asked_shop.store, "I010") == (Claim("O00001", "1", "N0", "OH", 1, toy.START.date(), None),)
    assert demands.claims(asked_shop.store, "I010", "N1") == ()
    assert demands.unsourced(asked_shop.store, "I010") == ()


def test_a_question_holds_no_writer_up(asked_shop: Shop, lookup: Lookup) -> None:
    with asked_shop.store.writing() as connection:
        connection.execute(text("UPDATE stock SET version = version + 1"))
        assert available(lookup, "I010")["I010"]["N2"] == 5


def test_what_nobody_knows_has_no_answer_and_names_that_are_near(asked_shop: Shop, lookup: Lookup) -> None:
    assert available(lookup, "I999") == {"I999": {}}
    assert "I010" in lookup.items_like("I01")
    assert demands.quarantine(asked_shop.store, "I010", "N0") is None


def test_a_quarantine_is_told_with_its_moment_and_order(asked_shop: Shop) -> None:
    asked_shop.capture(1)
    asked_shop.worker(until=toy.START + timedelta(minutes=30)).run_until_idle()
    row = {"shard": 0, "order_id": "O00001", "sequence": 9, "kind": "quarantine", "item": "I010", "node": "N0"}
    row |= {"supply": "OH", "quantity": 0, "line": "1", "at": toy.START}
    with asked_shop.store.writing() as connection:
        for number, hours in enumerate((1, 3, 2)):
            connection.execute(tables.ledger.insert(), row | {"number": number, "at": toy.START + timedelta(hours=hours)})
    assert demands.quarantine(asked_shop.store, "I010", "N0") == Quarantine(toy.START + timedelta(hours=3), "O00001")
