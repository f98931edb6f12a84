"""Services: every slot has somebody who can work in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from orderloom.dsl.checks.policies import twice
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Calendar, Services
from orderloom.dsl.syntax.services import BookedService, Resource

DAY = timedelta(days=1)
_NOTHING = timedelta(0)


def services(definitions: Definitions) -> Iterator[Diagnostic]:
    calendars = definitions.of_kind(Calendar)
    known = definitions.of_kind(Services).values()
    yield from twice("E602", "resource", (each.name for body in known for each in body.resources))
    yield from twice("E602", "service", (each.name for body in known for each in body.services))
    yield from _never_booked([(each, body) for body in known for each in body.services])
    for body in known:
        for service in body.services:
            yield from _service(service, body.resources, calendars)


def _never_booked(services: Iterable[tuple[BookedService, Services]]) -> Iterator[Diagnostic]:
    """The first service that is for a line counts, whatever document it stands in: behind one for every line no other comes."""
    every, holder = None, ""
    for service, body in services:
        if service.name is None or body.name is None:
            continue
        if every is not None:
            hint = f"name this document {holder}, to take its place" if every.span.source.pack else f"give {every.value} a `when`"
            words = f"no line ever gets {service.name.value}: {every.value} is for all of them, and comes first"
            yield Diagnostic("W694", words, service.name.span, (Label(every.span, "has no `when`"),), hint)
        elif service.read_from.get("when") is None:
            every, holder = service.name, body.name.value


def _service(service: BookedService, resources: Iterable[Resource], calendars: Mapping[str, Calendar]) -> Iterator[Diagnostic]:
    if service.skill is not None and service.skill_by is not None:
        labels = (Label(service.skill.span, "the skill is fixed here"),)
        words = "`skill by` has no effect beside `skill`"
        yield Diagnostic("E692", words, service.skill_by.span, labels, "leave one of the two out")
    resources = tuple(resources)
    if not resources:
        if service.name is not None:
            yield Diagnostic(
                "E690",
                f"no resource has slots for {service.name.value}",
                service.name.span,
                hint="add - resource: NAME with skills:",
            )
        return
    able = [each for each in resources if service.skill is None or service.skill.value in {skill.value for skill in each.skills}]
    if service.skill is not None and not able:
        skills = sorted({skill.value for each in resources for skill in each.skills})
        words = f"no resource has the skill {service.skill.value}"
        yield Diagnostic("E691", words, service.skill.span, hint=hint_for(service.skill.value, skills))
    elif service.slot is not None:
        yield from _fits(service.slot, able, calendars)


def _fits(slot: Located[timedelta], able: Iterable[Resource], calendars: Mapping[str, Calendar]) -> Iterator[Diagnostic]:
    """A slot that is longer than every day of all who could work in it never begins."""
    longest = max((_longest_day(each, calendars) for each in able), default=DAY)
    if slot.value > longest:
        words = f"no resource is open for so long: {_hours(longest)} at most"
        yield Diagnostic("E693", words, slot.span, hint="write a duration that fits into a day, as in PT2H")


def _longest_day(resource: Resource, calendars: Mapping[str, Calendar]) -> timedelta:
    calendar = calendars.get(resource.calendar.value) if resource.calendar is not None else None
    if calendar is None:
        return DAY
    return max((_open(pair.value.value) for pair in calendar.hours if pair.value is not None), default=_NOTHING)


def _open(hours: object) -> timedelta:
    opens, closes = getattr(hours, "opens", None), getattr(hours, "closes", None)
    if opens is None or closes is None:
        return _NOTHING
    first, last = (timedelta(hours=clock.hour, minutes=clock.minute) for clock in (opens, closes))
    return (last if last > first else DAY) - first


def _hours(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours} hours" + (f" {minutes} minutes" if minutes else "")
