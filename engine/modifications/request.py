"""What somebody wants changed of an order, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.ledger.stock import Entry
from orderloom.engine.order import Address, Line, Order
from orderloom.engine.plan import Plan

#: What can be changed, with the fields that say how.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "add-line": ("add",),
    "remove-line": ("line",),
    "quantity": ("line", "quantity"),
    "item": ("line", "item", "unit_price"),
    "address": ("ship_to",),
    "method": ("line", "method", "pickup_node"),
    "date": ("line", "want_by"),
    "attributes": ("line", "attributes"),
    "cancel": ("line", "unit", "quantity"),
}


class Part(Struct, frozen=True, omit_defaults=True):
    """One thing to be changed; `what` is one of `FIELDS`, which says what it takes.

    It is of the order, of a `line`, or of a `unit` of work. A `quantity` beside `cancel` gives up so many units of the line.
    Of the address only the fields that `ship_to` has are replaced. A line to `add` has its `components` beside it.
    """

    what: str
    line: str | None = None
    unit: str | None = None
    quantity: int | None = None
    item: str | None = None
    unit_price: Decimal | None = None
    ship_to: Address | None = None
    method: str | None = None
    pickup_node: str | None = None
    want_by: date | None = None
    attributes: dict[str, object] = {}
    add: Line | None = None
    components: tuple[Line, ...] = ()

    @property
    def level(self) -> str:
        """Of what it is: order, line or unit."""
        return "unit" if self.unit else "line" if self.line else "order"

    def asked(self, order: Order) -> str:
        """What the tables of changes call it."""
        if self.what != "quantity":
            return self.what
        before = next((line.quantity for line in order.lines if line.id == self.line), 0)
        return "quantity-up" if (self.quantity or 0) > before else "quantity-down"

    def __str__(self) -> str:
        of = f" of line {self.line}" if self.line else f" of {self.unit}" if self.unit else ""
        new = self.quantity if self.quantity is not None else self.item or self.method or self.want_by or ""
        if self.add is not None:
            new = f"{self.add.quantity} of {self.add.item} at {self.add.unit_price} as line {self.add.id}"
        if self.ship_to is not None:
            new = ", ".join(f"{name} = {value}" for name, value in fields_of(self.ship_to).items())
        if self.what == "attributes":
            new = ", ".join(f"{name} = {value}" for name, value in self.attributes.items())
        return f"{self.what}{of}" + (f" to {new}" if new and self.what != "add-line" else f" {new}" if new else "")


class Promised(Struct, frozen=True, omit_defaults=True):
    """The day on which all of a line arrives, before and after the change; None where there is none."""

    line: str
    before: date | None = None
    after: date | None = None


class Moved(Struct, frozen=True, omit_defaults=True):
    """A field of the address, before and after the change; None where it has no value."""

    name: str
    before: object = None
    after: object = None

    def __str__(self) -> str:
        if self.before == self.after:
            return f"{self.name} {self.after} as before"
        return f"{self.name} {_shown(self.after)} instead of {_shown(self.before)}"


class Difference(Struct, frozen=True, omit_defaults=True):
    """What a change comes to: the order's total, the fee for changing, what fulfilling it costs, and what is promised.

    `undone` are the units of work that are taken back; `approve` is the role that has to agree; `address` has the fields of the
    address that differ, and the coordinates that stay where the place does not.
    """

    total: Decimal
    total_after: Decimal
    cost: Decimal
    cost_after: Decimal
    fee: Decimal = Decimal(0)
    promised: tuple[Promised, ...] = ()
    undone: tuple[str, ...] = ()
    approve: str | None = None
    address: tuple[Moved, ...] = ()

    def __str__(self) -> str:
        """In a sentence."""
        told = [f"total {self.total} to {self.total_after}", f"fulfilment {self.cost_after - self.cost:+.2f}"]
        told += [f"fee {self.fee:.2f}"] if self.fee else []
        told += [f"line {p.line} on {p.after or 'no day'} instead of {p.before or 'no day'}" for p in self.promised]
        told += map(str, self.address)
        told += [f"takes back {', '.join(self.undone)}"] if self.undone else []
        return "; ".join([*told, *([f"{self.approve} has to agree"] if self.approve else [])])


def fields_of(address: Address | None) -> dict[str, object]:
    """What an address says, by the names of its fields."""
    if address is None:
        return {}
    named = {name: getattr(address, name) for name in address.__struct_fields__ if name != "attributes"}
    return {name: value for name, value in {**named, **address.attributes}.items() if value is not None}


def _shown(value: object) -> object:
    return "none" if value is None else value


class Pending(Struct, frozen=True, omit_defaults=True):
    """A change that was previewed, or that somebody has to agree to (`exception`): what it needs is `held` until `expires_at`.

    `plans` are those that it was worked out with.
    """

    id: str
    parts: tuple[Part, ...]
    role: str
    by: str
    difference: Difference
    expires_at: datetime
    plans: tuple[Plan, ...] = ()
    held: tuple[Entry, ...] = ()
    exception: str | None = None
