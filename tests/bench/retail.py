"""The retail data as the engine's values, its stream of orders through the planner, and a scorer that knows no planner.

The scorer works out the cost function of the data set by itself, in floats, from the files and the units that were assigned.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import asin, cos, exp, radians, sin, sqrt
from pathlib import Path
from time import thread_time

from orderloom import rules
from orderloom.dsl.compile import compile_pack
from orderloom.engine.ahead import LATEST, renewed
from orderloom.engine.catalog import Item, Node
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.ledger.stock import ON_HAND, Entry, Position, Stock, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.views import catalog
from orderloom.engine.world import World

DATA = Path(rules.__file__).parent / "retail" / "data"
_TYPES = {"in_transit": "in-transit", "confirmed": "on-order"}


@dataclass
class Run:
    """What the planner made of the stream, and how long each order took, in CPU seconds of this thread."""

    orders: list[Order]
    plans: list[Plan]
    seconds: list[float]

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the orders took at most."""
        return sorted(self.seconds)[int(len(self.seconds) * share)] * 1000


def run(limit: int | None = None, policy: str = "cheapest", forecast: Sequence[Expected] = ()) -> Run:
    """Plans the orders one by one as they arrive, and reserves what each plan takes; with a forecast it looks ahead every day."""
    program = compile_pack("retail").program
    assert program is not None
    world = World(program, catalog(_items(), _nodes(), program.attributes), Stock(_positions(), {}))
    result = Run(_orders()[:limit], [], [])
    day, seen = date.min, None
    for index, order in enumerate(result.orders):
        if forecast and order.placed_at.date() > day:
            day = order.placed_at.date()
            latest = [each for each in result.orders[:index] if each.placed_at.date() < day] or [order]
            at = datetime.combine(day, time(), UTC)
            seen = renewed(seen, program.sourcing[policy], forecast, len(latest), latest[: -LATEST - 1 : -1], world, at)
            world = World(program, world.catalog, world.stock, seen.prices)
        demand = Demand(order, tuple((line.id, line.quantity) for line in order.lines))
        start = thread_time()
        made = plan(program.sourcing[policy], demand, world, order.placed_at)
        result.seconds.append(thread_time() - start)
        result.plans.append(made)
        world = World(program, world.catalog, world.stock.post(_entries(order, made)), world.opportunity_costs)
    return result


def _entries(order: Order, made: Plan) -> Iterator[Entry]:
    for shipment in made.shipments:
        for part in shipment.allocations:
            yield Entry(
                "reserve", part.item, shipment.node, part.supply, part.quantity, order.id, part.line, shipment.ship_on
            )  # fmt: skip


# --- the files ---------------------------------------------------------------------------------------------------------


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(begins: date) -> list[Expected]:
    """The forecast, whose first week begins on this day."""
    weeks = [(begins + timedelta(days=7 * n), f"w{n + 1}") for n in range(4)]
    found = rows("forecast.csv")
    return [Expected(row["sku"], row["region_dc"], week, 7, Decimal(row[name])) for row in found for week, name in weeks]


def _items() -> dict[str, Item]:
    found = {}
    for row in rows("items.csv"):
        own: dict[str, object] = {name: Decimal(row[name]) for name in ("unit_price", "unit_cost", "markdown")}
        own |= {name: row[name] == "1" for name in ("oversize", "ground_only")}
        found[row["sku"]] = Item(row["sku"], weight=Decimal(row["weight_lb"]), attributes=own)
    return found


def _nodes() -> dict[str, Node]:
    found = {}
    for row in rows("nodes.csv"):
        names = ("capacity_per_day", "handling_cost", "shipment_fee", "lead_days")
        own: dict[str, object] = {name: Decimal(row[name]) for name in names}
        own |= {"divisions": row["divisions"].split("|"), "gift_wrap": row["gift_wrap"] == "1"}
        place = {"lat": Decimal(row["lat"]), "lon": Decimal(row["lon"]), "cutoff": time.fromisoformat(row["cutoff"])}
        found[row["id"]] = Node(row["id"], row["type"], **place, attributes=own)
    return found


def _positions() -> dict[tuple[str, str], Position]:
    inbound: dict[tuple[str, str], list[Supply]] = defaultdict(list)
    for row in rows("supply.csv"):
        supply = Supply(
            row["supply_id"], row["sku"], row["node"], _TYPES[row["status"]], int(row["qty"]), date.fromisoformat(row["eta"])
        )
        inbound[supply.item, supply.node].append(supply)
    stock = {(row["sku"], row["node"]): row for row in rows("inventory.csv")}
    return {key: _position(key, stock.get(key), inbound[key]) for key in stock.keys() | inbound.keys()}


