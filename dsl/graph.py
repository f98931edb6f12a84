"""The ways between the steps of a process as written, block by block, with the best guess where a name is misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from msgspec import Struct

from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.handlers import beside, labels_of
from orderloom.dsl.nodes import Map, Node
from orderloom.dsl.program import DONE, JOIN, LATE
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import (
    NEXT,
    AnyStep,
    AskStep,
    ChooseStep,
    DecideStep,
    DoStep,
    EachStep,
    EndStep,
    OtherwiseWay,
    ParallelStep,
    Process,
    RaiseStep,
    RunStep,
    TaskStep,
    WaitStep,
)
from orderloom.dsl.suggest import closest
from orderloom.dsl.triggers import event_of

OVER = -1  #: where a way leads that leaves a block for its join
BACK = -2  #: where a way leads from a handler to the first step of the process; each step further is one less


@dataclass(frozen=True, eq=False)
class Block:
    """Steps that ways lead between: those of the process itself, of a branch, or of an `each`; `holder` is the step around it.

    `written` is the list as it was read, `each` has the steps whose elements are in scope, outermost first. A block that no step
    runs has a `label`: that of a handler, or that which undoes its holder. From that of a handler which is not beside the process
    ways lead `back` to the process's own steps.
    """

    steps: tuple[AnyStep, ...]
    written: Node | None
    holder: AnyStep | None = None
    branch: Located[str] | None = None
    each: tuple[EachStep, ...] = ()
    label: str = ""
    back: Block | None = None

    @property
    def joins(self) -> bool:
        """Whether it is over behind its last step."""
        return self.holder is not None or (self.label != "" and self.back is None)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each step by its name; of two with one name the first."""
        found: dict[str, int] = {}
        for at, step in enumerate(self.steps):
            if step.name is not None:
                found.setdefault(step.name.value, at)
        return found

    @property
    def name(self) -> str:
        """`STEP.BRANCH` or `STEP` by the step around it, empty for the process itself."""
        if self.label or self.holder is None or self.holder.name is None:
            return self.label
        return self.holder.name.value + (f".{self.branch.value}" if self.branch is not None else "")


def blocks(process: Process) -> Iterator[Block]:
    """The process's own steps, then the blocks that stand in them, each before those in it."""
    own = Block(process.steps, process.read_from.get("steps"))
    yield from _with_inner(own)
    for handler, label in zip(process.handlers, labels_of(process), strict=True):
        back = None if beside(handler) else own
        yield from _with_inner(Block(handler.steps, handler.read_from.get("steps"), label=label, back=back))


def led_back_to(process: Process, definitions: Definitions) -> set[int]:
    """The places of the process's own steps to which handlers lead back."""
    handling = [block for block in blocks(process) if block.back is not None]
    targets = (way.target for block in handling for at in range(len(block.steps)) for way in ways(block, at, definitions))
    return {BACK - target for target in targets if target is not None and target <= BACK}


def _with_inner(block: Block) -> Iterator[Block]:
    yield block
    for step in block.steps:
        for inner in (*blocks_of(step, block.each), *undoing(step, block.each)):
            yield from _with_inner(inner)


def undoing(step: AnyStep, each: tuple[EachStep, ...] = ()) -> tuple[Block, ...]:
    """The block that undoes a step, where there is one; one action alone is none."""
    undo = getattr(step, "undo", None)
    if undo is None or step.name is None or undo.read_from.get("steps") is None:
        return ()
    return (Block(undo.steps, undo.read_from.get("steps"), step, None, each, undo_of(step.name.value)),)


def undo_of(step: str) -> str:
    """What the block is called that undoes a step, and the one step that does so where an action alone does."""
    return f"{step}.undo"


def blocks_of(step: AnyStep, each: tuple[EachStep, ...] = ()) -> tuple[Block, ...]:
    """The blocks that a step holds."""
    if isinstance(step, EachStep):
        return (Block(step.steps, step.read_from.get("steps"), step, None, (*each, step)),)
    if isinstance(step, ParallelStep):
        written = step.read_from.get("parallel")
        lists = {entry.key.text: entry.value for entry in written.entries} if isinstance(written, Map) else {}
        return tuple(Block(pair.value, lists.get(pair.key.value), step, pair.key, each) for pair in step.parallel)
    return ()


def every_step(process: Process) -> Iterator[AnyStep]:
    """All steps, those of its blocks included."""
    for block in blocks(process):
        yield from block.steps


def ends(process: Process) -> tuple[str, ...]:
    """The outcomes with which a process may end, each once."""
    found = (step.end.value for step in every_step(process) if isinstance(step, EndStep) and step.end is not None)
    return tuple(dict.fromkeys(found))


