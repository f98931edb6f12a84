"""Who may do what to whose: every role, right and organization, each answered by the function that is asked at work."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from orderloom.dsl.program import Program
from orderloom.dsl.rights import RIGHTS, US
from orderloom.engine.access.rights import Allowed, Of, allowed
from orderloom.engine.access.who import Who


class Cell(Struct, frozen=True):
    """Whether somebody of an organization, in a role, has a right to what is of another one, and why."""

    organization: str
    role: str
    right: str
    of: str
    allowed: bool
    because: str


def organizations(program: Program) -> tuple[str, ...]:
    """Whoever has something of his own: whom the workspace belongs to, its divisions, and external organizations."""
    return (US, *program.divisions, *(each.name for each in program.organizations.values() if each.external))


def matrix(program: Program) -> Iterator[Cell]:
    """All cells. An external organization acts in the roles that it has, whoever else in all."""
    for name in organizations(program):
        outside = program.organizations.get(name)
        for role in outside.roles if outside is not None and name not in program.divisions else program.roles:
            who = Who(name, role, name)
            for right in RIGHTS:
                for of in organizations(program):
                    answer = allowed(program, who, right, Of("it", of))
                    yield Cell(name, role, right, of, isinstance(answer, Allowed), answer.because)
