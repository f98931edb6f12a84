"""Policies of which the first counts that is for the case: one behind another that is for all of these is never asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.syntax import Appeasements
from orderloom.dsl.syntax.returns import Returns


def unreached(policies: Iterable[Returns | Appeasements], code: str, of: str) -> Iterator[Diagnostic]:
    everybody: Returns | Appeasements | None = None
    for policy in policies:
        if everybody is not None:
            yield _behind(policy, everybody, code, of)
        elif policy.when is None:
            everybody = policy


def _behind(policy: Returns | Appeasements, before: Returns | Appeasements, code: str, of: str) -> Diagnostic:
    first = before.name
    words = f"no {of} gets to {policy.name.value}: {first.value} is for all of them"
    packs = first.span.source.pack
    if packs is not None and policy.name.span.source.pack is None:
        label, hint = f"the one of the pack {packs}", f"name yours {first.value} to take its place"
    else:
        label, hint = "the one before it", "give the one before it a `when`, or let this one stand first"
    return Diagnostic(code, words, policy.name.span, (Label(first.span, label),), hint)
