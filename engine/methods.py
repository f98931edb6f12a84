"""The ways in which a line may be asked to reach the customer: those of the services that a program promises by."""

from __future__ import annotations

from orderloom.dsl.program import Program
from orderloom.dsl.suggest import with_hint
from orderloom.engine.unit import SERVICE


def methods_of(program: Program) -> frozenset[str]:
    """The methods of a program: one of a division has its own. A program that promises nothing has none, and any text will do."""
    found = frozenset(service.method for rules in program.promising.values() for service in rules.services)
    return found | {SERVICE} if found and program.services else found


def methods_of_any(program: Program, division: str | None) -> frozenset[str]:
    """The methods of a division, or of all of them for an order that names none: its division may be found out by a rule."""
    if division is not None or not program.divisions:
        return methods_of(program.of(division))
    return methods_of(program).union(*(methods_of(each.program) for each in program.divisions.values()))


def no_method(method: str, known: frozenset[str]) -> str:
    """What is wrong with the method that a line asks for; empty where nothing is."""
    if not known or method in known:
        return ""
    return with_hint(f"there is no method {method}", method, known)
