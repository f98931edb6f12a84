"""Compensation: what steps did that can be undone, and undoing it, the last first, one after the other.

Each undo runs as an instance of its own, a part of the one that did the step; the next begins when it is over.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.program import Ask, Do, Step, TakeBack
from orderloom.engine.process.blocks import stopped
from orderloom.engine.process.handlers import start_part
from orderloom.engine.state import ORDER, Done, Instance, OrderState, Passed, Undoing, Waiting
from orderloom.engine.turn import MAIN, Turn

UNDO = Waiting("undo")  #: of an instance the work of which is being undone, or that has it undone


def went(turn: Turn, instance: Instance, step: Step, outcome: str) -> None:
    """Remembers a step that went its main way, where it can be undone or is a point of no return."""
    if not (step.undo or step.point) or outcome not in (MAIN, _main_outcome(turn, step)):
        return
    if step.undo:
        action = step.verb.action if isinstance(step.verb, Do) else ""
        turn.change(done=(*turn.state.done, Done(instance.id, instance.process, step.name, action)))
    if step.point:
        turn.change(points=(*turn.state.points, Passed(instance.id, step.name, step.point == "hard", turn.at)))
        turn.note(instance.id, "point of no return", f"{step.name} ({step.point})")


def _main_outcome(turn: Turn, step: Step) -> str:
    match step.verb:
        case Do(action):
            return ACTIONS[action].outcomes[0]
        case Ask(role, message):
            return turn.world.program.roles[role].receives[message].replies[0]
        case _:
            return MAIN


# --- what is undone --------------------------------------------------------------------------------------------------


def take_back(turn: Turn, instance: Instance, step: Step) -> str | None:
    """The verb: undoes what the instance and its parts did; for the order's process everything, and units of work are stopped."""
    assert isinstance(step.verb, TakeBack), "only that is run by this"
    if instance.id == ORDER:
        await_undoing(turn, lambda other: other.id != ORDER)
    mine = [done for done in turn.state.done if _below(done.instance, instance.id)]
    since = next((at for at, done in enumerate(mine) if done.step == step.verb.since), len(mine) if step.verb.since else 0)
    turn.put(replace(turn.state.instances[instance.id], waiting=UNDO))
    return None if begin(turn, instance.id, tuple(mine[since:])) else MAIN


def undo_everything(turn: Turn) -> bool:
    """Stops every instance and undoes all that was done; whether anything is to be undone before the order can end."""
    await_undoing(turn, lambda other: True)
    return begin(turn, ORDER, turn.state.done, cancels=True)


def await_undoing(turn: Turn, which: Callable[[Instance], bool]) -> None:
    """Lets live instances wait for what is undone: parts of them are over."""
    for instance in [each for each in turn.state.instances.values() if each.ended is None and which(each)]:
        still = stopped(turn, instance, "cancelled", beside=False)
        turn.put(replace(still, waiting=UNDO) if instance.parent is None else replace(still, ended="cancelled"))


def _below(id: str, ancestor: str) -> bool:
    return ancestor == ORDER or id == ancestor or id.startswith(f"{ancestor}/")


def begin(turn: Turn, instance: str, done: tuple[Done, ...], cancels: bool = False) -> bool:
    """Begins to undo on behalf of an instance; False where there is nothing to undo."""
    turn.change(undoing={**turn.state.undoing, instance: Undoing(tuple(reversed(done)), cancels)})
    return go_on(turn, instance)


def go_on(turn: Turn, instance: str) -> bool:
    """Begins with the next of what is left; False where nothing is."""
    undoing = turn.state.undoing[instance]
    if not undoing.left:
        turn.change(undoing={id: each for id, each in turn.state.undoing.items() if id != instance})
        return False
    done, *rest = undoing.left
    process = turn.world.program.processes[done.process]
    left = list(turn.state.done)
    if done in left:
        del left[len(left) - 1 - left[::-1].index(done)]
    undone = done.instance, done.step
    turn.change(points=tuple(passed for passed in turn.state.points if (passed.instance, passed.step) != undone))
    turn.note(done.instance, "undone", done.step)
    child = start_part(turn, done.instance, f"{done.step}.undo", process.name, process.steps[done.step].undo)
    turn.change(
        done=tuple(left), undoing={**turn.state.undoing, instance: replace(undoing, left=tuple(rest), at=done, part=child.id)}
    )
    _reopen(turn, done.instance)
    return True


def _reopen(turn: Turn, instance: str) -> None:
    """A unit of work that has ended counts as cancelled once it is undone."""
    unit = turn.state.units.get(instance.partition("/")[0])
    if unit is not None and unit.outcome is not None:
        turn.put_unit(replace(unit, outcome="cancelled"))


def on_behalf_of(part: Instance, state: OrderState) -> str | None:
    """The instance on behalf of which this part undoes something; None where it does not."""
    return next((instance for instance, undoing in state.undoing.items() if undoing.part == part.id), None)


def is_cancelling(state: OrderState) -> bool:
    """Whether the order is being cancelled, and what was done is being undone."""
    return ORDER in state.undoing and state.undoing[ORDER].cancels
