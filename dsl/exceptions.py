"""The types of exceptions in force, and the options that each may have."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.dsl.fields import Pair
from orderloom.dsl.program.exceptions import ENGINE_TYPES
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import Process, RaiseStep
from orderloom.dsl.syntax.exceptions import Exceptions, ExceptionType
from orderloom.dsl.syntax.monitor import SEEN, Monitor
from orderloom.dsl.walk import leaves


def types_in_force(definitions: Definitions) -> Mapping[str, Pair[ExceptionType]]:
    """By name; what the workspace says of a type replaces what its packs say."""
    found: dict[str, Pair[ExceptionType]] = {}
    documents = definitions.of_kind(Exceptions).values()
    for document in sorted(documents, key=lambda each: each.read_from.source.pack is None):
        found.update({pair.key.value: pair for pair in document.types})
    return found


def options(definitions: Definitions) -> Mapping[str, tuple[str, ...]]:
    """The options of every type that something raises, in the order of writing."""
    found = {name: kind.options for name, kind in ENGINE_TYPES.items()}
    for process in definitions.of_kind(Process).values():
        for step in _raising(process):
            if step.exception is not None:
                known = found.get(step.exception.value, ())
                more = (pair.key.value for pair in step.on)
                found[step.exception.value] = tuple(dict.fromkeys((*known, *more)))
    for raised in filter(None, (monitor.raises for monitor in definitions.of_kind(Monitor).values())):
        if raised.exception is not None:
            known = found.get(raised.exception.value, ())
            options = [option.value for option in raised.options] or [SEEN]
            found[raised.exception.value] = tuple(dict.fromkeys((*known, *options)))
    return found


def _raising(process: Process) -> list[RaiseStep]:
    return list({id(leaf.section): leaf.section for leaf in leaves(process) if isinstance(leaf.section, RaiseStep)}.values())
