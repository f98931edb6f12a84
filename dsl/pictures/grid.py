"""Where each step stands: its column, its width, and the ports at which arrows leave and enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from orderloom.dsl.pictures.frames import NAME, STRIP, Frame, frames
from orderloom.dsl.pictures.graph import Arrow, Graph
from orderloom.dsl.pictures.tracks import NEAR
from orderloom.dsl.pictures.words import detail, heading, label_lines, width
from orderloom.dsl.program import Process, Step

HEADING, DETAIL, LABEL = 13.0, 11.0, 11.0  #: sizes of type
BOLD = 1.12  #: by how much a heading is wider than plain type
LEAST_WIDTH = 132.0
SIDE = 12.0  #: between a box's edge and its text
ENTRY = 18.0  #: between two arrows that enter a box
GAP = 8.0  #: between a label and the next arrow


class Grid(Struct, frozen=True):
    """Columns of steps. Ports are offsets from the middle of the column: `leaves` and `enters` for each arrow.

    `columns` has the lane of each column; `width` is a box's.
    """

    graph: Graph
    columns: tuple[str, ...]
    column: Mapping[str, int]
    width: Mapping[str, float]
    leaves: Mapping[Arrow, float]
    enters: Mapping[Arrow, float]
    framed: frozenset[str] = frozenset()
    heads: frozenset[int] = frozenset()  #: rows in which a frame begins

    def column_width(self, column: int) -> float:
        """The width of the widest box of the column, with its frame."""
        return max(self.width[s] + 2 * STRIP * (s in self.framed) for s in self.graph.steps if self.column[s] == column)

    def label_is_left(self, arrow: Arrow) -> bool:
        """On which side of its line an arrow's label stands."""
        return self.leaves[arrow] <= 0 and not any(
            self.leaves[a] < self.leaves[arrow] == 0 for a in self.leaves if a.source == arrow.source
        )

    def free(self, column: int, above: int, below: int) -> bool:
        """True when no step stands in the column between these two rows."""
        rows = (self.graph.row[s] for s in self.graph.steps if self.column[s] == column)
        return not any(above < row < below for row in rows)


def grid(process: Process, graph: Graph) -> Grid:
    """The main road goes straight down the first column of each lane; steps off it stand in the columns beside."""
    columns, column = _columns(graph)
    bare = Grid(graph, columns, column, {}, {}, {})
    leaves: dict[Arrow, float] = {}
    widths: dict[str, float] = {}
    for name, step in process.steps.items():
        widths[name] = _text_width(step)
        left, middle, right = _sides(bare, [a for a in graph.arrows if a.source == name])
        half, places = _leaving(left, middle, right)
        widths[name] = max(widths[name], 2 * half)
        leaves |= places
    enters = _entering(bare, leaves)
    for arrow, port in enters.items():
        widths[arrow.target] = max(widths[arrow.target], 2 * (abs(port) + GAP))
    found = list(frames(process, column, graph.row))
    for frame in found:
        widths[frame.steps[0]] = max(widths[frame.steps[0]], _name_width(frame, enters))
    framed = frozenset(name for name, step in process.steps.items() if step.block)
    return Grid(graph, columns, column, widths, leaves, enters, framed, frozenset(graph.row[f.steps[0]] for f in found))


def _name_width(frame: Frame, enters: Mapping[Arrow, float]) -> float:
    """How wide the first box of a frame must be, for its name to stand left of what enters there."""
    reach = max((-port for arrow, port in enters.items() if arrow.target == frame.steps[0]), default=0.0)
    return 2 * (width(frame.short, NAME) + max(reach, 0.0) + SIDE + GAP - STRIP)


def _columns(graph: Graph) -> tuple[tuple[str, ...], dict[str, int]]:
    on_main = {graph.lane[s] for s in graph.main}
    taken = {(graph.lane[s], 0, graph.row[s]) for s in graph.main}
    slot = dict.fromkeys(graph.main, 0)
    for step in sorted((s for s in graph.steps if s not in slot), key=lambda s: s in graph.beside):
        lane, row = graph.lane[step], graph.row[step]
        place = 1 if lane in on_main else 0
        while (lane, place, row) in taken:
            place += 1
        taken.add((lane, place, row))
        slot[step] = place
    used = {(graph.lane[s], slot[s]) for s in graph.steps}
    order = [(lane, place) for lane in graph.lanes for place in range(len(graph.steps)) if (lane, place) in used]
    index = {key: i for i, key in enumerate(order)}
    return tuple(lane for lane, _ in order), {s: index[graph.lane[s], slot[s]] for s in graph.steps}


