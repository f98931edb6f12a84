"""The inventory ledger as a value: positions of supply with what is reserved of it, and entries that change them.

A `Stock` is immutable. `post` gives a new one that shares what did not change, so one order's turn can be undone by
forgetting its stock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from orderloom.engine.ledger.layers import Layers

ON_HAND = "on-hand"
GOOD = "good"  #: the stock class that is promised
SHIPPING = ""  #: the resource of a node that every unit takes; others have the names of work
ALL_OR_NONE = -1  #: of what is on hand all is received, of everything else nothing


class Supply(Struct, frozen=True, omit_defaults=True):
    """A dated quantity at a node, of one supply type and stock class; `due_on` is None for what is on hand.

    `received` units of it are here. 0 <= reserved <= quantity and 0 <= received <= quantity hold at every commit. What is on hand
    is received, except for claimed units that a count did not find: its quantity is the larger of received and reserved.
    """

    id: str
    item: str
    node: str
    type: str
    quantity: int
    due_on: date | None = None
    reserved: int = 0
    stock_class: str = GOOD
    received: int = ALL_OR_NONE

    def __post_init__(self) -> None:
        if self.received == ALL_OR_NONE:
            force_setattr(self, "received", self.quantity if self.type == ON_HAND else 0)

    @property
    def unreserved(self) -> int:
        """Units that nobody has claimed."""
        return self.quantity - self.reserved

    @property
    def missing(self) -> int:
        """Units that are claimed as on hand, and that a count did not find."""
        return self.quantity - self.received if self.type == ON_HAND else 0

    @property
    def parts(self) -> tuple[Supply, ...]:
        """What is here of it, as supply on hand, and what is to come. Claims are first on what is here."""
        if self.received == (self.quantity if self.type == ON_HAND else 0):
            return (self,)
        claimed = min(self.reserved, self.received)
        here = replace(self, type=ON_HAND, quantity=self.received, due_on=None, reserved=claimed)
        if self.type == ON_HAND or self.received == self.quantity:
            return (here,)
        return here, replace(self, quantity=self.quantity - self.received, reserved=self.reserved - claimed, received=0)


class Position(Struct, frozen=True, omit_defaults=True):
    """Everything of one item at one node. A position in quarantine promises nothing until its recount."""

    item: str
    node: str
    safety_stock: int = 0
    quarantined: bool = False
    attributes: dict[str, object] = {}
    supplies: tuple[Supply, ...] = ()

    @property
    def on_hand(self) -> int:
        """Units that are here, reserved ones included."""
        return sum(supply.received for supply in self.supplies)

    @property
    def parts(self) -> tuple[Supply, ...]:
        """Its supplies, what is here of each apart from what is to come."""
        return tuple([part for supply in self.supplies for part in supply.parts])

    def supply(self, id: str) -> Supply | None:
        """The supply with this id, None without one."""
        return next((supply for supply in self.supplies if supply.id == id), None)


EntryKind = Literal[
    "reserve",
    "harden",
    "release",
    "ship",
    "expect",
    "withdraw",
    "receive",
    "presume",
    "confirm",
    "adjust",
    "quarantine",
    "recount",
]


class Entry(Struct, frozen=True, omit_defaults=True):
    """One entry of the ledger, made by an order's line or by a message from outside (then `order` is empty).

    reserve: claims `quantity` of a supply, until `expires_at` when that is set (soft), else for good (hard).
    harden: a soft claim is for good from now on. release: gives a claim back.
    ship: takes claimed units out, those received first. `ship_on` books the node's load of that day.
    expect: adds to a supply that is to come, and makes it where it is new, of `supply_type`, due on `due_on`.
    withdraw: takes unclaimed units that have not come out of it again.
    receive: units of it are here. presume: units are here though no receipt has told so, since they ship, or somebody saw them;
    confirm: now one has.
    adjust: more or fewer are here than was thought; it makes a supply that is new.
    quarantine: freezes the position. recount: ends that.
    With a `resource` no supply is meant: reserve and release book the node's capacity for it on the day `ship_on`.
    """

    kind: EntryKind
    item: str
    node: str
    supply: str = ""
    quantity: int = 0
    order: str = ""
    line: str = ""
    ship_on: date | None = None
    expires_at: datetime | None = None
    supply_type: str = ""
    due_on: date | None = None
    stock_class: str = GOOD
    resource: str = SHIPPING


class Oversold(Exception):
    """An entry would claim or take more than there is: a fault of the program, never of a user."""


Key = tuple[str, str]
Load = tuple[str, str, date]  #: node, resource, day
Booked = tuple[str, date]  #: resource, day

_NOWHERE: Mapping[str, Position] = MappingProxyType({})
_NOTHING: Mapping[str, int] = MappingProxyType({})


class Stock:
    """Positions by item and node, and each node's load in units by resource and day.

    What there is of an item, or of a day, is one entry of its layers, so that whoever asks for all nodes looks it up once.
    """

    __slots__ = ("_by_day", "_items", "_loads", "_new_items", "_new_loads")

    def __init__(self, positions: Mapping[Key, Position], loads: Mapping[Load, int]) -> None:
        self._items: dict[str, dict[str, Position]] = {}
        self._loads: dict[Booked, dict[str, int]] = {}
        self._new_items: Layers[str, Mapping[str, Position]] = Layers()
        self._new_loads: Layers[Booked, Mapping[str, int]] = Layers()
        self._by_day: dict[date, set[str]] = {}  # resources; made when it is asked for
        for (item, node), position in positions.items():
            self._items.setdefault(item, {})[node] = position
        for (node, resource, day), units in loads.items():
            self._loads.setdefault((resource, day), {})[node] = units

    def of_item(self, item: str) -> Mapping[str, Position]:
        """The positions of the item as they stand now, by node."""
        found = self._new_items.get(item)
        return self._items.get(item, _NOWHERE) if found is None else found

    def position(self, item: str, node: str) -> Position | None:
        """The position as it stands now, None where the node has never had the item."""
        return self.of_item(item).get(node)

    def nodes_of(self, item: str) -> tuple[str, ...]:
        """Nodes that have a position of the item."""
        return tuple(self.of_item(item))

    def loads(self, day: date, resource: str = SHIPPING) -> Mapping[str, int]:
        """Units that are to ship, or to begin to be worked on, on this day, by node; nodes without any may be missing."""
        key = (resource, day)
        found = self._new_loads.get(key)
        return self._loads.get(key, _NOTHING) if found is None else found

    def load(self, node: str, day: date, resource: str = SHIPPING) -> int:
        """Units that the node is to ship, or to begin to work on, on this day."""
        return self.loads(day, resource).get(node, 0)

    def loads_on(self, node: str, day: date) -> dict[str, int]:
        """Units that the node is to ship or to begin to work on, on this day, by resource; of those that have any."""
        if not self._by_day and self._loads:
            for resource, on in self._loads:
                self._by_day.setdefault(on, set()).add(resource)
        resources = self._by_day.get(day, set()) | {resource for resource, on in self._new_loads.merged() if on == day}
        found = {resource: self.load(node, day, resource) for resource in sorted(resources)}
        return {resource: units for resource, units in found.items() if units}

    def post(self, entries: Iterable[Entry]) -> Stock:
        """The stock after these entries; raises Oversold when one cannot be."""
        items: dict[str, dict[str, Position]] = {}
        loads: dict[Booked, dict[str, int]] = {}
        for entry in entries:
            item, node = entry.item, entry.node
            if entry.resource == SHIPPING:
                positions = items.get(item)
                if positions is None:
                    positions = items[item] = {**self.of_item(item)}
                positions[node] = _applied(positions.get(node), entry)
            if entry.ship_on is not None and entry.kind in ("reserve", "release"):
                booked = (entry.resource, entry.ship_on)
                if booked not in loads:
                    loads[booked] = {**self.loads(entry.ship_on, entry.resource)}
                more = entry.quantity if entry.kind == "reserve" else -entry.quantity
                loads[booked][node] = loads[booked].get(node, 0) + more
        after = Stock.__new__(Stock)
        after._items, after._loads, after._by_day = self._items, self._loads, self._by_day
        after._new_items, after._new_loads = self._new_items.having(items), self._new_loads.having(loads)
        return after

    def changes(self) -> tuple[Mapping[Key, Position], Mapping[Load, int]]:
        """Positions and loads that differ from those given at the start."""
        positions = {
            (item, node): position
            for item, now in self._new_items.merged().items()
            for node, position in now.items()
            if self._items.get(item, _NOWHERE).get(node) is not position
        }
        loads = {
            (node, resource, day): units
            for (resource, day), now in self._new_loads.merged().items()
            for node, units in now.items()
            if self._loads.get((resource, day), _NOTHING).get(node, 0) != units
        }
        return positions, loads


#: What an entry of each kind adds to a supply, as factors of its quantity: to quantity, received and reserved.
_MOVES: Mapping[str, tuple[int, int, int]] = {
    "reserve": (0, 0, 1),
    "harden": (0, 0, 0),
    "release": (0, 0, -1),
    "ship": (-1, -1, -1),
    "expect": (1, 0, 0),
    "withdraw": (-1, 0, 0),
    "receive": (0, 1, 0),
    "presume": (0, 1, 0),
    "confirm": (0, 0, 0),
    "adjust": (1, 1, 0),
}


def _applied(position: Position | None, entry: Entry) -> Position:
    if entry.kind in ("expect", "adjust") and (position is None or position.supply(entry.supply) is None):
        return _with(position or Position(entry.item, entry.node), _new(entry))
    if position is None:
        raise Oversold(f"no position of {entry.item} at {entry.node}")
    if entry.kind in ("quarantine", "recount"):
        return replace(position, quarantined=entry.kind == "quarantine")
    supplies = tuple([_moved(supply, entry) if supply.id == entry.supply else supply for supply in position.supplies])
    return replace(position, supplies=supplies)


def _with(position: Position, supply: Supply) -> Position:
    return replace(position, supplies=tuple(sorted((*position.supplies, supply), key=by_date)))


def _new(entry: Entry) -> Supply:
    if entry.quantity < 0:
        raise Oversold(f"{entry.kind} {entry.quantity} of {entry.item} at {entry.node}: there is no supply {entry.supply}")
    where = (entry.supply, entry.item, entry.node, entry.supply_type)
    return Supply(*where, entry.quantity, entry.due_on, stock_class=entry.stock_class)


def _moved(supply: Supply, entry: Entry) -> Supply:
    of_quantity, of_received, of_reserved = _MOVES[entry.kind]
    quantity = supply.quantity + of_quantity * entry.quantity
    received = supply.received + of_received * entry.quantity
    reserved = supply.reserved + of_reserved * entry.quantity
    if supply.type == ON_HAND and entry.kind != "reserve":
        quantity = max(received, reserved)
    if not (0 <= reserved <= quantity and 0 <= received <= quantity):
        raise Oversold(f"{entry.kind} {entry.quantity} of {supply.item} at {supply.node}: {supply.unreserved} unreserved")
    return replace(supply, quantity=quantity, received=received, reserved=reserved)


def on_hand_id(item: str, node: str, stock_class: str = GOOD) -> str:
    """The id that the supply on hand gets."""
    return f"{item}@{node}" if stock_class == GOOD else f"{item}@{node}/{stock_class}"


def by_date(supply: Supply) -> tuple[date, str]:
    """The order of a position's supplies: what is on hand, then by the day on which it is due."""
    return supply.due_on or date.min, supply.id
