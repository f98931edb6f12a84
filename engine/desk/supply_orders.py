"""The desk of orders of supply: shortages become proposals, and a person approves or rejects them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Select, select, update

from orderloom.dsl.program import Do, Program
from orderloom.engine import wire
from orderloom.engine.desk.books import Books
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.ledger.stock import Entry
from orderloom.engine.promising.usual import usual_rules
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.store.demands import unsourced
from orderloom.engine.store.statements import delete, run, upsert
from orderloom.engine.supply.replenishment import Need, offers
from orderloom.engine.supply.shortage import proposals
from orderloom.engine.supply_order import SUPPLY_TYPES, TRANSFER, Peg, SupplyOrder
from orderloom.engine.world import World

_SAVE, _DROP = upsert(tables.supply_orders), delete(tables.supply_orders)
_t = tables.supply_orders.c


class Entered(Struct, frozen=True):
    """An order of supply as it stands: `status` is proposed, ordered, rejected or cancelled."""

    order: SupplyOrder
    status: str
    decided_at: datetime | None = None
    decided_by: str | None = None


def listed(
    store: Store, status: str | None = None, item: str | None = None, node: str | None = None, after: str = "", limit: int = 100
) -> tuple[Entered, ...]:
    """Orders of supply by number."""
    asked = select(_t.body, _t.status, _t.decided_at, _t.decided_by).where(_t.shard == store.shard, _t.id > after)
    for column, value in ((_t.status, status), (_t.item, item), (_t.node, node)):
        asked = asked if value is None else asked.where(column == value)
    with store.reading() as connection:
        return tuple(
            Entered(wire.load(body, SupplyOrder), *rest) for body, *rest in connection.execute(asked.order_by(_t.id).limit(limit))
        )


def propose(
    store: Store, program: Program, now: datetime, item: str | None = None, node: str | None = None
) -> tuple[SupplyOrder, ...]:
    """Proposes what ends the shortages as they are now, in the place of what was proposed before and is not decided.

    Units that wait for a source are wanted at the first node that the rules of replenishment let have them.
    """
    lookup, waiting = Lookup(store, program), _waiting(store, item)
    found: list[SupplyOrder] = []
    for name in [item] if item else _items(store):
        world = lookup.world([name])
        if name in world.catalog.items:
            found += _of_item(store, name, node, waiting.get(name, []), world, now)
    with store.writing() as connection:
        before = connection.execute(_matching(store.shard, item, node)).scalars().all()
        run(connection, _DROP, [(store.shard, each) for each in before])
        run(connection, _SAVE, [_row(store.shard, Entered(each, "proposed")) for each in found])
    return tuple(found)


def _of_item(store: Store, item: str, only: str | None, waiting: Sequence[Peg], world: World, now: datetime) -> list[SupplyOrder]:
    rules = usual_rules(world.program, now)
    served = [node for node in sorted(world.catalog.nodes) if rules and offers(Need(item, node, 1, rules, now), world)[0]]
    found: list[SupplyOrder] = []
    for number, node in enumerate(served):
        if only in (None, node):
            with store.reading() as connection:
                expected = _expected(connection, store.shard, item, node)
                first = _next_number(connection, store.shard, item, node)
            wants = waiting if number == 0 else ()
            found += proposals(item, node, wants, expected, first, world, now)
    return found


def approve(store: Store, program: Program, number: str, by: str, now: datetime) -> Entered | Refused:
    """Orders what was proposed, dated as of now: the node expects it, and a transfer has left its source. Once is enough.

    Orders that wait for it look for their sources again at once.
    """
    found = _entered(store, number)
    if isinstance(found, Refused) or found.status == "ordered":
        return found
    if found.status == "rejected":
        return Refused(f"{number} was rejected by {found.decided_by}; propose again")
    order = _dated(Lookup(store, program).world([found.order.item]), found.order, now)
    if isinstance(order, Refused):
        return order
    made = Entered(order, "ordered", now, by)
    with store.writing() as connection:
        books = Books(connection, store.shard, {(order.item, order.node), (order.item, order.source)})
        refused = _booked(books, order, now)
        if refused is None:
            books.close()
            run(connection, _SAVE, [_row(store.shard, made)])
            _wake(connection, store.shard, program, order.pegs, now)
    return refused or made


def reject(store: Store, number: str, by: str, now: datetime) -> Entered | Refused:
    """Sets a proposal aside. Once is enough."""
    found = _entered(store, number)
    if isinstance(found, Refused) or found.status == "rejected":
        return found
    if found.status == "ordered":
        return Refused(f"{number} is ordered already")
    made = Entered(found.order, "rejected", now, by)
    with store.writing() as connection:
        run(connection, _SAVE, [_row(store.shard, made)])
    return made


def _dated(world: World, order: SupplyOrder, now: datetime) -> SupplyOrder | Refused:
    need = Need(order.item, order.node, order.quantity, usual_rules(world.program, now) or "", now)
    found, problems = offers(need, world)
    offer = next((each for each in found if each.free.supply == order.planned and each.free.quantity >= order.quantity), None)
    if offer is None:
        return Refused("; ".join((f"{order.planned} cannot bring {order.quantity} of {order.item} any longer", *problems)))
    return replace(order, due_on=offer.free.usable_on, price=offer.free.price)


def _booked(books: Books, order: SupplyOrder, now: datetime) -> Refused | None:
    if order.kind == TRANSFER:
        position = books.position((order.item, order.source))
        supply = position.supply(order.supply) if position else None
        if supply is None or supply.unreserved < order.quantity:
            return Refused(f"{order.source} has not {order.quantity} of {order.item} left")
        books.post([Entry("adjust", order.item, order.source, order.supply, -order.quantity)], now)
    kind = SUPPLY_TYPES[order.kind]
    books.post([Entry("expect", order.item, order.node, order.id, order.quantity, supply_type=kind, due_on=order.due_on)], now)
    return None


def _wake(connection: Connection, shard: int, program: Program, pegs: Sequence[Peg], now: datetime) -> None:
    """Lets the orders go on that wait for their next look for sources."""
    orders, due = tables.orders.c, tables.due
    names = sorted({peg.order for peg in pegs})
    texts = connection.execute(select(orders.state).where(orders.shard == shard, orders.id.in_(names))).scalars()
    for state in (wire.load_state(text) for text in texts if text):
        keys = [f"timer/{state.order.id}/{key}" for key in _looks_again(state, program)]
        these = (due.c.shard == shard) & (due.c.order_id == state.order.id) & due.c.key.in_(keys) & (due.c.due_at > now)
        connection.execute(update(due).where(these).values(due_at=now))


def _looks_again(state: OrderState, program: Program) -> list[str]:
    """The visits of steps that wait until their action is tried again."""
    waiting = [each for each in state.instances.values() if each.waiting and each.waiting.kind == "time"]
    return [each.key for each in waiting if isinstance(program.processes[each.process].steps[each.step].verb, Do)]


# --- rows ------------------------------------------------------------------------------------------------------------


def _row(shard: int, entered: Entered) -> tuple[object, ...]:
    order = entered.order
    decided_at = entered.decided_at and wire.moment_text(entered.decided_at)
    return (shard, order.id, order.item, order.node, entered.status, decided_at, entered.decided_by, wire.dump(order))


def _entered(store: Store, number: str) -> Entered | Refused:
    asked = select(_t.body, _t.status, _t.decided_at, _t.decided_by).where(_t.shard == store.shard, _t.id == number)
    with store.reading() as connection:
        row = connection.execute(asked).one_or_none()
    return Refused(f"there is no order of supply {number}") if row is None else Entered(wire.load(row[0], SupplyOrder), *row[1:])


def _matching(shard: int, item: str | None, node: str | None) -> Select[tuple[str]]:
    asked = select(_t.id).where(_t.shard == shard, _t.status == "proposed")
    asked = asked if item is None else asked.where(_t.item == item)
    return asked if node is None else asked.where(_t.node == node)


def _next_number(connection: Connection, shard: int, item: str, node: str) -> int:
    """The number behind those of all that were decided."""
    decided = select(_t.id).where(_t.shard == shard, _t.item == item, _t.node == node, _t.status != "proposed")
    own = [name.rpartition("-") for name in connection.execute(decided).scalars()]
    return 1 + max((int(last) for rest, _, last in own if rest[2:] == f"-{item}-{node}"), default=0)


def _items(store: Store) -> list[str]:
    with store.reading() as connection:
        t = tables.stock.c
        return list(connection.execute(select(t.item).where(t.shard == store.shard).order_by(t.item)).scalars())


def _expected(connection: Connection, shard: int, item: str, node: str) -> list[Expected]:
    t = tables.forecast.c
    rows = connection.execute(select(t.begins, t.days, t.units).where(t.shard == shard, t.item == item, t.region == node))
    return [Expected(item, node, begins, days, Decimal(units)) for begins, days, units in rows]


def _waiting(store: Store, item: str | None) -> dict[str, list[Peg]]:
    """Units that have no source, by item; the order that was placed first comes first."""
    found: dict[str, list[Peg]] = {}
    for each in unsourced(store, item):
        found.setdefault(each.item, []).append(Peg(each.order, each.line, each.quantity))
    return found
