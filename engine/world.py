"""What an order's turn may read besides the order itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from orderloom.dsl.program import Program
from orderloom.engine.catalog import Catalog
from orderloom.engine.ledger.stock import Key, Stock
from orderloom.engine.plan import Plan


class World(Struct, frozen=True):
    """The program that the order runs on, reference data, and the inventory as it stands.

    `opportunity_costs` are those of a unit by item and node (see `ahead`); what is not in it is worth nothing elsewhere.
    `alerts` are those raised, by item and node; the node is empty where an item's nodes are watched together (see `monitors`).
    `recorded` has the plans of a turn that is worked on again; None where they are to be made.
    """

    program: Program
    catalog: Catalog
    stock: Stock
    opportunity_costs: Mapping[Key, Decimal] = field(default_factory=dict)
    alerts: Mapping[Key, Sequence[str]] = field(default_factory=dict)
    recorded: Sequence[Plan] | None = None

    def of(self, division: str | None) -> World:
        """The world with the rules of a division."""
        program = self.program.of(division) if self.program.divisions else self.program
        return self if program is self.program else replace(self, program=program)
