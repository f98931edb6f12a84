"""A case: one order's sourcing, and the ways from nodes to it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from orderloom.dsl.program import Sourcing
from orderloom.engine.promising.borders import Border
from orderloom.engine.promising.lanes import Lane
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.sourcing.rates import Rates
from orderloom.engine.sourcing.routes import Route
from orderloom.engine.world import World


class Case(Struct, frozen=True, eq=False, gc=False):
    """One order's sourcing: the policy (its formulas remember), its rates, the demand, the world, the moment."""

    policy: Sourcing
    rates: Rates
    demand: Demand
    wants: tuple[Want, ...]
    world: World
    at: datetime
    base: dict[str, object]


class Way(Struct, frozen=True, eq=False, gc=False):
    """The lane from a node, the first pool that takes it, which has its turn and its name, its routes, what stands between."""

    lane: Lane
    turn: int
    pool: str
    routes: tuple[Route, ...]
    border: Border | None
