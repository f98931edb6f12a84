"""Divisions."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.program import Program
from orderloom.dsl.syntax import Division
from orderloom.dsl.syntax.division import Nodes


def lowered_division(division: Division, lineage: tuple[str, ...], effective: Program, formulas: Compiled) -> program.Division:
    """The division that goes by this program."""
    nodes = division.nodes
    return program.Division(
        name=division.name.value,
        title=text(division.title, division.name.value),
        lineage=lineage,
        own=_nodes(nodes.own, formulas) if nodes is not None else None,
        without=_nodes(nodes.without, formulas, effective) if nodes is not None else None,
        orders=formula(division.orders, formulas),
        program=effective,
        origin=origin(division.name.span),
    )


def _nodes(written: Nodes, formulas: Compiled, effective: Program | None = None) -> program.NodeSet | None:
    """The nodes; with a program, the name of a pool of its sourcing stands for the nodes of that pool."""
    if not written:
        return None
    if isinstance(written, Located):
        return program.NodeSet(frozenset(), (formulas[written],), origin(written.span))
    pools = [pool for policy in (effective.sourcing.values() if effective is not None else ()) for pool in policy.pools]
    names = {each.value for each in written}
    conditions = tuple(dict.fromkeys(pool.nodes for pool in pools if pool.name in names))
    return program.NodeSet(frozenset(names - {pool.name for pool in pools}), conditions, origin(written[0].span))
