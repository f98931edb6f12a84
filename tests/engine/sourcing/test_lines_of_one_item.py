"""Lines of one item in one order: what one takes the others cannot have, and together they cost the least."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.engine.ledger.stock import Entry
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import Demand, plan

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
WEDNESDAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 6)
BASE = {"DC1": Decimal(5), "DC2": Decimal(9), "S1": Decimal(6)}
HANDLING = {"DC1": Decimal(1), "DC2": Decimal(1), "S1": Decimal("2.50")}
ARRIVES = {"DC1": date(2026, 3, 4), "DC2": date(2026, 3, 6), "S1": date(2026, 3, 3)}
SLOW = FRIDAY, Decimal(4)
KINDS = [(WEDNESDAY, Decimal(20)), (FRIDAY, Decimal(20)), SLOW]  #: wanted by, price

LATE = "    tardy: 2.00 * days_late\n"
SCARCE = "    scarce: if left < 2 then 1.25 * (2 - left) else 0\n"
BUSY = "    busy: if load > 2 then 1.50 else 0\n"
CANCEL = "  per cancelled unit:\n    cancel: line.unit_price\n"

stocks = st.fixed_dictionaries({node: st.fixed_dictionaries({"A": st.integers(0, 3)}) for node in BASE})
lines_of = st.lists(st.tuples(st.integers(1, 2), st.sampled_from(KINDS)), min_size=2, max_size=3)
rules = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def planned(world, lines: Sequence[Line]) -> Plan:
    order = Order("O1", "web", MONDAY, Customer("C1"), tuple(lines), "USD", ship_to=Address(region="EAST"))
    demand = Demand(order, tuple((line.id, line.quantity) for line in lines))
    return plan(world.program.sourcing["policy"], demand, world.world, MONDAY)


def line(number: int, quantity: int, want_by: date, price: Decimal, item: str = "A") -> Line:
    return Line(str(number), item, quantity, price, want_by=want_by)


def parts(made: Plan) -> Iterator[tuple[str, str, str, int]]:
    for shipment in made.shipments:
        for part in shipment.allocations:
            yield shipment.node, part.line, part.supply, part.quantity


def keeps_what_there_is(made: Plan, lines: Sequence[Line], world) -> None:
    """No unit is promised twice, and every line has its own."""
    world.world.stock.post(Entry("reserve", "A", node, supply, n) for node, _, supply, n in parts(made))  # or it raises
    units = {line.id: 0 for line in lines}
    for _, line_id, _, quantity in parts(made):
        units[line_id] += quantity
    for left_out in made.unfilled:
        units[left_out.line] += left_out.quantity
    assert units == {line.id: line.quantity for line in lines}
    assert made.cost == sum(made.terms.values())


class Brute:
    """The least cost by trying how many units each node gives each line."""

    def __init__(self, stock, lines: Sequence[Line], scarce: bool, busy: bool) -> None:
        self.room = {node: max(0, stock[node]["A"] - (node == "S1")) for node in BASE}
        self.stock, self.lines, self.scarce, self.busy = stock, lines, scarce, busy

    def least(self) -> Decimal:
        return min(self.cost(way) for way in product(*(self.spreads(line.quantity) for line in self.lines)) if self.fits(way))

    def spreads(self, quantity: int) -> list[tuple[int, ...]]:
        counts = product(*(range(min(quantity, room) + 1) for room in self.room.values()))
        return [each for each in counts if sum(each) <= quantity]

    def fits(self, way: Sequence[tuple[int, ...]]) -> bool:
        return all(sum(counts[n] for counts in way) <= room for n, room in enumerate(self.room.values()))

    def cost(self, way: Sequence[tuple[int, ...]]) -> Decimal:
        missing = [line.unit_price * (line.quantity - sum(counts)) for line, counts in zip(self.lines, way, strict=True)]
        cost = sum(missing, Decimal(0))
        sent = [(node, [counts[n] for counts in way]) for n, node in enumerate(BASE)]
        shipments = [(node, units) for node, units in sent if sum(units)]
        return cost + max(0, len(shipments) - 1) + sum((self.shipment(*each) for each in shipments), Decimal(0))

    def shipment(self, node: str, units: Sequence[int]) -> Decimal:
        count = sum(units)
        late = sum(2 * max(0, (ARRIVES[node] - line.want_by).days) * n for line, n in zip(self.lines, units, strict=True))
        lefts = [self.stock[node]["A"] - n for n in range(1, count + 1)]
        scarce = sum((Decimal("1.25") * max(0, 2 - left) for left in lefts), Decimal(0)) if self.scarce else 0
        busy = Decimal("1.50") * max(0, count - 2) if self.busy else 0
        return BASE[node] + Decimal("0.50") * (count - 1) + HANDLING[node] * count + late + scarce + busy


@rules
@given(stock=stocks, wanted=lines_of, scarce=st.booleans(), busy=st.booleans())
def test_no_way_to_share_is_cheaper(world_w: Callable[..., object], stock, wanted, scarce, busy):
    terms = LATE + (SCARCE if scarce else "") + (BUSY if busy else "") + "  per extra shipment:\n    split: 1.00\n" + CANCEL
    world = world_w(stock, terms=terms, fallback="cancel")
    lines = [line(n, quantity, *kind) for n, (quantity, kind) in enumerate(wanted)]
    made = planned(world, lines)
    assert made.optimal
    assert made.cost == Brute(stock, lines, scarce, busy).least()
    keeps_what_there_is(made, lines, world)


@rules
@given(stock=stocks, quantities=st.lists(st.integers(1, 3), min_size=2, max_size=3))
def test_lines_that_are_alike_cost_what_one_of_all_their_units_does(world_w, stock, quantities):
    world = world_w(stock, terms=LATE + SCARCE + BUSY + CANCEL, fallback="cancel")
    lines = [line(n, quantity, FRIDAY, Decimal(20)) for n, quantity in enumerate(quantities)]
    made, one = planned(world, lines), planned(world, [line(0, sum(quantities), FRIDAY, Decimal(20))])
    assert (made.cost, made.terms, made.optimal) == (one.cost, one.terms, True)
    assert [shipment.node for shipment in made.shipments] == [shipment.node for shipment in one.shipments]
    keeps_what_there_is(made, lines, world)


LAMPS = {"DC1": {"A": 2}, "DC2": {"A": 5}}


def test_two_lines_of_lamps_go_in_one_shipment(world_w):
    made = planned(world_w(LAMPS), [line(2, 2, FRIDAY, Decimal(80)), line(3, 1, FRIDAY, Decimal(80))])
    assert made.cost == Decimal("13.00"), "2 from DC1 and 1 from DC2 would be 17.50"
    assert list(parts(made)) == [("DC2", "2", "DC2-A", 2), ("DC2", "3", "DC2-A", 1)]


def test_a_date_that_two_of_three_lamps_can_keep_leaves_the_last_line_without(world_w):
    world = world_w(LAMPS, limits="late: hard", fallback="backorder")
    made = planned(world, [line(2, 2, date(2026, 3, 5), Decimal(80)), line(3, 1, date(2026, 3, 5), Decimal(80))])
    assert list(parts(made)) == [("DC1", "2", "DC1-A", 2)]
    assert [(each.line, each.quantity) for each in made.unfilled] == [("3", 1)]


def test_the_line_that_is_in_a_hurry_has_the_near_units(world_w):
    # all three from DC2: 13.00 and 2 late days of the one in a hurry, at 20.00 each; the hurried one from DC1: 6.00 + 11.50
    world = world_w({"DC1": {"A": 1}, "DC2": {"A": 5}}, terms="    tardy: 20.00 * days_late\n")
    made = planned(world, [line(1, 2, FRIDAY, Decimal(80)), line(2, 1, WEDNESDAY, Decimal(80))])
    assert sorted(parts(made)) == [("DC1", "2", "DC1-A", 1), ("DC2", "1", "DC2-A", 2)]
    assert made.cost == Decimal("17.50")


@pytest.mark.parametrize("told_apart", ["line.quantity", 'if line.id = "1" then 1 else 2', "count(shipment.lines)"])
def test_a_policy_that_tells_lines_apart_by_id_or_quantity_gets_its_way(world_w, told_apart):
    scope = "base" if "shipment" in told_apart else "terms"
    text = f"node.base + {told_apart}" if scope == "base" else f"    own: {told_apart}\n"
    world = world_w({"V1": {"A": 5}}, **{scope: text})
    made = planned(world, [line(1, 2, FRIDAY, Decimal(80)), line(2, 1, FRIDAY, Decimal(80))])
    # V1: 7.00 for the shipment, and 0.50 for each unit after the first where the term does not replace it
    own = {"line.quantity": 8 + 5, 'if line.id = "1" then 1 else 2': 8 + 4, "count(shipment.lines)": 7 + 2}
    assert made.cost == own[told_apart]
