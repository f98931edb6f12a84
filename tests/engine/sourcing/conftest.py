"""World W: two DCs, three stores and a vendor that serve the region EAST, with a policy that each test may vary."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from programs import program_of

from orderloom.dsl.program import Program
from orderloom.engine import views
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import Position, Stock, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.plan import Plan
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.world import World

sys.path.insert(0, str(Path(__file__).parent))

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)

_PROGRAM = """\
orderloom: 1
workspace: world-w
currency: USD
timezone: UTC
---
kind: attributes
name: world-w
item: {{ bulky: boolean }}
node: {{ base: number, handling: number, transit: number }}
---
kind: calendar
name: weekdays
timezone: UTC
hours: {{ mon-fri: 08:00-18:00 }}
closed: []
---
kind: calendar
name: daily
timezone: UTC
hours: {{ mon-sun: 00:00-24:00 }}
closed: []
---
kind: promising
name: world-w
supply:
  on-hand: {{ trust: {trust} }}
  in-transit: {{ trust: 1, days after due: 1 }}
floor: if node.type = "store" then 1 else 0
lead days: if node.type = "vendor" then 2 else 0
services:
{services}
---
kind: sourcing
name: policy
promise by: world-w
candidates:
{pools}
{exclude}
limits: {{ {limits} }}
{form}:
  per shipment:
    base: {base}
    late: {late} * shipment.days_late
  per unit:
    handling: node.handling
{terms}
then prefer: [{prefer}]
if nothing fits: {fallback}
"""

_VARIANT = {
    "pools": "  - pool: all-nodes\n    nodes: true",
    "exclude": "",
    "trust": "1",
    "services": "  - service: parcel\n    method: ship\n    transit days: node.transit",
    "limits": "late: soft",
    "form": "minimise",
    "base": "node.base + 0.50 * (shipment.quantity - 1)",
    "late": "0",
    "terms": "",
    "prefer": "fewer shipments, earlier last delivery, node id",
    "fallback": "exception",
}


@cache
def _program(variant: tuple[tuple[str, str], ...]) -> Program:
    return program_of(_PROGRAM.format(**_VARIANT | dict(variant)))


def _nodes() -> dict[str, Node]:
    def node(name: str, kind: str, base: str, handling: str, transit: int) -> Node:
        daily = kind == "store"
        cutoff = {"dc": time(14), "store": time(16)}.get(kind)
        own = {"base": Decimal(base), "handling": Decimal(handling), "transit": transit}
        return Node(name, kind, region="EAST", cutoff=cutoff, calendar="daily" if daily else "weekdays", attributes=own)

    stores = [node(name, "store", "6.00", "2.50", 1) for name in ("S1", "S2", "S3")]
    others = [node("DC1", "dc", "5.00", "1.00", 2), node("DC2", "dc", "9.00", "1.00", 4), node("V1", "vendor", "7.00", "0.00", 3)]
    return {each.id: each for each in (*stores, *others)}


@dataclass(frozen=True)
class WorldW:
    """The world with what is on hand, `{node: {item: units}}`, further supplies, and a variant of the policy."""

    stock: Mapping[str, Mapping[str, int]]
    supplies: tuple[Supply, ...] = ()
    variant: Mapping[str, str] = field(default_factory=dict)
    bulky: frozenset[str] = frozenset()

    @property
    def program(self) -> Program:
        """The compiled documents."""
        return _program(tuple(sorted(self.variant.items())))

    @property
    def world(self) -> World:
        """Everything that a plan reads."""
        own = {each.item for each in self.supplies} | {item for items in self.stock.values() for item in items}
        items = {name: Item(name, weight=Decimal(1), attributes={"bulky": name in self.bulky}) for name in own}
        keys = {(each.item, each.node) for each in self.supplies}
        keys |= {(item, node) for node, units in self.stock.items() for item in units}
        positions = {key: self._position(*key) for key in keys}
        return World(self.program, views.catalog(items, _nodes(), self.program.attributes), Stock(positions, {}))

    def _position(self, item: str, node: str) -> Position:
        on_hand = self.stock.get(node, {}).get(item, 0)
        more = [each for each in self.supplies if (each.item, each.node) == (item, node)]
        return Position(item, node, supplies=(Supply(f"{node}-{item}", item, node, "on-hand", on_hand), *more))

    def plan(
        self, wanted: Mapping[str, int], want_by: date | None = None, at: datetime = MONDAY,
        excluded: frozenset[tuple[str, str]] = frozenset(), had: int = 0,
    ) -> Plan:  # fmt: skip
        """The plan for one order with a line for each item, of which so many have a source already."""
        lines = tuple(Line(name, name, quantity + had, Decimal(20), want_by=want_by) for name, quantity in wanted.items())
        order = Order("O1", "web", at, Customer("C1"), lines, "USD", ship_to=Address(region="EAST"))
        return plan(self.program.sourcing["policy"], Demand(order, tuple(wanted.items()), excluded), self.world, at)


@pytest.fixture
def world_w() -> Callable[..., WorldW]:
    """Makes World W: `world_w({"DC1": {"A": 2}}, late="2.00")`."""

    def make(stock: Mapping[str, Mapping[str, int]], *supplies: Supply, bulky: tuple[str, ...] = (), **variant: str) -> WorldW:
        return WorldW(stock, supplies, variant, frozenset(bulky))

    return make
