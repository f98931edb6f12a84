"""The contexts that expressions see: plain mappings with exactly the fields of `dsl.entities`, plus the user's attributes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from orderloom.dsl.feel.types import DATE, DATE_TIME, Type
from orderloom.engine.bringing import lines_of, statuses
from orderloom.engine.catalog import Catalog, Item, Node
from orderloom.engine.ledger.stock import Position
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.state import OrderState
from orderloom.engine.unit import Unit

Attributes = Mapping[str, Mapping[str, Type]]
View = dict[str, object]

NO_ALERTS: list[str] = []  #: of almost everything, so it is one list


def item_view(item: Item, attributes: Attributes) -> View:
    """The context of an item."""
    return {"id": item.id, "title": item.title, "weight": item.weight, "alerts": NO_ALERTS} | own_fields(
        item.attributes, attributes.get("item")
    )


def node_view(node: Node, attributes: Attributes) -> View:
    """The context of a node."""
    return {
        "id": node.id,
        "type": node.type,
        "title": node.title,
        "region": node.region,
        "lat": node.lat,
        "lon": node.lon,
        "cutoff": node.cutoff,
        "calendar": node.calendar,
    } | own_fields(node.attributes, attributes.get("node"))


def catalog(items: Mapping[str, Item], nodes: Mapping[str, Node], attributes: Attributes) -> Catalog:
    """The reference data with the contexts of all of it."""
    return Catalog(
        items,
        nodes,
        {key: item_view(item, attributes) for key, item in items.items()},
        {key: node_view(node, attributes) for key, node in nodes.items()},
    )


def position_view(position: Position, attributes: Attributes, alerts: Sequence[str] = NO_ALERTS) -> View:
    """The context of an item's position at a node, of which these alerts are raised."""
    return {
        "item": position.item,
        "node": position.node,
        "on_hand": position.on_hand,
        "safety_stock": position.safety_stock,
        "alerts": alerts,
    } | own_fields(position.attributes, attributes.get("position"))


def order_view(order: Order, items: Catalog, attributes: Attributes, state: OrderState | None = None) -> View:
    """The context of an order; without a state nothing of it is delivered or cancelled yet."""
    lines = [line_view(line, items, attributes, state) for line in order.lines]
    return heading_view(order, attributes) | {
        "status": state.status if state else "captured",
        "lines": lines,
        "shipped_quantity": sum(_number(line["shipped_quantity"]) for line in lines if line["part_of"] is None),
        "delivered_quantity": sum(_number(line["delivered_quantity"]) for line in lines if line["part_of"] is None),
        "cancelled_quantity": sum(_number(line["cancelled_quantity"]) for line in lines if line["part_of"] is None),
        "returned_quantity": sum(_number(line["returned_quantity"]) for line in lines if line["part_of"] is None),
    }


def heading_view(order: Order, attributes: Attributes) -> View:
    """What an order says of itself, its lines apart: it stays while nobody changes the order, whatever becomes of it."""
    return {
        "id": order.id,
        "channel": order.channel,
        "division": order.division,
        "priority": order.priority,
        "document_type": order.document_type,
        "placed_at": order.placed_at,
        "currency": order.currency,
        "customer": _customer_view(order.customer, attributes),
        "ship_to": _address_view(order.ship_to, attributes),
        "selling_node": order.selling_node,
        "pickup_node": order.pickup_node,
        "quantity": order.quantity,
        "discount": order.discount,
        "shipping": order.shipping,
        "total": order.total,
    } | own_fields(order.attributes, attributes.get("order"))


