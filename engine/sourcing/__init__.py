"""Sourcing: from where an order's demand is served. `plan` is the one way in."""

from orderloom.engine.sourcing.demand import Demand
from orderloom.engine.sourcing.planner import plan

__all__ = ["Demand", "plan"]
