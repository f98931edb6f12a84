"""Reference data, stock and orders at hand between transactions, so that a batch reads only what others changed meanwhile.

Items and nodes are known as stale by the store's count of changes of the catalogue, an order by its version, an item's stock
by its version in `stock`. That row is also the item's lock: whoever has read it may post to the item's stock until the
transaction ends.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import BindParameter, Connection, Select, bindparam, select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.catalog import Catalog, Item, Node
from orderloom.engine.ledger.stock import Key, Position, Stock, Supply, by_date
from orderloom.engine.state import OrderState
from orderloom.engine.store import tables
from orderloom.engine.store.statements import KNOW_RESOURCE, ask, run
from orderloom.engine.views import View, item_view, node_view

ROOM = 20_000  #: items that a worker keeps at hand
ROOM_FOR_STATES = 2_000  #: orders kept at hand

T = TypeVar("T")
NO_ALERTS: Mapping[Key, Sequence[str]] = {}


class Shelf:
    """What one worker has at hand of one shard, of so many items at most."""

    def __init__(self, shard: int, room: int = ROOM) -> None:
        self.shard = shard
        self._room = room
        self._catalog_version = -1
        self._items: dict[str, Item] = {}
        self._nodes: dict[str, Node] = {}
        self._views: dict[str, tuple[dict[str, View], dict[str, View]]] = {}  # of nodes and items, by program
        self._versions: dict[str, int] = {}
        self._positions: dict[str, dict[Key, Position]] = {}
        self._states: dict[str, OrderState] = {}

    # --- reference data ---

    def refresh(self, connection: Connection, items: set[str]) -> None:
        """Makes sure that all nodes and these items are at hand as the store has them now."""
        ((version,),) = ask(connection, _CATALOG_VERSION, {"shard": self.shard})
        if version != self._catalog_version or len(self._items) > self._room:
            self._items, self._views = {}, {}
            self._nodes = {node.id: node for node in _bodies(connection, _NODES, {"shard": self.shard}, Node)}
            self._catalog_version = version
        missing = sorted(items - self._items.keys())
        if missing:
            self._items |= {item.id: item for item in _bodies(connection, _ITEMS, {"shard": self.shard, "ids": missing}, Item)}

    def catalog(self, program: Program, items: Collection[str], alerts: Mapping[Key, Sequence[str]] = NO_ALERTS) -> Catalog:
        """The reference data at hand, with the contexts that the program's expressions see of these items and all nodes.

        `alerts` are those raised, by item and node; the node is empty where an item's nodes are watched together.
        """
        node_views, item_views = self._views.setdefault(program.digest, ({}, {}))
        if not node_views:
            node_views |= {key: node_view(node, program.attributes) for key, node in self._nodes.items()}
        for item in items:
            if item not in item_views and item in self._items:
                item_views[item] = item_view(self._items[item], program.attributes)
        seen: Mapping[str, View] = item_views
        if alerts:
            raised = {item: alerts[item, ""] for item in items if (item, "") in alerts and item in item_views}
            seen = ChainMap({item: {**item_views[item], "alerts": names} for item, names in raised.items()}, item_views)
        return Catalog(self._items, self._nodes, seen, node_views)

    # --- stock ---

    def lock_resources(self, connection: Connection, programs: Iterable[Program]) -> list[str]:
        """Keeps everybody else from booking with the resources of these programs until the transaction ends; their names.

        The store is told of those that it does not know yet, and of those that may make more visits at a time than before.
        """
        wanted: dict[str, int] = {}
        for program in programs:
            for name, resource in program.resources.items():
                wanted[name] = max(resource.capacity, wanted.get(name, 0))
        asked = {"shard": self.shard, "names": sorted(wanted)}
        known = dict(connection.execute(_LOCK_RESOURCES, asked).all()) if wanted else {}
        more = [name for name in sorted(wanted) if wanted[name] > known.get(name, 0)]
        run(connection, KNOW_RESOURCE, [(self.shard, name, wanted[name]) for name in more])
        return sorted(wanted)

    def stock(
        self,
        connection: Connection,
        items: set[str],
        since: date,
        programs: Sequence[Program] = (),
        resources: Collection[str] = (),
    ) -> Stock:
        """The stock of these items, locked, and the loads from that day on of the nodes from which orders may come.

        The loads are locked, too, where a program's rules have capacities: orders of other items take of the same days. Those of
        `resources` are there as well; who books with them has locked them before.
        """
        positions = self._at_hand(connection, items, _LOCKED_VERSIONS)
        everywhere = any(program.replenishment for program in programs)
        nodes = sorted(self._nodes if everywhere else {node for _, node in positions})
        if nodes and any(rules.has_capacities for program in programs for rules in program.promising.values()):
            connection.execute(_LOCK_NODES, {"shard": self.shard, "nodes": nodes}).all()
        places = [*nodes, *resources]
        loads = connection.execute(_LOADS, {"shard": self.shard, "nodes": places, "since": since}) if places else ()
        return Stock(positions, {(node, resource, day): units for node, resource, day, units in loads})

    def read(self, connection: Connection, items: Iterable[str]) -> Stock:
        """The stock of these items, without loads; it holds nobody up."""
        return Stock(self._at_hand(connection, items, _VERSIONS), {})

    def _at_hand(self, connection: Connection, items: Iterable[str], reading: Select[str, int]) -> dict[Key, Position]:
        """The positions of these items, read where their version says that they have changed."""
        if len(self._versions) > self._room:
            self.forget()
        asked = {"shard": self.shard, "items": sorted(items)}
        versions = dict(connection.execute(reading, asked).all())
        stale = sorted(item for item, version in versions.items() if self._versions.get(item) != version)
        if stale:
            self._read_positions(connection, stale)
            self._versions |= {item: versions[item] for item in stale}
        positions: dict[Key, Position] = {}
        for item in versions:
            positions |= self._positions[item]
        return positions

    def _read_positions(self, connection: Connection, items: Sequence[str]) -> None:
        asked = {"shard": self.shard, "items": items}
        supplies: dict[Key, list[Supply]] = {}
        for row in connection.execute(_SUPPLIES, asked):
            supply = Supply(*row)
            supplies.setdefault((supply.item, supply.node), []).append(supply)
        self._positions |= {item: {} for item in items}
        for item, node, safety_stock, quarantined, attributes in connection.execute(_POSITIONS, asked):
            there = tuple(sorted(supplies.get((item, node), ()), key=by_date))
            own = wire.load(attributes, dict[str, object])
            self._positions[item][item, node] = Position(item, node, safety_stock, quarantined, own, there)

    # --- orders ---

    def state(self, order: str, version: int, text: str) -> OrderState:
        """The order's state of this version; `text` is read where it is not at hand."""
        known = self._states.get(order)
        return known if known is not None and known.sequence == version else wire.load_state(text)

    # --- after a transaction ---

    def forget(self) -> None:
        """Keeps no stock and no orders any longer."""
        self._versions, self._positions, self._states = {}, {}, {}

    def put_back(self, changed: Mapping[Key, Position], states: Mapping[str, OrderState]) -> None:
        """Keeps stock and orders as a committed transaction left them; every item of the stock counts as changed once."""
        for key, position in changed.items():
            self._positions[position.item][key] = position
        for item in {item for item, _ in changed}:
            self._versions[item] += 1
        if len(self._states) > ROOM_FOR_STATES:
            self._states = {}
        self._states |= states


