"""What an order's turn may read besides the order itself."""

from __future__ import annotations

from dataclasses import dataclass

from orderloom.dsl.program import Program
from orderloom.engine.catalog import Catalog
from orderloom.engine.stock import Stock


@dataclass(frozen=True, slots=True)
class World:
    """The program that the order runs on, reference data, and the inventory as it stands."""

    program: Program
    catalog: Catalog
    stock: Stock
