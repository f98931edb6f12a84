"""A shop's life in random order, on a real store with a clock of its own: after every step its books hold.

Whatever comes in, late, twice, out of order or not at all: `audit` finds nothing, no unit is lost or made, and no order is
advanced by an error.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from orderloom.adapters.props import Props
from orderloom.adapters.simulator import simulated
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.program import Program
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item, Node
from orderloom.engine.desk.reference_data import put_positions, put_supplies
from orderloom.engine.desk.stock_inbox import adjust, count, count_rest, receive
from orderloom.engine.desk.supply_orders import approve, listed, propose, reject
from orderloom.engine.ledger.messages import Adjustment, Count, SupplyReceipt
from orderloom.engine.ledger.stock import ON_HAND, Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.shell.asking import cancel, resolve
from orderloom.engine.shell.inbox import capture
from orderloom.engine.store import queries, tables

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ITEMS, NODES = ("TEE", "HAT"), ("DC1", "DC2", "S1")
RULES = """\
kind: replenishment
name: tees
when: node.id = "DC1" and item.id = "TEE"
ways:
  - { purchase from: V1, lead days: 2, minimum: 6, multiple: 2, price: 3.00 }
  - { transfer from: DC2, transit days: 1 }
---
kind: replenishment
name: hats
when: node.id = "DC2" and item.id = "HAT"
ways:
  - { purchase from: V1, lead days: 3, price: 4.00 }
