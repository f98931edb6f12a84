"""Pools that no node can be in, and pools of which every node is excluded; told only where that is certain."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.checks.apart import in_words, is_plain, never, witness
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.formulas import Compiled
from orderloom.dsl.program import Formula
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.syntax import Sourcing
from orderloom.dsl.syntax.sourcing import Exclusion, Pool


def pools(definitions: Definitions, words: Vocabulary, formulas: Compiled) -> Iterator[Diagnostic]:
    for sourcing in definitions.of_kind(Sourcing).values():
        above: list[tuple[Pool, Formula]] = []
        for pool in sourcing.candidates:
            own = formulas.get(pool.nodes) if pool.nodes is not None else None
            if own is not None:
                yield from _pool(pool, own, above, sourcing, words, formulas)
                above.append((pool, own))


def _pool(
    pool: Pool, own: Formula, above: list[tuple[Pool, Formula]], sourcing: Sourcing, words: Vocabulary, formulas: Compiled
) -> Iterator[Diagnostic]:
    if never([own], [], words):
        yield Diagnostic("W603", "no node is ever in this pool", pool.nodes.span, hint="change its condition, or delete it")
    elif never([own], [each for _, each in above], words):
        labels = tuple(Label(each.nodes.span, f"{each.name.value} takes them") for each, by in above if _matters(own, by, words))
        text = "every node of this pool is in one above it"
        yield Diagnostic("W603", text, pool.nodes.span, labels, "a node is in the first pool that takes it: put this one first")
    else:
        out = [(each, formulas[each.when]) for each in sourcing.exclude if each.when in formulas]
        if out and never([own], [each for _, each in out], words):
            labels = tuple(Label(each.when.span, _because(each)) for each, by in out if _matters(own, by, words))
            case = in_words(witness([own], [], words) or {})
            text = f"every node of this pool is excluded, such as one with {case}"
            yield Diagnostic("W604", text, pool.nodes.span, labels, "exclude fewer, or delete the pool")


def _matters(own: Formula, other: Formula, words: Vocabulary) -> bool:
    """Whether the other condition takes a node of the pool, and was asked."""
    return is_plain(other, words) and witness([own, other], [], words) is not None


def _because(exclusion: Exclusion) -> str:
    return exclusion.because.value if exclusion.because is not None else "excluded here"
