"""Services."""

from __future__ import annotations

from datetime import timedelta

from orderloom.dsl import program
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax.services import BookedService, Resource, Services

LOOK_AHEAD = timedelta(days=60)  #: how long slots are looked for unless said


def lowered_services(services: Services, formulas: Compiled) -> program.Services:
    return program.Services(
        name=services.name.value,
        title=text(services.title, services.name.value),
        resources={each.name.value: _resource(each) for each in services.resources},
        services=tuple(_service(each, formulas) for each in services.services),
        origin=origin(services.name.span),
    )


def _resource(resource: Resource) -> program.Resource:
    return program.Resource(
        name=resource.name.value,
        title=text(resource.title, resource.name.value),
        skills=frozenset(skill.value for skill in resource.skills),
        regions=frozenset(region.value for region in resource.regions),
        calendar=resource.calendar.value if resource.calendar is not None else None,
        capacity=int(resource.capacity.value) if resource.capacity is not None else 1,
        origin=origin(resource.name.span),
    )


def _service(service: BookedService, formulas: Compiled) -> program.BookedService:
    return program.BookedService(
        name=service.name.value,
        when=formula(service.when, formulas),
        skill=service.skill.value if service.skill is not None else formula(service.skill_by, formulas),
        region=formula(service.region, formulas),
        slot=service.slot.value,
        after=formula(service.after, formulas),
        look_ahead=service.look_ahead.value if service.look_ahead is not None else LOOK_AHEAD,
        fee=formula(service.fee, formulas),
        origin=origin(service.name.span),
    )
