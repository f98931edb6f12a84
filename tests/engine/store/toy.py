"""A tiny order process for tests of the shell: deterministic, and every kind of effect is in it.

Captured: the lines are reserved at the first node that has them (what nobody has is cancelled), the depot is asked to pick.
picked: the units leave the inventory. A day later the order is delivered. No answer within two hours: asked again.
The events `raise`, `refuse` and `unwritable` are what a faulty plug-in might do.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from msgspec.structs import replace

from orderloom.dsl.program import Organization, Origin, Program
from orderloom.engine.advance import Step
from orderloom.engine.catalog import Item, Node
from orderloom.engine.effects import (
    ClearTimer,
    CloseException,
    Effect,
    Note,
    OpenException,
    Post,
    Record,
    Send,
    SetTimer,
)
from orderloom.engine.events import (
    Cancelled,
    Captured,
    Event,
    Happened,
    Replied,
    Resolved,
    TimeReached,
    Undelivered,
)
from orderloom.engine.ledger.stock import Entry, Position, Supply
from orderloom.engine.order import Customer, Line, Order
from orderloom.engine.shell.ports import Delivery, Incoming, Outgoing
from orderloom.engine.state import ORDER, Instance, OpenIssue, OrderState, Waiting
from orderloom.engine.unit import Unit, UnitLine
from orderloom.engine.world import World

DIGEST = "toy"
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ORIGIN = Origin("toy.yaml", 1)


def program(*_sources: object) -> Program:
    """The version that every toy order runs on."""
    depot = Organization("depot", "Depot", ("fulfiller",), None, "partner", {"colour": "red"}, ORIGIN)
    return Program("toys", "USD", "UTC", {}, {}, {}, {}, {}, {}, {}, {}, {"depot": depot}, {}, DIGEST)


def items(count: int) -> list[Item]:
    return [Item(f"I{n:03}", weight=Decimal("1.50")) for n in range(count)]


def nodes(count: int) -> list[Node]:
    return [Node(f"N{n}", "dc") for n in range(count)]


def positions(item_count: int, node_count: int, quantity: int) -> list[Position]:
    """Every item on hand at every node."""
    return [
        Position(item.id, node.id, supplies=(Supply("OH", item.id, node.id, "on-hand", quantity),))
        for item in items(item_count)
        for node in nodes(node_count)
    ]


def order(number: int, item_count: int, placed_at: datetime | None = None) -> Order:
    """The order with this number: two lines, of items that follow from the number."""
    lines = tuple(Line(str(n), f"I{(number * 7 + n * 3) % item_count:03}", 1 + (number + n) % 2, Decimal("9.90")) for n in (1, 2))
    at = placed_at or START + timedelta(minutes=7 * number)
    return Order(f"O{number:05}", "web", at, Customer(f"C{number % 10}"), lines, "USD", external_id=f"W{number}")


class Partner:
    """Picks everything 40 minutes after it is asked; every fifth answer is told twice. Counts what reaches it, by key."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def deliver(self, messages: list[Outgoing], settings: dict[str, object]) -> list[Delivery]:
        assert settings == {"colour": "red"}
        return [self._one(message) for message in messages]

    def _one(self, message: Outgoing) -> Delivery:
        self.seen[message.key] = self.seen.get(message.key, 0) + 1
        at = message.at + timedelta(minutes=40)
        fact = Incoming(f"{message.key}/1", "depot", message.order, Replied(at, message.key, "picked", {"by": "robot"}))
        return Delivery(message.key, incoming=(fact, fact) if message.order.endswith("5") else (fact,))


# --- the process -----------------------------------------------------------------------------------------------------


def advance(world: World, state: OrderState | None, event: Event) -> Step:
    """Applies an event."""
    if isinstance(event, Captured):
        return _captured(world, OrderState(event.order, world.program.digest, sequence=1), event)
    assert state is not None
    state = replace(state, sequence=state.sequence + 1)
    root = state.instances[ORDER]
    match event:
        case Happened(name="raise"):
            raise RuntimeError("a plug-in broke")
        case Happened(name="refuse"):
            return Step(state, (Post(Entry("release", "I000", "N0", "OH", 99, state.order.id, "1")),), world.stock)
        case Happened(name="unwritable"):
            return Step(state, (Record("choose", ORDER, "x", "x:1", inputs={"x": object()}),), world.stock)
        case Happened():
            return Step(state, (Note(ORDER, "late", event.name),), world.stock)
        case Replied() if event.key == _key(state, root) and root.step == "pick":
            return _picked(world, state, event)
        case TimeReached() if event.key == _key(state, root) and root.step == "pick":
            return _ask(world, _at_step(state, "pick"), event.at, (Note(ORDER, "late", "asked again"),))
        case TimeReached() if event.key == _key(state, root) and root.step == "travel":
            return _end(world, state, "delivered", ())
        case Cancelled() if root.ended is None:
            return _cancel(world, state)
        case Undelivered() if root.ended is None:
            return _stand_still(world, state, event.because)
        case Resolved() if event.exception in state.exceptions:
            issue = state.exceptions[event.exception]
            return _cancel(world, replace(state, exceptions={}), CloseException(issue.id, event.option))
    return Step(state, (Note(ORDER, "late", type(event).__name__),), world.stock)