def _text_width(step: Step) -> float:
    texts = (width(heading(step), HEADING) * BOLD, width(detail(step), DETAIL), width(step.status or "", DETAIL) + 8)
    return max(LEAST_WIDTH, *(text + 2 * SIDE for text in texts))


def straight(grid: Grid, arrow: Arrow) -> bool:
    """True when the arrow can drop from its step to the other with nothing between."""
    column, row = grid.column, grid.graph.row
    same = column[arrow.source] == column[arrow.target]
    return same and not arrow.back and grid.free(column[arrow.source], row[arrow.source], row[arrow.target])


def _sides(grid: Grid, arrows: Sequence[Arrow]) -> tuple[list[Arrow], list[Arrow], list[Arrow]]:
    """Arrows that leave a step to the left, in the middle (one at most), and to the right, each from the middle outward."""
    middle = [a for a in arrows if straight(grid, a)][:1] or list(arrows[:1])
    others = [a for a in arrows if a not in middle]
    shift = {a: grid.column[a.target] - grid.column[a.source] for a in others}
    left = sorted((a for a in others if shift[a] < 0), key=lambda a: -shift[a])
    right = sorted((a for a in others if shift[a] >= 0), key=lambda a: shift[a])
    return left, middle, right


def _leaving(left: list[Arrow], middle: list[Arrow], right: list[Arrow]) -> tuple[float, dict[Arrow, float]]:
    """Half the width that the labels need, and the ports; a label stands on the outer side of its arrow.

    The label of the arrow in the middle stands on the right only where the left has arrows of its own.
    """
    places = dict.fromkeys(middle, 0.0)
    reach = {-1: GAP, 1: GAP}
    reach[1 if left else -1] += sum(label_width(a) for a in middle)
    for side, arrows in ((-1, left), (1, right)):
        for arrow in arrows:
            places[arrow] = side * max(reach[side], ENTRY)
            reach[side] = abs(places[arrow]) + label_width(arrow) + GAP
    return max(reach.values()), places


def label_width(arrow: Arrow) -> float:
    """The room that an arrow's label takes beside it."""
    lines = label_lines(arrow.label)
    return 4 + max(width(line, LABEL) for line in lines) if lines else 0.0


def _entering(grid: Grid, leaves: Mapping[Arrow, float]) -> dict[Arrow, float]:
    """Arrows that drop straight keep their line; the others enter beside them, in the order in which they come."""
    places: dict[Arrow, float] = {}
    for step in grid.graph.steps:
        coming = [a for a in grid.graph.arrows if a.target == step]
        fixed = [a for a in coming if straight(grid, a) and leaves[a] == 0.0][:1]
        shift = {a: grid.column[a.source] - grid.column[step] for a in coming if a not in fixed}
        left = sorted((a for a in shift if shift[a] < 0), key=lambda a: shift[a])
        right = sorted((a for a in shift if shift[a] >= 0), key=lambda a: shift[a])
        above = _above(grid, leaves, step)
        if fixed:
            places |= {fixed[0]: 0.0} | _beside(left[::-1], -ENTRY, above) | _beside(right, ENTRY, above)
        else:
            order = [*left, *right]
            places |= dict(
                zip(order, _clear([(i - (len(order) - 1) / 2) * ENTRY for i in range(len(order))], above), strict=True)
            )
    return places


def _beside(arrows: Sequence[Arrow], stride: float, others: Sequence[float]) -> dict[Arrow, float]:
    """Ports from the middle outward, each clear of another box's."""
    places: dict[Arrow, float] = {}
    port = 0.0
    for arrow in arrows:
        port += stride
        while any(_close(port, other) for other in others):
            port += stride / 3
        places[arrow] = port
    return places


def _above(grid: Grid, leaves: Mapping[Arrow, float], step: str) -> list[float]:
    """Ports of the box right above a step."""
    column, row = grid.column, grid.graph.row
    return [leaves[a] for a in leaves if column[a.source] == column[step] and row[a.source] == row[step] - 1]


def _clear(ports: list[float], others: Sequence[float]) -> list[float]:
    """The ports, moved together to where none lies under another box's."""
    moves = (sign * step * ENTRY / 3 for step in range(20) for sign in (1, -1))
    free = (move for move in moves if not any(_close(port + move, other) for port in ports for other in others))
    move = next(free, 0.0)
    return [port + move for port in ports]


def _close(port: float, other: float) -> bool:
    return abs(port - other) < NEAR
