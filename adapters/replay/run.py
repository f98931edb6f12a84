"""The whole of a replay: parts, each played on every version, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from orderloom.adapters.replay.compare import Comparison, Whole
from orderloom.adapters.replay.outcome import Outcome
from orderloom.adapters.replay.part import Orders, Part, Unplayed
from orderloom.adapters.replay.spread import Pool, Task, packed
from orderloom.adapters.replay.variant import Variant

Progress = Callable[[int], None]  #: told how many orders were played since it was told last, on whichever version


class Replay(Struct):
    """What a replay came to: `wholes` by version, `comparisons` of the first version with each of the others.

    `orders` were played and asked for, `beside` only played; what could not be, on all versions, is in `source.unplayed`.
    """

    variants: Sequence[Variant]
    wholes: list[Whole]
    comparisons: list[Comparison]
    source: Orders
    windows: int = 0
    orders: int = 0
    beside: int = 0

    def add(self, part: Part, found: Sequence[Sequence[Outcome]]) -> None:
        """Adds the outcomes of a part, by version."""
        self.windows += 1
        self.beside += sum(not past.asked_for for past in part.orders)
        for same in zip(*found, strict=True):
            because = next((outcome.because for outcome in same if outcome.because), "")
            if because:
                self.source.unplayed.append(Unplayed(same[0].order, because))
                continue
            self.orders += 1
            for whole, outcome in zip(self.wholes, same, strict=True):
                whole.add(outcome)
            for comparison, before in zip(self.comparisons, same[1:], strict=True):
                comparison.add(before, same[0])


def run(orders: Orders, variants: Sequence[Variant], seed: int, top: int, pool: Pool, progress: Progress) -> Replay:
    """Plays every part on every version; `top` is how many orders a comparison tells. The pool has no part in the outcome."""
    found = Replay(variants, [Whole() for _ in variants], [Comparison(top) for _ in variants[1:]], orders)
    waiting: list[Part] = []
    results = pool(_tasks(orders.parts, [packed(variant) for variant in variants], seed, waiting))
    while together := tuple(_told(results, len(variants), waiting, progress)):
        found.add(waiting.pop(0), together)
    return found


def _tasks(parts: Iterable[Part], versions: Sequence[bytes], seed: int, waiting: list[Part]) -> Iterator[Task]:
    for part in parts:
        waiting.append(part)
        text = packed(part)
        yield from ((text, version, seed) for version in versions)


def _told(
    results: Iterator[tuple[Outcome, ...]], many: int, waiting: Sequence[Part], progress: Progress
) -> Iterator[tuple[Outcome, ...]]:
    for outcomes in islice(results, many):
        progress(len(waiting[0].orders))
        yield outcomes
