"""The built-in fields of what expressions can speak of, and which of it each place in a definition sees.

Types are FEEL type texts; an entity's name is a type. The engine's views have exactly these fields, snake_case, the same as
in JSON and in the database; the user's `attributes` add to order, line, item, node, position, customer and ship_to.
"""

from __future__ import annotations

from collections.abc import Mapping

ENTITIES: Mapping[str, Mapping[str, str]] = {
    "customer": dict.fromkeys(("id", "name", "email", "phone", "language"), "string"),
    "ship_to": {
        "name": "string",
        "street": "string",
        "city": "string",
        "region": "string",
        "zip": "string",
        "country": "string",
        "lat": "number",
        "lon": "number",
    },
    "item": {"id": "string", "title": "string", "weight": "number", "alerts": "list<string>"},
    "node": {
        "id": "string",
        "type": "string",
        "title": "string",
        "region": "string",
        "lat": "number",
        "lon": "number",
        "cutoff": "time",
        "calendar": "string",
    },
    "user": dict.fromkeys(("name", "role", "organization", "node", "customer"), "string"),
    "queued": dict.fromkeys(("id", "type", "role", "subject", "cause", "claimed_by"), "string")
    | {"priority": "number", "opened_at": "date and time", "due_at": "date and time"},
    "position": {
        "item": "string",
        "node": "string",
        "on_hand": "number",
        "safety_stock": "number",
        "alerts": "list<string>",
    },
    "request": {
        "id": "string",
        "reason": "string",
        "condition": "string",
        "way": "string",
        "quantity": "number",
        "serials": "list<string>",
        "asked_on": "date",
        "delivered_on": "date",
        "days": "number",
        "exchange": "string",
    },
    "disposition": {"next": "string", "node": "string", "stock_class": "string", "code": "string"},
    "supply": {"type": "string", "stock_class": "string", "due_on": "date"},
    "line": {
        "id": "string",
        "item": "item",
        "quantity": "number",
        "unit_price": "number",
        "discount": "number",
        "shipping": "number",
        "tax": "number",
        "method": "string",
        "want_by": "date",
        "want_from": "date",
        "services": "list<string>",
        "part_of": "string",
        "status": "string",
        "shipped_quantity": "number",
        "delivered_quantity": "number",
        "cancelled_quantity": "number",
        "returned_quantity": "number",
    },
    "asked_line": {
        "id": "string",
        "item": "string",
        "quantity": "number",
        "unit_price": "number",
        "method": "string",
        "want_by": "date",
        "want_from": "date",
        "services": "list<string>",
    },
    "order": {
        "id": "string",
        "channel": "string",
        "division": "string",
        "priority": "number",
        "document_type": "string",
        "placed_at": "date and time",
        "status": "string",
        "currency": "string",
        "customer": "customer",
        "ship_to": "ship_to",
        "selling_node": "string",
        "pickup_node": "string",
        "lines": "list<line>",
        "quantity": "number",
        "discount": "number",
        "shipping": "number",
        "total": "number",
        "shipped_quantity": "number",
        "delivered_quantity": "number",
        "cancelled_quantity": "number",
        "returned_quantity": "number",
    },
    "past": {"orders": "number", "spent": "number", "items": "list<string>", "interests": "list<string>"},
    "unit_line": {"line": "string", "item": "item", "quantity": "number"},
    "unit": {
        "id": "string",
        "type": "string",
        "method": "string",
        "node": "node",
        "service": "string",
        "supply": "string",
        "quantity": "number",
        "lines": "list<unit_line>",
        "release_at": "date and time",
        "ship_on": "date",
        "deliver_on": "date",
        "slot": "string",
        "after": "list<string>",
        "followers": "list<string>",
        "status": "string",
        "for_line": "string",
        "serial": "string",
    },
    "shipment_line": {"line": "string", "item": "item", "quantity": "number", "days_late": "number"},
    "shipment": {
        "quantity": "number",
        "weight": "number",
        "lines": "list<shipment_line>",
        "ship_on": "date",
        "deliver_on": "date",
        "days_late": "number",
    },
}

#: Entities to which a document of kind `attributes` may add fields.
EXTENSIBLE = ("order", "line", "item", "node", "position", "customer", "ship_to")

_ALWAYS = {"now": "date and time", "today": "date"}
_ORDER = _ALWAYS | {"order": "order"}
_LANE = _ORDER | {"node": "node", "lane": "lane"}
_LINE = _LANE | {"line": "line", "item": "item", "position": "position"}
_ASKED = _LINE | {"method": "string"}  # `method` is what the line asks for

