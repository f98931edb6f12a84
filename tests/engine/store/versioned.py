"""What every store must do with versions and running orders. Imported like `conformance`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from lanes import CHANNELS, FIRST, SECOND, START, Quiet, content, order

from orderloom.adapters.versions import compiled, compiled_version, versions
from orderloom.dsl.program import Program
from orderloom.dsl.stepmap import StateMap, Written, state_map
from orderloom.engine.audit import audit
from orderloom.engine.events import Happened, Replied
from orderloom.engine.refused import Refused
from orderloom.engine.shell.again import Tally, worked_again
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.cohort import Cohort
from orderloom.engine.shell.inbox import capture, report
from orderloom.engine.shell.moving import Moved, Mover, Plan, outlook
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.shell.programs import current, deploy
from orderloom.engine.shell.versions import version_named
from orderloom.engine.shell.versions import versions as known_versions
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, queries

EVERYBODY = Cohort()
MAP = {"sale": Written(None, {"pack": "label", "check": "settle"})}
MOVED = {"approve": "agree", "check": "settle", "pack": "label", "settle": "settle", "hand-over": "pick-up"}


@dataclass
class Lane:
    """A store with both versions in it, the first one in force, and orders at each of its steps."""

    store: Store
    old: Program
    new: Program

    def clock(self, hours: int) -> SimulatedClock:
        return SimulatedClock(self.store, timedelta(minutes=1), START + timedelta(hours=hours))

    def run(self, hours: int) -> None:
        Worker(self.store, versions(self.store), {"office": Quiet()}, self.clock(hours)).run_until_idle()

    def fill(self, count: int) -> None:
        capture(self.store, [order(n) for n in range(count)], self.old.digest)
        self.run(1)

    def places(self, written: Mapping[str, Written] = MAP) -> StateMap:
        return state_map(self.old, self.new, written)

    def mover(self, hours: int = 2) -> Mover:
        return Mover(self.store, versions(self.store), self.clock(hours), "ann")

    def move(self, cohort: Cohort = EVERYBODY, hours: int = 2) -> Moved:
        written = {name: (each.becomes, dict(each.steps)) for name, each in MAP.items()}
        plan = Plan(self.old.digest, self.new.digest, written, cohort)
        return self.mover(hours).move(plan, self.old, self.new, self.places())

    def standing(self) -> Counter[str]:
        found = (queries.order(self.store, line.id) for line in queries.orders(self.store, limit=20_000))
        return Counter(each.state.instances["order"].step for each in found if each and each.state)

    def tell(self, order: int, name: str, hours: int) -> None:
        event = Happened(START + timedelta(hours=hours), name)
        assert report(self.store, [Incoming(f"{order}/{name}", "office", f"L{order:05}", event)]).accepted == 1

    def running(self) -> dict[int, int]:
        return {each.number: each.running for each in known_versions(self.store)}


def deployed(store: Store, process: bytes, at: datetime = START, effective_at: datetime | None = None) -> Program:
    program = compiled(content(process))
    deploy(store, program.digest, content(process), "lane", at, effective_at, "ann", "")
    return program


@pytest.fixture
def lane(url: str) -> Lane:
    store = open_store(url, "lane")
    assert isinstance(store, Store), store
    later = store.now() + timedelta(days=9)
    return Lane(store, deployed(store, FIRST), deployed(store, SECOND, effective_at=later))


def clean(lane: Lane) -> None:
    tally = Tally()
    assert audit(lane.store) == ()
    assert list(worked_again(lane.store, versions(lane.store), tally)) == []
    assert tally.again > 0


# --- versions ----------------------------------------------------------------------------------------------------------


def test_new_orders_run_on_the_version_that_is_in_force(lane: Lane) -> None:
    assert current(lane.store) == lane.old.digest
    deploy(lane.store, lane.new.digest, {}, "lane", START, START + timedelta(days=1), "bob", "early")
    assert current(lane.store) == lane.new.digest
    assert deploy(lane.store, lane.old.digest, {}, "lane", START, lane.store.now(), "bob", "back again") == 1
    assert current(lane.store) == lane.old.digest
    first, second = known_versions(lane.store)
    assert (first.number, first.deployed_by, first.in_force, first.notes) == (1, "ann", True, ("back again",))
    assert (second.number, second.in_force, len(second.effective)) == (2, False, 2)


def test_before_its_first_version_is_in_force_a_store_has_that_one(url: str) -> None:
    store = open_store(url, "lane")
    assert isinstance(store, Store) and current(store) is None
    program = deployed(store, FIRST, effective_at=store.now() + timedelta(days=1))
    assert current(store) == program.digest


def test_a_version_is_known_by_its_number_and_by_the_beginning_of_its_digest(lane: Lane) -> None:
    for name in ("2", lane.new.digest[:9]):
        found = version_named(lane.store, name)
        assert not isinstance(found, Refused) and found.digest == lane.new.digest
    assert version_named(lane.store, "7") == Refused("there is no version 7 in this store; there are: 1, 2")
    assert isinstance(compiled_version(lane.store, "7"), Refused)


# --- moving ------------------------------------------------------------------------------------------------------------


def test_what_has_no_place_is_refused_by_name(lane: Lane) -> None:
    lane.fill(25)
    found = outlook(lane.store, lane.old, lane.new, lane.places({}), Cohort())
    assert found.orders == 25
    assert found.standing == Counter({("sale", step): 5 for step in MOVED})
    assert set(found.unplaced) == {("sale", "check"), ("sale", "pack")}
    assert found.stay["L00001"] == "order at sale / check: there is no such step any more, and none that does the same"
    assert len(found.stay) == 10
    moved = lane.mover().move(Plan(lane.old.digest, lane.new.digest), lane.old, lane.new, lane.places({}))
    assert (moved.moved, len(moved.left)) == (15, 10)
    clean(lane)


def move_there_and_back(lane: Lane, count: int) -> None:
    """With a map all orders move, none is lost; whoever has not moved on is brought back."""
    each = count // 5
    lane.fill(count)
    before = lane.standing()
    assert before == Counter(dict.fromkeys(MOVED, each)) and lane.running() == {1: count, 2: 0}
    moved = lane.move()
    assert (moved.number, moved.moved, moved.left) == (1, count, {})
    assert lane.standing() == Counter(MOVED[step] for step in before.elements()) and lane.running() == {1: 0, 2: count}
    clean(lane)
    back = lane.mover(3).undo(1)
    assert isinstance(back, Moved) and (back.moved, back.left) == (count, {})
    assert lane.standing() == before and lane.running() == {1: count, 2: 0}
    clean(lane)
    again = lane.move(hours=4)
    assert (again.number, again.moved) == (2, count)
    lane.run(24 * 40)  # every clock runs out, and whoever has none is told
    for n in range(count):
        if CHANNELS[n % 5] != "web":
            lane.tell(n, "settled", 24 * 41)
    lane.run(24 * 90)
    assert Counter(line.outcome for line in queries.orders(lane.store, limit=20_000)) == {"sold": count}
    clean(lane)


def test_orders_move_and_come_back(lane: Lane) -> None:
    move_there_and_back(lane, 300)


@pytest.mark.soak
def test_ten_thousand_orders_move_and_come_back(lane: Lane) -> None:
    move_there_and_back(lane, 10_000)


def test_whoever_goes_on_waiting_is_answered_as_before(lane: Lane) -> None:
    lane.fill(5)
    lane.move()
    reply = Replied(START + timedelta(hours=3), "L00000/order:2", "approved", {"by": "sue"})
    assert report(lane.store, [Incoming("1", "office", "L00000", reply)]).accepted == 1
    lane.tell(4, "collected", 3)
    lane.run(4)
    assert lane.standing()["label"] == 2  # the one that was packed, and the one that was approved
    found = queries.order(lane.store, "L00004")
    assert found is not None and found.summary.outcome == "sold"
    assert ("moved", "hand-over -> pick-up") in [(line.kind, line.text) for line in found.history]
    clean(lane)


def test_a_clock_runs_on_stops_or_starts_with_its_step(lane: Lane) -> None:
    lane.fill(5)
    lane.move(hours=24)
    with lane.store.reading() as connection:
        rows = dict(connection.exec_driver_sql("SELECT order_id, due_at FROM due WHERE kind = 'timer'").all())
    days = {key: (datetime.fromisoformat(at) - START).days for key, at in rows.items()}
    # approve and hand-over run on; settle has none in the second version; check and pack were entered anew, label with a day
    assert days == {"L00000": 2, "L00002": 2, "L00004": 9}


def test_only_a_cohort_is_moved(lane: Lane) -> None:
    lane.fill(20)
    assert lane.move(Cohort(channel="web")).moved == 4
    assert lane.move(Cohort(status="packing", first=3)).moved == 3
    assert lane.running() == {1: 13, 2: 7}
    assert lane.move(Cohort(division="elsewhere")).moved == 0
    clean(lane)


def test_a_run_that_was_cut_off_goes_on_where_it_was(lane: Lane) -> None:
    lane.fill(20)
    whole = lane.mover()
    page = whole._page
    calls = []

    def cut(*args: object) -> None:
        if calls:
            raise KeyboardInterrupt
        calls.append(args)
        page(*args)  # type: ignore[arg-type]

    whole._page = cut  # type: ignore[method-assign]
    plan = Plan(lane.old.digest, lane.new.digest, {}, Cohort(first=8))
    from orderloom.engine.shell import cohort  # a page of five, so that the run is cut off between two

    cohort.PAGE, kept = 5, cohort.PAGE
    try:
        with pytest.raises(KeyboardInterrupt):
            whole.move(plan, lane.old, lane.new, lane.places())
        assert lane.running() == {1: 15, 2: 5}
        moved = lane.mover().move(plan, lane.old, lane.new, lane.places())
    finally:
        cohort.PAGE = kept
    assert (moved.number, moved.moved, lane.running()) == (1, 3, {1: 12, 2: 8})
    clean(lane)


def test_whoever_has_moved_on_is_named_and_stays(lane: Lane) -> None:
    lane.fill(10)
    lane.move()
    lane.tell(2, "labelled", 3)
    lane.tell(4, "collected", 3)
    lane.run(4)
    back = lane.mover(5).undo(1)
    assert isinstance(back, Moved) and back.moved == 8
    assert back.left == {
        "L00002": "it has moved on: order is at seal by now",
        "L00004": "it has ended, or runs on another version by now",
    }
    assert isinstance(lane.mover().undo(9), Refused)
    clean(lane)


def test_an_event_that_came_early_must_find_somebody_who_waits_for_it(lane: Lane) -> None:
    lane.fill(5)
    lane.tell(0, "packed", 1)
    lane.run(2)
    found = outlook(lane.store, lane.old, lane.new, lane.places(), Cohort())
    assert found.stay == {"L00000": "order at sale / approve: it keeps the event packed, for which no step of sale waits"}
    assert not found.unplaced
    assert lane.move(hours=3).moved == 4
    clean(lane)
