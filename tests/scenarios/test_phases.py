"""The phases of the pack retail-phases over the demo's orders: the next phase decides nothing otherwise but what it is for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from orderloom.dsl.compile import compile_pack
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.order import Order
from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.views import catalog
from orderloom.engine.world import World

ROOT = Path(__file__).parents[2]
PHASES = ["phase-1", "phase-2", "phase-3", "phase-4", "phase-5"]

#: Of the plan of a phase that differs from that of the phase before: whether it does what the phase is for.
Listed = Callable[[Order, Plan, World], bool]
LISTED: dict[str, Listed] = {
    "phase-2": lambda order, made, world: any(each.node == order.pickup_node for each in made.shipments),
    "phase-3": lambda order, made, world: False,
    "phase-4": lambda order, made, world: any(world.catalog.nodes[each.node].type == "store" for each in made.shipments),
    "phase-5": lambda order, made, world: not types(order, made, world) <= {"on-hand"},
}


def types(order: Order, made: Plan, world: World) -> set[str]:
    """The types of the supplies that a plan takes."""
    found, items = set(), {line.id: line.item for line in order.lines}
    for shipment in made.shipments:
        for part in shipment.allocations:
            position = world.stock.position(items[part.line], shipment.node)
            assert position is not None
            found |= {supply.type for supply in position.supplies if supply.id == part.supply}
    return found


def stream() -> ModuleType:
    spec = spec_from_file_location("retail_stream", ROOT / "tests" / "bench" / "retail.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["retail_stream"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def world() -> World:
    """The demo's stock and nodes, by the pack with the phases."""
    made = compile_pack("retail-phases")
    assert made.program is not None, made.diagnostics
    retail = stream()
    known = catalog(retail._items(), retail._nodes(), made.program.attributes)
    return World(made.program, known, Stock(retail._positions(), {}))


def plans(order: Order, world: World) -> Iterator[Plan]:
    """The plan of an order by each phase, out of the same stock."""
    demand = Demand(order, tuple((line.id, line.quantity) for line in order.lines))
    for phase in PHASES:
        seen = world.of(phase)
        yield plan(seen.program.sourcing["cheapest"], demand, seen, order.placed_at)


def differing(orders: list[Order]) -> dict[str, int]:
    """How many decisions each phase makes otherwise than the phase before; fails where one is not of the listed kind."""
    whole, found = world(), dict.fromkeys(LISTED, 0)
    for order in orders:
        made = dict(zip(PHASES, plans(order, whole), strict=True))
        for before, phase in pairwise(PHASES):
            if decided(made[before]) != decided(made[phase]):
                found[phase] += 1
                assert LISTED[phase](order, made[phase], whole), f"{order.id} is decided otherwise in {phase}"
    return found


def decided(made: Plan) -> object:
    shipments = [(s.node, s.service, s.ship_on, s.deliver_on, s.allocations) for s in made.shipments]
    return shipments, [(each.line, each.quantity) for each in made.unfilled]


def test_the_next_phase_decides_only_what_it_is_for() -> None:
    orders = stream()._orders()
    found = differing([*orders[::100], *[order for order in orders if order.pickup_node is not None][:30]])
    assert found["phase-2"] > 0
    assert found["phase-3"] == 0
    assert found["phase-4"] > 0


def test_the_last_phase_is_the_pack_as_it_is() -> None:
    whole = world()
    for order in stream()._orders()[:20]:
        demand = Demand(order, tuple((line.id, line.quantity) for line in order.lines))
        policy = whole.program.sourcing["cheapest"]
        assert decided(plan(policy, demand, whole, order.placed_at)) == decided([*plans(order, whole)][-1])


@pytest.mark.soak
def test_all_orders_of_the_demo() -> None:
    orders = stream()._orders()
    assert len(orders) == 3967
    assert differing(orders) == {"phase-2": 34, "phase-3": 0, "phase-4": 799, "phase-5": 74}
