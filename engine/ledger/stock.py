"""The inventory ledger as a value: positions of supply with what is reserved of it, and entries that change them.

A `Stock` is immutable. `post` gives a new one that shares what did not change, so one order's turn can be undone by
forgetting its stock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
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


class Stock:
    """Positions by item and node, and each node's load in units by resource and day."""

    __slots__ = ("_by_day", "_by_item", "_changed", "_loads", "_new_loads", "_positions")

    def __init__(self, positions: Mapping[Key, Position], loads: Mapping[Load, int]) -> None:
        self._positions = positions
        self._loads = loads
        self._changed: Layers[Key, Position] = Layers()
        self._new_loads: Layers[Load, int] = Layers()
        self._by_day: dict[tuple[str, date], list[str]] = {}  # made when it is asked for
        self._by_item: dict[str, tuple[str, ...]] = {}
        for item, node in positions:
            self._by_item[item] = (*self._by_item.get(item, ()), node)

    def position(self, item: str, node: str) -> Position | None:
        """The position as it stands now, None where the node has never had the item."""
        key = (item, node)
        return self._changed.get(key) or self._positions.get(key)

    def nodes_of(self, item: str) -> tuple[str, ...]:
        """Nodes that have a position of the item."""
        return self._by_item.get(item, ())

    def load(self, node: str, day: date, resource: str = SHIPPING) -> int:
        """Units that the node is to ship, or to begin to work on, on this day."""
        key = (node, resource, day)
        changed = self._new_loads.get(key)
        return self._loads.get(key, 0) if changed is None else changed

    def loads_on(self, node: str, day: date) -> dict[str, int]:
        """Units that the node is to ship or to begin to work on, on this day, by resource; of those that have any."""
        if not self._by_day and self._loads:
            for at, what, on in self._loads:
                self._by_day.setdefault((at, on), []).append(what)
        resources = {*self._by_day.get((node, day), ())}
        resources |= {what for at, what, on in self._new_loads.merged() if (at, on) == (node, day)}
        found = {resource: self.load(node, day, resource) for resource in sorted(resources)}
        return {resource: units for resource, units in found.items() if units}

    def post(self, entries: Iterable[Entry]) -> Stock:
        """The stock after these entries; raises Oversold when one cannot be."""
        positions: dict[Key, Position] = {}
        loads: dict[Load, int] = {}
        for entry in entries:
            key = (entry.item, entry.node)
            if entry.resource == SHIPPING:
                positions[key] = _applied(positions.get(key) or self.position(*key), entry)
            if entry.ship_on is not None and entry.kind in ("reserve", "release"):
                load = (entry.node, entry.resource, entry.ship_on)
                more = entry.quantity if entry.kind == "reserve" else -entry.quantity
                loads[load] = loads.get(load, self.load(entry.node, entry.ship_on, entry.resource)) + more
        return self._after(positions, loads)

    def _after(self, positions: Mapping[Key, Position], loads: Mapping[Load, int]) -> Stock:
        after = Stock.__new__(Stock)
        after._positions, after._loads, after._by_item = self._positions, self._loads, self._by_item
        after._by_day = self._by_day
        for item, node in positions:
            if self.position(item, node) is None:
                after._by_item = {**after._by_item, item: (*after._by_item.get(item, ()), node)}
        after._changed, after._new_loads = self._changed.having(positions), self._new_loads.having(loads)
        return after

    def changes(self) -> tuple[Mapping[Key, Position], Mapping[Load, int]]:
        """Positions and loads that differ from those given at the start."""
        return self._changed.merged(), self._new_loads.merged()


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