def _position(key: tuple[str, str], row: dict[str, str] | None, inbound: Sequence[Supply]) -> Position:
    on_hand = Supply("OH", *key, ON_HAND, int(row["on_hand"]) if row else 0)
    own: dict[str, object] = {"walkin_28d": Decimal(row["walkin_28d"]) if row else Decimal(0)}
    return Position(*key, int(row["safety_stock"]) if row else 0, attributes=own, supplies=(on_hand, *inbound))


def _orders() -> list[Order]:
    with gzip.open(DATA / "orders.jsonl.gz", "rt", encoding="utf-8") as file:
        read = [_order(json.loads(line, parse_float=Decimal)) for line in file]
    return sorted(read, key=lambda order: order.placed_at)


def _order(record: dict) -> Order:
    ship_to = record["ship_to"]
    return Order(
        id=record["id"],
        channel=record["channel"],
        placed_at=datetime.fromisoformat(record["placed_at"]).replace(tzinfo=UTC),
        customer=Customer(record["customer"]["id"], attributes={"tier": record["customer"]["tier"]}),
        lines=tuple(_line(line) for line in record["lines"]),
        currency="USD",
        division=record["division"],
        ship_to=Address(lat=Decimal(ship_to["lat"]), lon=Decimal(ship_to["lon"])),
        pickup_node=record.get("pickup_node"),
    )


def _line(record: dict) -> Line:
    own = {"gift_services": record.get("gift_services", [])}
    price, want_by = Decimal(record["unit_price"]), date.fromisoformat(record["want_by"])
    return Line(str(record["id"]), record["sku"], record["qty"], price, want_by=want_by, attributes=own)


# --- the scorer --------------------------------------------------------------------------------------------------------

ZONES = (150, 300, 600, 1000, 1400, 1800)
MIDDLES = (75, 225, 450, 800, 1200, 1600, 2200)
METHODS = {"GROUND": (1.0, (1, 2, 2, 3, 4, 4, 5)), "TWO_DAY": (1.9, (1, 2, 2, 2, 2, 2, 2)), "NEXT_DAY": (3.0, (1,) * 7)}
TIER = {"standard": 1.0, "silver": 1.25, "gold": 1.6}


