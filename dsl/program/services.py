"""Services: who can do what, where and when, and what a service line asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin


class Resource(Struct, frozen=True):
    """A person, or a pool that makes `capacity` visits at a time. Without regions it serves all of them."""

    name: str
    title: str
    skills: frozenset[str]
    regions: frozenset[str]
    calendar: str | None
    capacity: int
    origin: Origin


class BookedService(Struct, frozen=True):
    """A service that is booked in slots. `skill` is a fixed one, or a formula; None where anybody can do it.

    `after` tells for another line of the order whether this one follows it.
    """

    name: str
    when: Formula | None
    skill: str | Formula | None
    region: Formula | None
    slot: timedelta
    after: Formula | None
    look_ahead: timedelta
    fee: Formula | None
    origin: Origin


class Services(Struct, frozen=True):
    """Resources by name, and the services that are booked with them, of which the first that is for a line counts."""

    name: str
    title: str
    resources: Mapping[str, Resource]
    services: tuple[BookedService, ...]
    origin: Origin
