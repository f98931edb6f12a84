"""Order records, the canonical JSON of an order; see `Order`. A version of the language may be named, `"orderloom": 1`."""

from __future__ import annotations

from decimal import Decimal

from orderloom.adapters.imports.fields import MOST, Fields
from orderloom.adapters.imports.known import Known
from orderloom.dsl.feel.types import STRING, ListType
from orderloom.dsl.suggest import hint_for
from orderloom.engine.bills import made_up
from orderloom.engine.divisions import undeclared
from orderloom.engine.methods import no_method
from orderloom.engine.money.shares import shared
from orderloom.engine.order import URGENT, Address, Chosen, Customer, Line, Order, Tender
from orderloom.engine.trace import is_traceparent
from orderloom.engine.unit import SERVICE

VERSION = 1
PICKUP, SHIP = "pickup", "ship"


def order_of(row: Fields, known: Known) -> Order:
    """The order of a record; of use only when the record has no problems."""
    _check_version(row)
    division = _division(row, known)
    known = known.of(division)
    pickup_node = known.node_or_none(row, "pickup_node")
    lines = tuple(line_of(part, known, PICKUP if pickup_node else SHIP) for part in row.parts("lines", "line"))
    order = Order(
        id=row.needed("id"),
        channel=row.needed("channel"),
        placed_at=row.moment("placed_at", known.zone),
        customer=_customer(row, known),
        lines=lines,
        currency=row.text("currency") or known.currency,
        division=division,
        priority=_priority(row),
        discount=_amount(row, "discount"),
        shipping=_amount(row, "shipping"),
        payments=_payments(row),
        document_type=row.text("document_type") or "sales",
        external_id=row.id("external_id"),
        ship_to=address_of(row, known),
        selling_node=known.node_or_none(row, "selling_node"),
        pickup_node=pickup_node,
        promise=_promise(row),
        attributes=row.attributes(known.attributes.get("order")),
        traceparent=row.text("traceparent"),
    )
    row.done("")
    order = shared(_made_up(row, order, known))
    _check(row, order, known)
    return order


def _made_up(row: Fields, order: Order, known: Known) -> Order:
    """The order with the components of what is made up of them."""
    made, problems = made_up(order, known.bills, known.attributes.get("line"))
    for problem in problems:
        row.problem(problem)
    for line in made.lines:
        if line.part_of is not None and line.item not in known.items:
            row.problem(f"unknown item {line.item}, a component of line {line.part_of}")
    return made


def _check_version(row: Fields) -> None:
    version = row.raw("orderloom")
    if version is not None and version != VERSION:
        row.problem(f"written for version {version} of the language; this program reads version {VERSION}")


def _check(row: Fields, order: Order, known: Known) -> None:
    ids = [line.id for line in order.lines]
    methods = {line.method for line in order.lines}
    for twice in sorted({id for id in ids if ids.count(id) > 1}):
        row.problem(f"two lines have the id {twice}")
    for line in order.lines:
        for unknown in [name for name in line.after if name not in ids or name == line.id]:
            row.problem(f"line {line.id} cannot follow {unknown}; the order's other lines are {', '.join(set(ids) - {line.id})}")
        if line.after and line.method != SERVICE:
            row.problem(f"line {line.id} is no service, and only services follow other lines")
    if order.promise is not None and order.promise.deliver_by < order.placed_at.date():
        row.problem(f"promise.deliver_by {order.promise.deliver_by} is before the day on which the order was placed")
    if order.discount and order.total < order.shipping:
        row.problem(f"discount {order.discount} is more than the lines cost")
    if order.payments and (paid := sum(each.amount for each in order.payments)) > order.total:
        row.problem(f"payments come to {paid}, the order to {order.total}")
    if "/" in order.id:
        row.problem(f"an order's id must not contain /, as {order.id} does")
    if order.currency != known.currency:
        row.problem(f"the order is in {order.currency}, the workspace in {known.currency}")
    if order.traceparent is not None and not is_traceparent(order.traceparent):
        row.problem("traceparent must be that of a W3C trace context, 00-<32 hex digits>-<16 hex digits>-<2 hex digits>")
    if SHIP in methods and order.ship_to is None:
        row.problem("a line is to be shipped and the order has no address, ship_to")
    if PICKUP in methods and order.pickup_node is None:
        row.problem("a line is to be picked up and the order has no pickup_node")


def _division(row: Fields, known: Known) -> str | None:
    found = row.text("division")
    problem = undeclared(found, known.program) if known.program is not None else ""
    if problem:
        row.problem(problem)
    return found


