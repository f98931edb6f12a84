"""The books of some positions, open within a transaction: messages are entered one after the other, then all is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from orderloom.engine import wire
from orderloom.engine.ledger.messages import missing
from orderloom.engine.ledger.stock import Entry, Key, Position, Stock, Supply
from orderloom.engine.shell.claimants import claimants
from orderloom.engine.shell.writes import Writes
from orderloom.engine.store.statements import COUNTED, POST, TAKE_IN, Row, run
from orderloom.engine.store.stock_rows import SupplyKey, count_change, lock_items, positions_at

NAMED = 10  #: orders that a warning names


class Books:
    """Positions of items at nodes, locked. `counted` has when those were counted last that ever were."""

    def __init__(self, connection: Connection, shard: int, places: Collection[Key]) -> None:
        self._connection, self._shard = connection, shard
        lock_items(connection, shard, {item for item, _ in places})
        positions, self.counted = positions_at(connection, shard, places)
        self._before = self._stock = Stock(positions, {})
        self._entries: list[Row] = []
        self._messages: list[Row] = []
        self._counts: dict[Key, datetime] = {}
        self._number = count_change(connection, shard, "imports")

    def position(self, place: Key) -> Position | None:
        """The position as it stands now."""
        return self._stock.position(*place)

    def supply(self, key: SupplyKey) -> Supply | None:
        """The supply as it stands now."""
        position = self.position(key[:2])
        return position.supply(key[2]) if position else None

    def post(self, entries: Iterable[Entry], at: datetime) -> None:
        """Enters what happened at a moment; raises Oversold when it cannot be."""
        entries = tuple(entries)
        self._stock = self._stock.post(entries)
        for entry in entries:
            number = (self._shard, "", self._number, len(self._entries), wire.moment_text(at))
            what = (entry.kind, entry.item, entry.node, entry.supply, entry.quantity, entry.line, None, entry.resource)
            self._entries.append((*number, *what))

    def take_in(self, kind: str, key: str, at: datetime, body: object) -> None:
        """Keeps a message, so that its repetition is known."""
        self._messages.append((self._shard, kind, key, wire.moment_text(at), wire.dump(body)))

    def note_count(self, place: Key, at: datetime) -> None:
        """Keeps the moment at which a position was counted."""
        self._counts[place] = self.counted[place] = at

    def settle(self, touched: Iterable[Key], recounted: Collection[Key], at: datetime) -> dict[Key, str]:
        """Freezes positions where more is reserved than is here; those recounted that are not short promise again.

        What to tell of each that is short.
        """
        positions = [position for place in sorted(set(touched)) if (position := self.position(place))]
        short = [position for position in positions if missing(position)]
        well = [p for p in positions if p.quarantined and not missing(p) and (p.item, p.node) in recounted]
        entries = [Entry("quarantine", p.item, p.node) for p in short if not p.quarantined]
        self.post([*entries, *(Entry("recount", p.item, p.node) for p in well)], at)
        keys = [(s.item, s.node, s.id) for p in short for s in p.supplies if s.missing]
        orders = claimants(self._connection, self._shard, keys)
        return {(p.item, p.node): _in_words(p, [orders[k] for k in keys if k[:2] == (p.item, p.node)]) for p in short}

    def close(self) -> None:
        """Writes everything."""
        writes = Writes(self._shard)
        writes.rows[POST] += self._entries
        writes.add_stock(self._before, self._stock)
        writes.write(self._connection)
        run(self._connection, TAKE_IN, self._messages)
        run(self._connection, COUNTED, [(wire.moment_text(at), self._shard, *place) for place, at in self._counts.items()])


def _in_words(position: Position, claims: Sequence[dict[str, int]]) -> str:
    units: dict[str, int] = {}
    for orders in claims:
        units |= {order: units.get(order, 0) + quantity for order, quantity in orders.items()}
    named = ", ".join(f"{order} ({quantity})" for order, quantity in sorted(units.items())[:NAMED])
    others = f" and {len(units) - NAMED} more orders" if len(units) > NAMED else ""
    stands = f"{missing(position)} of {sum(units.values())} reserved units of {position.item} are not at {position.node}"
    return f"{stands}, where it is in quarantine until a recount; reserved for {named}{others}"
