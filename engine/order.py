"""The order as it was captured: one commercial commitment, immutable; what becomes of it is the business of `state`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

URGENT = 9  #: the highest priority; the lowest is as far below 0


class Address(Struct, frozen=True, omit_defaults=True):
    """Where to deliver; latitude and longitude in degrees."""

    name: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    zip: str | None = None
    country: str | None = None
    lat: Decimal | None = None
    lon: Decimal | None = None
    attributes: dict[str, object] = {}


class Customer(Struct, frozen=True, omit_defaults=True):
    """Who ordered; `attributes` has the workspace's own fields. `language` is that of what we write, such as `en`."""

    id: str
    name: str | None = None
    email: str | None = None
    attributes: dict[str, object] = {}
    phone: str | None = None
    language: str | None = None


class Line(Struct, frozen=True, omit_defaults=True):
    """A requested item: whole units of the item's unit of measure, price of one unit in the order's currency.

    `discount`, `shipping` and `tax` are those of the whole line, with its shares of what the order has (see `money.shared`).

    It is wanted not before `want_from`. `services` names the work that is to be done to each unit before it ships. A line
    of method `service` begins when the lines of `after` are done; without any the services' own rules say which. `bill` names
    the bill by which it is made up of components; these are lines that are `part_of` it, and may leave `apart` from each other.
    """

    id: str
    item: str
    quantity: int
    unit_price: Decimal
    method: str = "ship"
    want_by: date | None = None
    attributes: dict[str, object] = {}
    want_from: date | None = None
    services: tuple[str, ...] = ()
    bill: str | None = None
    part_of: str | None = None
    apart: bool = False
    after: tuple[str, ...] = ()
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)


class Tender(Struct, frozen=True, omit_defaults=True):
    """What was paid, or is to be paid, in one way: a card, a gift card, cash; `reference` is the payment's number there."""

    tender: str
    amount: Decimal
    reference: str | None = None


class Chosen(Struct, frozen=True, omit_defaults=True):
    """The promise option that the customer took before the order was placed: all of it delivered by that day, at that price.

    Sourcing keeps the day whatever the policy says of late days; `price` is in the order's currency, None where none was asked.
    """

    deliver_by: date
    price: Decimal | None = None
    option: str | None = None


class Order(Struct, frozen=True, omit_defaults=True):
    """One order; `placed_at` is aware, in UTC. `external_id` is the channel's own number of it.

    Its lines share `discount` and `shipping`; `payments` are the tenders by which it is paid, none where that is not told.
    `traceparent` is the trace in which the channel captured it, as in `trace`. Where orders wait for a worker, those of a higher
    `priority` (-9 to 9) go first, and those of a lower one are not forgotten.
    """

    id: str
    channel: str
    placed_at: datetime
    customer: Customer
    lines: tuple[Line, ...]
    currency: str
    division: str | None = None
    document_type: str = "sales"
    external_id: str | None = None
    ship_to: Address | None = None
    selling_node: str | None = None
    pickup_node: str | None = None
    promise: Chosen | None = None
    attributes: dict[str, object] = {}
    traceparent: str | None = None
    priority: int = 0
    discount: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    payments: tuple[Tender, ...] = ()

    def same_as(self, other: Order) -> bool:
        """Whether it asks for the same, whatever trace either came in."""
        return self == other or replace(self, traceparent=other.traceparent) == other

    @property
    def queue(self) -> str:
        """The orders with which it takes turns: those of its priority and division."""
        return f"{self.priority}/{self.division or ''}"

    @property
    def quantity(self) -> int:
        """Units of all lines as the customer ordered them."""
        return sum(line.quantity for line in self.lines if line.part_of is None)

    @property
    def sourced_lines(self) -> tuple[Line, ...]:
        """The lines that want a source: components in place of what is made up of them."""
        return tuple([line for line in self.lines if line.bill is None])

    @property
    def total(self) -> Decimal:
        """What it costs: its lines, which have their shares of its discount and of its shipping."""
        lines = (line.quantity * line.unit_price - line.discount + line.shipping + line.tax for line in self.lines)
        return sum(lines, Decimal(0))

    def components(self, line_id: str) -> tuple[Line, ...]:
        """The lines of which a line is made up; none of one that is itself sourced."""
        return tuple(line for line in self.lines if line.part_of == line_id)

    def sets(self, line: Line, units: Callable[[Line], int]) -> int:
        """Units of a line where there are so many of a line that is sourced: of one that is made up, its whole sets."""
        if line.bill is None:
            return units(line)
        return min(units(part) * line.quantity // part.quantity for part in self.lines if part.part_of == line.id)

    def line(self, line_id: str) -> Line:
        """The line with this id; it must exist."""
        return next(line for line in self.lines if line.id == line_id)
