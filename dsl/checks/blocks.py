"""Blocks and processes within processes: no way leads across a block, joins come about, and no process runs itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from orderloom.dsl import graph
from orderloom.dsl.checks.paths import closure, joined, led
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.entities import SCOPES
from orderloom.dsl.fields import Located
from orderloom.dsl.graph import Block
from orderloom.dsl.nodes import Seq
from orderloom.dsl.program import JOIN
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.source import Span
from orderloom.dsl.steps import NEXT, AnyStep, ChooseStep, DoStep, EachStep, OtherwiseWay, ParallelStep, Process, RunStep


def blocks(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    processes = definitions.of_kind(Process)
    known = {step.name.value: step.name for step in graph.every_step(process) if step.name is not None}
    for block in graph.blocks(process):
        yield from _across(block, known)
        yield from _taken(block, process)
        for step in block.steps:
            yield from _holds(step, definitions)
            yield from _leaves(step, block)
            if isinstance(step, RunStep) and step.run is not None and step.run.value in processes:
                yield from _run(step, step.run, process, processes)
    yield from _recursion(process, processes)


def _across(block: Block, known: Mapping[str, Located[str]]) -> Iterator[Diagnostic]:
    """Ways stay within their block; `join` leads out of one."""
    for step in block.steps:
        for written in _written(step):
            name = written.value
            if name == JOIN and not block.joins and name not in known:
                yield Diagnostic("E551", "there is no block here that could be over", written.span, hint="join ends a branch")
            elif name not in (NEXT, JOIN) and name in known and name not in block.places and not _is_back(name, block):
                where = _in_words(block)
                words = f"the step {name} is not in {where}, and no way leads into a block or out of it"
                hint = "lead to a step of this block, or to join" if block.joins else "lead to the step around it"
                yield Diagnostic("E550", words, written.span, (Label(known[name].span, "it stands here"),), hint)


def _in_words(block: Block) -> str:
    if block.label.startswith("@"):
        return f"the handler {block.label.removeprefix('@time.').removeprefix('@').partition('.')[0]}"
    return f"the block {block.name}" if block.name else "the process itself"


def _is_back(name: str, block: Block) -> bool:
    return block.back is not None and name in block.back.places


def _written(step: AnyStep) -> Iterator[Located[str]]:
    if isinstance(step, ChooseStep):
        for way in step.choose:
            target = way.otherwise if isinstance(way, OtherwiseWay) else way.next
            yield from [target] if target is not None else []
    for pair in graph.ways_of(step):
        yield pair.value
    main = graph.main_way(step)
    yield from [main] if main is not None else []


def _taken(block: Block, process: Process) -> Iterator[Diagnostic]:
    """Names that mean something else already: `join` in a block, and what expressions see by the name of an element."""
    for step in block.steps:
        if step.name is not None and step.name.value == JOIN and block.joins:
            yield Diagnostic("E558", "join is where a block is over", step.name.span, hint="give the step another name")
        if isinstance(step, EachStep) and step.element is not None:
            whole = process.purpose is not None and process.purpose.value == "order"
            seen = {*SCOPES["process of an order" if whole else "process of a unit"]}
            seen |= {each.element.value for each in block.each if each.element is not None}
            if step.element.value in seen:
                words = f"expressions see something else as {step.element.value} already"
                yield Diagnostic("E558", words, step.element.span, hint="give the element another name")


def _holds(step: AnyStep, definitions: Definitions) -> Iterator[Diagnostic]:
    """Every block has steps, and so many of them come to the join as it needs."""
    inner = graph.blocks_of(step)
    empty = [block for block in inner if not block.steps]
    for block in empty:
        if isinstance(block.written, Seq) and not block.written.items:
            what = f"the branch {block.branch.value}" if block.branch is not None else "this block"
            hint = "write at least one, or delete it"
            yield Diagnostic("E552", f"{what} has no steps", block.written.span, hint=hint)
    if not isinstance(step, ParallelStep) or empty:
        return
    place = step.join.span if step.join is not None else step.name.span if step.name is not None else step.span
    if not step.parallel and not step.read_from.broken:
        yield Diagnostic("E552", "there are no branches here", place, hint="write at least one, or delete the step")
    elif joined(step) > len(step.parallel):
        words = f"{joined(step)} branches cannot be over: there are {len(step.parallel)}"
        yield Diagnostic("E553", words, place, hint="write all, any, or a number of branches that there are")
    else:
        yield from _never(step, inner, place, definitions)


def _never(step: ParallelStep, inner: Iterable[Block], place: Span, definitions: Definitions) -> Iterator[Diagnostic]:
    """A branch that always ends the process never comes to the join."""
    paths = [(block, led(block, definitions)) for block in inner]
    never = [block for block, led_to in paths if led_to is not None and graph.OVER not in closure([0], led_to)]
    if len(step.parallel) - len(never) < joined(step):
        labels = tuple(Label(block.branch.span, "is never over") for block in never if block.branch is not None)
        words = f"this waits for {joined(step)} branches to be over, and only {len(step.parallel) - len(never)} can be"
        yield Diagnostic("E554", words, place, labels, "lead the branch to join, or go on without it: join: any")


def _leaves(step: AnyStep, block: Block) -> Iterator[Diagnostic]:
    if _consolidates(step) and isinstance(step, DoStep) and (block.holder is not None or block.label):
        words = "a unit of work goes on in another one as a whole, and not with a part of its process"
        yield Diagnostic("E577", words, step.do.span, hint="do it in the process itself, before the node begins")
    if graph.leaves(step) and block.joins and isinstance(step, DoStep):
        words = f"{step.do.value} leaves the whole process, and the other blocks would be left behind"
        yield Diagnostic("E550", words, step.do.span, hint="do it behind the join")


# --- processes that run processes ------------------------------------------------------------------------------------


def _run(step: RunStep, run: Located[str], process: Process, processes: Mapping[str, Process]) -> Iterator[Diagnostic]:
    called = processes[run.value]
    if None not in (called.purpose, process.purpose) and (called.purpose.value == "order") != (process.purpose.value == "order"):
        words = f"the process {run.value} is for {_whom(called)}, and this one for {_whom(process)}"
        yield Diagnostic("E555", words, run.span, (Label(called.purpose.span, "said here"),), "run a process for the same")
    leaving = next((inner for inner in graph.every_step(called) if graph.leaves(inner)), None)
    if isinstance(leaving, DoStep):
        words = f"the process {run.value} does {leaving.do.value}, which leaves it for another: it would never come back"
        yield Diagnostic("E556", words, run.span, (Label(leaving.do.span, "here"),), "let this process do that itself")
    merging = next((inner for inner in graph.every_step(called) if _consolidates(inner)), None)
    if isinstance(merging, DoStep):
        words = f"the process {run.value} consolidates, and a unit of work goes on in another one as a whole"
        yield Diagnostic("E577", words, run.span, (Label(merging.do.span, "here"),), "let this process do that itself")


def _consolidates(step: AnyStep) -> bool:
    return isinstance(step, DoStep) and step.do is not None and step.do.value == "consolidate"


def _whom(process: Process) -> str:
    return "the order" if process.purpose.value == "order" else "a unit of work"


def _calls(process: Process, processes: Mapping[str, Process]) -> list[Located[str]]:
    steps = (step for step in graph.every_step(process) if isinstance(step, RunStep))
    return [step.run for step in steps if step.run is not None and step.run.value in processes]


def _run_below(name: str, processes: Mapping[str, Process], seen: set[str]) -> set[str]:
    """The process, and those that are run wherever it is."""
    if name not in seen:
        seen.add(name)
        for run in _calls(processes[name], processes):
            _run_below(run.value, processes, seen)
    return seen


def _recursion(process: Process, processes: Mapping[str, Process]) -> Iterator[Diagnostic]:
    """Of a circle of processes each is told where it runs the next."""
    name = process.name.value
    for run in _calls(process, processes):
        if name in _run_below(run.value, processes, set()):
            words = f"the process {name} runs itself" + ("" if run.value == name else f", by way of {run.value}")
            yield Diagnostic("E557", words, run.span, hint="lead a way back to an earlier step, where it is to be done again")
