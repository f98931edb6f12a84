"""Parts of an instance: the branches of its step, the runs of a block for elements, and the process that it runs.

The instance waits for them, its timer is that of the step. Whatever leaves the step ends the parts that still run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from orderloom.dsl.program import ENGINE_TYPES, Run
from orderloom.engine.effects import ClearTimer, CloseException
from orderloom.engine.state import Element, Instance, OpenIssue
from orderloom.engine.turn import Turn

BESIDE = "@"  #: before the name of the event by which a part was started that its parent does not wait for
CHILDREN = "children"  #: what an instance waits for that has parts
OVER = "over"  #: the outcome of a branch that came to its join
STOPPED = "stopped"  #: the outcome of a part that went on no more, since the others or the clock were first

_OUTLIVE = frozenset(name for name, each in ENGINE_TYPES.items() if each.outlives)


def start_child(turn: Turn, parent: Instance, name: str, process: str, first: str, element: Element | None = None) -> Instance:
    """Starts a part and queues it; one that ran before counts its visits on, so that answers of then are known as late."""
    id = f"{parent.id}/{name}"
    known = turn.state.instances.get(id)
    turn.queue.append((id, first))
    return turn.put(Instance(id, process, first, known.visit if known else 0, element=element))


def end_children(turn: Turn, instance_id: str, beside: bool = False) -> None:
    """Ends all parts that still run: their timers are cleared, their exceptions closed; answers that come later are late.

    Those that run beside the instance go on, unless it is said.
    """
    below = f"{instance_id}/"
    _stop_undoing(turn, instance_id)
    running = [each for each in turn.state.instances.values() if each.ended is None and each.id.startswith(below)]
    running = [each for each in running if beside or not each.id.startswith(f"{below}{BESIDE}")]
    if not running:
        return
    ending = {each.id for each in running}
    settle_all(turn, [issue for issue in turn.state.exceptions.values() if issue.instance in ending], STOPPED)
    for each in running:
        if each.waiting is not None:
            turn.emit(ClearTimer(turn.key(each)))
        turn.put(replace(each, ended=STOPPED, waiting=None))
        turn.note(each.id, "ended", STOPPED)
    turn.queue = [entry for entry in turn.queue if entry[0] not in ending]


def stopped(turn: Turn, instance: Instance, because: str, beside: bool = True) -> Instance:
    """The instance, no longer at work: its clock is cleared, its exceptions are closed, its parts have ended.

    Those that run beside it end too, unless it is said that they go on.
    """
    turn.queue[:] = [entry for entry in turn.queue if entry[0] != instance.id]
    end_children(turn, instance.id, beside)
    if instance.waiting is not None:
        turn.emit(ClearTimer(turn.key(instance)))
    settle_all(turn, [issue for issue in turn.state.exceptions.values() if issue.instance == instance.id], because)
    return turn.put(replace(turn.state.instances[instance.id], waiting=None))


def end(turn: Turn, instance_id: str, outcome: str) -> Instance:
    """Ends the instance of a unit of work with all its parts; its process is not asked."""
    whole = stopped(turn, turn.state.instances[instance_id], outcome)
    turn.note(instance_id, "ended", outcome)
    return turn.put(replace(whole, ended=outcome))


def _stop_undoing(turn: Turn, instance_id: str) -> None:
    """What the instance or a part of it was undoing is to be undone again: nobody knows how far that came."""
    stopped = {id: each for id, each in turn.state.undoing.items() if f"{id}/".startswith(f"{instance_id}/")}
    if stopped:
        again = tuple(each.at for each in stopped.values() if each.at is not None)
        left = {id: each for id, each in turn.state.undoing.items() if id not in stopped}
        turn.change(done=(*turn.state.done, *again), undoing=left)


def one_over(turn: Turn, parent: Instance) -> bool:
    """Counts a part as over; whether that was the last that the parent waits for."""
    waiting = parent.waiting
    assert waiting is not None and waiting.kind == CHILDREN, f"{parent.id} does not wait for its parts"
    turn.put(replace(parent, waiting=replace(waiting, left=waiting.left - 1)))
    return waiting.left <= 1


def whole_of(turn: Turn, instance: Instance) -> Instance:
    """The instance that runs the process of which this one is a branch, or an element's run; often it is that itself."""
    while instance.parent is not None and not is_called(turn, instance) and not _is_started(turn, instance):
        instance = turn.state.instances[instance.parent]
    return instance


def is_beside(instance: Instance) -> bool:
    """Whether the instance runs beside its parent, which does not wait for it."""
    return instance.id.rpartition("/")[2].startswith(BESIDE)


def _is_started(turn: Turn, instance: Instance) -> bool:
    """Whether the instance is a process of its own that an event has started."""
    return is_beside(instance) and turn.state.instances[instance.parent or ""].process != instance.process


def is_called(turn: Turn, instance: Instance) -> bool:
    """Whether the instance is a process that a step of its parent runs."""
    parent = turn.state.instances.get(instance.parent or "")
    return parent is not None and instance.id == f"{parent.id}/{parent.step}" and isinstance(turn.step(parent).verb, Run)


def tree(turn: Turn, root: str) -> Iterator[Instance]:
    """The instance of the order or of a unit of work, and its parts, that have not ended."""
    for each in tuple(turn.state.instances.values()):
        if each.ended is None and each.root == root:
            yield each


def settle_all(turn: Turn, issues: Iterable[OpenIssue], option: str) -> None:
    """Closes the exceptions of work that has ended; those that outlive it stay, for somebody to decide."""
    for issue in tuple(issues):
        if issue.type not in _OUTLIVE:
            settle(turn, issue, option)


def settle(turn: Turn, issue: OpenIssue, option: str) -> None:
    """Closes an exception; the instance itself is not moved."""
    turn.change(exceptions={key: value for key, value in turn.state.exceptions.items() if key != issue.id})
    turn.emit(CloseException(issue.id, option))