def _priority(row: Fields) -> int:
    found = row.amount("priority") or Decimal(0)
    if found % 1 or abs(found) > URGENT:
        row.problem(f"priority must be a whole number from -{URGENT} to {URGENT}, not {found}")
    return int(found)


def _customer(row: Fields, known: Known) -> Customer:
    part = row.part("customer")
    if part is None:
        row.problem("customer is missing")
        return Customer("")
    own = part.attributes(known.attributes.get("customer"))
    customer = Customer(
        id=part.needed("id"),
        name=part.text("name"),
        email=part.text("email"),
        attributes=own,
        phone=part.text("phone"),
        language=part.text("language"),
    )
    part.done("customer")
    return customer


def address_of(row: Fields, known: Known) -> Address | None:
    """The address `ship_to` of a record; None where nothing of it is told."""
    part = row.part("ship_to")
    if part is None:
        return None
    address = Address(
        name=part.text("name"),
        street=part.text("street"),
        city=part.text("city"),
        region=part.text("region"),
        zip=part.text("zip"),
        country=part.text("country"),
        lat=part.degrees("lat", 90),
        lon=part.degrees("lon", 180),
        attributes=part.attributes(known.attributes.get("ship_to")),
    )
    part.done("ship_to")
    return None if address == Address() else address


def _promise(row: Fields) -> Chosen | None:
    """The promise option that was taken."""
    part = row.part("promise")
    if part is None:
        return None
    deliver_by, price = part.day("deliver_by", needed=True), part.amount("price")
    if price is not None and price < 0:
        part.problem("price is negative")
    chosen = Chosen(deliver_by, price, part.text("option")) if deliver_by else None
    part.done("promise")
    return chosen


def line_of(part: Fields, known: Known, method: str) -> Line:
    """A line of an order; by `method` where it names none."""
    line = Line(
        id=part.needed("id"),
        item=known.item(part, "item"),
        quantity=part.count("quantity", least=1, needed=True),
        unit_price=price_of(part, "unit_price", needed=True) or Decimal(0),
        method=_method(part, known) or method,
        want_by=part.day("want_by"),
        want_from=part.day("want_from"),
        services=_services(part, known),
        after=_after(part),
        attributes=part.attributes(known.attributes.get("line")),
        discount=_amount(part, "discount"),
        tax=_amount(part, "tax"),
    )
    if line.discount and line.discount > line.quantity * line.unit_price:
        part.problem(f"discount {line.discount} is more than the {line.quantity * line.unit_price} that the line costs")
    if line.want_by and line.want_from and line.want_by < line.want_from:
        part.problem(f"want_by {line.want_by} is before want_from {line.want_from}")
    part.done("lines")
    return line


def _method(part: Fields, known: Known) -> str | None:
    found = part.text("method")
    if found is not None and (problem := no_method(found, known.methods)):
        part.problem(problem)
    return found


def price_of(part: Fields, name: str, needed: bool = False) -> Decimal | None:
    """A price that can be asked."""
    found = part.amount(name, needed)
    if found is not None and found < 0:
        part.problem(f"{name} is negative")
    if found is not None and found > MOST:
        part.problem(f"{name} is {found}; more than {MOST:,} cannot be taken")
    return found


def _amount(part: Fields, name: str) -> Decimal:
    return price_of(part, name) or Decimal(0)


def _payments(row: Fields) -> tuple[Tender, ...]:
    """How the order is paid, each tender once."""
    found: list[Tender] = []
    for part in row.parts("payments", "payment") if row.raw("payments") else []:
        tender = Tender(part.needed("tender"), price_of(part, "amount", needed=True) or Decimal(0), part.text("reference"))
        if any(each.tender == tender.tender for each in found):
            part.problem(f"{tender.tender} pays twice; give one amount for it")
        found.append(tender)
        part.done("payments")
    return tuple(found)


def _after(part: Fields) -> tuple[str, ...]:
    """The lines that a service follows."""
    named = part.value("after", ListType(STRING))
    return tuple(dict.fromkeys(str(line) for line in named)) if isinstance(named, list) else ()


def _services(part: Fields, known: Known) -> tuple[str, ...]:
    """The work that is asked for; a name that no promising rule has is a problem, so that nothing is left undone unnoticed."""
    asked = part.value("services", ListType(STRING))
    names = tuple(dict.fromkeys(str(name) for name in asked)) if isinstance(asked, list) else ()
    for name in names:
        if name not in known.work:
            hint = hint_for(name, known.work)
            part.problem(f"unknown service {name}" + (f"; {hint}" if hint else ""))
    return names
