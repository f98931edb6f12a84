"""Did-you-mean for the names of a definition."""

from __future__ import annotations

import re
from collections.abc import Iterable

from orderloom.dsl.feel.suggest import distance

MOST_SLIPS = 2  #: so many edits are a slip at most
_PARTS = re.compile(r"[-_. ]+")
FEW = 12  #: so many names are listed where none is close


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the fewest edits, None when more than a third of the name would have to change."""
    allowed = max(len(name) // 3, 1)
    near = ((distance(name.lower(), c.lower()), c) for c in set(candidates) if abs(len(c) - len(name)) <= allowed)
    edits, best = min(near, default=(allowed + 1, ""))
    return best if edits <= allowed else None


def is_slip(written: str, meant: str) -> bool:
    """Whether one is the other but for a slip of the fingers: at most two edits, and no more than a third of the part in which
    they differ, as in `PROCESS.STEP`. Letters in another case and other signs between words are none.
    """
    one, other = (_PARTS.split(text.lower()) for text in (written, meant))
    if len(one) != len(other):
        one, other = ["".join(one)], ["".join(other)]
    edits = [(distance(a, b), len(b)) for a, b in zip(one, other, strict=True)]
    return sum(each for each, _ in edits) <= MOST_SLIPS and all(each <= max(length // 3, 1) for each, length in edits)


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
