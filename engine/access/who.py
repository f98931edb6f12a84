"""Who asks: a name, and the role in which it is, for an organization, at a node, or as a customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Organization, Program
from orderloom.dsl.rights import US
from orderloom.dsl.suggest import hint_for
from orderloom.engine.access.grants import home
from orderloom.engine.refused import Refused


class Who(Struct, frozen=True, omit_defaults=True):
    """Somebody. Without a role it is the operator of the workspace, who may do and see everything.

    `organization` is that to which he belongs (see `grants.home`), `node` where he works, `customer` who he is as a customer.
    """

    by: str = ""
    role: str = ""
    organization: str = US
    node: str | None = None
    customer: str | None = None

    @property
    def is_operator(self) -> bool:
        return not self.role

    @property
    def view(self) -> Mapping[str, object]:
        """`user`, as expressions see it."""
        return {
            "name": self.by or None,
            "role": self.role,
            "organization": self.organization,
            "node": self.node,
            "customer": self.customer,
        }


OPERATOR = Who()


Nodes = Callable[[str], Mapping[str, object] | None]


def nowhere(_node: str) -> None:
    """Of no node anything is known."""


def somebody(program: Program, asked: str, by: str = "", nodes: Nodes = nowhere) -> Who | Refused:
    """Whoever is named as `ROLE`, as `PERSON` or `ORGANIZATION`, and as either with `:ROLE` where it has several; by whose hand.

    `@NODE` behind it is where he is at work, `#CUSTOMER` who he is as a customer. Whoever is of an organization that operates
    nodes, or has stock of its own, is at work at one of these; `nodes` finds a node by its id.
    """
    rest, _, customer = asked.partition("#")
    rest, _, node = rest.partition("@")
    name, mark, role = rest.partition(":")
    who = Who(by, role, US, node or None, customer or None)
    if not mark and name in program.roles:
        return _in_role(program, replace(who, role=name))
    person, organization = program.people.get(name), program.organizations.get(name)
    of = program.organizations.get(person.organization) if person is not None else organization
    if node and of is not None and not _operates(of, node, nodes):
        return Refused(f"{of.name} does not operate the node {node}; {name} is at work at the nodes that it `operates` alone")
    if person is not None:
        its = replace(who, by=name, organization=home(program, person.organization), node=node or person.node)
        return _with(program, name, its, person.roles)
    if organization is not None:
        return _with(program, name, replace(who, by=name, organization=home(program, name)), organization.roles)
    if name == US or home(program, name) == name:  # a division, whose people have every role
        return _with(program, name, replace(who, organization=name), tuple(program.roles))
    known = (*program.roles, *program.people, *program.organizations)
    return Refused(f"there is no role, person or organization {name}; {hint_for(name, known) or 'known: ' + ', '.join(known)}")


def _operates(organization: Organization, node: str, nodes: Nodes) -> bool:
    """Whether its people may be at work there: at any node, where it has none of its own and its stock is ours."""
    if organization.nodes is None:
        return not organization.external
    view = nodes(node)
    return view is not None and organization.nodes({"node": view}) is True


def acting_for(who: Who, customer: str | None) -> Who:
    """Whoever the operator acts for: the customer of what is looked at, unless one was named."""
    return replace(who, customer=who.customer or customer)


def _with(program: Program, name: str, who: Who, roles: tuple[str, ...]) -> Who | Refused:
    """Somebody of this name in one of these roles."""
    if not who.role and len(roles) == 1:
        return replace(who, role=roles[0])
    if who.role in roles:
        return who
    which = ", ".join(f"{name}:{role}" for role in roles)
    return Refused(f"{name} has not the role {who.role}; say {which}" if who.role else f"{name} has several roles; say {which}")


def _in_role(program: Program, who: Who) -> Who | Refused:
    """Somebody in a role; declared people have theirs alone."""
    person = program.people.get(who.by)
    if person is None or who.role in person.roles:
        return who
    return Refused(f"{who.by} has not the role {who.role}, but {', '.join(person.roles)}")
