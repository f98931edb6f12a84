"""Checked definitions -> Program: every name resolved, every way spelled out, nothing of how it was written."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.dsl import program
from orderloom.dsl.digest import digest
from orderloom.dsl.exceptions import types_in_force
from orderloom.dsl.formulas import Compiled
from orderloom.dsl.lower.appeasements import lowered_appeasements
from orderloom.dsl.lower.bill import lowered_bill
from orderloom.dsl.lower.calendar import lowered_calendar
from orderloom.dsl.lower.event import lowered_event
from orderloom.dsl.lower.exceptions import lowered_exception
from orderloom.dsl.lower.holds import lowered_holds
from orderloom.dsl.lower.jeopardy import lowered_jeopardy
from orderloom.dsl.lower.monitor import lowered_monitor
from orderloom.dsl.lower.participants import lowered_organization, lowered_person, lowered_relation, lowered_role
from orderloom.dsl.lower.process import lowered_process
from orderloom.dsl.lower.promising import lowered_promising
from orderloom.dsl.lower.replenishment import lowered_replenishment
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
    Promising,
    Replenishment,
    Services,
    Sourcing,
    StatusMap,
)


def lower(
    definitions: Definitions,
    manifest: Manifest,
    vocabulary: Vocabulary,
    formulas: Compiled,
    decisions: Mapping[str, program.Decision],
    changes: Mapping[str, program.Changes],
) -> Program:
    """The program of definitions without errors."""
    whole = Program(
        workspace=manifest.workspace.value,
        currency=manifest.currency.value,
        timezone=manifest.timezone.value,
        processes={name: lowered_process(p, definitions, formulas) for name, p in definitions.of_kind(Process).items()},
        decisions=dict(decisions),
        sourcing={name: lowered_sourcing(s, formulas) for name, s in definitions.of_kind(Sourcing).items()},
        promising={name: lowered_promising(p, formulas) for name, p in definitions.of_kind(Promising).items()},
        services={name: lowered_services(s, formulas) for name, s in definitions.of_kind(Services).items()},
        jeopardy={name: lowered_jeopardy(j) for name, j in definitions.of_kind(Jeopardy).items()},
        replenishment={name: lowered_replenishment(r, formulas) for name, r in definitions.of_kind(Replenishment).items()},
        monitors={name: lowered_monitor(m, formulas) for name, m in definitions.of_kind(Monitor).items()},
        calendars={name: lowered_calendar(c) for name, c in definitions.of_kind(Calendar).items()},
        roles={name: lowered_role(pair, formulas) for name, pair in definitions.roles.items()},
        organizations={name: lowered_organization(o, formulas) for name, o in definitions.organizations.items()},
        attributes=vocabulary.attributes,
        digest="",
        bills={name: lowered_bill(b, formulas) for name, b in definitions.of_kind(Bill).items()},
        exceptions={name: lowered_exception(pair, formulas) for name, pair in types_in_force(definitions).items()},
        people={name: lowered_person(pair) for name, pair in definitions.people.items()},
        holds=lowered_holds(definitions, formulas),
        changes=dict(changes),
        status_maps={name: lowered_status_map(m, formulas) for name, m in definitions.of_kind(StatusMap).items()},
        appeasements={name: lowered_appeasements(a, formulas) for name, a in definitions.of_kind(Appeasements).items()},
        events={name: lowered_event(e, definitions, formulas) for name, e in definitions.of_kind(Event).items()},
        relations=tuple(lowered_relation(each, _own(definitions, manifest), formulas) for each in definitions.relations),
    )
    return digest(whole)


def _own(definitions: Definitions, manifest: Manifest) -> str:
    """By what name relations may speak of whoever the workspace belongs to: its own, unless that is a division's."""
    name = manifest.workspace.value
    return "" if name in definitions.documents.get("division", {}) else name
