"""The text of a map -> which process and step becomes which, checked against both versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orderloom.dsl.decode import decode
from orderloom.dsl.diagnostics import Diagnostic, at_start, has_errors, ordered
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.nodes import Map, Scalar
from orderloom.dsl.program import Process, Program
from orderloom.dsl.reader import read
from orderloom.dsl.source import Source, Span
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax.migration import MappedProcess, Migration

KIND = "migration"

#: By process of the version that is left: what it is called now (None: the same), and steps by step.
Written = Mapping[str, tuple[str | None, Mapping[str, str]]]


def read_map(source: Source, old: Program, new: Program) -> tuple[Written | None, tuple[Diagnostic, ...]]:
    """What the file says; None where it has errors."""
    nodes, found = read(source)
    if has_errors(found) or not nodes:
        return None, ordered(found)
    node = nodes[0]
    if len(nodes) > 1:
        found += (Diagnostic("E893", "a map is one document", nodes[1].span),)
    kind = node.get("kind") if isinstance(node, Map) else None
    if not (isinstance(kind, Scalar) and kind.text == KIND):
        where = kind.span if kind is not None else at_start(source)
        found += (Diagnostic("E893", "this is no map of running orders", where, hint=f"it begins with kind: {KIND}"),)
        return None, ordered(found)
    body, more = decode(node, Migration, ("kind",))
    found += more
    if not isinstance(body, Migration):
        return None, ordered(found)
    found += tuple(each for pair in body.processes for each in _checked(pair, old, new))
    if has_errors(found):
        return None, ordered(found)
    return {pair.key.value: _written(pair.value) for pair in body.processes}, ordered(found)


def stranded(words: str, place: Span, hint: str) -> Diagnostic:
    """The warning that running orders stand where a version has no place for them."""
    return Diagnostic("W890", words, place, hint=hint)


def _written(process: MappedProcess) -> tuple[str | None, dict[str, str]]:
    becomes = process.becomes.value if process.becomes else None
    return becomes, {pair.key.value: pair.value.value for pair in process.steps}


def _checked(pair: Pair[MappedProcess], old: Program, new: Program) -> Iterator[Diagnostic]:
    name, mapped = pair.key, pair.value
    before = old.processes.get(name.value)
    if before is None:
        yield _unknown("E890", "process", name, old.processes, "the version that is left")
        return
    called = mapped.becomes or name
    after = new.processes.get(called.value)
    if after is None:
        yield _unknown("E890", "process", called, new.processes, "the new version")
        return
    if before.purpose != after.purpose:
        words = f"{before.name} is for {before.purpose}, and {after.name} for {after.purpose}"
        yield Diagnostic("E892", words, called.span, hint="orders can go on in a process for the same alone")
        return
    for step in mapped.steps:
        yield from _step(step.key, before, "the version that is left")
        yield from _step(step.value, after, "the new version")


def _step(name: Located[str], process: Process, where: str) -> Iterator[Diagnostic]:
    if name.value not in process.steps:
        yield _unknown("E891", f"step of {process.name}", name, process.steps, where)


def _unknown(code: str, what: str, name: Located[str], known: Mapping[str, object], where: str) -> Diagnostic:
    words = f"{where} has no {what} called {name.value}" if what == "process" else f"{where} has no {what}: {name.value}"
    return Diagnostic(code, words, name.span, hint=hint_for(name.value, known))
