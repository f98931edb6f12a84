"""The laws of an order's history: it is whole, nobody has changed it, and it tells the state that the order is in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from orderloom.engine import wire
from orderloom.engine.audit.finding import Finding, Repair
from orderloom.engine.audit.known import RESTORE, Known
from orderloom.engine.store.chain import FIRST, Cells, link

Row = Mapping[Any, Any]  #: values by column

EVENTS = "the history has every event"
CHAIN = "the history is as it was written"
TELLS = "the history tells the state"
READABLE = "a state can be read"

_EVENT = ("order_id", "sequence", "at", "kind", "event", "notes", "cause", "change")
_RECORD = ("number", "at", "kind", "subject", "chosen", "origin", "body")
_ENTRY = ("number", "at", "kind", "item", "node", "supply", "quantity", "line", "ship_on", "resource")
_MESSAGE = ("key", "organization", "role", "message", "body", "at")


def of_history(found: Known) -> Iterator[Finding]:
    """Findings of the history; the first row that does not fit is named."""
    rows = found.rows["history"]
    gap = next((n for n, row in enumerate(rows, 1) if row["sequence"] != n), None)
    if gap is not None or len(rows) != found.row["version"]:
        missing = (
            f"event {gap or len(rows) + 1} is missing" if (gap or 0) <= found.row["version"] else f"event {gap} is there twice"
        )
        because = f"{missing}: {len(rows)} events, the order counts {found.row['version']}"
        yield _finding(found, EVENTS, because, str(gap or len(rows) + 1))
    broken = first_broken(found.rows.tables, found.row["chain"])
    if broken is not None:
        because = f"event {broken} does not fit its link: it, or what its turn wrote, or what stood before it, was changed"
        yield _finding(found, CHAIN, because, str(broken))
    if found.state is not None and found.told is not None and wire.dump_state(found.state) != wire.dump_state(found.told):
        yield _tells(found, broken is None, _differing(found))
    elif found.unreadable:
        certain = found.told is not None and broken is None
        todo, repair = (RESTORED, _restored(found)) if certain else (RESTORE, None)
        yield Finding(READABLE, found.id, found.unreadable, "orders", found.id, todo, found.id, repair)


def first_broken(tables: Mapping[str, Sequence[Row]], last: str) -> int | None:
    """The sequence of the first event whose link is not that of what stands there; None where all are, up to the last one."""
    records, entries, messages = (_by_turn(tables.get(name, ())) for name in ("records", "ledger", "outbox"))
    chain = FIRST
    sequence = 0
    for row in tables.get("history", ()):
        sequence = row["sequence"]
        turn = records.get(sequence, ()), entries.get(sequence, ()), messages.get(sequence, ())
        chain = link(chain, _cells(row, _EVENT), *(_all(rows, names) for rows, names in zip(turn, _OF_TURN, strict=True)))
        if chain != row["chain"]:
            return int(sequence)
    return None if chain == last else sequence + 1


_OF_TURN = (_RECORD, _ENTRY, _MESSAGE)


def _by_turn(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["sequence"], []).append(row)
    return found


def _all(rows: Iterable[Row], names: tuple[str, ...]) -> list[Cells]:
    return [_cells(row, names) for row in rows]


def _cells(row: Row, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple([row[name] for name in names])


# --- what the history tells ------------------------------------------------------------------------------------------

RESTORED = "the repair writes the state as the history tells it"


def _tells(found: Known, whole: bool, differing: str) -> Finding:
    because = f"by it {differing} would be otherwise"
    todo = RESTORED if whole else "somebody has changed the history, too: restore the order from a backup"
    return Finding(TELLS, found.id, because, "orders", found.id, todo, found.id, _restored(found) if whole else None)


def _differing(found: Known) -> str:
    names = [name for name in type(found.state).__struct_fields__ if getattr(found.state, name) != getattr(found.told, name)]  # type: ignore[union-attr]
    return ", ".join(names) or "the order of its entries"


def _restored(found: Known) -> Repair:
    assert found.told is not None
    row, text = found.row, wire.dump_state(found.told)
    return Repair("orders", {"id": found.id}, {"state": row["state"], "version": row["version"]}, {"state": text})


def _finding(found: Known, law: str, because: str, key: str) -> Finding:
    todo = "restore the row from a backup or an archive; what the order does next does not depend on it"
    return Finding(law, found.id, because, "history", key, todo, found.id)
