"""An appeasement: compensation that a customer accepted instead of a return."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

#: `asked` until a worker has come to it, `waiting` for somebody to agree, then granted, rejected, or void where it came too late.
ASKED, WAITING, GRANTED, REJECTED, VOID = "asked", "waiting", "granted", "rejected", "void"
COUNTS = (ASKED, WAITING, GRANTED)  #: what limits count
SAVED, RETURNED = "saved", "returned"


class Appeasement(Struct, frozen=True, omit_defaults=True):
    """What was accepted for the units of a line from `first` on; `number` counts those of the customer from 1.

    `amount` is what it is worth to the customer, `cost` what it costs us, `return_cost` what a return was expected to cost.
    `approve` is the role that has to agree, by `exception`. `returned_at` is when any of the units came back all the same.
    """

    id: str
    number: int
    policy: str
    offer: str
    kind: str
    line: str
    first: int
    quantity: int
    reason: str
    amount: Decimal
    cost: Decimal
    return_cost: Decimal
    at: datetime
    role: str
    by: str = ""
    condition: str = ""
    approve: str | None = None
    exception: str | None = None
    status: str = ASKED
    decided_by: str = ""
    because: str = ""
    returned_at: datetime | None = None

    @property
    def saving(self) -> Decimal:
        """What it saves against the return, as was expected when it was accepted."""
        return self.return_cost - self.cost

    @property
    def outcome(self) -> str:
        """Whether the return was saved, as far as is known; else how it stands."""
        return self.status if self.status != GRANTED else SAVED if self.returned_at is None else RETURNED

    def concerns(self, line: str, first: int, quantity: int) -> bool:
        """Whether it is about any of these units."""
        return self.line == line and self.first < first + quantity and first < self.first + self.quantity


class Earlier(Struct, frozen=True):
    """What counts of an appeasement of the customer, whatever order it was of."""

    order: str
    line: str
    at: datetime
    amount: Decimal