def _captured(world: World, state: OrderState, event: Captured) -> Step:
    stock, posts, parts = world.stock, list[Effect](), dict[str, list[UnitLine]]()
    cancelled: dict[str, int] = {}
    for line in event.order.lines:
        place = next((n for n in sorted(stock.nodes_of(line.item)) if _free(stock.position(line.item, n)) >= line.quantity), None)
        if place is None:
            cancelled[line.id] = line.quantity
            continue
        entry = Entry("reserve", line.item, place, "OH", line.quantity, state.order.id, line.id, event.at.date())
        stock = stock.post([entry])
        posts.append(Post(entry))
        parts.setdefault(place, []).append(UnitLine(line.id, line.item, line.quantity, "OH"))
    units = {
        f"{state.order.id}-{n}": Unit(
            f"{state.order.id}-{n}", node, "ship", "ground", "on-hand", tuple(found), event.at, event.at.date(), event.at.date()
        )
        for n, (node, found) in enumerate(parts.items(), 1)
    }
    state = replace(state, units=units, cancelled=cancelled, status="sourced")
    why = Record("sourcing", ORDER, ", ".join(parts), "toy.yaml:1", inputs={"price": Decimal("9.90")})
    if not parts:
        return _end(World(world.program, world.catalog, stock), state, "nothing", (*posts, why))
    return _ask(World(world.program, world.catalog, stock), _at_step(state, "pick"), event.at, (*posts, why))


def _free(position: Position | None) -> int:
    return 0 if position is None or position.quarantined else sum(supply.unreserved for supply in position.supplies)


def _at_step(state: OrderState, step: str) -> OrderState:
    visit = state.instances[ORDER].visit + 1 if state.instances else 1
    waiting = Waiting("reply" if step == "pick" else "time")
    return replace(state, instances={ORDER: Instance(ORDER, "toy", step, visit, waiting)})


def _key(state: OrderState, root: Instance) -> str:
    return f"{state.order.id}/{root.key}"


def _ask(world: World, state: OrderState, at: datetime, effects: tuple[Effect, ...]) -> Step:
    key = _key(state, state.instances[ORDER])
    send = Send(key, "depot", "fulfiller", "pick-request", {"units": sorted(state.units)})
    return Step(state, (*effects, send, SetTimer(key, at + timedelta(hours=2))), world.stock)


def _entries(kind: str, state: OrderState) -> list[Entry]:
    return [
        Entry(kind, part.item, unit.node, part.supply, part.quantity, state.order.id, part.line, unit.ship_on)  # type: ignore[arg-type]
        for unit in state.units.values()
        for part in unit.lines
        if not (unit.shipped or unit.released)
    ]


def _picked(world: World, state: OrderState, event: Replied) -> Step:
    entries = _entries("ship", state)
    clear = ClearTimer(_key(state, state.instances[ORDER]))
    units = {key: replace(unit, shipped=True, status="shipped") for key, unit in state.units.items()}
    state = _at_step(replace(state, units=units, status="shipped"), "travel")
    timer = SetTimer(_key(state, state.instances[ORDER]), event.at + timedelta(days=1))
    note = Note(ORDER, "status", "shipped")
    return Step(state, (clear, *(Post(entry) for entry in entries), note, timer), world.stock.post(entries))


def _cancel(world: World, state: OrderState, *effects: Effect) -> Step:
    entries = _entries("release", state)
    clear = ClearTimer(_key(state, state.instances[ORDER]))
    units, cancelled = {}, dict(state.cancelled)
    for key, unit in state.units.items():
        units[key] = unit if unit.shipped else replace(unit, released=True)
        for part in unit.lines if not unit.shipped else ():
            cancelled[part.line] = cancelled.get(part.line, 0) + part.quantity
    world = World(world.program, world.catalog, world.stock.post(entries))
    state = replace(state, units=units, cancelled=cancelled)
    return _end(world, state, "cancelled", (*effects, clear, *(Post(entry) for entry in entries)))


def _end(world: World, state: OrderState, outcome: str, effects: tuple[Effect, ...]) -> Step:
    units = {key: replace(unit, outcome=outcome) for key, unit in state.units.items()}
    visit = state.instances[ORDER].visit if state.instances else 1
    root = Instance(ORDER, "toy", "end", visit, None, ended=outcome)
    state = replace(state, status=outcome, units=units, instances={ORDER: root})
    return Step(state, (*effects, Note(ORDER, "status", outcome), Note(ORDER, "ended", outcome)), world.stock)


def _stand_still(world: World, state: OrderState, because: str) -> Step:
    clear = ClearTimer(_key(state, state.instances[ORDER]))
    root = replace(state.instances[ORDER], visit=state.instances[ORDER].visit + 1, waiting=Waiting("exception", "stuck"))
    issue = OpenIssue(f"{state.order.id}/stuck", "stuck", ORDER, ("give-up",))
    state = replace(state, instances={ORDER: root}, exceptions={issue.id: issue})
    opened = OpenException(issue.id, "stuck", "operations", ORDER, issue.options, because)
    return Step(state, (clear, opened), world.stock)
