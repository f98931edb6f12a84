"""Whoever is given an exception or work may settle it."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl import graph
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rights import EVERYTHING
from orderloom.dsl.steps import Process, RaiseStep, TaskStep


def entrusted(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    """A right that no role has is left to the operator, who needs none; so is what a role is given that has no rights at all."""
    if "participants" in definitions.lost:
        return
    rights = {each.value for pair in definitions.roles.values() for each in pair.value.may}
    for step in graph.every_step(process):
        if isinstance(step, RaiseStep) and step.to is not None and "resolve" in rights:
            yield from _may(step.to, "resolve", "settle the exceptions that it is given", definitions)
        elif isinstance(step, TaskStep) and step.to is not None and "work" in rights:
            yield from _may(step.to, "work", "do the work that it is given", definitions)


def _may(role: Located[str], right: str, what: str, definitions: Definitions) -> Iterator[Diagnostic]:
    declared = definitions.roles.get(role.value)
    rights = {each.value for each in declared.value.may} if declared is not None else set()
    if declared is None or not rights or {right, EVERYTHING} & rights:
        return
    labels = (Label(declared.key.span, "declared here"),)
    hint = f"add {right} to its `may`, or name another role"
    yield Diagnostic("E526", f"{role.value} may not {what}", role.span, labels, hint)
