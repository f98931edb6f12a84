"""A site: a node that could serve an order."""

from __future__ import annotations

from msgspec import Struct

from orderloom.engine.plan import Candidate
from orderloom.engine.promising.lanes import Lane
from orderloom.engine.sourcing.routes import Route
from orderloom.engine.sourcing.shares import Share


class Site(Struct, frozen=True, eq=False, gc=False):
    """A node in the first pool that takes it, its routes, its share for each line (None: nothing), why it gives no more."""

    node: str
    lane: Lane
    pool: str
    routes: tuple[Route, ...]
    shares: tuple[Share | None, ...]
    refusals: tuple[Candidate, ...]
