"""What of a picture must not touch: boxes, labels, names of frames, and the lines of arrows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, pairwise

from orderloom.dsl.pictures.frames import NAME, STRIP, frames
from orderloom.dsl.pictures.graph import graph
from orderloom.dsl.pictures.grid import LABEL, Grid, grid
from orderloom.dsl.pictures.places import BOX, LABEL_LINE, TITLE, Places, Point, places
from orderloom.dsl.pictures.words import label_lines, width
from orderloom.dsl.program import (
    JOIN,
    Ask,
    Branch,
    Choose,
    Do,
    Each,
    End,
    Formula,
    Handler,
    Origin,
    Parallel,
    Process,
    Step,
    Task,
    Verb,
    Way,
)

HERE = Origin("pack.yaml", 1)
Box = tuple[float, float, float, float]  # left, top, right, bottom


def formula(text: str) -> Formula:
    return Formula(text, HERE, lambda _: None)


def layout(drawn: Process) -> Places:
    return places(grid(drawn, graph(drawn)))


def boxes(drawn: Places) -> dict[str, Box]:
    halves = {name: drawn.widths[name] / 2 for name in drawn.at}
    return {name: (x - halves[name], y, x + halves[name], y + BOX) for name, (x, y) in drawn.at.items()}


def labels(drawn: Places) -> list[Box]:
    found = []
    for arrow in drawn.points:
        lines = label_lines(arrow.label)
        x, y = drawn.points[arrow][0]
        long = max((width(line, LABEL) for line in lines), default=0)
        left = x - 4 - long if arrow in drawn.left else x + 4
        found += [(left, y + 2, left + long, y + LABEL_LINE * len(lines))] if lines else []
    return found


def frame_names(process: Process, ordered: Grid, drawn: Places) -> list[Box]:
    """Where the names of the frames stand."""
    found = []
    for frame in frames(process, ordered.column, ordered.graph.row):
        x, y = drawn.at[frame.steps[0]]
        left = x - max(drawn.widths[step] for step in frame.steps) / 2 - STRIP + 9
        found.append((left, y - TITLE - 3, left + width(frame.name, NAME), y - 6))
    return found


def meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def piece(a: Point, b: Point) -> Box:
    return min(a[0], b[0]) - 0.1, min(a[1], b[1]) + 0.1, max(a[0], b[0]) + 0.1, max(a[1], b[1]) - 0.1


def faults(process: Process) -> Iterator[str]:
    """What lies on what in the picture of a process, and what leads out of it."""
    ordered = grid(process, graph(process))
    drawn = places(ordered)
    solid = [*boxes(drawn).items()]
    solid += [(f"label {at}", box) for at, box in enumerate(labels(drawn))]
    solid += [(f"frame {at}", box) for at, box in enumerate(frame_names(process, ordered, drawn))]
    for (one, a), (other, b) in combinations(solid, 2):
        if meet(a, b):
            yield f"{one} lies on {other}"
    for name, (left, top, right, low) in solid:
        if left < 0 or top < 0 or right > drawn.width or low > drawn.height:
            yield f"{name} leaves the picture"
    where = boxes(drawn)
    for arrow, points in drawn.points.items():
        for name, (x, y), edge in ((arrow.source, points[0], 3), (arrow.target, points[-1], 1)):
            if not (where[name][0] + 4 <= x <= where[name][2] - 4 and abs(y - where[name][edge]) < 0.01):
                yield f"{arrow.source} to {arrow.target} misses {name}"
        for start, end in pairwise(points):
            if start[0] != end[0] and start[1] != end[1]:
                yield f"{arrow.source} to {arrow.target} goes aslant"
            yield from (f"{arrow.source} to {arrow.target} passes {name}" for name, box in solid if meet(piece(start, end), box))


def random_process(seed: int) -> Process:
    """A process with every kind of block: branches, runs for elements, undoing and handlers, two deep."""
    return _Maker(random.Random(seed)).process()


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance, self.steps = chance, dict[str, Step]()

    def process(self) -> Process:
        own = self.block("", 2, self.chance.randint(2, 7), ())
        events = [f"event-{at}" for at in range(self.chance.randint(0, 2))]
        handlers = []
        for event in events:
            back = () if self.chance.random() < 0.4 else tuple(own)
            first = self.block(f"@{event}", 1, self.chance.randint(1, 3), back)[0]
            handlers.append(Handler(event, first, HERE, f"@{event}", beside=not back))
        return Process("random", "Random", "fulfillment", self.steps, own[0], HERE, handlers=tuple(handlers))

    def block(self, block: str, depth: int, length: int, back: tuple[str, ...]) -> list[str]:
        """Steps of one block, whose ways lead to each other, to the join, or back into the process."""
        start = len(self.steps)
        names = [f"step-{start}-{at}" for at in range(length)]
        for name in names:
            self.steps[name] = Step(name, Do("hold the place"), HERE, block=block)
        for at, name in enumerate(names):
            after = names[at + 1] if at + 1 < length else JOIN if block else ""
            self.steps[name] = self.step(name, block, depth, after, (*names, *back))
        return names

    def step(self, name: str, block: str, depth: int, after: str, targets: tuple[str, ...]) -> Step:
        chance = self.chance
        if not after:
            return Step(name, End("over"), HERE)
        undo = self.block(f"{name}.undo", 0, chance.randint(1, 2), ())[0] if depth and chance.random() < 0.15 else ""
        kind = chance.random()
        if depth and kind < 0.15 and not undo:
            firsts = [(f"branch-{at}", self.block(f"{name}.branch-{at}", depth - 1, 2, ())[0]) for at in range(2)]
            return Step(name, Parallel(tuple(Branch(*pair) for pair in firsts)), HERE, after, block=block)
        if depth and kind < 0.25 and not undo:
            first = self.block(name, depth - 1, chance.randint(1, 3), ())[0]
            return Step(name, Each(formula("order.lines"), "line", first), HERE, after, block=block)
        if kind < 0.4 and not undo:
            ways = [Way(formula(f"order.total > {at}"), chance.choice(targets), HERE) for at in range(chance.randint(1, 3))]
            return Step(name, Choose((*ways, Way(None, after, HERE))), HERE, block=block)
        others = {f"outcome-{at}": chance.choice(targets) for at in range(chance.choice((0, 0, 1, 2)))}
        return Step(name, self.verb(), HERE, after, {"done": after, **others}, block=block, undo=undo)

    def verb(self) -> Verb:
        role = self.chance.choice(("fulfiller", "customer", "carrier"))
        return self.chance.choice((Do("act"), Ask(role, "please"), Task("look", role)))
