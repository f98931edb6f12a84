"""Works on every event of an order again, and compares what comes of it with what came of it then.

The core is given the state before the event, the version on which the order ran, the plans as they were recorded, and stock that
allows the entries of then. Items, nodes and alerts are those of today: what an expression reads of them may differ. What orders
supply, or hears that it slips, is decided by all of the stock of then, which nobody has kept: such events are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from sqlalchemy import RowMapping

from orderloom.engine import wire
from orderloom.engine.advance import advance
from orderloom.engine.audit.finding import Finding
from orderloom.engine.audit.known import UNREADABLE
from orderloom.engine.audit.rows import OrderRows, pages
from orderloom.engine.change import applied, state_of
from orderloom.engine.effects import Record
from orderloom.engine.events import SupplyMoved
from orderloom.engine.items import items_of
from orderloom.engine.ledger.stock import ON_HAND, Key, Position, Stock, Supply
from orderloom.engine.plan import Plan
from orderloom.engine.shell.batch import version_for
from orderloom.engine.shell.programs import Programs, UnknownProgram
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store
from orderloom.engine.words import in_words
from orderloom.engine.world import World

ENOUGH = 10**9  #: units, so that whatever was done then can be done

LAW = "the definitions give the state again"


class Tally(Struct):
    """Events that were worked on again, and those that were left out."""

    again: int = 0
    left_out: int = 0


def worked_again(store: Store, programs: Programs, tally: Tally, after: str = "") -> Iterator[Finding]:
    """Every order the state of which its events do not give again, with the first event of which that is so."""
    shelf = Shelf(store.shard)
    for page in pages(store, after):
        for rows in page:
            yield from _order(store, programs, shelf, rows, tally)


def _order(store: Store, programs: Programs, shelf: Shelf, rows: OrderRows, tally: Tally) -> Iterator[Finding]:
    fields, before = None, None
    try:
        for row in rows["history"]:
            fields = applied(fields, row["sequence"], row["event"], row["change"])
            then = state_of(fields) if fields else None
            if then is not None and (before is not None or row["sequence"] == 1):
                differing = _differing(store, programs, shelf, rows, row, before, then, tally)
                if differing:
                    yield _finding(rows.id, row["sequence"], differing)
                    return
            before = then
    except UNREADABLE:
        return  # of which the audit tells


def _differing(
    store: Store, programs: Programs, shelf: Shelf, rows: OrderRows, row: RowMapping,
    before: OrderState | None, then: OrderState, tally: Tally,
) -> str:  # fmt: skip
    """What comes of an event otherwise; empty where nothing does, or where that cannot be told."""
    event = wire.load_event(row["event"])
    supply_before = (before.supply_orders, before.proposed) if before else ((), ())
    if isinstance(event, SupplyMoved) or (then.supply_orders, then.proposed) != supply_before:
        tally.left_out += 1
        return ""
    items = items_of(before, event) | items_of(then)
    try:
        with store.reading() as connection:
            program = programs.get(connection, version_for(event, before) or then.program)
            shelf.refresh(connection, items)
    except UnknownProgram as unknown:
        return str(unknown)
    stock = _stock(each for each in rows["ledger"] if each["sequence"] == row["sequence"])
    world = World(program, shelf.catalog(program, items), stock, recorded=_plans(rows, row["sequence"]))
    tally.again += 1
    try:
        state = advance(world, before, event).state
    except Exception as fault:
        return in_words(fault)
    return ", ".join(name for name in OrderState.__struct_fields__ if getattr(state, name) != getattr(then, name))


def _plans(rows: OrderRows, sequence: int) -> list[Plan]:
    records = (wire.load(each["body"], Record) for each in rows["records"] if each["sequence"] == sequence)
    return [record.plan for record in records if record.plan is not None]


def _stock(entries: Iterable[RowMapping]) -> Stock:
    """Stock that allows these entries: as many units as anybody could want, but for those that had to be presumed to be here."""
    moved: dict[Key, dict[str, dict[str, int]]] = {}
    for entry in entries:
        kinds = moved.setdefault((entry["item"], entry["node"]), {}).setdefault(entry["supply"], {})
        kinds[entry["kind"]] = kinds.get(entry["kind"], 0) + entry["quantity"]
    positions = {
        (item, node): Position(item, node, supplies=tuple(_supply(item, node, id, kinds) for id, kinds in supplies.items() if id))
        for (item, node), supplies in moved.items()
    }
    return Stock(positions, {})


def _supply(item: str, node: str, id: str, kinds: dict[str, int]) -> Supply:
    presumed = kinds.get("presume", 0)
    if presumed:
        return Supply(id, item, node, "on-order", ENOUGH, reserved=ENOUGH // 2, received=kinds.get("ship", 0) - presumed)
    return Supply(id, item, node, ON_HAND, ENOUGH, reserved=ENOUGH // 2)


def _finding(order: str, sequence: int, differing: str) -> Finding:
    because = f"event {sequence} would come to something else today: {differing}"
    todo = "look whether items, nodes or alerts were otherwise then (`orderloom orders explain`); where not, report it"
    return Finding(LAW, order, because, "history", str(sequence), todo, order)
