"""From rows, columns and tracks to coordinates, in pixels at 100 %."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, groupby, pairwise

from msgspec import Struct

from orderloom.dsl.pictures.graph import Arrow
from orderloom.dsl.pictures.grid import Grid
from orderloom.dsl.pictures.routes import Route, Routes, routes
from orderloom.dsl.pictures.tracks import Place
from orderloom.dsl.pictures.words import label_lines

Point = tuple[float, float]

HEAD = 34.0  #: height of the lanes' heads
BOX = 58.0  #: height of a step's box
LINE = 15.0  #: between two lines of text in a box
LABEL_LINE = 12.0
TRACK = 11.0  #: between two arrows beside each other
GUTTER = 9.0  #: free room on each side of a gutter's arrows
TIP = 14.0  #: room for the tip above a box
TITLE = 14.0  #: room for a frame's name above its first box


class Places(Struct, frozen=True):
    """Everything of a picture with its coordinates. `at` is the middle of a box's top edge; `lanes` are name, left, right.

    `left` has the arrows whose labels stand on their left, `main` and `road` the steps and ways of the main road.
    """

    width: float
    height: float
    lanes: tuple[tuple[str, float, float], ...]
    at: Mapping[str, Point]
    widths: Mapping[str, float]
    points: Mapping[Arrow, tuple[Point, ...]]
    left: frozenset[Arrow]
    main: frozenset[str]
    road: frozenset[tuple[str, str]]

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Arrows in the order of drawing: the main road last, so that it lies on top."""
        return tuple(sorted(self.points, key=lambda arrow: (arrow.source, arrow.target) in self.road))


def places(grid: Grid) -> Places:
    """The coordinates of a picture."""
    led = routes(grid)
    edges = _column_edges(grid, led)
    tops = _channel_tops(grid, led)
    main = grid.graph.main
    return Places(
        width=edges[-1][1],
        height=tops[-1],
        lanes=_lanes(grid, edges),
        at={step: _place(grid, led, step, edges, tops) for step in grid.graph.steps},
        widths=grid.width,
        points={arrow: _points(grid, arrow, way, led, edges, tops) for arrow, way in led.ways.items()},
        left=frozenset(arrow for arrow in led.ways if grid.label_is_left(arrow)),
        main=frozenset(main),
        road=frozenset(pairwise(main)),
    )


def _place(grid: Grid, led: Routes, step: str, edges: list[Point], tops: list[float]) -> Point:
    row = grid.graph.row[step]
    return _middle(edges[grid.column[step]]), tops[row] + _channel(grid, led, row)


def _column_edges(grid: Grid, led: Routes) -> list[Point]:
    """Left and right edge of each column, and of an empty one after the last."""
    edges: list[Point] = []
    x = 0.0
    for column in range(len(grid.columns)):
        left = x + _gutter(led, column)
        x = left + grid.column_width(column)
        edges.append((left, x))
    end = x + _gutter(led, len(grid.columns))
    return [*edges, (end, end)]


def _gutter(led: Routes, gutter: int) -> float:
    return 2 * GUTTER + TRACK * max(0, led.gutters.get(gutter, 0) - 1)


def _channel(grid: Grid, led: Routes, channel: int) -> float:
    return TRACK * led.channels.get(channel, 0) + TIP + TITLE * (channel in grid.heads)


def _channel_tops(grid: Grid, led: Routes) -> list[float]:
    """The top of each channel and of an empty one below the last row; a row's labels stand above the channel below it."""
    rows = 1 + max(grid.graph.row.values())
    lines = [0] * rows
    for arrow in grid.graph.arrows:
        row = grid.graph.row[arrow.source]
        lines[row] = max(lines[row], len(label_lines(arrow.label)))
    heights = [_channel(grid, led, row) + BOX + LABEL_LINE * lines[row] + 8 for row in range(rows)]
    tops = list(accumulate(heights, initial=HEAD))
    return [*tops[:-1], tops[-1], tops[-1] + _channel(grid, led, rows)]


def _lanes(grid: Grid, edges: list[Point]) -> tuple[tuple[str, float, float], ...]:
    lanes = []
    start, column = 0.0, 0
    for lane, group in groupby(grid.columns):
        column += len(list(group))
        end = (edges[column - 1][1] + edges[column][0]) / 2 if column < len(grid.columns) else edges[-1][1]
        lanes.append((lane, start, end))
        start = end
    return tuple(lanes)


def _middle(edges: Point) -> float:
    return (edges[0] + edges[1]) / 2


def _x(place: Place, edges: list[Point]) -> float:
    index, offset = divmod(place[0], 2)
    if offset:
        return _middle(edges[index]) + place[1]
    left = edges[index - 1][1] if index else 0.0
    return left + GUTTER + TRACK * place[1]


def _points(grid: Grid, arrow: Arrow, way: Route, led: Routes, edges: list[Point], tops: list[float]) -> tuple[Point, ...]:
    """The corners of an arrow's way, from the bottom of its step to the top of the other."""

    def across(channel: int) -> float:
        return tops[channel] + TRACK * (led.tracks.get((channel, arrow), 0) + 0.5)

    start = _x(way.leave, edges)
    end = _x(way.enter, edges)
    corners = [(start, _bottom(grid, way, led, tops)), (start, across(way.out))]
    if way.via:
        down = _x(way.via, edges)
        corners += [(down, across(way.out)), (down, across(way.into))]
    corners += [(end, across(way.into)), (end, tops[way.into] + _channel(grid, led, way.into))]
    return _straightened(corners)


def _bottom(grid: Grid, way: Route, led: Routes, tops: list[float]) -> float:
    return tops[way.out - 1] + _channel(grid, led, way.out - 1) + BOX


def _straightened(corners: list[Point]) -> tuple[Point, ...]:
    """Without points that lie on the line between their neighbours."""
    kept: list[Point] = []
    for point in corners:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)
