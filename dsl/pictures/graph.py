"""What a picture of a process shows, before any coordinates: steps in rows and lanes, arrows, and the main road."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from orderloom.dsl.program import JOIN, Ask, Choose, Each, Parallel, Process, Raise, Step, Task, Tell, Wait

ENGINE = "Orderloom"  #: the lane of the steps that no role takes part in


class Arrow(Struct, frozen=True):
    """All ways from one step to another; `label` names their outcomes, and is empty where a step has but one way."""

    source: str
    target: str
    label: str
    back: bool


class Graph(Struct, frozen=True):
    """A process as rows and lanes. `row` grows along every arrow that is not `back`; `main` is the main road, in order."""

    steps: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    main: tuple[str, ...]
    lane: Mapping[str, str]
    row: Mapping[str, int]
    beside: frozenset[str] = frozenset()  #: steps that undo others: they take the places that are left

    @property
    def lanes(self) -> tuple[str, ...]:
        """Lanes from left to right: the engine's own, then roles as the main road and then the file meets them."""
        return tuple(dict.fromkeys((ENGINE, *(self.lane[s] for s in self.main), *(self.lane[s] for s in self.steps))))


def graph(process: Process, merged: bool = True) -> Graph:
    """The graph of a process; the order of steps in the file decides wherever there is a choice, so small edits move little.

    Ways from one step to another are one arrow, or one each where they are not `merged`.
    """
    ways = {name: _ways(step, process, merged) for name, step in process.steps.items()}
    back = _back_ways(process.first, ways)
    arrows = tuple(
        Arrow(source, target, label, (source, target) in back or _returns(process, source, target))
        for source in ways
        for label, target in ways[source]
    )
    lane = {name: _lane(step) for name, step in process.steps.items()}
    beside = frozenset(name for name in process.steps if _undoes(process, name))
    return Graph(tuple(process.steps), arrows, _main_road(process), lane, _rows(process, arrows), beside)


def _lane(step: Step) -> str:
    return (step.verb.role or ENGINE) if isinstance(step.verb, Ask | Tell | Task | Raise) else ENGINE


def _ways(step: Step, process: Process, merged: bool) -> list[tuple[str, str]]:
    """Labels and targets, the main way first; ways that leave the process are not drawn, one to a join leads behind it."""
    pairs = [(label, behind(process, step, target)) for label, target in _written(step)]
    main = _main_way(step, process)
    pairs.sort(key=lambda pair: pair[1] != main)
    pairs = [(label, target) for label, target in pairs if target in process.steps]
    if not merged:
        return list(dict.fromkeys(pairs))
    labels: dict[str, list[str]] = {}
    for label, target in pairs:
        labels.setdefault(target, []).append(label)
    several = len(labels) > 1 or isinstance(step.verb, Parallel)
    return [(", ".join(names) if several else "", target) for target, names in labels.items()]


def _written(step: Step) -> list[tuple[str, str]]:
    """Label and target of each way; those of a step with blocks lead into them, and only what passes them by leads on."""
    ways = [*step.ways.items()]
    match step.verb:
        case Choose(choices):
            return [(way.when.text if way.when else "otherwise", way.next) for way in choices]
        case Parallel(branches):
            return [*((branch.name, branch.first) for branch in branches), *ways]
        case Each(_, name, first):
            return [(f"each {name}", first), *ways, *([("none", step.next)] if step.next is not None else [])]
    if step.next is not None and step.next not in step.ways.values():
        ways.append((step.verb.event or "" if isinstance(step.verb, Wait) else "", step.next))
    return ways


def behind(process: Process, step: Step, target: str) -> str:
    """Where a way leads; one to the join of a block leads to what follows the step around it."""
    while target == JOIN and step.block:
        if step.block.startswith("@") or step.block.endswith(".undo"):
            return ""  # nothing follows what runs beside the process, or undoes a step
        step = process.steps[step.block.partition(".")[0]]
        target = step.next or ""
    return target


def _main_way(step: Step, process: Process) -> str | None:
    match step.verb:
        case Choose(choices):
            target = choices[-1].next
        case Parallel(branches):
            target = branches[0].first
        case Each(_, _, first):
            target = first
        case _ if step.next is not None:
            target = step.next
        case _:
            return None
    return behind(process, step, target) or None


def _main_road(process: Process) -> tuple[str, ...]:
    road: dict[str, None] = {}
    name: str | None = process.first
    while name is not None and name not in road:
        road[name] = None
        name = _main_way(process.steps[name], process)
    return tuple(road)


def _back_ways(first: str, ways: Mapping[str, Sequence[tuple[str, str]]]) -> set[tuple[str, str]]:
    """The ways that close a circle, found by walking depth first from the first step, main ways before others."""
    back: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for root in (first, *ways):
        if root in seen:
            continue
        seen.add(root)
        path = {root: iter([target for _, target in ways[root]])}
        while path:
            step, targets = next(reversed(path.items()))
            target = next(targets, None)
            if target is None:
                del path[step]
            elif target in path:
                back.add((step, target))
            elif target not in seen:
                seen.add(target)
                path[target] = iter([further for _, further in ways[target]])
    return back


def _returns(process: Process, source: str, target: str) -> bool:
    """Whether a way leads from a handler to the process's own steps, which stand above it."""
    return handler_of(process, source) != "" == handler_of(process, target)


def handler_of(process: Process, step: str) -> str:
    """The block of the handler that the step belongs to, however deep; empty for the process's own."""
    block = process.steps[step].block
    while block and not block.startswith("@"):
        block = process.steps[block.partition(".")[0]].block
    return block


def _undoes(process: Process, step: str) -> bool:
    """Whether the step stands in what undoes another, however deep."""
    block = process.steps[step].block
    while block and not block.startswith("@") and not block.endswith(".undo"):
        block = process.steps[block.partition(".")[0]].block
    return block.endswith(".undo")


def _rows(process: Process, arrows: tuple[Arrow, ...]) -> dict[str, int]:
    """The longest way to each step, back ways left out; what undoes a step begins beside it, handlers below everything else."""
    below = [(arrow.source, arrow.target, 1) for arrow in arrows if not arrow.back]
    below += [(step.name, step.undo, 0) for step in process.steps.values() if step.undo]
    row = dict.fromkeys(process.steps, 0)
    _sink(row, below)
    own = [row[name] for name in row if not handler_of(process, name)]
    row |= {name: 1 + max(own, default=-1) for name in row if handler_of(process, name)}
    _sink(row, below)
    return row


def _sink(row: dict[str, int], below: list[tuple[str, str, int]]) -> None:
    """Moves steps down until each stands so far below the other as it has to."""
    for _ in range(len(row) + 1):
        moved = False
        for upper, lower, by in below:
            if row[lower] < row[upper] + by:
                row[lower] = row[upper] + by
                moved = True
        if not moved:
            break