def unit_view(unit: Unit, items: Catalog, state: OrderState | None = None) -> View:
    """The context of a unit of work; without a state nothing follows it."""
    own = {part.line for part in unit.lines}
    following = [part.line for each in state.units.values() if own & set(each.after) for part in each.lines] if state else []
    has = lines_of(state, unit) if state else [(part.line, part.item, part.quantity) for part in unit.lines]
    lines = [{"line": line, "item": items.item_views.get(item), "quantity": quantity} for line, item, quantity in has]
    return {
        "id": unit.id,
        "type": unit.type,
        "method": unit.method,
        "node": items.node_views.get(unit.node),
        "service": unit.service,
        "supply": unit.supply,
        "quantity": sum(quantity for _, _, quantity in has),
        "lines": lines,
        "release_at": unit.release_at,
        "ship_on": unit.ship_on,
        "deliver_on": unit.deliver_on,
        "slot": unit.slot,
        "after": list(unit.after),
        "followers": list(dict.fromkeys(following)),
        "status": unit.status,
        "for_line": unit.for_line,
        "serial": unit.serial,
    }


def line_view(line: Line, items: Catalog, attributes: Attributes, state: OrderState | None) -> View:
    """The context of a line."""
    return {
        "id": line.id,
        "item": items.item_views.get(line.item),
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "shipping": line.shipping,
        "tax": line.tax,
        "method": line.method,
        "want_by": line.want_by,
        "want_from": line.want_from,
        "services": list(line.services),
        "part_of": line.part_of,
        "status": line_status(line, state) if state else "captured",
        "shipped_quantity": shipped(line, state) if state else 0,
        "delivered_quantity": delivered(line, state) if state else 0,
        "cancelled_quantity": cancelled(line, state) if state else 0,
        "returned_quantity": returned(line, state) if state else 0,
    } | own_fields(line.attributes, attributes.get("line"))


def _customer_view(customer: Customer, attributes: Attributes) -> View:
    own = own_fields(customer.attributes, attributes.get("customer"))
    known = {"id": customer.id, "name": customer.name, "email": customer.email}
    return known | {"phone": customer.phone, "language": customer.language} | own


def _address_view(address: Address | None, attributes: Attributes) -> View | None:
    if address is None:
        return None
    return {
        "name": address.name,
        "street": address.street,
        "city": address.city,
        "region": address.region,
        "zip": address.zip,
        "country": address.country,
        "lat": address.lat,
        "lon": address.lon,
    } | own_fields(address.attributes, attributes.get("ship_to"))


def shipped(line: Line, state: OrderState) -> int:
    """Units of the line in units of work that left a node."""
    return _units(line, state, [unit for unit in state.units.values() if unit.shipped])


def delivered(line: Line, state: OrderState) -> int:
    """Units of the line in units of work that left a node and were not lost."""
    return _units(line, state, [unit for unit in state.units.values() if unit.arrived])


def _units(line: Line, state: OrderState, units: Iterable[Unit]) -> int:
    """Units of the line that these units of work have."""
    parts = [part for unit in units for part in unit.lines]
    return state.order.sets(line, lambda line: sum(part.quantity for part in parts if part.line == line.id))


def returned(line: Line, state: OrderState) -> int:
    """Units of the line that came back."""
    return sum(each.received or 0 for each in state.returns.values() if each.request.line == line.id)


def cancelled(line: Line, state: OrderState) -> int:
    """Units of the line that were given up; of one that is made up, those for which a component was."""
    return line.quantity - state.order.sets(line, lambda line: line.quantity - state.cancelled.get(line.id, 0))


def line_status(line: Line, state: OrderState) -> str:
    """The status of the line's units of work where they agree, all of them joined where they do not (see `bringing`)."""
    if cancelled(line, state) == line.quantity:
        return "cancelled"
    return (
        ", ".join(statuses(state, {part.id for part in state.order.lines if line.id in (part.id, part.part_of)})) or state.status
    )


def own_fields(values: Mapping[str, object], types: Mapping[str, Type] | None) -> View:
    """The user's own fields, every declared one present, in the types that FEEL knows."""
    return {name: typed(values.get(name), kind) for name, kind in (types or {}).items()}


def typed(value: object, kind: Type) -> object:
    """A value as JSON has it, as the value of its FEEL type: dates and moments from text, decimals from floats."""
    if isinstance(value, str) and kind == DATE:
        return date.fromisoformat(value)
    if isinstance(value, str) and kind == DATE_TIME:
        return datetime.fromisoformat(value)
    return Decimal(repr(value)) if isinstance(value, float) else value


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
