"""A process taken apart into scopes: its own steps, and those of each block, with the nodes that BPMN has and we have not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.bpmn.nodes import Kind, Node, kind_of
from orderloom.dsl.bpmn.ways import beside, led, question, targets_of
from orderloom.dsl.pictures.frames import block_names
from orderloom.dsl.pictures.words import heading
from orderloom.dsl.program import (
    JOIN,
    LATE,
    Ask,
    Choose,
    Do,
    Each,
    End,
    Handler,
    Parallel,
    Process,
    Step,
    Tell,
    Wait,
    Way,
)

UNDO = ":undo"  #: the way from a step to what undoes it


class Scope(Struct, frozen=True):
    """What stands on one diagram: a process that has these nodes alone as its steps, and what each of them is.

    `name` is unique in the model; `handler` is that whose steps these are.
    """

    name: str
    title: str
    process: Process
    nodes: Mapping[str, Node]
    inner: tuple[tuple[str, Scope], ...] = ()
    handler: Handler | None = None


def scope_of(process: Process) -> Scope:
    """The process's own steps, with the scopes of its blocks within."""
    found = _Scope(process, "", "", process.title)
    found.add_steps((process.first,))
    for handler in process.handlers:
        found.add_handler(handler)
    return found.made()


class _Scope:
    """A scope while it is put together."""

    def __init__(self, process: Process, block: str, name: str, title: str) -> None:
        self.process, self.block, self.name, self.title = process, block, name, title
        self.steps: dict[str, Step] = {}
        self.nodes: dict[str, Node] = {}
        self.inner: list[tuple[str, Scope]] = []
        self.first = ""
        self.handler: Handler | None = None

    def made(self) -> Scope:
        self.merge()
        process = replace(self.process, steps=self.steps, first=self.first, handlers=())
        return Scope(self.name, self.title, process, self.nodes, tuple(self.inner), self.handler)

    def add(self, step: Step, kind: Kind, title: str, made_of: Step | None = None) -> str:
        self.steps[step.name] = step
        self.nodes[step.name] = Node(step.name, kind, title, made_of)
        return step.name

    def extra(self, name: str, kind: Kind, title: str, next: str | None = None) -> str:
        """A node that no step of the process stands for; named so that no step can have its name."""
        own = self.process.steps.get(next or "")
        verb = End(title) if next is None else beside(own, title) if own is not None else Do(title)
        return self.add(Step(f"{self.name}:{name}", verb, self.process.origin, next), kind, title)

    def add_steps(self, firsts: tuple[str, ...]) -> None:
        """The start, all steps of the block, and its end."""
        self.first = self.extra("start", "start", "start", self.entry(firsts[0]) if len(firsts) == 1 else f"{self.name}:split")
        if len(firsts) > 1:
            self.split(firsts)
        for step in self.own():
            self.add_step(step)

    def own(self) -> Iterable[Step]:
        return [step for step in self.process.steps.values() if step.block == self.block]

    def split(self, firsts: tuple[str, ...]) -> None:
        ways = {str(at): self.entry(first) for at, first in enumerate(firsts)}
        self.add(Step(f"{self.name}:split", Do("split"), self.process.origin, ways["0"], ways), "split", "")

    def entry(self, target: str) -> str:
        """The node by which a step is entered: what asks first whether it is passed over, where something does."""
        return f"{target}:when" if self.process.steps[target].when and self.process.steps[target].next else target

    def target(self, written: str) -> str:
        """The node to which a way leads: one out of the block leads to its end, or says where it goes on."""
        if written == JOIN:
            return self.over()
        if self.process.steps[written].block == self.block:
            return self.entry(written)
        name = f"to {written}"
        return self.steps_of_mine(name) or self.extra(name, "end", f"go on at {heading(self.process.steps[written])}")

    def over(self) -> str:
        return self.steps_of_mine("over") or self.extra("over", "end", "over")

    def steps_of_mine(self, name: str) -> str:
        return f"{self.name}:{name}" if f"{self.name}:{name}" in self.steps else ""

    def add_step(self, step: Step) -> None:
        next = self.target(step.next) if step.next is not None else None
        if step.when and next is not None:
            choice = Choose((Way(step.when, step.name, step.origin), Way(None, next, step.origin)))
            self.add(Step(f"{step.name}:when", choice, step.origin), "gateway", step.when.text)
        on = self.after(step, next)
        ways = {"": on} if on else {}
        ways |= {name: self.target(target) for name, target in step.ways.items() if name == LATE or isinstance(step.verb, Wait)}
        ways |= {UNDO: self.add_undo(step)} if step.undo else {}
        verb = step.verb
        if isinstance(verb, Choose):
            verb = Choose(tuple(replace(way, next=self.target(way.next)) for way in verb.ways))
        elif isinstance(verb, Parallel | Each):
            self.inner.append((step.name, self.block_of(step)))
            verb = Do("block")
        made = replace(step, verb=verb, next=on or None, ways=ways, block="", undo="", when=None)
        self.add(made, kind_of(step), heading(step), step)

    def after(self, step: Step, next: str | None) -> str:
        """Where a step leads when it is done: to the next, or to a gateway from which each outcome goes its way."""
        if isinstance(step.verb, End | Choose):
            return ""
        outcomes: dict[str, list[str]] = {}
        for name, target in step.ways.items():
            if name != LATE and not isinstance(step.verb, Wait):
                outcomes.setdefault(self.target(target), []).append(name)
        if next is not None and next not in outcomes:
            outcomes[next] = []
        if len(outcomes) < 2:
            return next or [*outcomes, ""][0] or self.over()
        ways = {", ".join(names): target for target, names in outcomes.items()}
        gateway = Step(f"{step.name}:which", beside(step, "which"), step.origin, next, ways)
        return self.add(gateway, "gateway", question(step))

    def block_of(self, step: Step) -> Scope:
        """The scope of the branches of a `parallel`, or of the block of an `each`."""
        if isinstance(step.verb, Each):
            return _inner(self.process, step.name, step.name, heading(step), (step.verb.first,))
        assert isinstance(step.verb, Parallel)
        found = _Branches(self.process, "", step.name, heading(step))
        found.holder = step
        found.add_steps(tuple(branch.first for branch in step.verb.branches))
        return found.made()

    def merge(self) -> None:
        """A gateway of its own before each one at which several ways meet, since none is to join and to part them."""
        coming = Counter(target for step in self.steps.values() for target in targets_of(step))
        meeting = [name for name, node in self.nodes.items() if node.kind == "gateway" and coming[name] > 1]
        for name in meeting:
            self.steps = {each: led(step, name, f"{name}:meet") for each, step in self.steps.items()}
            self.add(Step(f"{name}:meet", Do("meet"), self.steps[name].origin, name), "gateway", "")

    def add_undo(self, step: Step) -> str:
        """What undoes a step: its one task, or a scope of its own."""
        block = f"{step.name}.undo"
        own = [each for each in self.process.steps.values() if each.block == block]
        title = f"undo {heading(step)}"
        verb = own[0].verb if len(own) == 1 and isinstance(own[0].verb, Do | Ask | Tell) else Do("block")
        if verb == Do("block"):
            self.inner.append((block, _inner(self.process, block, block, title, (step.undo,))))
        made = own[0] if verb != Do("block") else None
        kind: Kind = kind_of(made) if made is not None else "sub"
        return self.add(Step(block, verb, step.origin), kind, title, made)

    def add_handler(self, handler: Handler) -> None:
        block = handler.block
        title = block_names(self.process)[block]
        self.add(Step(block, Do("block"), handler.origin, block=block), "sub", title)
        self.inner.append((block, _inner(self.process, block, block, title, (handler.first,), handler)))


class _Branches(_Scope):
    """The branches of a `parallel` between their split and their join."""

    holder: Step

    def own(self) -> Iterable[Step]:
        verb = self.holder.verb
        assert isinstance(verb, Parallel)
        blocks = {f"{self.holder.name}.{branch.name}" for branch in verb.branches}
        return [step for step in self.process.steps.values() if step.block in blocks]

    def target(self, written: str) -> str:
        return self.over() if written == JOIN else self.entry(written)

    def over(self) -> str:
        verb = self.holder.verb
        assert isinstance(verb, Parallel)
        if not self.steps_of_mine("join"):
            kind: Kind = "join" if verb.join is None else "some"
            self.extra("join", kind, "" if verb.join is None else f"{verb.join} of {len(verb.branches)}", f"{self.name}:over")
            self.extra("over", "end", "over")
        return f"{self.name}:join"


def _inner(process: Process, block: str, name: str, title: str, firsts: tuple[str, ...], handler: Handler | None = None) -> Scope:
    found = _Scope(process, block, name, title)
    found.handler = handler
    found.add_steps(firsts)
    return found.made()
