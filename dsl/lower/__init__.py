"""Checked definitions -> Program: every name resolved, every way spelled out, nothing of how it was written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeVar

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

#: Of each kind of document that is lowered one by one: where a program has them, and how.
_KINDS: Mapping[str, tuple[str, type[Syntax], Callable[[Any, Definitions, Compiled], object]]] = {
    "process": ("processes", Process, lowered_process),
    "sourcing": ("sourcing", Sourcing, lambda s, _, f: lowered_sourcing(s, f)),
    "promising": ("promising", Promising, lambda p, _, f: lowered_promising(p, f)),
    "services": ("services", Services, lambda s, _, f: lowered_services(s, f)),
    "jeopardy": ("jeopardy", Jeopardy, lambda j, _, __: lowered_jeopardy(j)),
    "replenishment": ("replenishment", Replenishment, lambda r, _, f: lowered_replenishment(r, f)),
    "monitor": ("monitors", Monitor, lambda m, _, f: lowered_monitor(m, f)),
    "calendar": ("calendars", Calendar, lambda c, _, __: lowered_calendar(c)),
    "bill": ("bills", Bill, lambda b, _, f: lowered_bill(b, f)),
    "status-map": ("status_maps", StatusMap, lambda m, _, f: lowered_status_map(m, f)),
    "appeasements": ("appeasements", Appeasements, lambda a, _, f: lowered_appeasements(a, f)),
    "returns": ("returns", Returns, lambda r, _, f: lowered_returns(r, f)),
    "event": ("events", Event, lowered_event),
    "offers": ("offers", Offers, lambda o, _, f: lowered_offers(o, f)),
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
    exceptions = {name: lowered_exception(each, formulas) for name, each in types_in_force(definitions).items()}
    return Program(
        workspace=manifest.workspace.value,
        currency=manifest.currency.value,
        timezone=manifest.timezone.value,
        decisions=dict(decisions),
        roles={name: lowered_role(pair, formulas) for name, pair in definitions.roles.items()},
        organizations={name: lowered_organization(o, formulas) for name, o in definitions.organizations.items()},
        attributes=vocabulary.attributes,
        digest="",
        exceptions=_shared("exceptions", exceptions, kept),
        people={name: lowered_person(pair) for name, pair in definitions.people.items()},
        holds=_shared("holds", lowered_holds(definitions, formulas), kept),
        changes=dict(changes),
        notifications=dict(notifications),
        relations=tuple(lowered_relation(each, _own(definitions, manifest), formulas) for each in definitions.relations),
        **_one_by_one(definitions, formulas, kept),
    )


def _one_by_one(definitions: Definitions, formulas: Compiled, kept: Kept | None) -> dict[str, Any]:
    """By field of a program, what its documents are compiled to, by name; what is kept is not compiled again."""
    found: dict[str, Any] = {}
    for kind, (field, of, lowered) in _KINDS.items():
        known: Mapping[str, object] = getattr(kept.program, field) if kept is not None else {}
        found[field] = {
            name: known[name]
            if kept is not None and (kind, name) not in kept.but
            else definitions.remembered(lowered, body, partial(lowered, body, definitions, formulas))
            for name, body in definitions.of_kind(of).items()
        }
    return found


def _shared(field: str, lowered: Mapping[str, T], kept: Kept | None) -> dict[str, T]:
    """What is compiled, and, where it is the same as before, the very value that was kept."""
    known: Mapping[str, T] = getattr(kept.program, field) if kept is not None else {}
    return {name: known[name] if known.get(name) == value else value for name, value in lowered.items()}


def _own(definitions: Definitions, manifest: Manifest) -> str:
    """By what name relations may speak of whoever the workspace belongs to: its own, unless that is a division's."""
    name = manifest.workspace.value
    return "" if name in definitions.documents.get("division", {}) else name