class Score:
    """The cost of a run by the data set's terms, and everything in it that may not be: there should be no `faults`."""

    def __init__(self, run: Run) -> None:
        self.items = {row["sku"]: row for row in rows("items.csv")}
        self.nodes = {row["id"]: row for row in rows("nodes.csv")}
        self.stock = {(row["sku"], row["node"]): row for row in rows("inventory.csv")}
        self.supplies = {row["supply_id"]: row for row in rows("supply.csv")}
        self.costs: Counter[str] = Counter()
        self.faults: list[str] = []
        self.used: Counter[tuple[str, str, str]] = Counter()
        self.loads: Counter[tuple[str, date]] = Counter()
        for order, made in zip(run.orders, run.plans, strict=True):
            self._order(order, made)
        self._node_days()
        self._stores()

    @property
    def total(self) -> float:
        """Dollars."""
        return sum(self.costs.values())

    def _order(self, order: Order, made: Plan) -> None:
        missing = Counter({line.id: line.quantity for line in order.lines})
        seen = Counter((shipment.node, shipment.ship_on) for shipment in made.shipments)
        if any(count > 1 for count in seen.values()):
            self.faults.append(f"{order.id}: two shipments of one node and day")
        for shipment in made.shipments:
            parts = [(order.line(part.line), part.quantity, part.supply) for part in shipment.allocations]
            for line, quantity, supply in parts:
                missing[line.id] -= quantity
                self._unit(order, line, shipment.node, quantity, supply, shipment.ship_on)
            self._shipment(order, shipment.node, shipment.ship_on, [(line, quantity) for line, quantity, _ in parts])
        self.costs["split"] += 2.0 * max(0, len(made.shipments) - 1)
        for line_id, quantity in missing.items():
            line = order.line(line_id)
            margin = max(0.0, float(line.unit_price) - float(self.items[line.item]["unit_cost"]))
            self.costs["cancel"] += quantity * (TIER[_tier(order)] * 20 + margin)
            if quantity < 0:
                self.faults.append(f"{order.id}: more than wanted")

    def _unit(self, order: Order, line: Line, node: str, quantity: int, supply: str, ship_on: date) -> None:
        place, item = self.nodes[node], self.items[line.item]
        self.used[line.item, node, supply] += quantity
        self.loads[node, ship_on] += quantity
        self.costs["handling"] += quantity * float(place["handling_cost"])
        if self.used[line.item, node, supply] > self._pool(line.item, node, supply):
            self.faults.append(f"{order.id}: no stock of {line.item} at {node}")
        if ship_on < self._earliest(order, node, supply):
            self.faults.append(f"{order.id}: {node} cannot ship on {ship_on}")
        gift = "gift_wrap" in line.attributes["gift_services"] and place["gift_wrap"] != "1"  # type: ignore[operator]
        large = item["oversize"] == "1" and place["type"] == "store" and order.pickup_node != node
        if gift or large or order.division not in place["divisions"].split("|"):
            self.faults.append(f"{order.id}: {node} may not serve {line.item}")

    def _pool(self, item: str, node: str, supply: str) -> int:
        if supply != "OH":
            row = self.supplies[supply]
            return int(row["qty"]) if (row["sku"], row["node"]) == (item, node) else 0
        row = self.stock[item, node]
        return int(row["on_hand"]) - int(row["safety_stock"])

    def _earliest(self, order: Order, node: str, supply: str) -> date:
        place = self.nodes[node]
        day = order.placed_at.date() + timedelta(days=order.placed_at.time() >= time.fromisoformat(place["cutoff"]))
        if order.pickup_node != node:
            day += timedelta(days=int(place["lead_days"]))
        return day if supply == "OH" else max(day, date.fromisoformat(self.supplies[supply]["eta"]) + timedelta(days=1))

    def _shipment(self, order: Order, node: str, ship_on: date, parts: list[tuple[Line, int]]) -> None:
        if order.pickup_node == node:
            self.costs["late"] += _late(order, parts, ship_on)
            return
        zone = sum(self._miles(order, node) > upper for upper in ZONES)
        weight = sum(quantity * float(self.items[line.item]["weight_lb"]) for line, quantity in parts)
        ground = any(self.items[line.item]["ground_only"] == "1" for line, _ in parts)
        offers = []
        for name, (multiple, days) in METHODS.items():
            if name == "GROUND" or not ground:
                parcel = multiple * (8.759 + (0.423 + 0.000541 * MIDDLES[zone]) * weight)
                offers.append((parcel, _late(order, parts, ship_on + timedelta(days=days[zone]))))
        parcel, late = min(offers, key=sum)
        self.costs.update(parcel=parcel, late=late, fee=float(self.nodes[node]["shipment_fee"]))  # type: ignore[call-overload]

    def _miles(self, order: Order, node: str) -> float:
        assert order.ship_to is not None
        ends = (self.nodes[node]["lat"], self.nodes[node]["lon"], order.ship_to.lat, order.ship_to.lon)
        a, b, c, d = (radians(float(each)) for each in ends)  # type: ignore[arg-type]
        return 2 * 3958.8 * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))

    def _node_days(self) -> None:
        for (node, _), units in self.loads.items():
            self.costs["overtime"] += 1.5 * max(0.0, units - float(self.nodes[node]["capacity_per_day"]))

    def _stores(self) -> None:
        for (sku, node, _), units in self.used.items():
            if self.nodes[node]["type"] == "store":
                self.costs["store"] += sum(self._taken(sku, node, k) for k in range(1, units + 1))

    def _taken(self, sku: str, node: str, count: int) -> float:
        """What it costs the store to give away one more unit: margin at the counter, less the markdown that is avoided."""
        row, item = self.stock[sku, node], self.items[sku]
        demand, left = float(row["walkin_28d"]), int(row["on_hand"]) - count
        term = enough = exp(-demand)
        for units in range(1, left + 1):
            term *= demand / units
            enough += term
        enough = min(enough, 1.0)
        return (float(item["unit_price"]) - float(item["unit_cost"])) * (1 - enough) - float(item["markdown"]) * enough


def _tier(order: Order) -> str:
    return str(order.customer.attributes["tier"])


def _late(order: Order, parts: list[tuple[Line, int]], arrives: date) -> float:
    days = [((arrives - line.want_by).days, quantity) for line, quantity in parts if line.want_by]
    return sum(quantity * TIER[_tier(order)] * min(25, 2 + late) for late, quantity in days if late > 0)
