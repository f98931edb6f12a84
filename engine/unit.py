"""Units of work: what one node does for one order, on one day, by one method."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.plan import PlannedWork

FULFILLMENT, BUILD = "fulfillment", "build"  #: types of units of work, of goods as they are and of what is put together
PURCHASE, TRANSFER = "purchase", "transfer"  #: types of units of work without lines, each for one order of supply
RETURN, REPAIR = "return", "repair"  #: types of units of work for what comes back; they have no lines either
COMING_BACK = (RETURN, REPAIR)
LOST, CANCELLED = "lost", "cancelled"
NOT_THERE = (LOST, CANCELLED)  #: outcomes of units of work whose goods never reached the customer; by every other one they did
SERVICE = "service"  #: the method of lines that ask for one, and the type of their units of work


class UnitLine(Struct, frozen=True, omit_defaults=True):
    """A part of an order line in a unit of work, pegged to one supply of the unit's node, and what is done to it there."""

    line: str
    item: str
    quantity: int
    supply: str
    work: tuple[PlannedWork, ...] = ()


class Unit(Struct, frozen=True, omit_defaults=True):
    """One unit of work. `supply` is the supply type that it waits for, `on-hand` when there is nothing to wait for.

    `release_at` is the moment from which the node may work on it. `shipped` units have left their node's stock, or are services
    that were done; `released` ones gave it back and are cancelled. It begins when the lines of `after` are done; what follows it
    may begin once it has `finished`, though its process goes on. `promised_on` is the delivery that was promised first, however
    often its units were sourced again; `cost` is what its plan said. `outcome` is set when its process has ended, at `ended_at`
    where goods may come back. One that is for a `supply_order` brings what other units of work wait for, and has no lines. One
    that has `gathered` was consolidated. It was `told_of` the orders of supply that will not come, or whose units nobody needs.

    What an event about a line has started is `for_line`, and for one piece of it by its `serial`; it has no lines, because what
    the customer owns is no stock of anybody.
    """

    id: str
    node: str
    method: str
    service: str
    supply: str
    lines: tuple[UnitLine, ...]
    release_at: datetime
    ship_on: date
    deliver_on: date
    type: str = FULFILLMENT
    status: str = "planned"
    parent: str | None = None
    shipped: bool = False
    released: bool = False
    outcome: str | None = None
    promised_on: date | None = None
    cost: Decimal = Decimal(0)
    after: tuple[str, ...] = ()
    finished: bool = False
    supply_order: str = ""
    gathered: bool = False
    told_of: tuple[str, ...] = ()
    ended_at: datetime | None = None
    for_line: str | None = None
    serial: str | None = None

    @property
    def quantity(self) -> int:
        """Units of all its lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def arrived(self) -> bool:
        """Whether its goods are with the customer: they have left, and its process has not ended as lost or cancelled."""
        return self.shipped and self.outcome is not None and self.outcome not in NOT_THERE

    @property
    def slot(self) -> str | None:
        """The slot of a service, as in `10:00-12:00` on the clock of its resource; None for everything else."""
        return self.lines[0].work[0].work if self.type == SERVICE and self.lines else None
