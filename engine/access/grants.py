"""Whose orders and nodes are whose, and what one organization grants another. What no relation grants is denied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from orderloom.dsl.program import Program, Relation
from orderloom.dsl.rights import US

ALL = Decimal(1)

View = Mapping[str, object]


def home(program: Program, name: str | None) -> str:
    """To whom somebody, or an order, of this organization or division belongs: to itself, or to whoever the workspace is of."""
    if name is None or name in program.divisions:
        return name or US
    organization = program.organizations.get(name)
    return name if organization is not None and organization.external else US


def owner(program: Program, node: View) -> str:
    """Whose the stock at a node is; `node` is as expressions see it.

    A division that names it goes before those whose condition it meets, and of these the first one counts; then organizations, of
    which the last one does.
    """
    for name, division in program.divisions.items():
        if division.own is not None and node["id"] in division.own.ids:
            return name
    for name, division in program.divisions.items():
        if division.owns(node):
            return name
    for organization in reversed(list(program.organizations.values())):
        if organization.nodes is not None and organization.nodes({"node": node}) is True:
            return organization.name if organization.external else US
    return US


def trusted(program: Program, viewer: str, node: View) -> Decimal | None:
    """The share of what is available at a node that counts for somebody's orders and eyes; None where none is granted."""
    if not has_borders(program):
        return ALL
    of = owner(program, node)
    if of in _above(program, viewer):  # a division has what those above it have
        return ALL
    shares = [each.trust for each in granted(program, of, viewer, "availability") if _covers(each, node)]
    return max(shares, default=None)


def is_own(program: Program, viewer: str, of: str) -> bool:
    """Whether orders of one are the other's own: the people of whoever the workspace belongs to look after all its divisions."""
    return viewer == of or (viewer == US and of in program.divisions)


def seen_share(program: Program, viewer: str, node: View) -> Decimal | None:
    """The share of what is available at a node that somebody sees; None where he sees none of it."""
    if is_own(program, viewer, of := owner(program, node)):
        return ALL
    above = [program.divisions[name] for name in _above(program, viewer) if name in program.divisions and name != of]
    given_up = any(each.without is not None and each.without.has(str(node["id"]), {"node": node}) for each in above)
    return None if given_up else trusted(program, viewer, node)


def has_borders(program: Program) -> bool:
    """Whether anything belongs to others at all."""
    return bool(program.divisions) or any(each.external for each in program.organizations.values())


def granted(program: Program, granter: str, grantee: str, flow: str) -> Iterator[Relation]:
    """The relations by which the one grants the other a flow. What is granted to those above a division is granted to it."""
    above = _above(program, grantee)
    return (r for r in program.relations if r.granter == granter and r.grantee in above and flow in r.flows)


def _above(program: Program, name: str) -> tuple[str, ...]:
    """An organization, and those that it is part of."""
    division = program.divisions.get(name)
    return (*division.lineage, US) if division is not None else (name,)


def _covers(relation: Relation, node: View) -> bool:
    return relation.nodes is None or relation.nodes({"node": node}) is True
