"""Files with every fix made that holds: what it was for is gone then, and nothing else is said that was not said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable

from msgspec import Struct

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fixes.by_code import fix_of
from orderloom.dsl.fixes.fix import Fix, made, overlap
from orderloom.dsl.source import Source

Told = tuple[Diagnostic, ...]
Check = Callable[[tuple[Source, ...]], Told]

MOST_ROUNDS = 20  #: each of which may show what the one before it had hidden

Pair = tuple[Diagnostic, Fix]


class Repaired(Struct, frozen=True):
    """The files as they are now, the fixes that were made with what they were for, and what there still is to say."""

    sources: tuple[Source, ...]
    done: tuple[Pair, ...]
    left: Told


def repaired(sources: tuple[Source, ...], check: Check, paths: Collection[str] | None = None) -> Repaired:
    """Makes fixes until none is left that holds, in the files of some paths alone where these are named."""
    found = check(sources)
    done: list[Pair] = []
    for _ in range(MOST_ROUNDS):
        pairs = [(each, fix) for each in found if (fix := _unasked(each)) and _is_within(each, fix, paths)]
        kept, sources, found = _kept(_apart(pairs), sources, found, check)
        done += kept
        if not kept:
            break
    return Repaired(sources, tuple(done), found)


def holds(fix: Fix, finding: Diagnostic, sources: tuple[Source, ...], found: Told, check: Check) -> bool:
    """Whether the finding is gone when its fix is made, and nothing is said that was not said before."""
    return _is_better(check(made(sources, [fix])), found, [finding])


def _is_within(finding: Diagnostic, fix: Fix, paths: Collection[str] | None) -> bool:
    return paths is None or all(span.path in paths for span in (finding.span, *(edit.span for edit in fix.edits)))


def _unasked(finding: Diagnostic) -> Fix | None:
    fix = fix_of(finding)
    return fix if fix is not None and not fix.loses else None


def _apart(pairs: Iterable[Pair]) -> list[Pair]:
    """Those that can be made at once."""
    taken: list[Pair] = []
    for finding, fix in pairs:
        if not any(overlap(fix, other) for _, other in taken):
            taken.append((finding, fix))
    return taken


def _kept(
    pairs: list[Pair], sources: tuple[Source, ...], found: Told, check: Check
) -> tuple[list[Pair], tuple[Source, ...], Told]:
    """Those that hold together; where they do not, each half is tried."""
    if not pairs:
        return [], sources, found
    after = made(sources, [fix for _, fix in pairs])
    told = check(after)
    if _is_better(told, found, [finding for finding, _ in pairs]):
        return pairs, after, told
    if len(pairs) == 1:
        return [], sources, found
    half = len(pairs) // 2
    kept, after, told = _kept(pairs[half:], sources, found, check)  # from below, so that places above stay as they are
    if kept:
        return kept, after, told  # the others are found again, at their new places
    return _kept(pairs[:half], sources, found, check)


def _is_better(after: Told, before: Told, gone: list[Diagnostic]) -> bool:
    told, was = Counter(map(_said, after)), Counter(map(_said, before))
    return told <= was - Counter(map(_said, gone))


def _said(finding: Diagnostic) -> tuple[str, str, str]:
    return finding.span.path, finding.code, finding.message
