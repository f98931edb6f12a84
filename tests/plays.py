"""Orders of a small world, played event by event through the core."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

from orderloom.dsl.compile import compile, compile_pack
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine import views
from orderloom.engine.advance import Step, advance
from orderloom.engine.catalog import Item, Node
from orderloom.engine.effects import ClearTimer, Effect, Note, Send, SetTimer
from orderloom.engine.events import Captured, Event, Happened, Replied, TimeReached
from orderloom.engine.ledger.stock import Position, Stock, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.state import OrderState
from orderloom.engine.world import World

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


@cache
def program() -> Program:
    compiled = compile_pack("retail").program
    assert compiled is not None
    return compiled


def node(name: str, kind: str) -> Node:
    own = {"handling_cost": Decimal(1), "shipment_fee": 0, "capacity_per_day": 100, "lead_days": 0}
    place = {"lat": Decimal(40), "lon": Decimal(-90), "cutoff": time(14)}
    return Node(name, kind, **place, attributes=own | {"divisions": ["R"], "gift_wrap": True})


def world(**on_hand: int) -> World:
    """Item TEE on hand at the nodes given: DC1 (a dc), S1 (a store), V1 (a supplier)."""
    item = Item(
        "TEE", None, Decimal(1), {"unit_price": 20, "unit_cost": 8, "oversize": False, "ground_only": False, "markdown": 3}
    )
    nodes = {"DC1": node("DC1", "dc"), "DC2": node("DC2", "dc"), "S1": node("S1", "store"), "V1": node("V1", "supplier")}
    positions = {("TEE", at): position(at, quantity) for at, quantity in on_hand.items()}
    return World(program(), views.catalog({"TEE": item}, nodes, program().attributes), Stock(positions, {}))


def changed(name: str, kind: str, steps: str, **on_hand: int) -> World:
    """That world, with a process of the pack replaced by one with these steps."""
    head = "orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
    own = f"kind: process\nname: {name}\nfor: {kind}\nsteps:{steps}\n"
    files = (Source("orderloom.yaml", head.encode(), None), Source("own.yaml", own.encode(), None))
    compiled = compile((*files, *pack_sources("retail")))
    assert compiled.program is not None, [d.message for d in compiled.diagnostics]
    plain = world(**on_hand)
    return World(compiled.program, plain.catalog, plain.stock)


def position(at: str, quantity: int, item: str = "TEE") -> Position:
    own: dict[str, object] = {"walkin_28d": 0}
    return Position(item, at, attributes=own, supplies=(Supply("on-hand", item, at, "on-hand", quantity),))


def order(quantity: int = 2, pickup: str | None = None) -> Order:
    line = Line("1", "TEE", quantity, Decimal(20), "pickup" if pickup else "ship", date(2026, 3, 9))
    customer = Customer("C1", attributes={"tier": "gold"})
    place = Address(lat=Decimal(41), lon=Decimal(-91))
    return Order("O1", "web", START, customer, (line,), "USD", "R", ship_to=place, pickup_node=pickup)


class Play:
    """Plays events against one order, keeping its effects."""

    def __init__(self, of: World, what: Order) -> None:
        self.world, self.effects = of, list[Effect]()
        self.state: OrderState | None = None
        self.clocks: set[str] = set()
        self.feed(Captured(START, what))

    def feed(self, event: Event) -> Step:
        if isinstance(event, TimeReached):
            self.clocks.discard(event.key)
        step = advance(self.world, self.state, event)
        for effect in step.effects:
            if isinstance(effect, SetTimer):
                self.clocks.add(effect.key)
            elif isinstance(effect, ClearTimer):
                self.clocks.discard(effect.key)
        self.world = World(self.world.program, self.world.catalog, step.stock)
        self.state = step.state
        self.effects += step.effects
        return step

    def reply(self, reply: str, unit: str = "O1-1", **data: object) -> Step:
        return self.feed(Replied(START, f"O1/{self.live.instances[unit].key}", reply, data))

    @property
    def live(self) -> OrderState:
        assert self.state is not None
        return self.state

    def happens(self, name: str, unit: str | None = "O1-1") -> Step:
        return self.feed(Happened(START, name, unit))

    def time_out(self, instance: str = "O1-1") -> Step:
        return self.feed(TimeReached(START, f"O1/{self.live.instances[instance].key}"))

    def running(self) -> dict[str, str]:
        """The instances that have not ended, with the step at which each stands."""
        return {id: each.step for id, each in self.live.instances.items() if each.ended is None}

    def notes(self, kind: str) -> list[tuple[str, str]]:
        return [(effect.subject, effect.text) for effect in self.effects if isinstance(effect, Note) and effect.kind == kind]

    def timers(self) -> set[str]:
        """The keys of the timers that are set and neither cleared nor reached."""
        return set(self.clocks)

    def sent(self) -> list[str]:
        return [effect.message for effect in self.effects if isinstance(effect, Send)]
