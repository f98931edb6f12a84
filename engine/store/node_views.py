"""One node of the store, as expressions see it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.catalog import Node
from orderloom.engine.store import tables
from orderloom.engine.store.store import Store
from orderloom.engine.views import View, node_view


def nodes_in(store: Store, program: Program) -> Callable[[str], View | None]:
    """What finds a node of the store by its id; None for one that there is not."""

    def found(node: str) -> View | None:
        n = tables.nodes.c
        with store.reading() as connection:
            body = connection.execute(select(n.body).where(n.shard == store.shard, n.id == node)).scalar_one_or_none()
        return node_view(wire.load(body, Node), program.attributes) if body is not None else None

    return found