_APPEASEMENT = (
    _ORDER
    | {"line": "line", "item": "item", "reason": "string", "condition": "string"}
    | dict.fromkeys(("quantity", "price", "refund"), "number")
)
_RETURN = _ORDER | {
    "line": "line", "item": "item", "node": "node", "nodes": "list<node>", "position": "position", "request": "request",
}  # fmt: skip

_FIGURES = {"available": "number", "on_hand": "number", "velocity": "number", "cover": "number"}

_OFFER = _ORDER | {"basis": "item", "line": "line", "past": "past"}  # what an offer goes with, and what the customer did before

#: The names that an expression sees, by the place in which it stands; `lane` has the fields that a promising document names.
SCOPES: Mapping[str, Mapping[str, str]] = {
    "process of an order": _ORDER,
    "process of a unit": _ORDER | {"unit": "unit", "node": "node"},
    "process of a return": _ORDER
    | {"unit": "unit", "node": "node", "line": "line", "item": "item"}
    | {"request": "request", "disposition": "disposition"},
    "policy of returns": _ORDER,
    "return": _RETURN,
    "disposition": _RETURN | {"unit": "unit"},
    "event of the order": _ORDER,
    "event of a line": _ORDER | {"line": "line", "item": "item"},
    "event of a unit": _ORDER | {"unit": "unit", "node": "node"},
    "event of a node": _ORDER | {"node": "node"},
    "event of a participant": _ORDER | {"participant": "string"},
    "division": _ORDER,
    "decision": _ORDER | {"unit": "unit", "node": "node"},
    "change": _ORDER
    | {"line": "line", "item": "item", "unit": "unit", "node": "node"}
    | dict.fromkeys(("what", "level", "status", "role"), "string"),
    "hold of an order": _ORDER,
    "hold of a line": _ORDER | {"line": "line", "item": "item"},
    "exception": _ORDER | {"unit": "unit", "node": "node"},
    "node": {"node": "node"},
    "stock view": {"node": "node", "user": "user"},
    "order view": _ORDER | {"user": "user"},
    "unit view": _ORDER | {"unit": "unit", "node": "node", "user": "user"},
    "exception view": _ORDER | {"exception": "queued", "user": "user"},
    "pool": _LANE,
    "exclusion": _ASKED,
    "limits": _ORDER,
    "group of lines": _ORDER | {"line": "line", "item": "item"},
    "cost of a shipment": _LANE | {"service": "string", "shipment": "shipment"},
    "cost of a unit": _LINE
    | {"service": "string", "left": "number", "load": "number", "days_late": "number", "opportunity_cost": "number"}
    | {"purchase_price": "number"},
    "cost of an extra shipment": _ORDER,
    "cost of a cancelled unit": _ORDER | {"line": "line", "item": "item"},
    "floor": _ASKED,
    "trust": _ASKED | {"supply": "supply"},
    "stock class": _ASKED,
    "bill": {"line": "asked_line"},
    "appeasement": _APPEASEMENT,
    "cost of an appeasement": _APPEASEMENT | {"amount": "number"},
    "fee": _ORDER | {"line": "line", "item": "item"},
    "capacity": _LANE,
    "replenishment": _ALWAYS | {"item": "item", "node": "node", "position": "position"},
    "monitor of an item": _ALWAYS | {"item": "item"} | _FIGURES,
    "monitor of a position": _ALWAYS | {"item": "item", "node": "node", "position": "position"} | _FIGURES,
    "monitor of an order": _ORDER | {"promised_on": "date"},
    "monitor of a line": _ORDER | {"promised_on": "date", "line": "line", "item": "item"},
    "monitor of a unit": _ORDER | {"promised_on": "date", "unit": "unit", "node": "node"},
    "monitor of events": _ORDER | {"line": "line", "item": "item", "unit": "unit", "node": "node"},
    "offer": _OFFER,
    "offered item": _OFFER | {"item": "item"} | _FIGURES,
    "notification": _ORDER | {"line": "line", "item": "item", "unit": "unit", "node": "node"},
    "lead days": _LANE,
    "promise option": _ORDER
    | {"cost": "number", "days": "number", "deliver_on": "date", "shipments": "number", "ways": "list<string>"},
    "lane": _LANE,
    "booked service": _ORDER | {"line": "line", "item": "item"},
    "service": _LANE | {"shipment": "shipment"},
}
