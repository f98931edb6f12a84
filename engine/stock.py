"""The inventory ledger as a value: positions of supply with what is reserved of it, and entries that change them.

A `Stock` is immutable. `post` gives a new one that shares what did not change, so one order's turn can be undone by
forgetting its stock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.engine.layers import Layers

ON_HAND = "on-hand"


class Supply(Struct, frozen=True, omit_defaults=True):
    """A dated quantity at a node, of one supply type and stock class; `due_on` is None for what is on hand.

    0 <= reserved <= quantity holds at every commit.
    """

    id: str
    item: str
    node: str
    type: str
    quantity: int
    due_on: date | None = None
    reserved: int = 0
    stock_class: str = "good"

    @property
    def unreserved(self) -> int:
        """Units that nobody has claimed."""
        return self.quantity - self.reserved


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
        """Units on hand, reserved ones included."""
        return sum(supply.quantity for supply in self.supplies if supply.type == ON_HAND)


EntryKind = Literal["reserve", "release", "ship", "quarantine"]


class Entry(Struct, frozen=True, omit_defaults=True):
    """One entry of the ledger, made by an order's line. `ship_on` books the node's load of that day.

    reserve: claims `quantity` of a supply, until `expires_at` when that is set (soft), else for good (hard).
    release: gives a claim back. ship: takes claimed units out. quarantine: freezes the position.
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


class Oversold(Exception):
    """An entry would claim or take more than there is: a fault of the program, never of a user."""


Key = tuple[str, str]
Load = tuple[str, date]


class Stock:
    """Positions by item and node, and each node's load in units by day of shipping."""

    __slots__ = ("_by_item", "_changed", "_loads", "_new_loads", "_positions")

    def __init__(self, positions: Mapping[Key, Position], loads: Mapping[Load, int]) -> None:
        self._positions = positions
        self._loads = loads
        self._changed: Layers[Key, Position] = Layers()
        self._new_loads: Layers[Load, int] = Layers()
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

    def load(self, node: str, day: date) -> int:
        """Units that the node is to ship on this day."""
        key = (node, day)
        changed = self._new_loads.get(key)
        return self._loads.get(key, 0) if changed is None else changed

    def post(self, entries: Iterable[Entry]) -> Stock:
        """The stock after these entries; raises Oversold when one cannot be."""
        positions: dict[Key, Position] = {}
        loads: dict[Load, int] = {}
        for entry in entries:
            key = (entry.item, entry.node)
            position = positions.get(key) or self.position(*key)
            if position is None:
                raise Oversold(f"no position of {entry.item} at {entry.node}")
            positions[key] = _applied(position, entry)
            if entry.ship_on is not None and entry.kind in ("reserve", "release"):
                day = (entry.node, entry.ship_on)
                more = entry.quantity if entry.kind == "reserve" else -entry.quantity
                loads[day] = loads.get(day, self.load(*day)) + more
        return self._after(positions, loads)

    def _after(self, positions: Mapping[Key, Position], loads: Mapping[Load, int]) -> Stock:
        after = Stock.__new__(Stock)
        after._positions, after._loads, after._by_item = self._positions, self._loads, self._by_item
        after._changed, after._new_loads = self._changed.having(positions), self._new_loads.having(loads)
        return after

    def changes(self) -> tuple[Mapping[Key, Position], Mapping[Load, int]]:
        """Positions and loads that differ from those given at the start."""
        return self._changed.merged(), self._new_loads.merged()


def _applied(position: Position, entry: Entry) -> Position:
    if entry.kind == "quarantine":
        return replace(position, quarantined=True)
    supplies = tuple(_claimed(supply, entry) if supply.id == entry.supply else supply for supply in position.supplies)
    return replace(position, supplies=supplies)


def _claimed(supply: Supply, entry: Entry) -> Supply:
    quantity, reserved = supply.quantity, supply.reserved
    if entry.kind == "reserve":
        reserved += entry.quantity
    else:
        reserved -= entry.quantity
        quantity -= entry.quantity if entry.kind == "ship" else 0
    if not 0 <= reserved <= quantity:
        raise Oversold(f"{entry.kind} {entry.quantity} of {supply.item} at {supply.node}: {supply.unreserved} unreserved")
    return replace(supply, quantity=quantity, reserved=reserved)