class Way(Struct, frozen=True):
    """A way out of a step: its outcome (empty for the main way and the ways of a `choose`), and where it leads.

    `target` is None where the name is not known and nothing is near it, or where the last step goes on to nothing; OVER where
    the way leaves the block.
    """

    outcome: str
    written: Located[str] | None
    target: int | None


def ways_of(step: AnyStep) -> tuple[Pair[Located[str]], ...]:
    """The entries of the step's `on`."""
    return () if isinstance(step, EndStep | ChooseStep) else getattr(step, "on", ())


def outcomes_of(step: AnyStep, definitions: Definitions) -> tuple[str, ...] | None:
    """What can come out of a step, the main outcome first; None where that cannot be known."""
    match step:
        case DoStep(do=Located(value)) if value in ACTIONS:
            return ACTIONS[value].outcomes
        case AskStep(ask=Located(role), message=Located(message)) if message in definitions.messages(role):
            replies = definitions.messages(role)[message].replies
            return (*(reply.value for reply in replies), *_late(step)) or None
        case WaitStep():
            return ("", *(event.value for event in other_events(step)), *_late(step))
        case ParallelStep() | EachStep():
            return ("", *_late(step))
        case TaskStep(on=on):
            named = tuple(pair.key.value for pair in on if pair.key.value != LATE)
            late = any(pair.key.value == LATE for pair in on) and _late(step)
            return (*(named or (DONE,)), *(late or ()))
        case RunStep(run=Located(name)) if name in (known := definitions.of_kind(Process)):
            return (*ends(known[name]), *_late(step)) or None
        case _:
            return None


def other_events(step: AnyStep) -> tuple[Located[str], ...]:
    """The events that end the wait for an event as well, each with its way in `on`."""
    if not isinstance(step, WaitStep) or step.wait is None or event_of(step.wait.value) is None:
        return ()
    return tuple(pair.key for pair in step.on if pair.key.value not in (LATE, step.wait.value))


def _late(step: AnyStep) -> tuple[str, ...]:
    """A clock is one even where its value is at fault."""
    written = step.read_from
    return (LATE,) if any(written.get(clock) is not None for clock in ("within", "until", "due")) else ()


def main_way(step: AnyStep) -> Located[str] | None:
    """The written `next` of a step."""
    return None if isinstance(step, EndStep | ChooseStep | RaiseStep) else step.next


def has_main_way(step: AnyStep, definitions: Definitions) -> bool:
    """Whether the step goes on to `next`, or to the step below, when `on` does not say otherwise."""
    if isinstance(step, EndStep | ChooseStep | RaiseStep):
        return False
    named = {pair.key.value for pair in ways_of(step)}
    outcomes = outcomes_of(step, definitions)
    if isinstance(step, DecideStep):
        return step.next is not None or step.when is not None or step.on == ()
    if leaves(step):
        return False
    return step.when is not None or not outcomes or outcomes[0] not in named


def idle_next(step: AnyStep, definitions: Definitions) -> bool:
    """Whether the written `next` is never taken, since `on` names the main outcome."""
    if main_way(step) is None or isinstance(step, DecideStep) or leaves(step):
        return False
    return not has_main_way(step, definitions)


def leaves(step: AnyStep) -> bool:
    """Whether the instance goes on in another process after the step."""
    action = ACTIONS.get(step.do.value) if isinstance(step, DoStep) and step.do is not None else None
    return action is not None and action.leaves


def ways(block: Block, at: int, definitions: Definitions) -> Iterator[Way]:
    """All ways out of the step at this place, in the order of the text."""
    step = block.steps[at]
    below = at + 1 if at + 1 < len(block.steps) else OVER if block.joins else None
    if isinstance(step, ChooseStep):
        for way in step.choose:
            written = way.otherwise if isinstance(way, OtherwiseWay) else way.next
            yield Way("", written, target(written, block, below))
    for pair in ways_of(step):
        yield Way(pair.key.value, pair.value, target(pair.value, block, below))
    if has_main_way(step, definitions):
        yield Way("", main_way(step), target(main_way(step), block, below))


def target(written: Located[str] | None, block: Block, below: int | None) -> int | None:
    if written is None or written.value == NEXT:
        return below
    if written.value == JOIN and block.joins:
        return OVER
    main = block.back.places if block.back is not None else {}
    if written.value in main and written.value not in block.places:
        return BACK - main[written.value]
    guess = written.value if written.value in block.places else closest(written.value, block.places)
    return block.places[guess] if guess is not None else None
