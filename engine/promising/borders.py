"""Borders: a division's own stock, and what it may have of the stock of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Origin, Program, Promising
from orderloom.dsl.rights import US
from orderloom.engine.access.grants import ALL, has_borders, owner, trusted
from orderloom.engine.promising.availability import Availability, Free
from orderloom.engine.world import World


class Border(Struct, frozen=True, gc=False):
    """How a division stands to a node: by which rules its stock is promised, and which share of that; `because`: why none is."""

    rules: Promising
    trust: Decimal = ALL
    owner: str = ""
    because: str = ""
    origin: Origin | None = None

    def lent(self, found: Availability) -> Availability:
        """What of the owner's availability there is on this side."""
        if self.because:
            return replace(found, free=(), problem=self.because)
        if self.trust == ALL:
            return found
        free = tuple(_shares(found.free, self.trust))
        units = sum(each.quantity for each in free)
        told = f"{units} of {found.total} that {self.owner} may promise" if found.total else f"{self.owner} has {found.why}"
        return replace(found, free=free, problem=told)


def border(world: World, node: str, promising: Promising, context: Mapping[str, object]) -> Border | None:
    """How those whose rules the world has stand to a node; None where nothing stands between.

    Of the stock of others there is what a relation grants. Whoever asks without an order, and for no division, sees the nodes of
    every division as that division does.
    """
    program = world.program
    if not has_borders(program):
        return None
    seen = world.catalog.node_views[node]
    mine = program.division.name if program.division is not None else US
    of, trust = owner(program, seen), trusted(program, mine, seen)
    if of == US or (program.division is not None and of in program.division.lineage):
        return _given_up(program, promising, node, {**context, "node": seen})
    division = program.divisions.get(of)
    rules = division.program.promising.get(promising.name, promising) if division is not None else promising
    if trust is None and division is not None and mine == US and context.get("order") is None:
        trust = ALL
    if trust is None:
        origin = division.origin if division is not None else program.organizations[of].origin
        return Border(rules, owner=of, because=f"it is {of}'s, which grants nothing of it", origin=origin)
    return Border(rules, trust, of)


def _given_up(program: Program, promising: Promising, node: str, context: Mapping[str, object]) -> Border | None:
    """The border to a node that a division inherits and goes without, or one above it that it inherits from."""
    for name in program.division.lineage if program.division is not None else ():
        division = program.divisions[name]
        if division.own is not None and division.own.has(node, context):
            return None
        if division.without is not None and division.without.has(node, context):
            return Border(promising, because=f"{name} goes without it", origin=division.without.origin)
    return None


def _shares(free: tuple[Free, ...], trust: Decimal) -> Iterator[Free]:
    """The share of all that there is by each day, rounded down."""
    so_far, given = 0, 0
    for each in free:
        so_far += each.quantity
        units = int((so_far * trust).to_integral_value(ROUND_FLOOR)) - given
        given += units
        if units:
            yield replace(each, quantity=units)
