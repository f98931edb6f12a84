"""What must be seen of an exception, and of its order, to ask for it: else what is counted tells what is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from orderloom.dsl.program import Program, Role
from orderloom.dsl.rights import EXCEPTION_FIELDS, ORDER_FIELDS
from orderloom.engine.refused import Refused

Path = tuple[str, ...]

_QUANTITIES = ("lines", "status")
#: What a role must see to ask by a field of an order; a field that is not here is shown to no role.
_OF_ORDER: Mapping[str, tuple[str, ...]] = {
    "status": ("status",), "channel": ("channel",), "placed_at": ("placed at",), "currency": ("total",), "total": ("total",),
    "discount": ("total", "prices"), "shipping": ("total", "prices"), "customer": ("customer",), "ship_to": ("ship to",),
    "selling_node": ("nodes",), "pickup_node": ("nodes",), "quantity": ("lines",), "shipped_quantity": _QUANTITIES,
    "delivered_quantity": _QUANTITIES, "cancelled_quantity": _QUANTITIES, "returned_quantity": _QUANTITIES,
}  # fmt: skip
_FREE = ("id",)  #: is always shown


class Needs(Struct, frozen=True):
    """Fields by the names that roles show them under."""

    exception: frozenset[str] = frozenset()
    order: frozenset[str] = frozenset()


NOTHING = Needs()


def needs_of(program: Program, role: Role, paths: Iterable[Path]) -> Needs | Refused:
    """What a role must see to ask by these paths; refused where it never sees it."""
    exception: set[str] = set()
    order: set[str] = set()
    for path in sorted(paths):
        field = path[1] if len(path) > 1 else ""
        if path[0] == "exception" and field not in _FREE:
            exception.add(field.replace("_", " "))
        if path[0] == "order" and field not in _FREE:
            if field not in _OF_ORDER:
                return Refused(f"{role.name} cannot ask by {'.'.join(path)}, which no role is shown; by {', '.join(_OF_ORDER)}")
            order.update(_OF_ORDER[field])
    if "status" in order and any(role.name in each.roles for each in program.status_maps.values()):
        return Refused(f"{role.name} cannot ask by order.status, which it sees in the words of a status map alone")
    shown = {field for entry in role.sees_orders for field in entry.show}
    told = {field for entry in role.sees_exceptions for field in entry.show or EXCEPTION_FIELDS}
    missing = [each for each in ORDER_FIELDS if each in order - shown]
    if missing:
        return _unseen(role, "orders", missing)
    unknown = sorted(exception - told)
    return _unseen(role, "exceptions", unknown) if unknown else Needs(frozenset(exception), frozenset(order))


def _unseen(role: Role, of: str, fields: list[str]) -> Refused:
    names = ", ".join(fields)
    return Refused(
        f"{role.name} does not see {names} of {of}, and cannot ask by it; `show: [{names}]` in its `sees {of}` would allow it"
    )
