"""Simulated people: every task of any role is completed after a while, with its first outcome unless another one is forced.

What they do is a pure function of the seed and the task, so a restart changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from orderloom.adapters.chance import between, draw
from orderloom.dsl.program import Program, Task
from orderloom.engine import wire
from orderloom.engine.events import Completed
from orderloom.engine.shell.inbox import report
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.store import Store, tables
from orderloom.engine.task import Field, unfit
from orderloom.engine.task import Task as Open

DELAY = (timedelta(hours=1), timedelta(hours=4))  #: from the moment at which a task comes to that at which it is done
NAME = "people"  #: the participant that they are


def tasks_in(program: Program) -> Iterator[Task]:
    """The tasks of all processes."""
    for process in program.processes.values():
        yield from (step.verb for step in process.steps.values() if isinstance(step.verb, Task))


@dataclass(slots=True)
class People:
    """Is called between batches, and takes up the tasks that have come. `forced` names outcomes by (role, task)."""

    store: Store
    program: Program
    seed: int = 0
    forced: Mapping[tuple[str, str], str] = field(default_factory=dict)
    _taken: set[tuple[str, str]] = field(default_factory=set, init=False)

    def __call__(self) -> None:
        """Says of every new task when and how it is done."""
        if next(tasks_in(self.program), None) is None:
            return
        t = tables.tasks.c
        asked = select(t.order_id, t.id, t.body).where(t.shard == self.store.shard, t.closed_at.is_(None))
        with self.store.reading() as connection:  # all that are open: a later turn may open one at an earlier moment
            new = [(order, id, body) for order, id, body in connection.execute(asked) if (order, id) not in self._taken]
        if new:
            self._taken |= {(order, id) for order, id, _ in new}
            report(self.store, [self._done(order, wire.load(body, Open)) for order, _, body in new])

    def _done(self, order: str, task: Open) -> Incoming:
        at = task.opened_at + between(*DELAY, draw(self.seed, task.id, "task"))
        outcome = self.forced.get((task.role, task.name), task.outcomes[0])
        form = {each.name: _filled(each, task) for each in task.form if each.required}
        return Incoming(task.id, NAME, order, Completed(at, task.id, task.claimed_by or self._who(task), outcome, form))

    def _who(self, task: Open) -> str:
        """Somebody who may do it."""
        able = (name for name in self.program.people if unfit(task, name, self.program.people) is None)
        return next(able, f"somebody of {task.role}")


def _filled(field: Field, task: Open) -> object:
    if field.values:
        return field.values[0]
    return {"number": 1, "boolean": True, "date": task.opened_at.date().isoformat()}.get(field.kind, "simulated")
