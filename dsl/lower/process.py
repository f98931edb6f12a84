"""Processes -> graphs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from orderloom.dsl import graph, program
from orderloom.dsl.answers import answer_type
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.handlers import beside, labels_of
from orderloom.dsl.leaves import duration
from orderloom.dsl.lower.task import lowered_task
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.replies import reply_type
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import (
    EVERYTHING,
    AfterTime,
    AnyHandler,
    AnyStep,
    AskStep,
    AtMoment,
    ChooseStep,
    DecideStep,
    DoStep,
    EachStep,
    EndStep,
    OnEvent,
    OtherwiseWay,
    ParallelStep,
    Process,
    RaiseStep,
    Retry,
    RunStep,
    TakeBackStep,
    TaskStep,
    TellStep,
    WaitStep,
    WhenWay,
)
from orderloom.dsl.triggers import event_of


def lowered_process(process: Process, definitions: Definitions, formulas: Compiled) -> program.Process:
    steps = [_step(block, at, definitions, formulas) for block in graph.blocks(process) for at in range(len(block.steps))]
    steps += [undoing for step in graph.every_step(process) for undoing in _undoing(step)]
    return program.Process(
        process.name.value,
        text(process.title, process.name.value),
        process.purpose.value,  # type: ignore[arg-type]  # one of the purposes, as decoded
        {step.name: step for step in steps},
        steps[0].name,
        origin(process.name.span),
        answers=answers.fields if (answers := answer_type(process)) is not None else {},
        replies=replies.fields if (replies := reply_type(process, definitions)) is not None else {},
        handlers=tuple(_handler(*each, formulas) for each in zip(process.handlers, labels_of(process), strict=True)),
    )


def _handler(handler: AnyHandler, block: str, formulas: Compiled) -> program.Handler:
    first = handler.steps[0].name
    made = program.Handler("", first.value, origin(first.span), block, formula(handler.when, formulas), beside(handler))
    match handler:
        case OnEvent(on=on):
            return replace(made, event=on.value, origin=origin(on.span))
        case AfterTime(after=after):
            return replace(made, after=after.value, origin=origin(after.span))
        case AtMoment(at=at):
            return replace(made, at=formulas[at], origin=origin(at.span))


def _undoing(step: AnyStep) -> Iterator[program.Step]:
    """The step that undoes another one by an action alone."""
    undo = getattr(step, "undo", None)
    if undo is not None and undo.do is not None:
        name = graph.undo_of(step.name.value)
        yield program.Step(name, program.Do(undo.do.value), origin(undo.do.span), program.JOIN, block=name)


def _step(block: graph.Block, at: int, definitions: Definitions, formulas: Compiled) -> program.Step:
    step = block.steps[at]
    within = step.within if isinstance(step, AskStep | WaitStep | TaskStep | ParallelStep | EachStep | RunStep) else None
    retry = step.retry if isinstance(step, DoStep | AskStep) else None
    when = None if isinstance(step, ChooseStep | RaiseStep | EndStep) else step.when
    next, ways = _ways(block, at, definitions)
    return program.Step(
        name=step.name.value,
        verb=_verb(step, _targets(block, at, definitions), formulas),
        origin=origin(step.name.span),
        next=next,
        ways=ways,
        when=formula(when, formulas),
        status=step.status.value if step.status is not None else None,
        within=within.value if within is not None else None,
        retry=_retry(retry) if retry is not None else None,
        title=step.title.value if step.title is not None else None,
        block=block.name,
        undo=_undo(step),
        point=_point(step),
        milestone=step.milestone.value if step.milestone is not None else None,
    )


def _undo(step: AnyStep) -> str:
    """The step at which it begins to be undone; empty where there is none."""
    undo = getattr(step, "undo", None)
    if undo is None:
        return ""
    return graph.undo_of(step.name.value) if undo.do is not None else undo.steps[0].name.value


def _point(step: AnyStep) -> program.Point | None:
    written = getattr(step, "point", None)
    return None if written is None else "hard" if written.value == "hard" else "soft"


def _targets(block: graph.Block, at: int, definitions: Definitions) -> list[tuple[str, str]]:
    """Outcome and step of every way, in the order of the text."""
    found = graph.ways(block, at, definitions)
    return [(way.outcome, _name(block, way.target)) for way in found if way.target is not None]


def _name(block: graph.Block, at: int) -> str:
    if at <= graph.BACK:
        assert block.back is not None, "only from a handler a way leads back"
        return block.back.steps[graph.BACK - at].name.value
    return program.JOIN if at == graph.OVER else block.steps[at].name.value


def _ways(block: graph.Block, at: int, definitions: Definitions) -> tuple[str | None, dict[str, str]]:
    """The main way on, and the step of every outcome, the main outcome's included."""
    step = block.steps[at]
    if isinstance(step, ChooseStep):
        return None, {}
    targets = _targets(block, at, definitions)
    ways = {outcome: target for outcome, target in targets if outcome}
    outcomes = graph.outcomes_of(step, definitions) or ("",)
    next = dict(targets).get("", ways.get(outcomes[0]))
    if next is not None and outcomes[0] and not isinstance(step, RaiseStep):
        ways.setdefault(outcomes[0], next)
    return next, ways


def _verb(step: AnyStep, targets: list[tuple[str, str]], formulas: Compiled) -> program.Verb:
    match step:
        case DoStep():
            return program.Do(step.do.value)
        case AskStep():
            return program.Ask(step.ask.value, step.message.value)
        case TellStep():
            return program.Tell(step.tell.value, step.message.value)
        case WaitStep():
            return _wait(step, formulas)
        case TaskStep():
            return lowered_task(step, formulas)
        case ChooseStep():
            return program.Choose(
                tuple(_way(way, target, formulas) for way, (_, target) in zip(step.choose, targets, strict=True))
            )
        case DecideStep():
            return program.Decide(step.decide.value)
        case RaiseStep():
            return program.Raise(step.exception.value, step.to.value if step.to is not None else None)
        case TakeBackStep():
            since = step.take_back.value
            return program.TakeBack(None if since == EVERYTHING else since)
        case EndStep():
            return program.End(step.end.value)
        case ParallelStep():
            branches = tuple(program.Branch(pair.key.value, pair.value[0].name.value) for pair in step.parallel)
            return program.Parallel(branches, _join(step))
        case EachStep():
            return program.Each(formulas[step.each], step.element.value, step.steps[0].name.value, _join(step))
        case RunStep():
            return program.Run(step.run.value)


def _join(step: ParallelStep | EachStep) -> int | None:
    """How many must be over, None for all."""
    written = step.join.value if step.join is not None else "all"
    return written if isinstance(written, int) else 1 if written == "any" else None


def _wait(step: WaitStep, formulas: Compiled) -> program.Wait:
    text = step.wait.value
    return program.Wait(event_of(text), formulas.get(step.wait), duration(text), formula(step.until, formulas))


def _way(way: WhenWay | OtherwiseWay, target: str, formulas: Compiled) -> program.Way:
    if isinstance(way, OtherwiseWay):
        return program.Way(None, target, origin(way.otherwise.span))
    return program.Way(formulas[way.when], target, origin(way.when.span))


def _retry(retry: Retry) -> program.Retry:
    return program.Retry(int(retry.times.value), retry.every.value, retry.backoff.value if retry.backoff else Decimal(1))
