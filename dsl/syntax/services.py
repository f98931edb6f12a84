"""Services as they are written: who can do what, where and when, and what a service line of an order asks for."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from orderloom.dsl.fields import Duration, Formula, ListOf, Located, Name, Number, Ref, Section, Syntax, Text, key

ONE = Decimal(1)


class Resource(Syntax, frozen=True, eq=False):
    """A person, a vehicle, or a pool of those that are alike."""

    name: Located[str] = key("resource", Name(), "Name of the resource, unique among all.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    skills: tuple[Located[str], ...] = key("skills", ListOf(Name()), "What it can do.", required=True)
    regions: tuple[Located[str], ...] = key("regions", ListOf(Text()), "The regions that it serves; all of them unless said.")
    calendar: Located[str] | None = key("calendar", Ref("calendar"), "Its hours; always open unless said.")
    capacity: Located[Decimal] | None = key(
        "capacity", Number(ONE, whole=True), "How many visits it makes at the same time; 1 unless said, more for a pool."
    )


class BookedService(Syntax, frozen=True, eq=False):
    """What a service line asks for: a skill in a region, in a slot of a length."""

    name: Located[str] = key("service", Name(), "Name of the service, which `unit.service` has.", required=True)
    when: Located[str] | None = key(
        "when", Formula("booked service", "boolean"), "Which lines of method `service` it is for; all of them unless said."
    )
    skill: Located[str] | None = key("skill", Name(), "The skill that it takes; any resource can do it unless said.")
    skill_by: Located[str] | None = key(
        "skill by", Formula("booked service", "string"), "The skill, where it depends on the line; instead of `skill`."
    )
    region: Located[str] | None = key(
        "region", Formula("booked service", "string"), "Where it is done; `order.ship_to.region` unless said."
    )
    slot: Located[timedelta] = key(
        "slot", Duration(), "Length of a slot. Slots follow each other from the opening of the resource's day.", required=True
    )
    after: Located[str] | None = key(
        "after",
        Formula("booked service", "boolean"),
        "The lines of the order that it follows, unless the line names them itself (`after`); none unless said.",
    )
    look_ahead: Located[timedelta] | None = key(
        "look ahead", Duration(), "How long from now slots are looked for where a line has no `want_by`; P60D unless said."
    )
    fee: Located[str] | None = key(
        "fee", Formula("booked service", "number", Decimal(0)), "What the customer pays for one unit of the line."
    )


class Services(Syntax, frozen=True, eq=False):
    """Resources with skills, regions, hours and capacity, and the services whose slots are booked with them."""

    name: Located[str] = key("name", Name(), "Name, unique among services.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    resources: tuple[Resource, ...] = key("resources", ListOf(Section(Resource)), "Who does the work.", required=True)
    services: tuple[BookedService, ...] = key(
        "services", ListOf(Section(BookedService)), "What can be booked; the first that is for a line counts.", required=True
    )
