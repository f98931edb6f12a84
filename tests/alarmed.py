"""A store on which monitors of all five kinds have work, with as many orders as are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice

from sqlalchemy import func, select

from orderloom.adapters.stage import Silent
from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source
from orderloom.engine.catalog import Item, Node
from orderloom.engine.desk.reference_data import put_items, put_nodes, put_positions
from orderloom.engine.events import Cancelled
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture, report
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, tables
from orderloom.engine.store.alarms import alarms
from orderloom.engine.store.alerts import alerts

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
APART = timedelta(seconds=20)  #: one order after the other, on average: they come in so many bunches at the least
BUNCHES = 50
LARGEST = 1000  #: orders of a bunch; a customer has one of each second bunch then, and so cancels three in a day

MANIFEST = b"orderloom: 1\nworkspace: alarmed\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
RULES = b"""\
kind: monitor
name: low
watch: item
method: ship
when: available < 900
until: available > 950
raise: low
---
kind: monitor
name: not-shipped
watch: order
not-reached: { milestone: shipped, after: PT2H, of: captured }
raise: { exception: not-shipped }
---
kind: monitor
name: long-in-fulfillment
watch: order
stays: { status: in fulfillment, for: PT6H }
raise: { event: stuck }
---
kind: monitor
name: many-cancellations
watch: events
pattern: { within: P1D, same: [order.customer.id], events: [{ event: cancelled, count: 3 }] }
raise: { exception: odd }
---
kind: monitor
name: picking-and-nothing-more
watch: events
pattern: { of: unit, within: PT3H, same: [unit.id], events: [{ event: status picking }, { no: cancelled }] }
raise: { event: stuck }
---
kind: event
name: stuck
about: order
"""


def program(rules: bytes = RULES) -> Program:
    """The definitions, with a monitor of each kind, or with these."""
    sources = (*pack_sources("retail"), Source("orderloom.yaml", MANIFEST), Source("rules/monitors.yaml", rules))
    found = compile(sources).program
    assert found is not None
    return found


def filled(url: str, program: Program, orders: int) -> Store:
    """A store with so many orders, of which every other one is cancelled an hour later, and hardly more stock than watched."""
    store = open_store(url, "alarmed")
    assert isinstance(store, Store)
    put_nodes(store, [Node("DC1", "dc", lat=_LAT, lon=_LON, attributes=_NODE)])
    items = [f"I{number}" for number in range(50)]
    put_items(store, [Item(item, weight=Decimal(1), attributes=_ITEM) for item in items])
    stock = [Supply(f"{item}@DC1", item, "DC1", "on-hand", _on_hand(orders)) for item in items]
    put_positions(store, [Position(each.item, "DC1", supplies=(each,)) for each in stock], BEGIN)
    deploy(store, program.digest, {"alarmed.yaml": b"alarmed"}, "first", BEGIN)
    coming = _orders(orders)
    while chunk := list(islice(coming, 500)):
        capture(store, chunk, program.digest)
        gone = [order for order in chunk if int(order.id[1:]) % 2]
        facts = [(order.id, Cancelled(order.placed_at + timedelta(hours=1), "ann")) for order in gone]
        report(store, [Incoming("ann", f"cancel-{id}", id, fact) for id, fact in facts])
    return store


def _on_hand(orders: int) -> int:
    """Of an item, which a hundredth of the orders takes: it comes down to what is watched, and no order is without."""
    return 900 + max(orders // 200, orders // 100 - 600)


_ITEM: dict[str, object] = {"unit_price": 9, "unit_cost": 4, "markdown": 0}
_LAT, _LON = Decimal(41), Decimal(-87)
_NODE: dict[str, object] = {"handling_cost": 1, "shipment_fee": 0, "lead_days": 0, "divisions": ["RETAIL"]}


def _orders(number: int) -> Iterator[Order]:
    bunch, customers = min(max(1, number // BUNCHES), LARGEST), min(max(6, number // 20), 2 * LARGEST)
    for at in range(number):
        line = Line("1", f"I{at % 50}", 1, Decimal(9), "ship")
        who, where = Customer(f"C{at % customers}", attributes={"tier": "standard"}), Address(zip="60000", lat=_LAT, lon=_LON)
        yield Order(
            f"O{at:06}", "web", BEGIN + at // bunch * bunch * APART, who, (line,), "USD", ship_to=where, division="RETAIL"
        )


def worker(store: Store, program: Program, orders: int) -> Worker:
    """A worker that goes on until every monitor has had its say."""
    clock = SimulatedClock(store, until=BEGIN + orders * APART + timedelta(hours=12))
    return Worker(store, Programs(store, lambda _: program), {"simulator": Silent(), "files": Silent()}, clock)


def events(store: Store) -> int:
    """How many have been worked on."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(tables.history)).scalar_one())


def raised(store: Store) -> list[tuple[object, ...]]:
    """Everything that was raised, of orders and of stock."""
    of_orders = [(a.monitor, a.order, a.at, a.unit, a.key, a.because) for a in alarms(store, limit=10**9)]
    of_stock = [(a.monitor, a.item, a.raised_at, a.number, a.cleared_at, "") for a in alerts(store, limit=10**9)]
    return sorted([*of_orders, *of_stock], key=str)
