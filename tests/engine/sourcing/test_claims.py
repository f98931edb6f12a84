"""Lines of one item in one order: together they take no more than there is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.stock import Entry

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
QUANTITIES = st.lists(st.integers(1, 4), min_size=2, max_size=4)
STOCK = st.fixed_dictionaries({node: st.fixed_dictionaries({"A": st.integers(0, 5)}) for node in ("DC1", "DC2", "V1")})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUANTITIES, STOCK)
def test_lines_of_one_item_share_what_there_is(world_w, quantities, stock):
    case = world_w(stock, fallback="cancel")
    lines = tuple(Line(str(n), "A", quantity, Decimal(20)) for n, quantity in enumerate(quantities))
    order = Order("O1", "web", MONDAY, Customer("C1"), lines, "USD", ship_to=Address(region="EAST"))
    demand = Demand(order, tuple((line.id, line.quantity) for line in lines))
    made = plan(case.program.sourcing["policy"], demand, case.world, MONDAY)
    parts = [(shipment.node, part) for shipment in made.shipments for part in shipment.allocations]
    case.world.stock.post(Entry("reserve", "A", node, part.supply, part.quantity) for node, part in parts)  # or it raises
    taken = sum(part.quantity for _, part in parts)
    assert taken + sum(part.quantity for part in made.unfilled) == sum(quantities)
