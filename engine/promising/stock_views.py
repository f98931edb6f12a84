"""How an item stands at its nodes, and what of it a role may see.

What a role does not see is absent from what it gets: without an entry that fits the node there is nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import STOCK_FIELDS, Role, SavedView, StockView, named_supply
from orderloom.engine.ledger.stock import Position
from orderloom.engine.promising.availability import Availability

View = Mapping[str, object]
Seen = dict[str, object]  #: field by its name, snake_case


class Standing(Struct, frozen=True):
    """How an item stands at a node: units by type of supply, units claimed of them, the floor, and the availability.

    `available` is that of the day asked about. `by_day` has today and each later day on which the availability changes. `problem`
    says why nothing is available where it is not for the figures.
    """

    node: str
    supply: Mapping[str, int]
    reserved: int
    floor: int
    available: int
    by_day: tuple[tuple[date, int], ...]
    problem: str = ""


def standing(position: Position | None, found: Availability, today: date, at: date | None = None) -> Standing:
    """How the item stands by what there is and what may be promised of it; asked about a day, nothing later is told."""
    parts = position.parts if position else ()
    quantities: dict[str, int] = {}
    for part in parts:
        name = named_supply(part.type)
        quantities[name] = quantities.get(name, 0) + part.quantity
    changes = {free.usable_on for free in found.free if free.usable_on > today and (at is None or free.usable_on <= at)}
    by_day = tuple((day, found.by(day)) for day in sorted({today, *changes}))
    reserved, available = sum(part.reserved for part in parts), found.by(at or today)
    return Standing(found.node, quantities, reserved, found.floor, available, by_day, found.problem or "")


def everything(standings: Iterable[Standing]) -> tuple[str, ...]:
    """The fields of somebody who sees all."""
    known = [field for field in STOCK_FIELDS if field != "in stock"]
    types = sorted({name for each in standings for name in each.supply} - set(known))
    at = known.index("reserved")
    return (*known[:at], *types, *known[at:])


def share_of(standing: Standing, share: Decimal) -> Standing:
    """How it stands for somebody to whom a share of what is available counts, rounded down."""
    if share == 1:
        return standing

    def lent(units: int) -> int:
        return int((units * share).to_integral_value(ROUND_FLOOR))

    by_day = tuple((day, lent(units)) for day, units in standing.by_day)
    return replace(standing, available=lent(standing.available), by_day=by_day)


def seen(
    standings: Iterable[Standing], role: Role, user: View, nodes: Mapping[str, View], saved: SavedView | None = None
) -> list[Seen]:
    """What the role sees, by the first entry of its view that fits each node; `user` and `nodes` are as expressions see them.

    Nodes of an entry that does not show `node` are added up. A saved view has less of it: some nodes, some fields.
    """
    groups: dict[tuple[int, str], list[Standing]] = {}
    for each in standings:
        context = {"node": nodes[each.node], "user": user}
        index = _entry(role.sees_stock, context)
        if index is not None and (saved is None or saved.nodes is None or saved.nodes(context) is True):
            name = each.node if "node" in role.sees_stock[index].show else ""
            groups.setdefault((index, name), []).append(each)
    shown = [[name for name in entry.show if not (saved and saved.show) or name in saved.show] for entry in role.sees_stock]
    return [projected(_together(groups[key]), shown[key[0]]) for key in sorted(groups)]


def projected(standing: Standing, show: Sequence[str]) -> Seen:
    """These fields of it, and no others."""
    found: Seen = {}
    for field in show:
        read = _FIELDS.get(field)
        found[field.replace(" ", "_")] = read(standing, show) if read else standing.supply.get(field, 0)
    return found


def _entry(entries: Sequence[StockView], context: Mapping[str, object]) -> int | None:
    return next((index for index, entry in enumerate(entries) if entry.nodes(context) is True), None)


def _together(group: Sequence[Standing]) -> Standing:
    """Several nodes as one."""
    if len(group) == 1:
        return group[0]
    supply: dict[str, int] = {}
    for each in group:
        supply |= {name: supply.get(name, 0) + quantity for name, quantity in each.supply.items()}
    days = sorted({day for each in group for day, _ in each.by_day})
    by_day = tuple((day, sum(_on(each, day) for each in group)) for day in days)
    reserved, floor, available = (sum(getattr(each, name) for each in group) for name in ("reserved", "floor", "available"))
    return Standing("", supply, reserved, floor, available, by_day)


def _on(standing: Standing, day: date) -> int:
    return [units for since, units in standing.by_day if since <= day][-1]


def _dates(standing: Standing, show: Sequence[str]) -> list[Seen]:
    """Today and the later days on which what is shown of the availability changes."""
    told: list[tuple[date, Seen]] = []
    for day, units in standing.by_day:
        about: Seen = {"available": units} if "available" in show else {}
        about |= {"in_stock": units > 0} if "in stock" in show else {}
        if not told or told[-1][1] != about:
            told.append((day, about))
    return [{"from": day, **about} for day, about in told]


_FIELDS: Mapping[str, Callable[[Standing, Sequence[str]], object]] = {
    "node": lambda standing, show: standing.node,
    "reserved": lambda standing, show: standing.reserved,
    "floor": lambda standing, show: standing.floor,
    "available": lambda standing, show: standing.available,
    "in stock": lambda standing, show: standing.available > 0,
    "dates": _dates,
}