approved by: operations
"""


def compiled(folder: Path) -> Program:
    """The retail pack, with supply that follows demand."""
    (folder / "rules").mkdir(parents=True)
    (folder / "orderloom.yaml").write_text("orderloom: 1\nworkspace: life\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n")
    (folder / "rules" / "supply.yaml").write_text(RULES)
    found = compile_workspace(folder)
    assert found.program is not None, found.diagnostics
    return found.program


def opened(program: Program, seed: int) -> Stage:
    """Two DCs, a store and a vendor; the first three have six units of each item."""
    nodes = [_node(name, kind) for name, kind in (("DC1", "dc"), ("DC2", "dc"), ("S1", "store"), ("V1", "supplier"))]
    here = [Supply(f"{item}@{name}", item, name, ON_HAND, 6) for item in ITEMS for name in NODES]
    positions = [Position(each.item, each.node, attributes={"walkin_28d": Decimal(1)}, supplies=(each,)) for each in here]
    figures = {"unit_price": Decimal(9), "unit_cost": Decimal(5), "markdown": Decimal(1), "oversize": False, "ground_only": False}
    items = [Item(item, weight=Decimal(1), attributes=figures) for item in ITEMS]
    return stage(program, Props(tuple(items), tuple(nodes), tuple(positions)), START, simulated(program, seed=seed))


def _node(name: str, kind: str) -> Node:
    figures = {"handling_cost": Decimal(1), "shipment_fee": Decimal(0), "capacity_per_day": Decimal(5), "lead_days": Decimal(0)}
    own = {**figures, "divisions": ["RETAIL"], "gift_wrap": True}
    return Node(name, kind, lat=Decimal(40), lon=Decimal(-80), attributes=own)


some_items, some_nodes, few = st.sampled_from(ITEMS), st.sampled_from(NODES), st.integers(1, 5)
some_hours = st.integers(0, 60)


class Life(RuleBasedStateMachine):
    """One shop. Messages are kept, so that each may come again."""

    program: Program

    @initialize(seed=st.integers(0, 99))
    def open(self, seed: int) -> None:
        self.stage = opened(self.program, seed)
        self.orders: list[Order] = []
        self.told: list[Callable[[], object]] = []
        self.number = 0

    def teardown(self) -> None:
        if hasattr(self, "stage"):
            self.stage.store.close()

    def tell(self, message: Callable[[], object]) -> None:
        """Tells something, which may be told again."""
        self.told.append(message)
        self.say(message)

    def say(self, message: Callable[[], object]) -> None:
        """Says it; an import of less than is reserved is refused by the store as a whole."""
        with suppress(IntegrityError):
            message()
        self.stage.run()

    def id(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    # --- orders ---

    def order(self, item: str, quantity: int, other: int, pickup: bool) -> Order:
        wants = [(item, quantity)] + [(each, other) for each in ITEMS if each != item and other]
        method = "pickup" if pickup else "ship"
        lines = tuple(Line(f"{n}", each, units, Decimal(9), method) for n, (each, units) in enumerate(wants, 1))
        to = Address(zip="60601", lat=Decimal("41.88"), lon=Decimal("-87.62"))
        customer = Customer("C1", attributes={"tier": "standard"})
        made = Order(
            self.id("O"), "web", self.stage.now, customer, lines, "USD",
            division="RETAIL", ship_to=None if pickup else to, pickup_node="S1" if pickup else None,
        )  # fmt: skip
        self.orders.append(made)
        return made

    @rule(item=some_items, quantity=few, other=st.integers(0, 3), pickup=st.booleans())
    def place(self, item: str, quantity: int, other: int, pickup: bool) -> None:
        made = self.order(item, quantity, other, pickup)
        self.tell(lambda: capture(self.stage.store, [made], self.program.digest, self.stage.now))

    @rule(item=some_items, quantity=few, hours=st.integers(0, 30))
    def keep(self, item: str, quantity: int, hours: int) -> None:
        self.stage.draft(self.order(item, quantity, 0, False), timedelta(hours=hours))

    @precondition(lambda self: bool(self.orders))
    @rule(data=st.data(), more=st.integers(0, 1))
    def submit(self, data: st.DataObject, more: int) -> None:
        order = data.draw(st.sampled_from(self.orders))
        first, *rest = order.lines
        order = replace(order, lines=(replace(first, quantity=first.quantity + more), *rest))
        self.tell(lambda: capture(self.stage.store, [order], self.program.digest, self.stage.now))

    @precondition(lambda self: bool(self.orders))
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from(self.orders))
        self.tell(lambda: cancel(self.stage.store, order.id, "customer", self.stage.now))

    @precondition(lambda self: bool(queries.exceptions(self.stage.store)))
    @rule(data=st.data())
    def resolve(self, data: st.DataObject) -> None:
        issue = data.draw(st.sampled_from(queries.exceptions(self.stage.store)))
        option = data.draw(st.sampled_from(issue.options))
        self.tell(lambda: resolve(self.stage.store, issue.order, issue.id, option, "ann", self.stage.now))

    # --- stock ---

    @rule(item=some_items, node=some_nodes, units=st.integers(-4, 6), ago=some_hours)
    def adjust(self, item: str, node: str, units: int, ago: int) -> None:
        told = Adjustment(self.id("A"), item, node, units, self.ago(ago), "moved")
        self.tell(lambda: adjust(self.stage.store, [told]))

    @rule(item=some_items, node=some_nodes, units=st.integers(0, 8), ago=some_hours, whole=st.booleans())
    def count(self, item: str, node: str, units: int, ago: int, whole: bool) -> None:
        at = self.ago(ago)
        self.tell(lambda: count(self.stage.store, [Count(item, node, units)], at))
        if whole:
            self.tell(lambda: count_rest(self.stage.store, [node], at))

    @rule(item=some_items, node=some_nodes, units=st.integers(0, 8))
    def put(self, item: str, node: str, units: int) -> None:
        position = Position(item, node, supplies=(Supply(f"{item}@{node}", item, node, ON_HAND, units),))
        self.tell(lambda: put_positions(self.stage.store, [position], self.stage.now))

    @rule(item=some_items, node=some_nodes, units=few, days=st.integers(1, 6), number=st.integers(0, 2))
    def expect(self, item: str, node: str, units: int, days: int, number: int) -> None:
        due_on = (self.stage.now + timedelta(days=days)).date()
        supply = Supply(f"P{number}", item, node, "on-order", units, due_on)
        self.tell(lambda: put_supplies(self.stage.store, [supply], self.stage.now))

    @precondition(lambda self: bool(self.expected()))
    @rule(data=st.data(), units=few, ago=some_hours)
    def receive(self, data: st.DataObject, units: int, ago: int) -> None:
        supply, item, node = data.draw(st.sampled_from(self.expected()))
        told = SupplyReceipt(self.id("R"), supply, units, self.ago(ago), item, node)
        self.tell(lambda: receive(self.stage.store, [told]))

    @rule()
    def propose(self) -> None:
        propose(self.stage.store, self.program, self.stage.now)

    @precondition(lambda self: bool(listed(self.stage.store)))
    @rule(data=st.data(), agreed=st.booleans())
    def decide(self, data: st.DataObject, agreed: bool) -> None:
        entered = data.draw(st.sampled_from(listed(self.stage.store)))
        number = entered.order.id
        if agreed:
            self.tell(lambda: approve(self.stage.store, self.program, number, "ann", self.stage.now))
        else:
            self.tell(lambda: reject(self.stage.store, number, "ann", self.stage.now))

    # --- time, and what comes again ---

    @rule(hours=st.integers(1, 168))
    def wait(self, hours: int) -> None:
        self.stage.run(self.stage.now + timedelta(hours=hours))

    @precondition(lambda self: bool(self.told))
    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        self.say(data.draw(st.sampled_from(self.told)))

    def ago(self, hours: int) -> datetime:
        return max(START, self.stage.now - timedelta(hours=hours))

    def expected(self) -> list[tuple[str, str, str]]:
        s = tables.supplies.c
        with self.stage.store.reading() as connection:
            found = connection.execute(select(s.id, s.item, s.node).where(s.type != ON_HAND).order_by(s.item, s.node, s.id))
            return [(supply, item, node) for supply, item, node in found]

    # --- what must hold ---

    @invariant()
    def the_books_hold(self) -> None:
        if hasattr(self, "stage"):
            assert audit(self.stage.store) == ()
            assert self.stage.faults == []

    @invariant()
    def no_unit_is_lost_or_made(self) -> None:
        if hasattr(self, "stage"):
            ledger, s = tables.ledger.c, tables.supplies.c
            with self.stage.store.reading() as connection:
                moved = dict(connection.execute(select(ledger.kind, func.sum(ledger.quantity)).group_by(ledger.kind)).all())
                here = connection.execute(select(func.sum(s.received))).scalar_one()
            came = sum(moved.get(kind, 0) for kind in ("adjust", "receive", "presume"))
            assert came == moved.get("ship", 0) + here


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> type[Life]:
    return type("LifeHere", (Life,), {"program": compiled(tmp_path_factory.mktemp("life") / "shop")})


def lived(life: type[Life], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_the_books_hold_whatever_happens(life: type[Life]) -> None:
    lived(life, 15, 25)


@pytest.mark.soak
def test_the_books_hold_whatever_happens_for_long(life: type[Life]) -> None:
    lived(life, 1_000, 60)
