"""Did you mean: the nearest of the names that are there."""

from collections.abc import Iterable


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """A hint with the nearest name, or nothing when none is within a third of the word's length."""
    ranked = sorted((distance(word.lower(), name.lower()), name) for name in set(names))
    if ranked and ranked[0][0] <= max(1, len(word) // 3):
        return f"did you mean {ranked[0][1]}?"
    return ""


def distance(one: str, other: str) -> int:
    """Edits from one word to the other: insert, delete, replace, or swap two neighbours (Damerau-Levenshtein, restricted)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