def _bodies(connection: Connection, statement: Select[str], asked: dict[str, object], kind: type[T]) -> list[T]:
    return [wire.load(body, kind) for body in connection.execute(statement, asked).scalars()]


_shard: BindParameter[int] = bindparam("shard")
_some_items: BindParameter[str] = bindparam("items", expanding=True)
_w, _i, _n = tables.workspace.c, tables.items.c, tables.nodes.c
_v, _p, _s, _l = tables.stock.c, tables.positions.c, tables.supplies.c, tables.loads.c
_CATALOG_VERSION = select(_w.catalog).where(_w.shard == _shard)
_NODES = select(_n.body).where(_n.shard == _shard).order_by(_n.id)
_ITEMS = select(_i.body).where(_i.shard == _shard, _i.id.in_(bindparam("ids", expanding=True)))
_VERSIONS = select(_v.item, _v.version).where(_v.shard == _shard, _v.item.in_(_some_items)).order_by(_v.item)
_LOCKED_VERSIONS = _VERSIONS.with_for_update()
_POSITIONS = (
    select(_p.item, _p.node, _p.safety_stock, _p.quarantined, _p.attributes)
    .where(_p.shard == _shard, _p.item.in_(_some_items))
    .order_by(_p.item, _p.node)
)
_SUPPLIES = select(_s.id, _s.item, _s.node, _s.type, _s.quantity, _s.due_on, _s.reserved, _s.stock_class, _s.received).where(
    _s.shard == _shard, _s.item.in_(_some_items)
)
_some_nodes: BindParameter[str] = bindparam("nodes", expanding=True)
_r = tables.resources.c
_LOCK_RESOURCES = (
    select(_r.name, _r.capacity)
    .where(_r.shard == _shard, _r.name.in_(bindparam("names", expanding=True)))
    .order_by(_r.name)
    .with_for_update()
)
#: Imports may go on to refer to the nodes; every batch takes its items first, so that none waits for one that waits for it.
_LOCK_NODES = select(_n.id).where(_n.shard == _shard, _n.id.in_(_some_nodes)).order_by(_n.id).with_for_update(key_share=True)
_LOADS = select(_l.node, _l.resource, _l.day, _l.units).where(
    _l.shard == _shard, _l.node.in_(_some_nodes), _l.day >= bindparam("since", type_=tables.Day)
)
