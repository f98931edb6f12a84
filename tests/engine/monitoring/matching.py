"""What every matcher must find: the same as whoever tries every way, on random events of random patterns.

Run by itself it compares the plain matcher with the network of durable-rules; it is C, so a test of it has a process of its own.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from itertools import combinations, pairwise

from orderloom.engine.monitoring.pattern import Matcher, Seen, Shape
from orderloom.engine.monitoring.plain import Plain, steps

START = 1_760_000_000_000_000  #: a moment as matchers count it
SHAPES = ((2,), (3,), (1, 1), (1, 0), (2, 0), (2, 1), (1, 0, 1), (1, 1, 0), (1, 0, 0), (1, 0, 1, 0), (2, 0, 1))


def by_trying(shape: Shape, events: Sequence[Seen]) -> int | None:
    """The earliest end of all matches, found by trying every choice of events: the words of the pattern and nothing else."""
    elements, forbidden = steps(shape)
    ends = []
    for chosen in combinations(range(len(events)), len(elements)):
        first, last = events[chosen[0]].at, events[chosen[-1]].at
        over = [at for at, event in enumerate(events) if at > chosen[-1] and event.at <= first + shape.within]
        gaps = [range(one + 1, other) for one, other in pairwise(chosen)] + [over]
        fits = all(element in events[at].elements for element, at in zip(elements, chosen, strict=True))
        empty = all(forbidden[i].isdisjoint(events[at].elements) for i, gap in enumerate(gaps) for at in gap)
        if fits and empty and last - first <= shape.within:
            ends.append(first + shape.within if shape.waits else last)
    return min(ends, default=None)


def random_case(chance: random.Random, counts: tuple[int, ...], within: int | None = None) -> tuple[Shape, list[Seen]]:
    """A pattern, and events of which some have the same moment and some fit two elements."""
    shape = Shape(counts, chance.choice((0, 3, 10, 40)) if within is None else within)
    at, events = START, []
    for number in range(chance.randint(0, 8)):
        at += chance.randint(0, 6)
        two = len(counts) > 1 and chance.random() < 0.15
        fits = tuple(sorted(chance.sample(range(len(counts)), 2 if two else 1)))
        events.append(Seen(at, "O", number, 0, fits))
    return shape, events


def same(matcher: Matcher, cases: int, seed: int, shapes: Sequence[tuple[int, ...]] = SHAPES, within: int | None = None) -> None:
    """The matcher finds what there is in so many cases."""
    chance = random.Random(seed)
    for _ in range(cases):
        shape, events = random_case(chance, chance.choice(shapes), within)
        assert matcher.carries(shape), shape
        assert matcher.complete(shape, events) == by_trying(shape, events), (shape, events)


if __name__ == "__main__":
    from orderloom.engine.monitoring.rete import MOST, RULE_SETS, Rete

    number, seed = int(sys.argv[1]), int(sys.argv[2])
    small = [counts for counts in SHAPES if sum(counts) <= MOST]
    chosen = [small[(seed * RULE_SETS + at) % len(small)] for at in range(RULE_SETS)]
    rete = Rete()
    same(rete, number, seed, chosen, within=10)
    assert not rete.carries(Shape((1, 1), 99)), "no more rule sets than are safe"
    assert Plain().carries(Shape((1, 1), 99))
