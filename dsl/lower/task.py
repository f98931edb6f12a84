"""Work for people."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.dsl import program
from orderloom.dsl.feel.types import STRING
from orderloom.dsl.fields import Pair
from orderloom.dsl.forms import Escalation, FormField, field_type
from orderloom.dsl.formulas import Compiled
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.steps import TaskStep


def lowered_task(step: TaskStep, formulas: Compiled) -> program.Task:
    named = tuple(pair.key.value for pair in step.on if pair.key.value != program.LATE)
    return program.Task(
        name=step.task.value,
        role=step.to.value,
        skill=step.skill.value if step.skill is not None else None,
        outcomes=named or (program.DONE,),
        form=tuple(_field(pair) for pair in step.form),
        due=formula(step.due, formulas),
        escalations=lowered_escalations(step.escalate),
    )


def _field(pair: Pair[FormField]) -> program.FormField:
    written = pair.value
    required = written.required is None or written.required.value == "true"
    title = text(written.title, pair.key.value.replace("_", " "))
    return program.FormField(pair.key.value, title, field_type(written.type) or STRING, required)


def lowered_escalations(written: Iterable[Escalation]) -> tuple[program.Escalation, ...]:
    """Where it goes, in turn."""
    return tuple(
        program.Escalation(each.after.value, each.to.value, each.every.value if each.every is not None else None)
        for each in written
    )
