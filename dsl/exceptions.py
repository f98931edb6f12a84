"""The types of exceptions in force, and the options that each may have."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from orderloom.dsl.fields import Pair
from orderloom.dsl.known import asked
from orderloom.dsl.program.exceptions import ENGINE_TYPES
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import Process, RaiseStep
from orderloom.dsl.syntax.exceptions import Exceptions, ExceptionType
from orderloom.dsl.syntax.monitor import SEEN, Monitor
from orderloom.dsl.walk import leaves


@asked
def types_in_force(definitions: Definitions) -> Mapping[str, Pair[ExceptionType]]:
    """By name; what the workspace says of a type replaces what its packs say."""
    found: dict[str, Pair[ExceptionType]] = {}
    documents = definitions.of_kind(Exceptions).values()
    for document in sorted(documents, key=lambda each: each.read_from.source.pack is None):
        found.update({pair.key.value: pair for pair in document.types})
    return found


@asked
def options(definitions: Definitions) -> Mapping[str, tuple[str, ...]]:
    """The options of every type that something raises, in the order of writing."""
    found = {name: kind.options for name, kind in ENGINE_TYPES.items()}
    for process in definitions.of_kind(Process).values():
        for name, more in definitions.remembered(_raised, process, partial(_raised, process)):
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *more)))
    for raised in filter(None, (monitor.raises for monitor in definitions.of_kind(Monitor).values())):
        if raised.exception is not None:
            known = found.get(raised.exception.value, ())
            options = [option.value for option in raised.options] or [SEEN]
            found[raised.exception.value] = tuple(dict.fromkeys((*known, *options)))
    return found


def _raised(process: Process) -> list[tuple[str, tuple[str, ...]]]:
    """What the steps of a process raise, each with its options."""
    steps = {id(leaf.section): leaf.section for leaf in leaves(process) if isinstance(leaf.section, RaiseStep)}.values()
    return [(step.exception.value, tuple(pair.key.value for pair in step.on)) for step in steps if step.exception is not None]
