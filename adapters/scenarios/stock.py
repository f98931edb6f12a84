"""What may happen to stock in a scenario: a supply is due on another day, comes, or somebody counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from orderloom.adapters.scenarios.play import Cannot, Play, told
from orderloom.dsl.scenario import Entry
from orderloom.engine.desk.reference_data import put_supplies
from orderloom.engine.desk.stock_inbox import Taken, count, receive
from orderloom.engine.ledger.messages import Count, SupplyReceipt
from orderloom.engine.refused import Refused


def _supply(play: Play, entry: Entry) -> None:
    """Lets a supply be due on another day, or on no day that anybody knows."""
    said = told(entry)
    if missing := [key for key in ("id", "item", "node") if said.get(key) is None]:
        raise Cannot(f"{missing[0]} is missing: a supply is named by id, item and node")
    item, node, name = (str(said.get(key)) for key in ("item", "node", "id"))
    position = play.stage.world({item}).stock.position(item, node)
    supply = position.supply(name) if position else None
    if supply is None:
        raise Cannot(f"there is no supply {name} of {item} at {node}")
    try:
        due_on = None if said.get("due on") is None else date.fromisoformat(str(said.get("due on")))
    except ValueError:
        raise Cannot(f"{said.get('due on')} is no day such as 2026-03-02") from None
    put_supplies(play.stage.store, [replace(supply, due_on=due_on)], play.stage.now)
    play.stage.run()


def _receive(play: Play, entry: Entry) -> None:
    """Lets units of a supply arrive; each time they are others."""
    said = told(entry)
    item, node = (None if said.get(key) is None else str(said.get(key)) for key in ("item", "node"))
    receipt = SupplyReceipt(str(entry.origin), str(said.get("id")), _whole(said, "quantity"), play.stage.now, item, node)
    _taken(play, receive(play.stage.store, [receipt]))


def _count(play: Play, entry: Entry) -> None:
    """Lets somebody count what is on hand of an item at a node."""
    said = told(entry)
    row = Count(str(said.get("item")), str(said.get("node")), _whole(said, "on hand"))
    _taken(play, count(play.stage.store, [row], play.stage.now))


def _taken(play: Play, verdicts: list[Taken | Refused]) -> None:
    [verdict] = verdicts
    play.asked(verdict if isinstance(verdict, Refused) else None)


def _whole(said: Mapping[str, object], name: str) -> int:
    value = said.get(name)
    if isinstance(value, (int, Decimal)) and value >= 0 and value == int(value):
        return int(value)
    raise Cannot(f"{name} must be a whole number, not {value}")


STOCK_COMMANDS: Mapping[str, Callable[[Play, Entry], None]] = {"supply": _supply, "receive": _receive, "count": _count}
