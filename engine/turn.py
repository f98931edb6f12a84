"""One turn: the working copy of an order while one event runs through its processes. Lives inside `advance` only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from msgspec import Struct, field
from msgspec.structs import replace

from orderloom.dsl.program import Process, Step
from orderloom.engine.effects import ClearTimer, Effect, Note, Post
from orderloom.engine.events import Happened
from orderloom.engine.ledger.stock import Entry, Stock
from orderloom.engine.order import Order
from orderloom.engine.process.elements import elements, seen
from orderloom.engine.process.given import given_view
from orderloom.engine.process.told import NO_EVENT, event_view
from orderloom.engine.returns.seen import process_view
from orderloom.engine.state import ORDER, Document, Instance, OrderState
from orderloom.engine.unit import COMING_BACK, Unit
from orderloom.engine.views import View, heading_view, order_view, unit_view
from orderloom.engine.world import World

MAIN = ""  #: the outcome that takes the main way on


class Turn(Struct):
    """What the turn has come to so far. `queue` has the instances that go on, with the step that each enters next.

    `struck` is the order's or the unit of work's instance of which a clock has run out, and when that was due.
    """

    world: World
    state: OrderState
    at: datetime
    stock: Stock
    effects: list[Effect] = field(default_factory=list)
    queue: list[tuple[str, str]] = field(default_factory=list)
    struck: tuple[str, datetime] | None = None
    _seen: tuple[tuple[object, ...], View] | None = None  #: the order as it was seen last, with what that was made of
    _heading: tuple[Order, View] | None = None  #: the same of its heading, with the order

    # --- reading ---

    def process(self, instance: Instance) -> Process:
        """The process that the instance runs."""
        return self.world.program.processes[instance.process]

    def step(self, instance: Instance) -> Step:
        """The step at which the instance stands."""
        return self.process(instance).steps[instance.step]

    def unit(self, instance: Instance) -> Unit:
        """The unit of work that the instance drives, or a part of it does; it must drive one."""
        return self.state.units[instance.root]

    def key(self, instance: Instance) -> str:
        """Names the instance's visit of its step, across all orders."""
        return f"{self.state.order.id}/{instance.key}"

    def order_view(self) -> View:
        """The order as it stands, as expressions see it. Nobody changes it: it is made anew when the order is another."""
        state, world = self.state, self.world
        of = (state.order, state.units, state.cancelled, state.supply_orders, state.status, world.catalog, world.program)
        if self._seen is None or any(now is not then for now, then in zip(of, self._seen[0], strict=True)):
            self._seen = of, order_view(state.order, world.catalog, world.program.attributes, state)
        return self._seen[1]

    def heading_context(self) -> View:
        """What expressions see that ask for the time and for what the order says of itself alone, its lines apart."""
        if self._heading is None or self._heading[0] is not self.state.order:
            view = heading_view(self.state.order, self.world.program.attributes)
            self._heading = self.state.order, {"now": self.at, "today": self.at.date(), "order": view}
        return self._heading[1]

    def context(self, instance_id: str = ORDER, unit: Unit | None = None, order: View | None = None) -> dict[str, object]:
        """What expressions of the instance's process see; `unit` stands in for one that is not part of the order yet.

        Whoever asks for many instances of an order that stands still hands its `order_view` on.
        """
        program, catalog = self.world.program, self.world.catalog
        context: dict[str, object] = {"now": self.at, "today": self.at.date(), "order": order or self.order_view()}
        unit = unit or self.state.units.get(instance_id.partition("/")[0])
        if unit is not None:
            view = unit_view(unit, catalog, self.state)
            context |= {"unit": view, "node": view["node"]}
            if unit.type in COMING_BACK:
                context |= process_view(self.world, self.state, self.stock, unit)
        if "/" in instance_id:
            lines = cast(dict[str, object], context["order"])["lines"]
            context |= {name: seen(each, lines) for name, each in elements(program, self.state, instance_id).items()}
        context["event"] = self._event(self.state.instances.get(instance_id))
        return context | self._told(instance_id)

    def _told(self, instance_id: str) -> dict[str, object]:
        """What the people of the instance's process have filled in, and what partners told with their replies."""
        instance = self.state.instances.get(instance_id)
        process = self.world.program.processes.get(instance.process) if instance is not None else None
        if instance is None or process is None:
            return {}
        return given_view(self.state, process, instance_id)

    def _event(self, instance: Instance | None) -> View:
        """The last event that the instance got."""
        return NO_EVENT if instance is None or instance.event is None else event_view(instance.event, self.world.program)

    # --- changing ---

    def start(self, instance_id: str, process: str) -> None:
        """Starts an instance, or sets it to another process, and queues it for the first step."""
        first = self.world.program.processes[process].first
        known = self.state.instances.get(instance_id)
        if known is not None:
            self.forget_clocks(known)
        self.put(replace(known, process=process, step=first, clocks={}) if known else Instance(instance_id, process, first))
        self.queue.append((instance_id, first))

    def forget_clocks(self, instance: Instance) -> None:
        """Clears the timers of an instance's handlers on time."""
        for first, due_at in instance.clocks.items():
            if due_at is not None:
                self.emit(ClearTimer(f"{self.state.order.id}/{instance.clock(first)}"))

    def change(self, **fields: object) -> None:
        """Replaces fields of the order's state."""
        self.state = replace(self.state, **fields)

    def put(self, instance: Instance) -> Instance:
        """Sets an instance."""
        self.change(instances={**self.state.instances, instance.id: instance})
        return instance

    def put_unit(self, unit: Unit) -> Unit:
        """Sets a unit of work."""
        self.change(units={**self.state.units, unit.id: unit})
        return unit

    def cancel_units(self, lines: Iterable[tuple[str, int]]) -> None:
        """Counts units of lines as given up."""
        cancelled = dict(self.state.cancelled)
        for line, quantity in lines:
            cancelled[line] = cancelled.get(line, 0) + quantity
        self.change(cancelled=cancelled)

    def keep(self, instance_id: str, events: tuple[Happened, ...]) -> None:
        """Sets the events that an instance has yet to wait for."""
        self.change(early={**self.state.early, instance_id: events})

    def post(self, entries: Iterable[Entry]) -> None:
        """Enters into the inventory ledger, at once for the rest of the turn."""
        entries = tuple(entries)
        self.stock = self.stock.post(entries)
        self.effects.extend(Post(entry) for entry in entries)

    def emit(self, effect: Effect) -> None:
        """Asks for an effect."""
        self.effects.append(effect)

    def note(self, subject: str, kind: str, text: str) -> None:
        """Writes a line of history."""
        self.effects.append(Note(subject, kind, text))

    def here(self) -> World:
        """The world with the stock as it stands in this turn."""
        return replace(self.world, stock=self.stock)


def status_of(instance: Instance, state: OrderState) -> str:
    """The status of the order or of the unit that the instance drives."""
    return state.status if instance.root == ORDER else state.units[instance.root].status


def with_status(turn: Turn, instance: Instance, status: str) -> None:
    """Sets that status."""
    said = turn.state.own_status if instance.root == ORDER else ""
    if (said or status_of(instance, turn.state)) == status:
        return
    if instance.root == ORDER:
        turn.change(status=status, own_status="")
    else:
        turn.put_unit(replace(turn.unit(instance), status=status))
    turn.note(instance.root, "status", status)


def add_document(turn: Turn, document: Document) -> None:
    """Adds a document to the order, and its line to the history."""
    turn.change(documents=(*turn.state.documents, document))
    turn.note(document.unit or "order", "document", f"{document.kind} {document.number} {document.amount}")
