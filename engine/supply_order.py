"""Orders of supply: a purchase order to a vendor, a transfer order between own nodes, and whose units they are for."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

PURCHASE, TRANSFER = "purchase", "transfer"

RETURNING = "returning"  #: the supply type of goods that came back and are sent on: promised once they are there
#: The supply type of what is expected by each.
SUPPLY_TYPES = {PURCHASE: "on-order", TRANSFER: "in-transit"}


class Peg(Struct, frozen=True):
    """Units of a supply that are bound to a line of an order."""

    order: str
    line: str
    quantity: int


class SupplyOrder(Struct, frozen=True, omit_defaults=True):
    """Units of an item that the node `source` ships on `ships_on` to the node `node`, received on `due_on`; `id` is its number.

    `price` is that of a unit, 0 for a transfer, which takes `supply` of the source. Pegs never exceed the quantity. `planned` is
    the name of the planned supply that it makes real, `origin` the rule that says so, `approved_by` the role that has to agree,
    None where nobody has. It is `cancelled` where nobody needs it any more, or its source will not bring it.
    It `returns` goods of that order.
    """

    id: str
    kind: Literal["purchase", "transfer"]
    item: str
    source: str
    node: str
    quantity: int
    due_on: date
    made_at: datetime
    planned: str
    origin: str
    price: Decimal = Decimal(0)
    supply: str = ""
    pegs: tuple[Peg, ...] = ()
    approved_by: str | None = None
    cancelled: bool = False
    ships_on: date | None = None
    returns: str = ""

    @property
    def total(self) -> Decimal:
        """What it costs."""
        return self.quantity * self.price

    @property
    def pegged(self) -> int:
        """Units that are bound to lines of orders."""
        return sum(peg.quantity for peg in self.pegs)

    def __str__(self) -> str:
        price = f" at {self.price} = {self.total}" if self.kind == PURCHASE else ""
        what = f"{self.kind} order {self.id}: {self.quantity} x {self.item} from {self.source} to {self.node}{price}"
        return f"{what}, due {self.due_on}, {self.pegged} pegged"


class Approval(Struct, frozen=True):
    """What a role has said to planned supply of an item at a node: units to which it agreed, 0 where it refused."""

    item: str
    node: str
    planned: str
    units: int
