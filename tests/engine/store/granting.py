"""What every store must do with appeasements: limits hold, whoever grants at once. Imported like `conformance`."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from shop import opened

from orderloom.adapters.scenarios.given import props_of
from orderloom.adapters.simulator import simulated
from orderloom.adapters.stage import Stage, fill
from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.program import Program
from orderloom.engine.appeasements.case import Case
from orderloom.engine.audit import audit
from orderloom.engine.desk.appeasing import Accepted, accept, offered
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.programs import Programs
from orderloom.engine.store.appeasements import appeasements, key_of

WORLD = Path(__file__).parents[2] / "scenarios" / "world-w"
GIVEN = {
    "items": {"LAMP": {"unit_cost": 30}},
    "nodes": {"DC1": {"type": "dc", "region": "EAST", "calendar": "weekdays", "base": 5, "handling": 1, "transit": 2}},
    "stock": {"DC1": {"LAMP": 100}},
}
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=5)
CASE = Case("1", "late", role="csr", by="ann")


def lamps(number: int, quantity: int = 1) -> Order:
    gold = Customer("C-1", attributes={"tier": "gold"})
    weighed = {"date": "weighed", "late_penalty": Decimal(0)}
    line = Line("1", "LAMP", quantity, Decimal(80))
    return Order(f"L{number}", "web", NOW, gold, (line,), "USD", ship_to=Address(region="EAST"), attributes=weighed)


def delivered(url: str, orders: int) -> Stage:
    """Orders of one customer, each of a lamp of 80.00 that was delivered."""
    program = compile_workspace(WORLD).program
    assert program is not None
    made, problems = props_of(GIVEN, program)
    assert not problems
    stage = Stage(program, opened(url), NOW, simulated(program))
    fill(stage, made)
    for number in range(orders):
        stage.submit(lamps(number))
    stage.run(LATER)
    return stage


def test_of_many_who_grant_to_one_customer_at_once_as_many_succeed_as_the_limit_allows(url: str) -> None:
    """Each of eight agents gives 16.00 on another order, of at most 50.00: three do."""
    stage = delivered(url, 8)
    with ThreadPoolExecutor(8) as agents:
        found = list(agents.map(lambda number: granted(url, stage.program, f"L{number}"), range(8)))
    assert Counter(type(each) for each in found) == {Accepted: 3, Refused: 5}
    assert {each.because for each in found if isinstance(each, Refused)} == {
        "discount-now may not be offered: limit per customer in 90 days: 64.00 > 50.00 (48.00 granted before)"
    }
    stage.run()
    kept = appeasements(stage.store, customer="C-1")
    assert [each.number for each in sorted(kept, key=lambda each: each.number)] == [1, 2, 3]
    assert [each.status for each in kept] == ["granted"] * 3
    assert sum(each.amount for each in kept) == Decimal("48.00")
    assert audit(stage.store) == ()


def granted(url: str, program: Program, order: str) -> Accepted | Refused:
    store = opened(url)
    try:
        return accept(store, Programs(store, lambda _: program), order, CASE, "discount-now", LATER)
    finally:
        store.close()


def test_what_was_offered_and_seen_is_granted_only_to_whoever_has_seen_the_last_version(url: str) -> None:
    stage = delivered(url, 1)
    store, programs = stage.store, stage.programs
    assert not isinstance(offered(store, programs, "L0", CASE, LATER), Refused)
    story = stage.story("L0")
    assert story is not None
    stale = accept(store, programs, "L0", CASE, "discount-now", LATER, story.state.sequence - 1)
    assert isinstance(stale, Refused) and "was seen" in stale.because
    first = accept(store, programs, "L0", CASE, "discount-now", LATER, story.state.sequence)
    again = accept(store, programs, "L0", CASE, "discount-now", LATER)
    assert isinstance(first, Accepted) and first.appeasement.id == "L0-A1"
    assert again == Refused("discount-now was accepted for these units before")
    assert offered(store, programs, "NONE", CASE, LATER) == Refused("there is no order NONE")


def test_what_was_granted_is_listed_the_latest_first_by_pages(url: str) -> None:
    stage = delivered(url, 3)
    for number in range(3):
        stage.now = LATER + timedelta(hours=number)
        taken = accept(stage.store, stage.programs, f"L{number}", CASE, "discount-now", stage.now)
        assert isinstance(taken, Accepted)
    page = appeasements(stage.store, limit=2)
    assert [each.order for each in page] == ["L2", "L1"]
    assert [each.order for each in appeasements(stage.store, after=key_of(page[-1]))] == ["L0"]
    assert [each.id for each in appeasements(stage.store, order="L1")] == ["L1-A1"]
    assert appeasements(stage.store, policy="other") == appeasements(stage.store, customer="C-2") == []
