"""Did-you-mean: the name in scope that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the fewest edits, None when more than a third of the name would have to change."""
    allowed = max(len(name) // 3, 1)
    best: str | None = None
    for candidate in sorted(set(candidates)):
        edits = distance(name.lower(), candidate.lower(), allowed)
        if edits <= allowed:
            best, allowed = candidate, edits - 1
    return best


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """A hint for an unknown name: the closest candidate, else the few that there are, else nothing."""
    names = sorted(set(candidates))
    best = closest(name, names)
    if best is not None:
        return f"did you mean `{best}`?"
    if not names or len(names) > 12:
        return ""
    return "there is " + ", ".join(f"`{candidate}`" for candidate in names)


def distance(one: str, other: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap of neighbours) from one text to the other; `limit` + 1 when they are more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row = row, [i]
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = above
    return min(row[-1], limit + 1)
