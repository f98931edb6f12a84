"""What an order's turn may read besides the order itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from orderloom.dsl.program import Program
from orderloom.engine.catalog import Catalog
from orderloom.engine.ledger.stock import Key, Stock


@dataclass(frozen=True, slots=True)
class World:
    """The program that the order runs on, reference data, and the inventory as it stands.

    `opportunity_costs` are those of a unit by item and node (see `ahead`); what is not in it is worth nothing elsewhere.
    `alerts` are those raised, by item and node; the node is empty where an item's nodes are watched together (see `monitors`).
    """

    program: Program
    catalog: Catalog
    stock: Stock
    opportunity_costs: Mapping[Key, Decimal] = field(default_factory=dict)
    alerts: Mapping[Key, Sequence[str]] = field(default_factory=dict)
