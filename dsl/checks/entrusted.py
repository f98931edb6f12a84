"""Whoever is given an exception, work or a hold may settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orderloom.dsl import graph
from orderloom.dsl.checks.holds import holds_of
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rights import EVERYTHING, RIGHTS
from orderloom.dsl.steps import Process, RaiseStep, TaskStep
from orderloom.dsl.syntax import Exceptions

_SETTLE = "settle the exceptions that it is given"
_WORK = "do the work that it is given"


def entrusted(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    """Exceptions and work that the steps of a process give to a role."""
    for step in graph.every_step(process):
        if isinstance(step, RaiseStep):
            yield from _may(step.to, "resolve", _SETTLE, definitions, in_a_step=True)
        elif isinstance(step, TaskStep):
            yield from _may(step.to, "work", _WORK, definitions, in_a_step=True)


def entrusted_elsewhere(definitions: Definitions) -> Iterator[Diagnostic]:
    """Holds that a role is to apply or resolve, and types of exceptions that it owns."""
    for hold in holds_of(definitions).values():
        apply, resolve = hold.value.apply, hold.value.resolve
        for role in apply.by if apply is not None else ():
            yield from _may(role, "hold", f"apply {hold.key.value}", definitions)
        for role in resolve.by if resolve is not None else ():
            yield from _may(role, "release", f"resolve {hold.key.value}", definitions)
    for owner in _owners(definitions.of_kind(Exceptions).values()):
        yield from _may(owner, "resolve", _SETTLE, definitions)


def _owners(written: Iterable[Exceptions]) -> Iterator[Located[str] | None]:
    for each in written:
        yield from (pair.value.owner for pair in each.types)


def _may(
    role: Located[str] | None, right: str, what: str, definitions: Definitions, in_a_step: bool = False
) -> Iterator[Diagnostic]:
    """A right that no role has is left to the operator, who needs none. It is an error in a step of a role that has other rights,
    and a warning elsewhere: it may be that the operator is to do it in the role's name.
    """
    declared = definitions.roles.get(role.value) if role is not None else None
    if role is None or declared is None or "participants" in definitions.lost:
        return
    rights = {each.value for each in declared.value.may}
    misspelt = rights - {*RIGHTS, EVERYTHING}  # E711 tells it; it may be this right that is meant
    said = {each.value for pair in definitions.roles.values() for each in pair.value.may}
    if misspelt or {right, EVERYTHING} & rights or right not in said:
        return
    labels = (Label(declared.key.span, "declared here"),)
    hint = f"add {right} to its `may`, or name another role" if rights else f"write in the role: may: [{right}]"
    code = "E526" if rights and in_a_step else "W526"
    yield Diagnostic(code, f"{role.value} may not {what}", role.span, labels, hint)
