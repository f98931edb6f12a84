"""Checked definitions -> Program: every name resolved, every way spelled out, nothing of how it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time

from orderloom.dsl import graph, program
from orderloom.dsl.checks.policies import days_of
from orderloom.dsl.digest import digest
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.leaves import duration
from orderloom.dsl.program import CostScope, CostTerm, Program
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.scopes import Vocabulary
from orderloom.dsl.steps import (
    AnyStep,
    AskStep,
    ChooseStep,
    DecideStep,
    DoStep,
    EndStep,
    OtherwiseWay,
    Process,
    RaiseStep,
    Retry,
    TellStep,
    WaitStep,
    WhenWay,
)
from orderloom.dsl.syntax import Calendar, Costs, Manifest, Organization, Promising, Role, Sourcing, Supply
from orderloom.dsl.triggers import event_of


def lower(
    definitions: Definitions,
    manifest: Manifest,
    vocabulary: Vocabulary,
    formulas: Compiled,
    decisions: Mapping[str, program.Decision],
) -> Program:
    """The program of definitions without errors."""
    whole = Program(
        workspace=manifest.workspace.value,
        currency=manifest.currency.value,
        timezone=manifest.timezone.value,
        processes={name: _process(p, definitions, formulas) for name, p in definitions.of_kind(Process).items()},
        decisions=dict(decisions),
        sourcing={name: _sourcing(s, formulas) for name, s in definitions.of_kind(Sourcing).items()},
        promising={name: _promising(p, formulas) for name, p in definitions.of_kind(Promising).items()},
        calendars={name: _calendar(c) for name, c in definitions.of_kind(Calendar).items()},
        roles={name: _role(pair) for name, pair in definitions.roles.items()},
        organizations={name: _organization(o, formulas) for name, o in definitions.organizations.items()},
        attributes=vocabulary.attributes,
        digest="",
    )
    return digest(whole)


def _text(written: Located[str] | None, default: str) -> str:
    return written.value if written is not None else default


def _formula(written: Located[str] | None, formulas: Compiled) -> program.Formula | None:
    return formulas[written] if written is not None else None


# --- processes -----------------------------------------------------------------------------------------------------


def _process(process: Process, definitions: Definitions, formulas: Compiled) -> program.Process:
    steps = [_step(process, at, definitions, formulas) for at in range(len(process.steps))]
    return program.Process(
        process.name.value,
        _text(process.title, process.name.value),
        process.purpose.value,  # type: ignore[arg-type]  # one of the purposes, as decoded
        {step.name: step for step in steps},
        steps[0].name,
        origin(process.name.span),
    )


def _step(process: Process, at: int, definitions: Definitions, formulas: Compiled) -> program.Step:
    step = process.steps[at]
    within = step.within if isinstance(step, AskStep | WaitStep) else None
    retry = step.retry if isinstance(step, DoStep | AskStep) else None
    when = None if isinstance(step, ChooseStep | RaiseStep | EndStep) else step.when
    next, ways = _ways(process, at, definitions)
    return program.Step(
        name=step.name.value,
        verb=_verb(step, _targets(process, at, definitions), formulas),
        origin=origin(step.name.span),
        next=next,
        ways=ways,
        when=_formula(when, formulas),
        status=step.status.value if step.status is not None else None,
        within=within.value if within is not None else None,
        retry=_retry(retry) if retry is not None else None,
        title=step.title.value if step.title is not None else None,
    )


def _targets(process: Process, at: int, definitions: Definitions) -> list[tuple[str, str]]:
    """Outcome and step of every way, in the order of the text."""
    found = graph.ways(process, at, definitions)
    return [(way.outcome, process.steps[way.target].name.value) for way in found if way.target is not None]


def _ways(process: Process, at: int, definitions: Definitions) -> tuple[str | None, dict[str, str]]:
    """The main way on, and the step of every outcome, the main outcome's included."""
    step = process.steps[at]
    if isinstance(step, ChooseStep):
        return None, {}
    targets = _targets(process, at, definitions)
    ways = {outcome: target for outcome, target in targets if outcome}
    outcomes = graph.outcomes_of(step, definitions) or ("",)
    next = dict(targets).get("", ways.get(outcomes[0]))
    if next is not None and outcomes[0] and not isinstance(step, RaiseStep):
        ways.setdefault(outcomes[0], next)
    return next, ways


def _verb(step: AnyStep, targets: list[tuple[str, str]], formulas: Compiled) -> program.Verb:
    match step:
        case DoStep():
            return program.Do(step.do.value)
        case AskStep():
            return program.Ask(step.ask.value, step.message.value)
        case TellStep():
            return program.Tell(step.tell.value, step.message.value)
        case WaitStep():
            return _wait(step, formulas)
        case ChooseStep():
            return program.Choose(
                tuple(_way(way, target, formulas) for way, (_, target) in zip(step.choose, targets, strict=True))
            )
        case DecideStep():
            return program.Decide(step.decide.value)
        case RaiseStep():
            return program.Raise(step.exception.value, step.to.value)
        case EndStep():
            return program.End(step.end.value)


