"""The order as a change would have it. Pure; what cannot be is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from orderloom.dsl.suggest import with_hint
from orderloom.engine.modifications.request import Part, fields_of
from orderloom.engine.money.shares import resized
from orderloom.engine.order import Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.sourcing.choice import PICKUP

MADE_UP_FOR = ("item", "attributes")  #: what decides which components a line has


def changed_order(order: Order, part: Part) -> Order | Refused:
    """The order after one part of a change; cancelling leaves it as it is, but for its effects."""
    if (unknown := unknown_what(part.what)) is not None:
        return unknown
    if part.line is not None and part.line not in {line.id for line in order.lines}:
        return Refused(f"order {order.id} has no line {part.line}; it has {', '.join(line.id for line in order.lines)}")
    line = line_of(order, part.line) if part.line is not None else None
    if line is not None and line.part_of:
        return Refused(f"{line.id} is a component of line {line.part_of} and stays with it; change line {line.part_of} instead")
    if line is not None and line.bill and part.what in MADE_UP_FOR:
        return Refused(f"line {line.id} is made up of components for what was chosen; remove it, and add what is wanted instead")
    return _CHANGES[part.what](order, part)


def unknown_what(what: str) -> Refused | None:
    """Why nothing of this name can be changed; None where it can."""
    return None if what in _CHANGES else Refused(with_hint(f"unknown kind of change {what}", what, _CHANGES))


def _add_line(order: Order, part: Part) -> Order | Refused:
    if part.add is None:
        return Refused("add-line needs the line: id, item, quantity, unit_price")
    if part.add.quantity < 1:
        return Refused(f"line {part.add.id} must have a quantity of 1 or more")
    if part.add.id in {line.id for line in order.lines}:
        return Refused(f"order {order.id} has a line {part.add.id} already")
    return replace(order, lines=(*order.lines, part.add, *part.components))


def _remove_line(order: Order, part: Part) -> Order | Refused:
    if part.line is None:
        return Refused("remove-line needs the line")
    left = tuple(line for line in order.lines if part.line not in (line.id, line.part_of))
    return replace(order, lines=left) if left else Refused(f"it is the only line; cancel order {order.id} instead")


def _quantity(order: Order, part: Part) -> Order | Refused:
    if part.line is None or part.quantity is None:
        return Refused("quantity needs the line and the quantity")
    if part.quantity < 1:
        return Refused("a line's quantity is 1 or more; remove or cancel the line instead")
    if part.quantity == order.line(part.line).quantity:
        return Refused(f"line {part.line} has a quantity of {part.quantity} already")
    line = resized(order.line(part.line), part.quantity, order.currency)
    changed = replace(order, lines=tuple(line if each.id == line.id else each for each in order.lines))
    for each in order.components(part.line):
        changed = _line(changed, each.id, quantity=part.quantity * each.quantity // order.line(part.line).quantity)
    return changed


def _item(order: Order, part: Part) -> Order | Refused:
    if part.line is None or part.item is None:
        return Refused("item needs the line and the item")
    price = order.line(part.line).unit_price if part.unit_price is None else part.unit_price
    line = order.line(part.line)
    if line.discount > line.quantity * price:
        costs = f"the {line.quantity * price} that {part.item} costs"
        return Refused(f"line {line.id} has a discount of {line.discount}, which is more than {costs}")
    return _line(order, part.line, item=part.item, unit_price=price)


def _address(order: Order, part: Part) -> Order | Refused:
    """The fields that are given replace those that the order has; the others stay."""
    given, before = part.ship_to, order.ship_to
    if given is None:
        return Refused("address needs ship_to")
    if before is None:
        return replace(order, ship_to=given)
    named = {name: getattr(given, name) for name in fields_of(given) if name not in given.attributes}
    return replace(order, ship_to=replace(before, **named, attributes={**before.attributes, **given.attributes}))


def _method(order: Order, part: Part) -> Order | Refused:
    if part.method is None:
        return Refused("method needs the method")
    if part.method == PICKUP and part.pickup_node is None and order.pickup_node is None:
        return Refused(f"order {order.id} has no node where it could be picked up; name it as pickup_node beside the method")
    for line in _meant(order, part):
        order = _line(order, line, method=part.method)
    return replace(order, pickup_node=part.pickup_node) if part.pickup_node is not None else order


def _date(order: Order, part: Part) -> Order | Refused:
    if part.want_by is None:
        return Refused("date needs want_by")
    for line in _meant(order, part):
        order = _line(order, line, want_by=part.want_by)
    return order


def _attributes(order: Order, part: Part) -> Order | Refused:
    if not part.attributes:
        return Refused("attributes needs the fields")
    if part.line is not None:
        return _line(order, part.line, attributes={**order.line(part.line).attributes, **part.attributes})
    return replace(order, attributes={**order.attributes, **part.attributes})


def _cancel(order: Order, part: Part) -> Order | Refused:
    if part.quantity is not None and (part.line is None or part.quantity < 1):
        return Refused("a part of a line is cancelled by the line and a quantity of 1 or more")
    return order


def _line(order: Order, id: str, **fields: object) -> Order:
    return replace(order, lines=tuple(replace(line, **fields) if line.id == id else line for line in order.lines))


def _meant(order: Order, part: Part) -> list[str]:
    """The line with its components, or all lines."""
    return [line.id for line in order.lines if part.line is None or part.line in (line.id, line.part_of)]


def line_of(order: Order, id: str) -> Line | None:
    """The line with this id, where there is one."""
    return next((line for line in order.lines if line.id == id), None)


_CHANGES: Mapping[str, Callable[[Order, Part], Order | Refused]] = {
    "add-line": _add_line,
    "remove-line": _remove_line,
    "quantity": _quantity,
    "item": _item,
    "address": _address,
    "method": _method,
    "date": _date,
    "attributes": _attributes,
    "cancel": _cancel,
}
