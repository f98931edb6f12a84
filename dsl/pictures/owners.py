"""Who has to decide an exception that a step raises, where the step does not say it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from orderloom.dsl.program import ExceptionType, Process, Raise, Step


def owned(process: Process, types: Mapping[str, ExceptionType]) -> Process:
    """The process with the owner of its type in every `raise` without a role, so that it stands in the lane of who decides it."""
    return replace(process, steps={name: _owned(step, types) for name, step in process.steps.items()})


def _owned(step: Step, types: Mapping[str, ExceptionType]) -> Step:
    verb = step.verb
    known = types.get(verb.exception) if isinstance(verb, Raise) and verb.role is None else None
    if not isinstance(verb, Raise) or known is None or known.owner is None:
        return step
    return replace(step, verb=Raise(verb.exception, known.owner))
