"""What every store must do with slots: nobody is to be at two places, whoever books. Imported like `conformance`."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

from shop import opened
from sqlalchemy import text

from orderloom.adapters.stage import Silent
from orderloom.dsl.compile import compile_pack
from orderloom.dsl.program import Program
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item
from orderloom.engine.desk.reference_data import put_items
from orderloom.engine.desk.slots import TakenSlot, free_slots, put_taken
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.servicing.slots import WHOLE_DAY
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, queries

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = date(2026, 3, 11)
ORDERS = 12  #: for the five slots that T1 has on a day


def telecom() -> Program:
    program = compile_pack("telecom").program
    assert program is not None
    return program


def order(number: int) -> Order:
    """An order of one visit; every one of another item, so that no item is what keeps workers apart."""
    line = Line("1", f"VISIT-{number}", 1, Decimal(60), "service", want_from=DAY, want_by=DAY)
    return Order(f"V-{number:02}", "web", NOW, Customer("C"), (line,), "USD", ship_to=Address(region="EAST"))


def with_visits(url: str, program: Program) -> Store:
    store = opened(url)
    visits = {"kind": "visit", "skill": "secure-router"}
    put_items(store, [Item(f"VISIT-{number}", attributes=visits) for number in range(ORDERS)])
    deploy(store, program.digest, {}, program.workspace, NOW)
    return store


def booked(store: Store) -> list[tuple[object, ...]]:
    query = "SELECT node, day, resource, units FROM loads WHERE units <> 0 ORDER BY node, day, resource"
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_workers_that_book_at_a_time_never_overbook(url: str) -> None:
    program = telecom()
    store = with_visits(url, program)
    capture(store, [order(number) for number in range(ORDERS)], program.digest, NOW)
    partners = dict.fromkeys({each.adapter for each in program.organizations.values()}, Silent())

    def work(_: int) -> None:
        clock = SimulatedClock(store, until=NOW)
        Worker(store, Programs(store, lambda _: program), partners, clock).run_until_idle()

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, range(3)))
    statuses = Counter(each.status for each in queries.orders(store, limit=100))
    assert statuses == {"in fulfillment": 5, "on the waiting list": ORDERS - 5}
    assert booked(store) == [("T1", str(DAY), f"{hour:02}:00-{hour + 2:02}:00", 1) for hour in (8, 10, 12, 14, 16)]
    assert audit(store) == ()
    store.close()


def test_what_others_take_is_told_again_and_again_and_never_beyond_capacity(url: str) -> None:
    program = telecom()
    store = with_visits(url, program)
    morning = TakenSlot("T1", DAY, "08:00-10:00", 1)
    assert put_taken(store, program, [morning, morning], NOW) == [True, False]
    all_day = put_taken(store, program, [TakenSlot("T1", DAY, WHOLE_DAY, 1)], NOW)[0]
    assert isinstance(all_day, Refused) and "T1 makes 1 at a time, and 1 are booked" in all_day.because
    free = free_slots(store, program, NOW, 1, "secure-installation", first=DAY)
    assert not isinstance(free, Refused)
    assert [each.slot for each in free] == ["10:00-12:00", "12:00-14:00", "14:00-16:00", "16:00-18:00"]
    assert put_taken(store, program, [TakenSlot("T1", DAY, "08:00-10:00", 0)], NOW) == [True]
    assert booked(store) == [] and audit(store) == ()
    store.close()


def test_an_overbooked_slot_is_found(url: str) -> None:
    program = telecom()
    store = with_visits(url, program)
    put_taken(store, program, [TakenSlot("T1", DAY, "08:00-10:00", 1)], NOW)
    with store.writing() as connection:
        connection.execute(text("UPDATE loads SET units = 2"))
        connection.execute(text("UPDATE ledger SET quantity = 2 WHERE order_id = ''"))
    [finding] = audit(store)
    assert finding.law == "no slot is booked beyond its resource's capacity"
    assert (finding.subject, finding.because) == ("T1 on 2026-03-11", "2 visits at a time are booked, it makes 1")
    store.close()
