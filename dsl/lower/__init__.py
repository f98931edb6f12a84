"""Checked definitions -> Program: every name resolved, every way spelled out, nothing of how it was written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from msgspec import Struct

from orderloom.dsl import program
from orderloom.dsl.exceptions import types_in_force
from orderloom.dsl.fields import Syntax
from orderloom.dsl.formulas import Compiled
from orderloom.dsl.lower.appeasements import lowered_appeasements
from orderloom.dsl.lower.bill import lowered_bill
from orderloom.dsl.lower.calendar import lowered_calendar
from orderloom.dsl.lower.event import lowered_event
from orderloom.dsl.lower.exceptions import lowered_exception
from orderloom.dsl.lower.holds import lowered_holds
from orderloom.dsl.lower.jeopardy import lowered_jeopardy
from orderloom.dsl.lower.monitor import lowered_monitor
from orderloom.dsl.lower.offers import lowered_offers
from orderloom.dsl.lower.participants import lowered_organization, lowered_person, lowered_relation, lowered_role
from orderloom.dsl.lower.process import lowered_process
from orderloom.dsl.lower.promising import lowered_promising
from orderloom.dsl.lower.replenishment import lowered_replenishment
from orderloom.dsl.lower.returns import lowered_returns
from orderloom.dsl.lower.services import lowered_services
from orderloom.dsl.lower.sourcing import lowered_sourcing
from orderloom.dsl.lower.status_map import lowered_status_map
from orderloom.dsl.program import Program
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.steps import Process
from orderloom.dsl.syntax import (
    Appeasements,
    Bill,
    Calendar,
    Event,
    Jeopardy,
    Manifest,
    Monitor,
    Offers,
    Promising,
    Replenishment,
    Returns,
    Services,
    Sourcing,
    StatusMap,
)

T = TypeVar("T")
B = TypeVar("B", bound=Syntax)

#: Where a program has what is compiled of one kind of document.
_FIELDS = {
    "process": "processes",
    "sourcing": "sourcing",
    "promising": "promising",
    "services": "services",
    "jeopardy": "jeopardy",
    "replenishment": "replenishment",
    "monitor": "monitors",
    "calendar": "calendars",
    "bill": "bills",
    "status-map": "status_maps",
    "appeasements": "appeasements",
    "returns": "returns",
    "event": "events",
    "offers": "offers",
}


class Kept(Struct, frozen=True):
    """A program of which everything is kept, but what is compiled of these documents."""

    program: Program
    but: Collection[tuple[str, str]]


def lower(
    definitions: Definitions,
    manifest: Manifest,
    vocabulary: Vocabulary,
    formulas: Compiled,
    decisions: Mapping[str, program.Decision],
    changes: Mapping[str, program.Changes],
    notifications: Mapping[str, program.Notifications],
    kept: Kept | None = None,
) -> Program:
    """The program of definitions without errors, without its digest; what is `kept` of another is the very value that it has."""

    def each(kind: str, of: type[B], lowered: Callable[[B], T]) -> dict[str, T]:
        known: Mapping[str, T] = getattr(kept.program, _FIELDS[kind]) if kept is not None else {}
        return {
            name: known[name] if kept is not None and (kind, name) not in kept.but else lowered(body)
            for name, body in definitions.of_kind(of).items()
        }

    def shared(field: str, lowered: Mapping[str, T]) -> dict[str, T]:
        known: Mapping[str, T] = getattr(kept.program, field) if kept is not None else {}
        return {name: known[name] if known.get(name) == value else value for name, value in lowered.items()}

    return Program(
        workspace=manifest.workspace.value,
        currency=manifest.currency.value,
        timezone=manifest.timezone.value,
        processes=each("process", Process, lambda p: lowered_process(p, definitions, formulas)),
        decisions=dict(decisions),
        sourcing=each("sourcing", Sourcing, lambda s: lowered_sourcing(s, formulas)),
        promising=each("promising", Promising, lambda p: lowered_promising(p, formulas)),
        services=each("services", Services, lambda s: lowered_services(s, formulas)),
        jeopardy=each("jeopardy", Jeopardy, lowered_jeopardy),
        replenishment=each("replenishment", Replenishment, lambda r: lowered_replenishment(r, formulas)),
        monitors=each("monitor", Monitor, lambda m: lowered_monitor(m, formulas)),
        calendars=each("calendar", Calendar, lowered_calendar),
        roles={name: lowered_role(pair, formulas) for name, pair in definitions.roles.items()},
        organizations={name: lowered_organization(o, formulas) for name, o in definitions.organizations.items()},
        attributes=vocabulary.attributes,
        digest="",
        bills=each("bill", Bill, lambda b: lowered_bill(b, formulas)),
        exceptions=shared("exceptions", {n: lowered_exception(e, formulas) for n, e in types_in_force(definitions).items()}),
        people={name: lowered_person(pair) for name, pair in definitions.people.items()},
        holds=shared("holds", lowered_holds(definitions, formulas)),
        changes=dict(changes),
        status_maps=each("status-map", StatusMap, lambda m: lowered_status_map(m, formulas)),
        appeasements=each("appeasements", Appeasements, lambda a: lowered_appeasements(a, formulas)),
        returns=each("returns", Returns, lambda r: lowered_returns(r, formulas)),
        events=each("event", Event, lambda e: lowered_event(e, definitions, formulas)),
        offers=each("offers", Offers, lambda o: lowered_offers(o, formulas)),
        notifications=dict(notifications),
        relations=tuple(lowered_relation(each, _own(definitions, manifest), formulas) for each in definitions.relations),
    )


def _own(definitions: Definitions, manifest: Manifest) -> str:
    """By what name relations may speak of whoever the workspace belongs to: its own, unless that is a division's."""
    name = manifest.workspace.value
    return "" if name in definitions.documents.get("division", {}) else name
