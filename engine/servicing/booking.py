"""What a service line asks for, and the earliest slot that serves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program import BookedService, Formula, Resource
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.numbers import number
from orderloom.engine.order import Line, Order
from orderloom.engine.plan import Allocation, Candidate, PlannedShipment, PlannedWork
from orderloom.engine.promising.calendars import ONE_DAY, day_name
from orderloom.engine.servicing.slots import Slot, room, slots_on
from orderloom.engine.unit import SERVICE
from orderloom.engine.views import order_view
from orderloom.engine.world import World

SLOT = "slot"  #: the supply type of what waits for a slot
MOST_DAYS = 3650


class Asked(Struct, frozen=True):
    """What a service line asks for: a slot on a day from `first` to `last`, of one of the resources that `able` has by name.

    It follows the lines of `after`. `refused` says why a resource is not able.
    """

    line: Line
    quantity: int
    service: BookedService
    skill: str | None
    able: tuple[Resource, ...]
    refused: tuple[tuple[Resource, str], ...]
    after: tuple[str, ...]
    first: date
    last: date
    fee: Decimal | None = None

    @property
    def who(self) -> str:
        """Who is looked for, in words."""
        return f"resource with skill {self.skill}" if self.skill else "resource"


class Request(Struct, frozen=True):
    """An order that asks for services, and what expressions see of it."""

    order: Order
    world: World
    at: datetime
    view: Mapping[str, object]

    def context(self, line: Line) -> dict[str, object]:
        """What the rules of services see of one of its lines."""
        views = self.view["lines"]
        assert isinstance(views, list), "an order's view has its lines"
        view = next(each for each in views if each["id"] == line.id)
        return {"now": self.at, "today": self.at.date(), "order": self.view, "line": view, "item": view["item"]}


def request(order: Order, world: World, at: datetime) -> Request:
    """The order's request for services."""
    return Request(order, world, at, order_view(order, world.catalog, world.program.attributes))


def service_lines(order: Order) -> tuple[Line, ...]:
    """The lines that ask for a service."""
    return tuple(line for line in order.lines if line.method == SERVICE)


def asked(of: Request, line: Line, quantity: int) -> Asked | str:
    """What a service line asks for; or why that cannot be told."""
    context = of.context(line)
    for services in of.world.program.services.values():
        for service in services.services:
            if service.when is None or service.when(context) is True:
                return _asked(of, line, quantity, service, services.resources, context)
    return f"no service is for {line.item}"


def _asked(
    of: Request,
    line: Line,
    quantity: int,
    service: BookedService,
    resources: Mapping[str, Resource],
    context: Mapping[str, object],
) -> Asked | str:
    skill = service.skill(context) if isinstance(service.skill, Formula) else service.skill
    if service.skill is not None and not isinstance(skill, str):
        return f"the skill for {service.name} cannot be worked out ({service.origin})"
    fee = number(service.fee(context), least=0) if service.fee else None
    if service.fee is not None and fee is None:
        return f"the fee of {service.name} cannot be worked out ({service.origin})"
    ship_to = of.order.ship_to
    region = service.region(context) if service.region else ship_to.region if ship_to else None
    why = {each.name: _not_able(each, skill, region) for each in resources.values()}
    today = of.at.date()
    return Asked(
        line=line,
        quantity=quantity,
        service=service,
        skill=skill if isinstance(skill, str) else None,
        able=tuple(sorted((each for each in resources.values() if not why[each.name]), key=_specialists_last)),
        refused=tuple((each, why[each.name]) for each in resources.values() if why[each.name]),
        after=_after(of, line, service),
        first=max(today, line.want_from or today),
        last=line.want_by or today + service.look_ahead,
        fee=fee,
    )


def _not_able(resource: Resource, skill: object, region: object) -> str:
    if skill is not None and skill not in resource.skills:
        return f"has no skill {skill}"
    if resource.regions and region not in resource.regions:
        return f"does not serve {region or 'an order without a region'}"
    return ""


def _specialists_last(resource: Resource) -> tuple[int, str]:
    """Who can do more is kept for what asks for more."""
    return len(resource.skills), resource.name


def _after(of: Request, line: Line, service: BookedService) -> tuple[str, ...]:
    if line.after or service.after is None:
        return line.after
    others = (other for other in of.order.lines if other.id != line.id)
    return tuple(other.id for other in others if service.after(of.context(other)) is True)


def free_slots(asked: Asked, ready_on: date, of: Request, stock: Stock, last: date | None = None) -> Iterator[Slot]:
    """The slots that serve it, the earliest first, from the day on which all that it follows is there."""
    day = max(asked.first, ready_on)
    while day <= (last or asked.last):
        found = [
            slot
            for resource in asked.able
            for slot in slots_on(resource, day, asked.service.slot, of.world.program.calendars)
            if slot.begins > of.at and room(slot, resource.capacity, stock) >= asked.quantity
        ]
        yield from sorted(found, key=lambda slot: slot.begins)  # of equal slots, those of who can do less come first
        day += ONE_DAY


def rejected(asked: Asked, ready_on: date, until: date) -> Iterator[Candidate]:
    """Why no day before the chosen one would do, and who cannot do it at all."""
    for resource, because in asked.refused:
        yield Candidate(resource.name, because, line=asked.line.id, origin=str(resource.origin))
    day = asked.first
    while day < until:
        because = f"it follows what comes on {ready_on}" if day < ready_on else f"no free {asked.who}"
        yield Candidate(asked.service.name, f"{day_name(day)}: {because}", line=asked.line.id, origin=str(asked.service.origin))
        day += ONE_DAY


def shipment(asked: Asked, slot: Slot, ready_on: date) -> PlannedShipment:
    """The slot as a part of a plan."""
    work = PlannedWork(slot.name, slot.day, asked.fee)
    waits = (f"follows {', '.join(asked.after)}, which come by {day_name(ready_on)}",) if asked.after else ()
    return PlannedShipment(
        node=slot.resource,
        service=asked.service.name,
        method=SERVICE,
        supply_type=SLOT,
        release_at=slot.begins,
        ship_on=slot.day,
        deliver_on=slot.day,
        allocations=(Allocation(asked.line.id, asked.line.item, asked.quantity, "", SLOT, (work,)),),
        costs={},
        derivation=(*waits, f"{asked.service.name} by {slot}"),
        after=asked.after,
    )
