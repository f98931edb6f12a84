"""Work for people, and what they ask for: each request gives the fact that it causes, or why it is refused. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Person
from orderloom.dsl.suggest import hint_for
from orderloom.engine.events import Claimed, Completed, Delegated, Released
from orderloom.engine.refused import Refused

People = Mapping[str, Person]
DIGITS = 34  #: of a number, as expressions have them
NOBODY: People = {}  #: no people are named: whoever comes may do everything


class Field(Struct, frozen=True, omit_defaults=True):
    """A field that the person fills in; `kind` is text, number, date or boolean, `values` are the texts to choose from."""

    name: str
    title: str
    kind: str
    values: tuple[str, ...] = ()
    required: bool = True


class Task(Struct, frozen=True, omit_defaults=True):
    """Work for somebody of `role`. `claimed_by` is who does it; `escalated` counts how often it went on to another role.

    When it is closed, `outcome` says how, `completed_by` by whom, and `answer` has what was filled in.
    """

    id: str
    name: str
    title: str
    role: str
    instance: str
    outcomes: tuple[str, ...]
    opened_at: datetime
    skill: str | None = None
    form: tuple[Field, ...] = ()
    due_at: datetime | None = None
    claimed_by: str | None = None
    escalated: int = 0
    closed_at: datetime | None = None
    outcome: str | None = None
    completed_by: str | None = None
    answer: dict[str, object] = {}


class Work(Protocol):
    """What a person can claim: a task, or an exception."""

    @property
    def id(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def skill(self) -> str | None: ...
    @property
    def claimed_by(self) -> str | None: ...


def unfit(work: Work, name: str, people: People) -> str | None:
    """Why somebody may not do this work; None where he may."""
    if not people or not work.role:
        return None
    person = people.get(name)
    if person is None or work.role not in person.roles:
        return _has_not(name, work.role, people)
    if work.skill is not None and work.skill not in person.skills:
        return f"{name} has not the skill {work.skill}"
    return None


def lacks_role(name: str, role: str, people: People) -> str | None:
    """Why somebody may not act in a role: it is held by declared people, or he is one of them, and he has it not."""
    having = _having(role, people)
    if not name or (name not in people and not having) or name in having:
        return None
    return _has_not(name, role, people)


def _having(role: str, people: People) -> list[str]:
    return [name for name, each in people.items() if role in each.roles]


def _has_not(name: str, role: str, people: People) -> str:
    return f"{name} has not the role {role}; who has it: {', '.join(_having(role, people)) or 'nobody'}"


def claim(work: Work, by: str, at: datetime, people: People = NOBODY) -> Claimed | Refused:
    """Takes the work for oneself."""
    because = _taken(work, by) or unfit(work, by, people)
    return Refused(because) if because else Claimed(at, work.id, by)


def release(work: Work, by: str, at: datetime) -> Released | Refused:
    """Hands it back to its role."""
    if work.claimed_by is None:
        return Refused(f"nobody has claimed {work.id}")
    because = _taken(work, by)
    return Refused(because) if because else Released(at, work.id, by)


def delegate(work: Work, by: str, to: str, at: datetime, people: People = NOBODY) -> Delegated | Refused:
    """Gives it to somebody else, who has it from then on."""
    because = _taken(work, by) or unfit(work, by, people) or unfit(work, to, people)
    return Refused(because) if because else Delegated(at, work.id, by, to)


def complete(
    task: Task,
    by: str,
    outcome: str | None,
    form: Mapping[str, object],
    at: datetime,
    people: People = NOBODY,
    note: str = "",
) -> Completed | Refused:
    """Completes it with an outcome, the first one where none is said, and with what was filled in."""
    because = _taken(task, by) or unfit(task, by, people)
    outcome = outcome or task.outcomes[0]
    if because is None and outcome not in task.outcomes:
        because = f"{outcome} is no outcome of it; choose one of: {', '.join(task.outcomes)}"
    answer, wrong = filled(task.form, form)
    if because is None and wrong:
        because = "; ".join(wrong)
    return Refused(because) if because else Completed(at, task.id, by, outcome, answer, note)


def _taken(work: Work, by: str) -> str | None:
    return f"{work.claimed_by} has claimed {work.id}" if work.claimed_by not in (None, by) else None


def filled(form: tuple[Field, ...], given: Mapping[str, object]) -> tuple[dict[str, object], tuple[str, ...]]:
    """What was filled in, in the types of the fields, and what is wrong with it."""
    known = {field.name: field for field in form}
    wrong = [f"the form has no field {name}" + _hint(name, known) for name in given if name not in known]
    answer: dict[str, object] = {}
    for field in form:
        value = given.get(field.name)
        if value is None or value == "":
            wrong += [f"the form lacks {field.name}"] if field.required else []
            continue
        read = _read(field, value)
        if read is None:
            wrong.append(f"{field.name} must be {_wanted(field)}, not {value}")
        else:
            answer[field.name] = read
    return answer, tuple(wrong)


def _hint(name: str, known: Mapping[str, object]) -> str:
    hint = hint_for(name, known)
    return f"; {hint}" if hint else ""


def _wanted(field: Field) -> str:
    return (
        f"one of {', '.join(field.values)}" if field.values else f"a {field.kind}" if field.kind != "boolean" else "true or false"
    )


def _read(field: Field, value: object) -> object:
    """The value in the field's type; None where it is none. A text stands for a number, a day, yes or no where it reads so."""
    if field.kind == "boolean":
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower())
    if isinstance(value, bool):
        return None
    if field.kind == "number":
        return _number(value)
    if field.kind == "date":
        return _day(value)
    return value if isinstance(value, str) and (not field.values or value in field.values) else None


def _number(value: object) -> Decimal | int | None:
    if not isinstance(value, (int, Decimal, str, float)):
        return None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        return None
    fits = number.is_finite() and abs(number.adjusted()) < DIGITS and len(number.as_tuple().digits) <= DIGITS
    return number if fits else None


def _day(value: object) -> str | None:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None


def after(task: Task, fact: Claimed | Released | Delegated | Completed) -> Task:
    """The task after a fact."""
    match fact:
        case Claimed():
            return replace(task, claimed_by=fact.by)
        case Released():
            return replace(task, claimed_by=None)
        case Delegated():
            return replace(task, claimed_by=fact.to)
        case Completed():
            closed = replace(task, closed_at=fact.at, outcome=fact.outcome, completed_by=fact.by, answer=fact.form)
            return replace(closed, claimed_by=closed.claimed_by or fact.by)


def overdue(due_at: datetime | None, closed_at: datetime | None, now: datetime) -> bool:
    """Whether it is open beyond its time, or was closed only then."""
    return due_at is not None and due_at < (closed_at or now)
