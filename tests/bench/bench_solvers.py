"""One sourcing decision by the retail policy, beside HiGHS on the same problem: 1, 5 and 20 lines on 10, 30 and 300 nodes.

`plan` is the whole decision: sites, costs, the search, and everything that explains it. HiGHS is given the finished problem, so
its time is that of building and solving the programme alone. `python tests/bench/bench_solvers.py`
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random
from time import process_time
from typing import NamedTuple

from orderloom.dsl.compile import compile_pack
from orderloom.dsl.program import Program
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import ON_HAND, Position, Stock, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.sourcing.large import left_out_prices
from orderloom.engine.sourcing.milp import proposal
from orderloom.engine.sourcing.sites import sites
from orderloom.engine.sourcing.solve import case_of, solve
from orderloom.engine.views import catalog
from orderloom.engine.world import World

LINES, NODES = (1, 5, 20), (10, 30, 300)
SECONDS = 1.5  #: for each size and each of the two
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ITEMS = 200


class Times(NamedTuple):
    """CPU milliseconds of the decisions and of HiGHS, and how many were not proved optimal."""

    plans: list[float]
    highs: list[float]
    unproved: int


def main() -> None:
    """Prints a row for each size, and how the medians grow."""
    program = compile_pack("retail").program
    assert program is not None
    medians = {}
    print("lines x nodes   plan median      p99    HiGHS median   HiGHS / plan   decisions   not proved")
    for lines in LINES:
        for nodes in NODES:
            times = measured(program, lines, nodes)
            median, highs = quantile(times.plans, 0.5), quantile(times.highs, 0.5)
            medians[lines, nodes] = median
            print(
                f"{lines:5} x {nodes:<5} {median:11.2f} ms {quantile(times.plans, 0.99):8.2f} ms {highs:10.2f} ms"
                f" {highs / median:12.1f} x {len(times.plans):10} {times.unproved:10}"
            )
    print(f"a decision grows {medians[5, 300] / medians[5, 30]:.1f} x from 30 to 300 nodes (5 lines)")
    print(f"and {medians[20, 30] / medians[5, 30]:.1f} x from 5 to 20 lines (30 nodes)")
    print(f"5 lines x 30 nodes: {medians[5, 30]:.2f} ms, the goal is 1 ms")


def measured(program: Program, lines: int, nodes: int) -> Times:
    """Decisions on orders of this size, one after the other, for some seconds each way."""
    chance = Random(f"{lines} x {nodes}")
    world = world_of(program, nodes, chance)
    demands = list(demands_of(world, lines, chance))
    plan(program.sourcing["cheapest"], demands[0], world, NOW)
    times = Times([], [], 0)
    end = process_time() + SECONDS
    for demand in demands:
        start = process_time()
        made = plan(program.sourcing["cheapest"], demand, world, NOW)
        times.plans.append((process_time() - start) * 1000)
        times = times._replace(unproved=times.unproved + (not made.optimal))
        if process_time() > end:
            break
    end = process_time() + SECONDS
    for demand in demands:
        case = case_of(program.sourcing["cheapest"], demand, world, NOW)
        problem = solve(case, sites(case)[0]).problem
        start = process_time()
        proposal(problem, left_out_prices(problem), problem.trips)
        times.highs.append((process_time() - start) * 1000)
        if process_time() > end:
            break
    return times


def quantile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def world_of(program: Program, count: int, chance: Random) -> World:
    """A third of the nodes are distribution centres, the others stores; each has about half of the items."""
    nodes = {node.id: node for node in (_node(number, chance) for number in range(count))}
    items = {item.id: item for item in (_item(number, chance) for number in range(ITEMS))}
    positions = {}
    for item in items:
        for node in nodes:
            if chance.random() < 0.5:
                supply = Supply("OH", item, node, ON_HAND, chance.randint(1, 6))
                own: dict[str, object] = {"walkin_28d": Decimal(chance.randint(0, 4))}
                positions[item, node] = Position(item, node, 0, attributes=own, supplies=(supply,))
    return World(program, catalog(items, nodes, program.attributes), Stock(positions, {}))


def _node(number: int, chance: Random) -> Node:
    kind = "dc" if number % 3 == 0 else "store"
    own: dict[str, object] = {
        "capacity_per_day": Decimal(chance.randint(3, 40)), "handling_cost": Decimal(chance.randint(80, 300)) / 100,
        "shipment_fee": Decimal(chance.randint(0, 150)) / 100, "lead_days": Decimal(0), "divisions": ["harbour"],
        "gift_wrap": True,
    }  # fmt: skip
    place = {"lat": Decimal(chance.randint(3000, 4500)) / 100, "lon": Decimal(chance.randint(-12000, -7500)) / 100}
    return Node(f"N{number:03}", kind, **place, cutoff=time(15), attributes=own)


def _item(number: int, chance: Random) -> Item:
    price = Decimal(chance.randint(1500, 9000)) / 100
    own: dict[str, object] = {"unit_price": price, "unit_cost": price / 2, "markdown": price / 5, "oversize": False}
    return Item(f"I{number:03}", weight=Decimal(chance.randint(5, 80)) / 10, attributes=own | {"ground_only": False})


def demands_of(world: World, lines: int, chance: Random) -> Iterator[Demand]:
    """Orders from anywhere, each of distinct items."""
    names = sorted(world.catalog.items)
    for number in range(1_000):
        ship_to = Address(lat=Decimal(chance.randint(3000, 4500)) / 100, lon=Decimal(chance.randint(-12000, -7500)) / 100)
        wanted = [
            Line(
                str(n), item, chance.randint(1, 3), Decimal(40), want_by=NOW.date() + timedelta(days=4),
                attributes={"gift_services": []},
            )
            for n, item in enumerate(chance.sample(names, lines))
        ]  # fmt: skip
        order = Order(
            f"O{number}", "web", NOW, Customer("C1", attributes={"tier": "gold"}), tuple(wanted), "USD", division="harbour",
            ship_to=ship_to,
        )  # fmt: skip
        yield Demand(order, tuple((line.id, line.quantity) for line in wanted))


if __name__ == "__main__":
    main()
