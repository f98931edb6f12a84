"""Borders: a division's own stock, and what it may have of the stock of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Division, Origin, Program, Promising
from orderloom.engine.promising.availability import Availability, Free
from orderloom.engine.world import World

ONE = Decimal(1)


class Border(Struct, frozen=True, gc=False):
    """How a division stands to a node: by which rules its stock is promised, and which share of that; `because`: why none is."""

    rules: Promising
    trust: Decimal = ONE
    owner: str = ""
    because: str = ""
    origin: Origin | None = None

    def lent(self, found: Availability) -> Availability:
        """What of the owner's availability there is on this side."""
        if self.because:
            return replace(found, free=(), problem=self.because)
        if self.trust == ONE:
            return found
        free = tuple(_shares(found.free, self.trust))
        units = sum(each.quantity for each in free)
        told = f"{units} of {found.total} that {self.owner} may promise" if found.total else f"at {self.owner}: {found.why}"
        return replace(found, free=free, problem=told)


def border(world: World, node: str, promising: Promising, context: Mapping[str, object]) -> Border | None:
    """How whose rules the world has stands to a node; None where nothing stands between.

    Without an order, and for no division, whoever asks sees every node as its owner does.
    """
    program = world.program
    if not program.divisions:
        return None
    seen = {**context, "node": world.catalog.node_views[node]}
    owner = _owner(program, seen)
    mine = program.division.lineage if program.division is not None else ()
    if owner is None or owner.name in mine:
        return _given_up(program, promising, node, seen)
    theirs = owner.program.promising.get(promising.name, promising)
    if not mine and context.get("order") is None:
        return Border(theirs, owner=owner.name)
    return Border(theirs, owner=owner.name, because=f"it is {owner.name}'s, which grants nothing of it", origin=owner.origin)


def _owner(program: Program, context: Mapping[str, object]) -> Division | None:
    node = context["node"]
    assert isinstance(node, Mapping), "a node as expressions see it"
    return next((each for each in program.divisions.values() if each.owns(node)), None)


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
