"""Divisions: whom they extend, and which nodes are theirs."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.divisions.families import unknown_parents
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Division
from orderloom.dsl.syntax.division import Nodes


def divisions(definitions: Definitions) -> Iterator[Diagnostic]:
    yield from unknown_parents(definitions)
    owners: dict[str, tuple[str, Located[str]]] = {}
    for name, body in definitions.of_kind(Division).items():
        own = _named(body.nodes.own) if body.nodes is not None else ()
        for node in own:
            other, first = owners.setdefault(node.value, (name, node))
            if first is not node and other == name:
                words = f"{name} owns {node.value} twice"
                yield Diagnostic("E903", words, node.span, (Label(first.span, "the first"),), "delete one of the two")
            elif first is not node:
                words = f"node {node.value} has two owners: {other} and {name}"
                labels = (Label(first.span, f"{other} owns it"),)
                hint = "let one of them own it, and grant the other its availability by a relation"
                yield Diagnostic("E903", words, node.span, labels, hint)
        yield from _both(name, body)


def _both(name: str, body: Division) -> Iterator[Diagnostic]:
    if body.nodes is None:
        return
    own = {node.value: node for node in _named(body.nodes.own)}
    for node in _named(body.nodes.without):
        if node.value in own:
            words = f"{name} owns {node.value}, and goes without it"
            yield Diagnostic("E904", words, node.span, (Label(own[node.value].span, "owned here"),), "delete one of the two")


def _named(nodes: Nodes) -> tuple[Located[str], ...]:
    return nodes if isinstance(nodes, tuple) else ()
