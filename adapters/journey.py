"""The way of an order and of its units of work through their processes, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from orderloom.adapters.story import Story
from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.program import Do, Program

RESTARTED = "restarted"  #: the kind of note by which a change begins in another process


class Passage(Struct, frozen=True):
    """A step that was entered, or `skipped` because its `when` was not true; `subject` is `order` or a unit of work's id."""

    at: datetime
    subject: str
    process: str
    step: str
    skipped: bool = False


def journey(program: Program, story: Story) -> tuple[Passage, ...]:
    """All passages in the order in which they happened."""
    processes = {subject: _processes(story, subject) for subject in story.state.instances}
    present = {subject: next(chosen, None) for subject, chosen in processes.items()}
    found = []
    for told in story.history:
        if told.kind == RESTARTED:
            present[told.subject] = next(processes[told.subject], None)
        process = present.get(told.subject)
        if told.kind not in ("entered", "skipped") or process is None:
            continue
        found.append(Passage(told.at, told.subject, process, told.text, told.kind == "skipped"))
        verb = program.processes[process].steps[told.text].verb
        if isinstance(verb, Do) and ACTIONS[verb.action].leaves:
            present[told.subject] = next(processes[told.subject], None)
    return tuple(found)


def _processes(story: Story, subject: str) -> Iterator[str]:
    """The processes that were chosen for the order or the unit of work, one after the other; a part of one has but one."""
    if story.state.instances[subject].parent is not None:
        return iter((story.state.instances[subject].process,))
    return (told.record.chosen for told in story.records if told.record.kind == "process" and told.record.subject == subject)
