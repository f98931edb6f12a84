"""What was meant by a role that there is not."""

from __future__ import annotations

from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import closest


def role_hint(name: str, definitions: Definitions) -> str:
    """The nearest role, the roles of the organization or person of that name, or where a role is declared."""
    if name in definitions.organizations:
        roles = ", ".join(role.value for role in definitions.organizations[name].roles)
        return f"{name} is an organization, not a role; as a role it is {roles}"
    if name in definitions.people:
        roles = ", ".join(role.value for role in definitions.people[name].value.roles)
        return f"{name} is a person, not a role; as a role it is {roles}"
    best = closest(name, definitions.roles)
    known = ", ".join(sorted(definitions.roles))
    return f"did you mean {best}?" if best else f"known: {known}; another one is declared under roles: of kind participants"
