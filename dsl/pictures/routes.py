"""The way of every arrow: down from its step, across a channel between two rows, down a gutter or a free column, and in."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orderloom.dsl.pictures.graph import Arrow
from orderloom.dsl.pictures.grid import Grid
from orderloom.dsl.pictures.tracks import NEAR, End, Place, Run, arranged


class Route(Struct, frozen=True):
    """An arrow's way. Channel k lies above row k; `via` is the place across at which it changes channels.

    `leave` and `enter` are the places across at which it leaves and enters its steps. A place across is (2 x column + 1,
    offset) for a column and (2 x gutter, track) for a gutter, gutter k lying left of column k.
    """

    leave: Place
    enter: Place
    out: int
    into: int
    via: Place | None


class Routes(Struct, frozen=True):
    """Routes with their tracks: `tracks` by channel and arrow, `channels` and `gutters` with how many tracks each has."""

    ways: Mapping[Arrow, Route]
    tracks: Mapping[tuple[int, Arrow], int]
    channels: Mapping[int, int]
    gutters: Mapping[int, int]


def routes(grid: Grid) -> Routes:
    """Leads every arrow without crossing a box."""
    ways, gutters = _through_gutters(grid, _ways(grid))
    channels: dict[int, list[Run]] = {}
    for arrow, way in ways.items():
        for channel, run in _across(arrow, way):
            channels.setdefault(channel, []).append(run)
    tracks = {(channel, arrow): track for channel in channels for arrow, track in arranged(channels[channel]).items()}
    counts: dict[int, int] = {}
    for (channel, _), track in tracks.items():
        counts[channel] = max(counts.get(channel, 0), track + 1)
    return Routes(ways, tracks, counts, gutters)


def _ways(grid: Grid) -> dict[Arrow, Route]:
    """Every arrow's way, those that need a gutter still without a track in it."""
    ways: dict[Arrow, Route] = {}
    for arrow in grid.graph.arrows:
        column, row = grid.column, grid.graph.row
        leave = (2 * column[arrow.source] + 1, grid.leaves[arrow])
        enter = (2 * column[arrow.target] + 1, grid.enters[arrow])
        way = Route(leave, enter, row[arrow.source] + 1, row[arrow.target], None)
        ways[arrow] = Route(leave, enter, way.out, way.into, _via(grid, arrow, way, ways))
    return ways


def _via(grid: Grid, arrow: Arrow, way: Route, others: Mapping[Arrow, Route]) -> Place | None:
    """A free column of the two steps, else the gutter beside the target on the source's side."""
    if way.out == way.into:
        return None
    if not arrow.back:
        for place in (way.enter, way.leave):
            if grid.free((place[0] - 1) // 2, way.out - 1, way.into) and not _occupied(place, way, others):
                return place
    return (way.enter[0] - 1 if way.leave[0] < way.enter[0] else way.enter[0] + 1, 0.0)


def _occupied(place: Place, way: Route, others: Mapping[Arrow, Route]) -> bool:
    """True when another arrow already goes down there, or close to it."""
    for other in others.values():
        near = other.via and other.via[0] == place[0] and abs(other.via[1] - place[1]) < NEAR
        if near and other.out <= way.into and way.out <= other.into:
            return True
    return False


def _through_gutters(grid: Grid, ways: Mapping[Arrow, Route]) -> tuple[dict[Arrow, Route], dict[int, int]]:
    runs: dict[int, list[Run]] = {}
    for arrow, way in ways.items():
        if way.via and way.via[0] % 2 == 0:
            gutter = way.via[0]
            ends = (End((way.out, 0.0), way.leave[0] < gutter), End((way.into, 0.0), way.enter[0] < gutter))
            runs.setdefault(gutter // 2, []).append(Run(arrow, ends))
    tracked = dict(ways)
    for gutter, parallel in runs.items():
        for arrow, track in arranged(parallel).items():
            way = ways[arrow]
            tracked[arrow] = Route(way.leave, way.enter, way.out, way.into, (2 * gutter, float(track)))
    counts = {gutter: 1 + max(int(_track(tracked[run.arrow])) for run in parallel) for gutter, parallel in runs.items()}
    return tracked, counts


def _track(way: Route) -> float:
    return way.via[1] if way.via else 0.0


def _across(arrow: Arrow, way: Route) -> list[tuple[int, Run]]:
    """The parts of a way that lie in channels."""
    if way.via is None:
        pieces = [(way.out, End(way.leave, near=True), End(way.enter, near=False))]
    else:
        down = way.out < way.into
        pieces = [
            (way.out, End(way.leave, near=True), End(way.via, near=not down)),
            (way.into, End(way.via, near=down), End(way.enter, near=False)),
        ]
    return [(channel, Run(arrow, (a, b))) for channel, a, b in pieces if a.at != b.at]
