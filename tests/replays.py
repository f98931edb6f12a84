"""World W with a past: five orders of one unit that ran on an old policy, for tests of replays.

To the region EAST one unit costs 6.00 from DC1 in 2 days, 10.00 from DC2 in 4 and 8.50 from S1 in 1. The old policy takes DC1
before DC2 before S1; the new one the cheapest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path

from orderloom.adapters.props import Props
from orderloom.adapters.replay.variant import Variant, variant_of
from orderloom.adapters.simulator import simulated
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile
from orderloom.dsl.load import load_workspace
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine.catalog import Item, Node
from orderloom.engine.desk.stock_inbox import adjust
from orderloom.engine.ledger.messages import Adjustment
from orderloom.engine.ledger.stock import Position, Supply, on_hand_id
from orderloom.engine.order import Address, Customer, Line, Order

WORLD = Path(__file__).parent / "scenarios" / "world-w"
SUNDAY = datetime(2026, 3, 1, 10, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
ONE_POOL = b'- pool: all-nodes\n    nodes: node.type = "dc" or node.type = "store" or node.type = "vendor"'
IN_ORDER = (
    b'- { pool: first, nodes: node.id = "DC1" }\n  - { pool: next, nodes: node.id = "DC2" }\n  - { pool: last, nodes: true }'
)


def variant(name: str, policy: bytes = ONE_POOL) -> Variant:
    """World W, every policy of which takes these candidates."""
    sources = [
        replace(source, content=source.content.replace(ONE_POOL, policy))
        for source in load_workspace(WORLD)
        if "scenarios" not in source.path
    ]
    return variant_of(name, program_of(sources), sources)


def program_of(sources: list[Source]) -> Program:
    """What they compile to."""
    compiled = compile(sources)
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program


def new() -> Variant:
    """The cheapest of all nodes."""
    return variant("new")


def old() -> Variant:
    """DC1 before DC2 before the stores."""
    return variant("old", IN_ORDER)


def node(name: str, type: str, base: str, handling: str, transit: int) -> Node:
    own = {"base": Decimal(base), "handling": Decimal(handling), "transit": Decimal(transit)}
    calendar, cutoff = ("every-day", time(16)) if type == "store" else ("weekdays", time(14))
    return Node(name, type, calendar=calendar, cutoff=cutoff, attributes=own)


def order(id: str, at: datetime, quantity: int = 1, channel: str = "web") -> Order:
    lines = (Line("1", "A", quantity, Decimal(20)),)
    own: dict[str, object] = {"date": "weighed", "late_penalty": Decimal(0)}
    return Order(id, channel, at, Customer("C1"), lines, "USD", ship_to=Address(region="EAST"), attributes=own)


def props(on_hand: dict[str, int]) -> Props:
    """Item A at three nodes; a store keeps one unit back."""
    nodes = (node("DC1", "dc", "5", "1", 2), node("DC2", "dc", "9", "1", 4), node("S1", "store", "6", "2.50", 1))
    stock = [Position("A", at, supplies=(Supply(on_hand_id("A", at), "A", at, "on-hand", n),)) for at, n in on_hand.items()]
    return Props((Item("A"),), nodes, tuple(stock))


def past(orders: int = 5) -> Stage:
    """What really happened: DC1 had 1, DC2 5 and S1 3; a unit was found at DC1 before the last order came."""
    version = old()
    live = stage(version.program, props({"DC1": 1, "DC2": 5, "S1": 3}), SUNDAY, simulated(version.program, 1))
    for number in range(orders):
        live.run(MONDAY.replace(minute=10 * number))
        if number == orders - 1:
            adjust(live.store, [Adjustment("found", "A", "DC1", 1, live.now)])
        live.submit(order(f"W{number + 1}", live.now))
    live.run(MONDAY.replace(month=4))
    return live
