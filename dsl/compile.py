"""The compiler on one page: sources in, a program and everything that there is to say about them out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from orderloom.dsl.changes import compile_changes
from orderloom.dsl.checks.appeasements import appeasements
from orderloom.dsl.checks.bills import bills
from orderloom.dsl.checks.blocks import blocks
from orderloom.dsl.checks.clocks import clocks
from orderloom.dsl.checks.compared_statuses import compared_statuses
from orderloom.dsl.checks.divisions import divisions
from orderloom.dsl.checks.each import Check, each, told_of
from orderloom.dsl.checks.entrusted import entrusted, entrusted_elsewhere
from orderloom.dsl.checks.events import events
from orderloom.dsl.checks.exceptions import exceptions
from orderloom.dsl.checks.flow import flow
from orderloom.dsl.checks.handlers import handlers
from orderloom.dsl.checks.holds import holds
from orderloom.dsl.checks.holidays import holidays
from orderloom.dsl.checks.jeopardy import jeopardy
from orderloom.dsl.checks.monitored import monitored
from orderloom.dsl.checks.monitors import monitors
from orderloom.dsl.checks.names import named, names
from orderloom.dsl.checks.no_return import no_return
from orderloom.dsl.checks.owners import owners
from orderloom.dsl.checks.payments import payments
from orderloom.dsl.checks.policies import policies
from orderloom.dsl.checks.pools import pools
from orderloom.dsl.checks.raises import raises
from orderloom.dsl.checks.relations import relations
from orderloom.dsl.checks.replenishment import replenishment
from orderloom.dsl.checks.returns import returns
from orderloom.dsl.checks.roles import messages, shared_nodes
from orderloom.dsl.checks.scenario_bills import scenario_bills
from orderloom.dsl.checks.scenario_words import scenario_words
from orderloom.dsl.checks.scenarios import scenarios as scenario_shapes
from orderloom.dsl.checks.services import services
from orderloom.dsl.checks.shapes import shapes
from orderloom.dsl.checks.status_maps import status_maps
from orderloom.dsl.checks.tasks import tasks
from orderloom.dsl.checks.ungranted import ungranted
from orderloom.dsl.checks.unheld import unheld
from orderloom.dsl.checks.untold import untold
from orderloom.dsl.checks.views import views
from orderloom.dsl.checks.waits import waits
from orderloom.dsl.decisions import compile_decisions
from orderloom.dsl.diagnostics import Diagnostic, causes, has_errors, ordered
from orderloom.dsl.digest import digest
from orderloom.dsl.divisions.families import branches
from orderloom.dsl.divisions.making import Made, make_divisions
from orderloom.dsl.documents import Document, read_documents
from orderloom.dsl.formulas import compile_formulas
from orderloom.dsl.functions import FUNCTIONS
from orderloom.dsl.known import Known
from orderloom.dsl.load import load_workspace
from orderloom.dsl.lower import lower
from orderloom.dsl.notifications import compile_notifications
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.program import Program
from orderloom.dsl.resolve import Definitions, resolve
from orderloom.dsl.scenario import Scenario as Tested
from orderloom.dsl.scenario import scenarios
from orderloom.dsl.scopes import vocabulary
from orderloom.dsl.source import Source
from orderloom.dsl.steps import Process
from orderloom.dsl.syntax import Decision, Scenario

CHECKS: tuple[Check, ...] = (
    each(Document, named, compared_statuses),
    each(Decision, shapes),
    each(Process, flow, blocks, waits, handlers, clocks, no_return, tasks, entrusted, messages, untold),
    each(Scenario, scenario_shapes, scenario_bills, scenario_words),
    names,
    exceptions,
    shared_nodes,
    payments,
    views,
    relations,
    policies,
    services,
    jeopardy,
    holidays,
    holds,
    entrusted_elsewhere,
    unheld,
    status_maps,
    replenishment,
    bills,
    appeasements,
    monitors,
    monitored,
    raises,
    events,
    divisions,
    returns,
)


class Compiled(Struct, frozen=True):
    """The program and its scenarios, None and () when there are errors; the findings by file and place."""

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    scenarios: tuple[Tested, ...] = ()


def compile(sources: Iterable[Source], known: Known | None = None) -> Compiled:
    """Compiles the files of a workspace and its packs. Never raises for what an analyst wrote.

    Who compiles again and again passes what is `known` of files, so that one that is as it was is not read again.
    """
    sources = tuple(sources)
    if known is not None:
        known.turn(sources)
    reading, found = read_documents(sources, known.pages if known is not None else None)
    definitions, more = resolve(reading, sources, known)
    found += more
    words, more = vocabulary(definitions, known.memo if known is not None else None)
    words = known.on(words) if known is not None else words
    found += more
    made, more = compile_decisions(definitions, words, FUNCTIONS)
    found += more
    formulas, more = compile_formulas(definitions, words, made.functions)
    found += more
    changes, more = compile_changes(definitions, words, made.functions)
    found += more
    notifications, more = compile_notifications(definitions, words, made.functions)
    found += more
    for check in CHECKS:
        found += told_of(definitions, check)
    found += tuple(ungranted(definitions, words, formulas))
    found += definitions.remembered(pools, None, lambda: tuple(pools(definitions, words, formulas)))
    family, more = branches(definitions)
    found += (*more, *owners(family, words, formulas))
    if has_errors(found) or definitions.manifest is None:
        return Compiled(None, ordered(causes(_of_concern(found, sources, definitions))))
    program = lower(definitions, definitions.manifest, words, formulas, made.decisions, changes, notifications)
    if family:
        whole = Made(words, made, formulas, changes, program)
        program, more = make_divisions(whole, definitions.manifest, family, CHECKS, found)
        found += more
    found = ordered(_of_concern(found, sources, definitions))
    if has_errors(found):
        return Compiled(None, found)
    return Compiled(digest(program, known.texts if known is not None else None), found, tuple(scenarios(definitions)))


@lru_cache(maxsize=8)
def compile_once(sources: tuple[Source, ...]) -> Compiled:
    """The same, remembered: a command's files are most often those of the version in force, which orders run on."""
    return compile(sources)


def compile_workspace(folder: Path) -> Compiled:
    """Compiles a workspace's folder. Raises OSError where a file cannot be read."""
    return compile(load_workspace(folder))


def compile_pack(name: str) -> Compiled:
    """Compiles a shipped pack by itself."""
    return compile(pack_sources(name))


def _of_concern(found: Iterable[Diagnostic], sources: tuple[Source, ...], definitions: Definitions) -> Iterable[Diagnostic]:
    """Warnings in a pack's files are for those who keep the pack; an error there is caused by the workspace.

    Where a decision could not be read, a function that is missing may be that decision; what nothing uses is not told where a
    table has its name misspelt.
    """
    found = tuple(found)
    own = any(source.pack is None for source in sources)
    unsure = ("E401", "E404") if "decision" in definitions.lost else ()
    meant = {d.hint.removeprefix("did you mean ").rstrip("?") for d in found if d.code == "E416"}

    def concerns(d: Diagnostic) -> bool:
        follows = d.code in unsure or (d.code in ("W410", "W411", "W412") and d.span.text in meant)
        return not (follows or (own and d.severity == "warning" and d.span.source.pack is not None))

    return filter(concerns, found)
