"""What somebody wants to give back of an order, and what has become of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

RETURNED = "returned"  #: the stock class of what came back, until it is decided what becomes of it


class Exchange(Struct, frozen=True, omit_defaults=True):
    """Other goods instead: the same item at its price unless said; in `advance` they leave before the first ones are back."""

    item: str | None = None
    quantity: int | None = None
    unit_price: Decimal | None = None
    advance: bool = False


class ReturnRequest(Struct, frozen=True, omit_defaults=True):
    """So many units of a line are to come back to a node, by one of the policy's ways; `currency` is that of the refund.

    `reference` is the number that whoever asks has for it: one that comes again is not asked again.
    """

    line: str
    quantity: int = 1
    reason: str = ""
    node: str | None = None
    way: str | None = None
    condition: str | None = None
    serials: tuple[str, ...] = ()
    exchange: Exchange | None = None
    currency: str | None = None
    reference: str | None = None

    def __str__(self) -> str:
        because = f", {self.reason}" if self.reason else ""
        return f"{self.quantity} of line {self.line}{because}"


class Piece(Struct, frozen=True):
    """Units of a line that follow each other, from the unit `first` on."""

    first: int
    count: int


class Goods(Struct, frozen=True, omit_defaults=True):
    """An item that came back, and what becomes of it: `next`, at which node, in which stock class, by which order of supply.

    `code` is that of X12 1292, where there is one.
    """

    line: str
    item: str
    quantity: int
    next: str = ""
    node: str = ""
    stock_class: str = RETURNED
    code: str = ""
    origin: str = ""
    transfer: str = ""


class Return(Struct, frozen=True, omit_defaults=True):
    """A return of the order, by the id of its unit of work: what was asked, under which policy, and how far it has come.

    `pieces` are the very units of the line. `received` of them came back, in this `condition`. `credit` is what was given for
    them, less `fees`; `credited` says that it was. An exchange has its own line of the order. Of a `blind` one nobody knows the
    sale.
    """

    request: ReturnRequest
    policy: str
    way: str
    node: str
    at: datetime
    delivered_on: date | None
    pieces: tuple[Piece, ...]
    by: str = ""
    condition: str | None = None
    received: int | None = None
    credit: Decimal = Decimal(0)
    fees: dict[str, Decimal] = {}
    credited: bool = False
    exchange_line: str = ""
    goods: tuple[Goods, ...] = ()
    sent: bool = False
    there: bool = False
    blind: bool = False
