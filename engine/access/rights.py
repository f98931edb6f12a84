"""May somebody do this, to this? One function answers; every refusal says why, and what would allow it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from orderloom.dsl.program import Program
from orderloom.dsl.rights import RIGHTS, US
from orderloom.dsl.suggest import hint_for
from orderloom.engine.access.grants import granted, is_own
from orderloom.engine.access.who import Who
from orderloom.engine.refused import Refused


class Of(Struct, frozen=True):
    """What it is done to: something that belongs to `organization`, in words, as in `order W1`."""

    words: str
    organization: str = US


class Allowed(Struct, frozen=True):
    """By what it is allowed, in words."""

    because: str


def are_declared(program: Program) -> bool:
    """Whether any role says what it may do or see of orders: then what is not said is denied."""
    return any(role.may or role.sees_orders for role in program.roles.values())


def allowed(program: Program, who: Who, right: str, of: Of | None = None) -> Allowed | Refused:
    """Whether somebody may do what a right is about (see `dsl.rights`), to something where that is said."""
    if who.is_operator:
        return Allowed("the operator of the workspace may do everything")
    role = program.roles.get(who.role)
    if role is None:
        return Refused(f"there is no role {who.role}; {hint_for(who.role, program.roles) or _all(program.roles)}")
    if are_declared(program) and right not in role.may:
        able = [name for name, each in program.roles.items() if right in each.may]
        said = f"{who.role} has not the right `{right}` ({RIGHTS[right].does})"
        return Refused(f"{said}; {_have(able)}. `may: [{right}]` in the role {who.role} would give it")
    if RIGHTS[right].of_all and who.organization != US:
        return Refused(f"the right `{right}` is for people of {US} alone, and {who.organization} is another organization")
    flow = RIGHTS[right].flow
    if of is None or not flow or is_own(program, who.organization, of.organization):
        return Allowed(f"{who.role} may {right}")
    relation = next(granted(program, of.organization, who.organization, flow), None)
    if relation is None:
        return Refused(f"{of.words} is of {of.organization}: {_missing(of.organization, who.organization, flow)}")
    return Allowed(f"{who.role} may {right}, and {of.organization} grants {who.organization} {flow} ({relation.origin})")


def _missing(granter: str, grantee: str, flow: str) -> str:
    return f"no relation grants {grantee} its {flow}; `{granter} grants {grantee}: {flow}` would"


def _have(roles: Iterable[str]) -> str:
    names = ", ".join(roles)
    return f"who has it: {names}" if names else "no role has it"


def _all(names: Iterable[str]) -> str:
    return f"known: {', '.join(names)}"
