"""Work for people: fields that can be filled in, escalations that come in turn, and somebody who may do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from orderloom.dsl.answers import tasks_of
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.feel.types import Type, same_kind
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.forms import FORM_TYPES, Escalation, FormField, field_type
from orderloom.dsl.program import LATE
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import Process, TaskStep
from orderloom.dsl.suggest import hint_for


def tasks(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    known: dict[str, tuple[Located[str], Type]] = {}
    for step in tasks_of(process):
        for pair in step.form:
            yield from _field(pair, known)
        yield from escalations(step.escalate)
        yield from _too_late(step)
        yield from _nobody(step, definitions)


def _field(pair: Pair[FormField], known: dict[str, tuple[Located[str], Type]]) -> Iterator[Diagnostic]:
    written = pair.value.type
    if written is None:
        return
    kind = field_type(written)
    if kind is None and written.text is not None:
        hint = (
            hint_for(written.text.value, FORM_TYPES) or "write text, number, date, boolean, or a list of the texts to choose from"
        )
        yield Diagnostic("E521", f"nobody can fill in a {written.text.value}", written.text.span, hint=hint)
        return
    assert kind is not None, "a list of texts is a type"
    first, before = known.setdefault(pair.key.value, (pair.key, kind))
    if not same_kind(before, kind):
        words = f"{pair.key.value} is a {kind} here and a {before} in another form of this process"
        labels = (Label(first.span, "the first"),)
        yield Diagnostic("E522", words, pair.key.span, labels, f"give one of them another name: both are answer.{pair.key.value}")


def escalations(written: tuple[Escalation, ...]) -> Iterator[Diagnostic]:
    """Each comes later than the one before, and only the last comes again."""
    last = timedelta()
    for at, each in enumerate(written):
        if each.after is None:
            return
        if each.after.value <= last:
            words = "this escalation is not later than the one before"
            yield Diagnostic("E523", words, each.after.span, hint="the times count from when it came into the queue, and grow")
        last = max(last, each.after.value)
        if each.every is not None and at + 1 < len(written):
            yield Diagnostic("E523", "only the last escalation may come again", each.every.span, hint="delete it, or put it last")


def _too_late(step: TaskStep) -> Iterator[Diagnostic]:
    """What would come after the task is gone."""
    if step.within is None or not any(pair.key.value == LATE for pair in step.on):
        return
    for each in step.escalate:
        if each.after is not None and each.after.value >= step.within.value:
            labels = (Label(step.within.span, "then `late` is taken"),)
            hint = "let it come before, or give the task more time"
            yield Diagnostic("E524", "the task is gone before this escalation", each.after.span, labels, hint)


def _nobody(step: TaskStep, definitions: Definitions) -> Iterator[Diagnostic]:
    """Where a workspace names its people, somebody must be able to do the work."""
    people = definitions.people.values()
    if not people or step.to is None or step.to.value not in definitions.roles or "participants" in definitions.lost:
        return
    able = [p for p in people if step.to.value in {role.value for role in p.value.roles}]
    skill = step.skill
    if skill is not None:
        able = [p for p in able if skill.value in {known.value for known in p.value.skills}]
    if not able:
        what = f"{step.to.value}" + (f" and the skill {skill.value}" if skill is not None else "")
        place = skill.span if skill is not None else step.to.span
        yield Diagnostic(
            "E525", f"nobody has the role {what}", place, hint="add it to somebody below people: of the participants"
        )
