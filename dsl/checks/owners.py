"""No node is of two divisions by their conditions, as far as a node that is of both can be thought of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from orderloom.dsl.checks.apart import in_words, witness
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.divisions.families import Branch
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import Compiled
from orderloom.dsl.scopes import Vocabulary


def owners(family: Mapping[str, Branch], words: Vocabulary, formulas: Compiled) -> Iterator[Diagnostic]:
    """Of each two divisions that own nodes by a condition, whether one node fits both; the first of them would own it."""
    said = [(name, own) for name, each in family.items() if isinstance(own := _own(each), Located) and own in formulas]
    for (name, own), (other, later) in combinations(said, 2):
        found = witness([formulas[own], formulas[later]], [], words)
        if found is not None:
            text = f"a node with {in_words(found)} is of {name} and of {other}; {name} owns it"
            hint = f"if it is to be {other}'s, add to {name}'s: and not({later.value})"
            yield Diagnostic("W901", text, later.span, (Label(own.span, f"{name} owns it"),), hint)


def _own(branch: Branch) -> object:
    return branch.body.nodes.own if branch.body.nodes is not None else None