def _wait(step: WaitStep, formulas: Compiled) -> program.Wait:
    text = step.wait.value
    return program.Wait(event_of(text), formulas.get(step.wait), duration(text), _formula(step.until, formulas))


def _way(way: WhenWay | OtherwiseWay, target: str, formulas: Compiled) -> program.Way:
    if isinstance(way, OtherwiseWay):
        return program.Way(None, target, origin(way.otherwise.span))
    return program.Way(formulas[way.when], target, origin(way.when.span))


def _retry(retry: Retry) -> program.Retry:
    return program.Retry(int(retry.times.value), retry.every.value)


# --- sourcing and promising ----------------------------------------------------------------------------------------


def _sourcing(sourcing: Sourcing, formulas: Compiled) -> program.Sourcing:
    limits = sourcing.limits
    return program.Sourcing(
        name=sourcing.name.value,
        title=_text(sourcing.title, sourcing.name.value),
        promising=sourcing.promise_by.value,
        pools=tuple(program.Pool(p.name.value, formulas[p.nodes], origin(p.name.span)) for p in sourcing.candidates),
        exclusions=tuple(program.Exclusion(formulas[e.when], e.because.value, origin(e.when.span)) for e in sourcing.exclude),
        max_shipments=_formula(limits.shipments, formulas) if limits is not None else None,
        late=_text(limits.late if limits is not None else None, "soft"),  # type: ignore[arg-type]
        terms=tuple(_terms(sourcing.minimise, formulas)),
        prefer=tuple(p.value for p in sourcing.prefer),  # type: ignore[misc]
        fallback=_text(sourcing.fallback, "exception"),  # type: ignore[arg-type]
        origin=origin(sourcing.name.span),
    )


def _terms(costs: Costs, formulas: Compiled) -> Iterable[CostTerm]:
    scopes: tuple[tuple[CostScope, tuple[Pair[Located[str]], ...]], ...] = (
        ("shipment", costs.shipment),
        ("unit", costs.unit),
        ("extra shipment", costs.extra_shipment),
        ("cancelled unit", costs.cancelled_unit),
    )
    for scope, pairs in scopes:
        for pair in pairs:
            yield CostTerm(pair.key.value, scope, formulas[pair.value])


def _promising(promising: Promising, formulas: Compiled) -> program.Promising:
    return program.Promising(
        name=promising.name.value,
        title=_text(promising.title, promising.name.value),
        supply={pair.key.value: _supply(pair) for pair in promising.supply},
        floor=_formula(promising.floor, formulas),
        lead_days=_formula(promising.lead_days, formulas),
        processing_days=_formula(promising.processing_days, formulas),
        lane={pair.key.value: formulas[pair.value] for pair in promising.lane},
        services=tuple(
            program.Service(
                s.name.value, s.method.value, _formula(s.when, formulas), formulas[s.transit_days], origin(s.name.span)
            )
            for s in promising.services
        ),
        origin=origin(promising.name.span),
    )


def _supply(pair: Pair[Supply]) -> program.SupplyRule:
    supply = pair.value
    days = supply.days_after_due
    return program.SupplyRule(
        pair.key.value, supply.trust.value, int(days.value) if days is not None else 0, origin(pair.key.span)
    )


def _calendar(calendar: Calendar) -> program.Calendar:
    hours: list[tuple[time, time] | None] = [None] * 7
    for pair in calendar.hours:
        opening = pair.value.value
        for day in days_of(pair.key.value):
            hours[day] = (opening.opens, opening.closes) if opening.opens is not None and opening.closes is not None else None
    closed = frozenset(day.value for day in calendar.closed)
    return program.Calendar(calendar.name.value, calendar.timezone.value, tuple(hours), closed, origin(calendar.name.span))


# --- participants --------------------------------------------------------------------------------------------------


def _role(pair: Pair[Role]) -> program.Role:
    name, role = pair.key.value, pair.value
    receives = {
        m.key.value: program.Message(m.key.value, _text(m.value.title, m.key.value), tuple(r.value for r in m.value.replies))
        for m in role.receives
    }
    return program.Role(name, _text(role.title, name), receives, tuple(e.value for e in role.sends), origin(pair.key.span))


def _organization(organization: Organization, formulas: Compiled) -> program.Organization:
    connect = organization.connect
    return program.Organization(
        name=organization.name.value,
        title=_text(organization.title, organization.name.value),
        roles=tuple(role.value for role in organization.roles),
        nodes=_formula(organization.operates, formulas),
        adapter=connect.adapter.value,
        settings={pair.key.value: pair.value.value for pair in connect.settings},
        origin=origin(organization.name.span),
    )
