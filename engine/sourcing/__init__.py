"""Sourcing: from where an order's demand is served. `plan` is the one way in; `singles` asks what a single unit would cost."""

from orderloom.engine.sourcing.demand import Demand
from orderloom.engine.sourcing.planner import plan
from orderloom.engine.sourcing.singles import Singles, singles

__all__ = ["Demand", "Singles", "plan", "singles"]
