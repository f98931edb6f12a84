"""A stage: a program with a world of its own on a store in memory, where time passes only when it is told to.

It is the same store, worker and code as in production; only the clock and, where wanted, the participants differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from orderloom.adapters.props import Props
from orderloom.adapters.story import Story, story
from orderloom.dsl.program import Program
from orderloom.engine.advance import Step, advance
from orderloom.engine.desk.offering import offered
from orderloom.engine.desk.reference_data import put_items, put_nodes, put_positions, put_supplies
from orderloom.engine.desk.slots import put_taken
from orderloom.engine.divisions import placed
from orderloom.engine.events import Event
from orderloom.engine.offering import Offered
from orderloom.engine.order import Order
from orderloom.engine.plan import Plan
from orderloom.engine.promises.options import Menu, options
from orderloom.engine.promises.quote import policy_for, quote
from orderloom.engine.promising.availability import Availability
from orderloom.engine.promising.browse import browsed
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.foresight import opportunity_costs, put_forecast, put_prices
from orderloom.engine.shell.inbox import Reported, capture, draft, report
from orderloom.engine.shell.ports import Adapter, Delivery, Incoming, Outgoing
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.shell.watch import alerts_of
from orderloom.engine.shell.worker import Worker
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, open_store
from orderloom.engine.store.statements import ADD_LOAD, SAVE_SUPPLY, run
from orderloom.engine.views import order_view
from orderloom.engine.world import World


class Silent(Struct, frozen=True):
    """Participants that take every message and say nothing of themselves."""

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        return [Delivery(message.key) for message in messages]


class Stage(Struct):
    """One run. `now` is its moment, to which everything has happened that was due.

    `people` are called between batches, and do the tasks that have come; without any, these wait.

    `faults` has what an order could not be advanced by, and why: a worker would put that off and try again. A longer `tick` makes
    larger batches, see `SimulatedClock`.
    """

    program: Program
    store: Store
    now: datetime
    partners: Mapping[str, Adapter]
    faults: list[str] = field(default_factory=list)
    tick: timedelta = timedelta(0)
    people: Callable[[], None] = lambda: None
    _facts: int = field(default=0)

    def submit(self, order: Order) -> None:
        """Captures an order now, and lets everything happen that follows at once."""
        capture(self.store, [order], self.program.digest, self.now)
        self.run()

    def draft(self, order: Order, keep: timedelta) -> None:
        """Keeps an order as a draft, with what it would take held for so long."""
        draft(self.store, [order], self.program.digest, self.now, self.now + keep)
        self.run()

    def tell(self, order: str, event: Event, participant: str = "scenario") -> Reported:
        """Reports a fact about an order, each time as a new one."""
        self._facts += 1
        told = report(self.store, [Incoming(f"{self._facts}", participant, order, event)])
        self.run()
        return told

    @property
    def programs(self) -> Programs:
        """The one version that there is."""
        return Programs(self.store, lambda _: self.program)

    def run(self, until: datetime | None = None) -> None:
        """Lets the clock run to a moment; without one, lets happen what is due now."""
        self.now = until or self.now
        clock = SimulatedClock(self.store, self.tick, self.now)
        Worker(self.store, self.programs, self.partners, clock, self._advance).run_until_idle(lambda _: self.people())

    def _advance(self, world: World, state: OrderState | None, event: Event) -> Step:
        try:
            return advance(world, state, event)
        except Exception as fault:
            self.faults.append(f"{type(event).__name__}: {type(fault).__name__}: {fault}")
            raise

    def story(self, order: str) -> Story | None:
        """What has become of an order."""
        return story(self.store, order)

    def world(self, items: set[str]) -> World:
        """The program, reference data and the stock of these items, as they stand."""
        shelf = Shelf(self.store.shard)
        with self.store.reading() as connection:
            shelf.refresh(connection, items)
            stock = shelf.stock(connection, items, self.now.date(), (self.program,), self.program.resources)
            prices = opportunity_costs(connection, self.store.shard, items)
            alerts = alerts_of(connection, self.store.shard, self.program, items)
        return World(self.program, shelf.catalog(self.program, items, alerts), stock, prices, alerts)

    def quote(self, order: Order, by: str | None = None) -> Plan | None:
        """The plan that the order would get now, `by` another sourcing policy than its own where one is named; nothing is
        reserved. None where no policy is for it.
        """
        world = self.world({line.item for line in order.lines})
        policy = self.program.sourcing[by] if by else policy_for(order, world, self.now)[0]
        return quote(policy, order, world, self.now) if policy else None

    def options(self, order: Order) -> Menu:
        """What may be offered for the order now; nothing is reserved."""
        return options(order, self.world({line.item for line in order.lines}), self.now)

    def offers(self, order: Order) -> Offered:
        """What may be offered with the order now; nothing is reserved."""
        return offered(self.store, order, self.world, self.now)

    def availability(self, item: str, node: str, order: Order, promising: str) -> Availability:
        """What may be promised of an item at a node now, as the order would see it."""
        order, world = placed(order, self.world({item}), self.now)
        view = order_view(order, world.catalog, self.program.attributes)
        return browsed(world, item, node, order.lines[0].method, self.now, view, promising)

    def _context(self, world: World, order: Order) -> dict[str, object]:
        view = order_view(order, world.catalog, self.program.attributes)
        return {"now": self.now, "today": self.now.date(), "order": view}


def stage(
    program: Program,
    props: Props,
    at: datetime,
    partners: Mapping[str, Adapter] | None = None,
    tick: timedelta = timedelta(0),
) -> Stage:
    """A new stage; without `partners` every participant is silent."""
    store = open_store("sqlite://", program.workspace)
    assert isinstance(store, Store), "a store in memory can always be opened"
    names = {organization.adapter for organization in program.organizations.values()}
    made = Stage(program, store, at, partners or dict.fromkeys(names, Silent()), tick=tick)
    fill(made, props)
    return made


def fill(on: Stage, props: Props) -> None:
    """Puts the program and the props on a stage."""
    store, program, at = on.store, on.program, on.now
    deploy(store, program.digest, {}, program.workspace, at)
    put_items(store, props.items)
    put_nodes(store, props.nodes)
    put_positions(store, props.positions, at)
    put_supplies(store, props.supplies, at)
    put_taken(store, program, props.taken, at)
    if props.forecast:
        put_forecast(store, props.forecast)
    else:
        put_prices(store, program.digest, props.prices, at)
    _claim(store, props)


def _claim(store: Store, props: Props) -> None:
    """Makes reserved what other orders have, which an import of stock would not do."""
    claimed = [supply for position in props.positions for supply in position.supplies if supply.reserved]
    with store.writing() as connection:
        run(connection, SAVE_SUPPLY, [(s.quantity, s.reserved, s.received, store.shard, s.item, s.node, s.id) for s in claimed])
        run(connection, ADD_LOAD, [(store.shard, node, what, day.isoformat(), units) for node, what, day, units in props.loads])
