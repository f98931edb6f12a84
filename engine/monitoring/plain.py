"""The matcher in plain Python."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.engine.monitoring.pattern import Seen, Shape


class Plain:
    """Finds every pattern."""

    def carries(self, shape: Shape) -> bool:
        """All of them."""
        return True

    def complete(self, shape: Shape, events: Sequence[Seen]) -> int | None:
        """See `Matcher`."""
        if len(shape.counts) == 1:
            return _counted(shape.counts[0], shape.within, events)
        search = _Search(shape, events)
        ends = [search.end(0, at, event.at) for at, event in enumerate(events) if 0 in event.elements]
        return min([end for end in ends if end is not None], default=None)


def _counted(count: int, within: int, events: Sequence[Seen]) -> int | None:
    """So many in a row: the window need only be looked at where it ends."""
    moments = [event.at for event in events if 0 in event.elements]
    pairs = zip(moments, moments[count - 1 :], strict=False)
    return next((last for first, last in pairs if last - first <= within), None)


class _Search:
    """Tries every way from an event on; what leads nowhere is not tried again."""

    def __init__(self, shape: Shape, events: Sequence[Seen]) -> None:
        self._events, self._within = events, shape.within
        self._steps, self._forbidden = steps(shape)
        self._known: dict[tuple[int, int, int], int | None] = {}

    def end(self, step: int, at: int, start: int) -> int | None:
        """The earliest end where this event is that of the step, and the first one was at `start`."""
        key = (step, at, start)
        if key not in self._known:
            self._known[key] = self._sought(step, at, start)
        return self._known[key]

    def _sought(self, step: int, at: int, start: int) -> int | None:
        events, until, forbidden = self._events, start + self._within, self._forbidden[step]
        last = step == len(self._steps) - 1
        if last and not forbidden:
            return events[at].at
        if not last and len(events) - at < len(self._steps) - step:
            return None
        ends: list[int] = []
        for next in range(at + 1, len(events)):
            event = events[next]
            if event.at > until:
                break
            if not last and self._steps[step + 1] in event.elements:
                end = self.end(step + 1, next, start)
                ends += [end] if end is not None else []
            if not forbidden.isdisjoint(event.elements):
                return min(ends, default=None)
        return until if last else min(ends, default=None)


def steps(shape: Shape) -> tuple[list[int], list[frozenset[int]]]:
    """The element of each event of a match, and, behind each, those that may not happen before the next one, or the end."""
    found: list[int] = []
    forbidden: list[set[int]] = []
    for element, count in enumerate(shape.counts):
        if count:
            found += [element] * count
            forbidden += [set() for _ in range(count)]
        else:
            forbidden[-1].add(element)
    return found, [frozenset(each) for each in forbidden]
