"""Work before shipping, by hand: days that add up, capacity of a node by day, who can do it at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl.program import Calendar, Formula, Origin, Promising, Work
from orderloom.engine.catalog import Node
from orderloom.engine.ledger.stock import Entry, Stock
from orderloom.engine.plan import PlannedWork, fees
from orderloom.engine.promising.availability import Availability, Free
from orderloom.engine.promising.lanes import Lane
from orderloom.engine.promising.promise import dates, ready
from orderloom.engine.promising.work import fees_of, worked

HERE = Origin("promising.yaml", 1)
WEEKDAYS = Calendar("weekdays", "UTC", ((time(), time()),) * 5 + (None, None), frozenset(), HERE)
THU, FRI, MON, TUE, WED = (date(2026, 3, day) for day in (5, 6, 9, 10, 11))
BEGINS = ready(WEEKDAYS, datetime(2026, 3, 5, 15, 30, tzinfo=UTC), time(14), 0, 0)
LANE = Lane(Node("DC1", "dc"), {}, BEGINS, dates(BEGINS, date.min))


def value(what: object) -> Formula:
    return Formula(str(what), HERE, lambda context: what)


def piece(name: str, days: object = 0, capacity: object = None, fee: object = None, nodes: object = True) -> Work:
    return Work(name, value(nodes), value(days), value(capacity), value(fee) if fee is not None else None, HERE)


def rules(*work: Work) -> Promising:
    return Promising("p", "p", {}, None, None, None, {}, (), HERE, work=work)


MONOGRAM, CARD = piece("monogram", 2, 10, Decimal("8.00")), piece("card", 0, None, Decimal("1.50"))


def after(available: int, *work: Work, wanted: int | None = None, taken: dict[date, int] | None = None) -> Availability | str:
    """What has been worked on of so many units on hand, when others have the first piece's capacity."""
    entries = [Entry("reserve", "A", "DC1", "", n, "O", "1", day, resource=work[0].name) for day, n in (taken or {}).items()]
    found = Availability("A", "DC1", (Free("H", "on-hand", available, date.min),))
    asked = [each.name for each in reversed(work)]
    return worked(found, asked, wanted or available, LANE, rules(*work), Stock({}, {}).post(entries), defaultdict(int))


def schedule(found: Availability | str) -> list[tuple[int, list[tuple[str, date]], date]]:
    assert isinstance(found, Availability)
    return [(each.quantity, [(b.work, b.on) for b in each.worked.pieces], each.usable_on) for each in found.free if each.worked]


def test_days_add_up_in_the_order_of_the_rules():
    assert schedule(after(1, MONOGRAM, CARD)) == [(1, [("monogram", FRI), ("card", TUE)], TUE)]
    assert schedule(after(1, piece("wash", 1), MONOGRAM)) == [(1, [("wash", FRI), ("monogram", MON)], WED)]
    assert dates(LANE.begins, TUE).ship_on == TUE


def test_what_does_not_fit_begins_on_the_next_working_day():
    assert schedule(after(15, MONOGRAM)) == [(10, [("monogram", FRI)], TUE), (5, [("monogram", MON)], WED)]
    assert schedule(after(1, MONOGRAM, taken={FRI: 10})) == [(1, [("monogram", MON)], WED)]
    assert schedule(after(4, MONOGRAM, taken={FRI: 7, MON: 10})) == [
        (3, [("monogram", FRI)], TUE),
        (1, [("monogram", TUE)], date(2026, 3, 12)),
    ]


def test_each_piece_has_its_own_capacity():
    slow = piece("card", 0, 4)
    assert schedule(after(6, MONOGRAM, slow)) == [
        (4, [("monogram", FRI), ("card", TUE)], TUE),
        (2, [("monogram", FRI), ("card", WED)], WED),
    ]


def test_lines_of_one_order_do_not_take_the_same_capacity():
    taken = Counter({("monogram", FRI): 8})
    found = Availability("A", "DC1", (Free("H", "on-hand", 3, date.min),))
    done = worked(found, ["monogram"], 3, LANE, rules(MONOGRAM), Stock({}, {}), taken)
    assert [units for units, _, _ in schedule(done)] == [2, 1]
    assert taken == {("monogram", FRI): 10, ("monogram", MON): 1}


def test_units_beyond_what_is_wanted_take_nothing():
    assert schedule(after(500, MONOGRAM, wanted=2)) == [(2, [("monogram", FRI)], TUE)]


def test_supply_to_come_is_worked_on_when_it_has_come():
    found = Availability("A", "DC1", (Free("T", "in-transit", 1, date(2026, 3, 7)),))
    done = worked(found, ["monogram"], 1, LANE, rules(MONOGRAM), Stock({}, {}), defaultdict(int))
    assert schedule(done) == [(1, [("monogram", MON)], WED)]


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (piece("monogram", nodes=False), "no service monogram"),
        (piece("monogram", nodes=None), "no service monogram"),
        (piece("monogram", days=None), "the days of monogram cannot be worked out"),
        (piece("monogram", days=-1), "the days of monogram cannot be worked out"),
        (piece("monogram", capacity="ten"), "the capacity for monogram cannot be worked out"),
        (piece("monogram", capacity=0), "no capacity for monogram"),
    ],
)
def test_a_node_that_cannot_do_it(work, why):
    assert after(1, work) == why


def test_a_service_that_no_rule_names_is_done_nowhere():
    found = Availability("A", "DC1", (Free("H", "on-hand", 1, date.min),))
    assert worked(found, ["engraving"], 1, LANE, rules(MONOGRAM), Stock({}, {}), defaultdict(int)) == "no service engraving"


def test_fees_are_for_each_unit():
    found = fees_of(["card", "monogram"], rules(MONOGRAM, CARD), {})
    assert found == {"monogram": Decimal("8.00"), "card": Decimal("1.50")}
    work = tuple(PlannedWork(name, FRI, fee) for name, fee in found.items())
    assert fees([(work, 2), (work[:1], 1)]) == {"monogram": Decimal("24.00"), "card": Decimal("3.00")}
    assert fees_of(["gift"], rules(piece("gift", fee=-1)), {}) == "the fee of gift cannot be worked out"


def test_what_is_booked_is_given_back():
    stock = Stock({}, {}).post([Entry("reserve", "A", "DC1", "", 3, "O", "1", FRI, resource="monogram")])
    assert (stock.load("DC1", FRI, "monogram"), stock.load("DC1", FRI)) == (3, 0)
    stock = stock.post([Entry("release", "A", "DC1", "", 2, "O", "1", FRI, resource="monogram")])
    assert stock.load("DC1", FRI, "monogram") == 1


@given(
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(0, 4),
    st.dictionaries(st.sampled_from([FRI, MON, TUE]), st.integers(0, 12)),
)
def test_no_day_begins_more_than_it_can(units, capacity, days, taken):
    parts = schedule(after(units, piece("monogram", days, capacity), taken=taken))
    assert sum(count for count, _, _ in parts) == units
    begun = Counter[date]()
    for count, [(_, on)], done in parts:
        begun[on] += count
        assert on >= FRI and on.weekday() < 5 and done >= on
    assert all(count + taken.get(day, 0) <= capacity for day, count in begun.items())
    assert [on for _, [(_, on)], _ in parts] == sorted(on for _, [(_, on)], _ in parts)
