"""Divisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin

if TYPE_CHECKING:
    from orderloom.dsl.program.whole import Program


class NodeSet(Struct, frozen=True):
    """Nodes by id, by a condition on `node`, or by the conditions of pools."""

    ids: frozenset[str]
    when: tuple[Formula, ...]
    origin: Origin

    def has(self, node: str, context: Mapping[str, object]) -> bool:
        """Whether the node is one of them; `context` is what conditions may read."""
        return node in self.ids or any(when(context) is True for when in self.when)


class Division(Struct, frozen=True):
    """A part of the company with rules of its own.

    `program` has every rule as it is for this division; what it does not set is the very value of the one above it. `lineage` has
    its name and those above it, nearest first. `orders`: those that belong to it without saying so.
    """

    name: str
    title: str
    lineage: tuple[str, ...]
    own: NodeSet | None
    without: NodeSet | None
    orders: Formula | None
    program: Program
    origin: Origin

    def owns(self, node: Mapping[str, object]) -> bool:
        """Whether a node, as expressions see it, is its own."""
        return self.own is not None and self.own.has(str(node["id"]), {"node": node})
