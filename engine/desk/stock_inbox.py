"""Messages about stock from outside: adjustments, receipts, snapshots. Late, repeated and out of order they do no harm."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import BindParameter, Connection, bindparam, select

from orderloom.engine.desk.books import Books
from orderloom.engine.ledger.messages import Adjustment, Count, Moved, SupplyReceipt, adjusted, changed, counted, received
from orderloom.engine.ledger.stock import Entry, Key
from orderloom.engine.refused import Refused
from orderloom.engine.shell.claimants import tell_of_goods_back
from orderloom.engine.store import Store, tables
from orderloom.engine.store.stock_rows import SupplyKey, ever, moved_since, supplies_called

_CHUNK = 500  #: positions a transaction


class Taken(Struct, frozen=True):
    """A message was taken in; not `new` when it changed nothing. `warning` says what somebody should look at."""

    new: bool = True
    warning: str = ""


REPEATED = Taken(new=False)
Verdicts = list[Taken | Refused]


def adjust(store: Store, adjustments: Sequence[Adjustment]) -> Verdicts:
    """Takes adjustments in, in one transaction; a verdict for each, in order."""
    with store.writing() as connection:
        places = {(told.item, told.node) for told in adjustments}
        books = Books(connection, store.shard, places)
        known = _known(connection, store.shard, "adjustment", [told.id for told in adjustments])
        earliest = {place: min(told.at for told in adjustments if (told.item, told.node) == place) for place in places}
        since = moved_since(connection, store.shard, earliest)
        found: Verdicts = [_adjust(books, told, known) for told in adjustments]
        touched = [_place(told) if verdict == Taken() else None for told, verdict in zip(adjustments, found, strict=True)]
        return _closed(books, found, touched, since, max((told.at for told in adjustments), default=None))


def _adjust(books: Books, told: Adjustment, known: set[str]) -> Taken | Refused:
    if told.id in known:
        return REPEATED
    place = _place(told)
    entries = adjusted(books.position(place), told, books.counted.get(place))
    if isinstance(entries, Refused):
        return entries
    known.add(told.id)
    books.post(entries, told.at)
    books.take_in("adjustment", told.id, told.at, told)
    return Taken()


def receive(store: Store, receipts: Sequence[SupplyReceipt]) -> Verdicts:
    """Takes receipts of supplies in, in one transaction; a verdict for each, in order. Nothing is reserved anew by them."""
    with store.writing() as connection:
        called = supplies_called(connection, store.shard, {told.supply for told in receipts})
        keys = [_the_one(told, called.get(told.supply, [])) for told in receipts]
        places = {key[:2] for key in keys if not isinstance(key, Refused)}
        books = Books(connection, store.shard, places)
        known = _known(connection, store.shard, "receipt", [told.id for told in receipts])
        presumed = ever(connection, store.shard, ("presume", "confirm"), places)
        found: Verdicts = []
        for told, key in zip(receipts, keys, strict=True):
            found.append(key if isinstance(key, Refused) else _receive(books, told, key, known, presumed))
        touched = [k[:2] if v == Taken() and not isinstance(k, Refused) else None for k, v in zip(keys, found, strict=True)]
        last = max((told.at for told in receipts), default=None)
        verdicts = _closed(books, found, touched, {}, last)
        came = {key for key, place in zip(keys, touched, strict=True) if place is not None and not isinstance(key, Refused)}
        if last is not None:
            tell_of_goods_back(connection, store.shard, [books.supply(key) for key in sorted(came)], last)
        return verdicts


def _receive(
    books: Books, told: SupplyReceipt, key: SupplyKey, known: set[str], presumed: dict[SupplyKey, int]
) -> Taken | Refused:
    if told.id in known:
        return REPEATED
    position = books.position(key[:2])
    supply = position.supply(key[2]) if position else None
    assert supply is not None, "the supply was found under the lock of its item"
    entries = received(supply, told, presumed.get(key, 0))
    presumed[key] = presumed.get(key, 0) - _units(entries, "confirm")
    known.add(told.id)
    books.post(entries, told.at)
    counted_at = books.counted.get(key[:2])
    if counted_at is not None and told.at < counted_at:
        # That count has found these units already: they are of this supply, and no more than was counted.
        books.post(changed(books.position(key[:2]), *key[:2], supply.stock_class, -_units(entries, "receive")), told.at)
    books.take_in("receipt", told.id, told.at, told)
    return Taken()


def _the_one(told: SupplyReceipt, keys: list[SupplyKey]) -> SupplyKey | Refused:
    wanted = [key for key in keys if told.item in (None, key[0]) and told.node in (None, key[1])]
    if not wanted:
        where = "".join([f" of {told.item}" if told.item else "", f" at {told.node}" if told.node else ""])
        return Refused(f"no supply {told.supply}{where} is expected")
    if len(wanted) > 1:
        return Refused(f"{len(wanted)} supplies are called {told.supply}: give item and node, too")
    return wanted[0]


def count(store: Store, counts: Sequence[Count], as_of: datetime) -> Verdicts:
    """Takes rows of a snapshot in, in one transaction; a verdict for each, in order.

    What was here `as_of` that moment, and what has moved since, is here now. A position that was counted later is left alone.
    """
    with store.writing() as connection:
        places = {_place(told) for told in counts}
        books = Books(connection, store.shard, places)
        since = moved_since(connection, store.shard, dict.fromkeys(places, as_of))
        before = dict(books.counted)
        found: Verdicts = [_count(books, told, as_of, before, since) for told in counts]
        touched = [None if isinstance(verdict, Refused) else _place(told) for told, verdict in zip(counts, found, strict=True)]
        return _closed(books, found, touched, since, as_of)


def _count(books: Books, told: Count, as_of: datetime, before: dict[Key, datetime], since: dict[Key, Moved]) -> Taken | Refused:
    place = _place(told)
    last = before.get(place)
    if last is not None and last > as_of:
        return Refused(f"set aside: a later snapshot, of {last:%Y-%m-%d %H:%M}, has been taken in")
    entries = counted(books.position(place), told, since[place])
    if last == as_of and entries:
        return Refused(f"set aside: another figure of the same moment, {as_of:%Y-%m-%d %H:%M}, has been taken in")
    if books.position(place) is None and not entries:
        return REPEATED
    books.post(entries, as_of)
    books.note_count(place, as_of)
    return Taken(new=bool(entries))


def count_rest(store: Store, nodes: Collection[str], as_of: datetime) -> tuple[int, list[str]]:
    """Whatever else is at these nodes a full snapshot has not found: it is 0. How many positions changed, and the warnings."""
    changed_positions, warnings = 0, list[str]()
    with store.reading() as connection:
        asked = {"shard": store.shard, "nodes": sorted(nodes), "as_of": as_of}
        places = [(item, node) for item, node in connection.execute(_NOT_COUNTED, asked)]
    for start in range(0, len(places), _CHUNK):
        for verdict in count(store, [Count(*place, 0) for place in places[start : start + _CHUNK]], as_of):
            if isinstance(verdict, Taken):
                changed_positions += verdict.new
                warnings += [verdict.warning] if verdict.warning else []
    return changed_positions, warnings


def _closed(
    books: Books, verdicts: Verdicts, touched: list[Key | None], recounted: dict[Key, Moved], at: datetime | None
) -> Verdicts:
    """Freezes what is short, writes everything, and tells of each position with the first message that concerns it.

    A recount ends the quarantine of a position, unless that is of later.
    """
    if at is None:
        return verdicts
    well = {place for place, moved in recounted.items() if not moved.quarantined}
    told = books.settle([place for place in touched if place is not None], well, at)
    books.close()
    found: Verdicts = []
    for verdict, place in zip(verdicts, touched, strict=True):
        warning = told.pop(place, "") if place is not None else ""
        found.append(Taken(verdict.new, warning) if warning and isinstance(verdict, Taken) else verdict)
    return found


def _place(told: Adjustment | Count) -> Key:
    return told.item, told.node


def _units(entries: tuple[Entry, ...], kind: str) -> int:
    return sum(entry.quantity for entry in entries if entry.kind == kind)


def _known(connection: Connection, shard: int, kind: str, keys: Sequence[str]) -> set[str]:
    return set(connection.execute(_KNOWN, {"shard": shard, "kind": kind, "keys": list(keys)}).scalars())


_m, _p = tables.stock_inbox.c, tables.positions.c
_keys: BindParameter[str] = bindparam("keys", expanding=True)
_KNOWN = select(_m.key).where(_m.shard == bindparam("shard"), _m.kind == bindparam("kind"), _m.key.in_(_keys))
_as_of = bindparam("as_of", type_=tables.Moment)
_NOT_COUNTED = (
    select(_p.item, _p.node)
    .where(_p.shard == bindparam("shard"), _p.node.in_(bindparam("nodes", expanding=True)))
    .where(_p.counted_at.is_(None) | (_p.counted_at < _as_of))
    .order_by(_p.item, _p.node)
)
