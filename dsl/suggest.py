"""Did-you-mean for the names of a definition."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.dsl.feel.suggest import distance

FEW = 12  #: so many names are listed where none is close


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the fewest edits, None when more than a third of the name would have to change."""
    allowed = max(len(name) // 3, 1)
    near = ((distance(name.lower(), c.lower()), c) for c in set(candidates) if abs(len(c) - len(name)) <= allowed)
    edits, best = min(near, default=(allowed + 1, ""))
    return best if edits <= allowed else None


def with_hint(words: str, name: str, candidates: Iterable[str]) -> str:
    """The words, and behind them what to write instead where that is known."""
    hint = hint_for(name, candidates)
    return f"{words}; {hint}" if hint else words


def hint_for(name: str, candidates: Iterable[str]) -> str:
    """What to write instead: the closest candidate, else all of them when they are few, else nothing."""
    names = sorted(set(candidates))
    best = closest(name, names)
    if best is not None:
        return f"did you mean {best}?"
    return "known: " + ", ".join(names) if 0 < len(names) <= FEW else ""
