"""What is done about what will be late, before a promise is missed. All within a turn.

Remedies within the budgets of the jeopardy rules are ranked by cost and date, and the first one is taken; where there is none,
the customer is asked. Each slip looks at everything anew, and closes a question that has become idle.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from msgspec.structs import replace

from orderloom.dsl.program import JeopardyRemedy, JeopardyRules, Promising
from orderloom.engine.effects import OPERATIONS, Record, Send
from orderloom.engine.errors import NoWayForward
from orderloom.engine.issue import OpenIssue
from orderloom.engine.plan import Plan, PlannedWork
from orderloom.engine.process.blocks import end, settle
from orderloom.engine.process.issues import open_issue
from orderloom.engine.process.messages import body, recipient
from orderloom.engine.promises.risks import ZERO, Risk, Way, days_in_words, risks, ways
from orderloom.engine.promises.versions import lateness, promise_changed
from orderloom.engine.servicing.slots import Slot
from orderloom.engine.sources import entries, planned_entries, policy_of, start_planned
from orderloom.engine.supply.supplying import with_source
from orderloom.engine.turn import Turn
from orderloom.engine.unit import SERVICE, Unit

CUSTOMER_DECISION = "customer-decision"  #: the type of the exception where no remedy is within its budget
CANCEL_ORDER = "cancel-order"  #: the option of it that there is always
JEOPARDY = "jeopardy"  #: the kind of notes and records
RE_SOURCED = "re-sourced"  #: the outcome of a unit of work in place of which others came


def review(turn: Turn, because: str, moved: Collection[str] = ()) -> None:
    """Treats every slot that comes before what it follows, and what will be late of the units that have moved.

    Where promising names no jeopardy rules, goods are the business of its own rules for slips.
    """
    if not any(unit.type == SERVICE for unit in turn.state.units.values()) and not moved:
        return
    promising = turn.world.program.promising[policy_of(turn)[0].promising]
    rules = _rules(turn, promising)
    found = list(risks(turn, moved if promising.jeopardy is not None else ()))
    _close_idle(turn, {risk.unit.id for risk in found})
    for risk in found:
        turn.note(risk.unit.id, JEOPARDY, f"{rules.jeopardy(risk.days)}: {days_in_words(risk.days)} late; {because}")
        _treat(turn, risk, rules, because)
    promise_changed(turn, because, lateness(turn.world.program, promising))


def _rules(turn: Turn, promising: Promising) -> JeopardyRules:
    """The rules in force; without any nothing is done by itself, and operations is asked."""
    if promising.jeopardy is not None:
        return turn.world.program.jeopardy[promising.jeopardy]
    return JeopardyRules("", "", (), (), ZERO, OPERATIONS, promising.origin)


def _treat(turn: Turn, risk: Risk, rules: JeopardyRules, because: str) -> None:
    there = tuple(ways(turn, risk))
    allowed = [(way, remedy) for way in there for remedy in rules.remedies if _within(way, remedy)]
    if not allowed:
        _ask(turn, risk, rules, there, because)
        return
    way, remedy = min(allowed, key=lambda each: _rank(each[0], rules))
    inputs: dict[str, object] = {"jeopardy": rules.jeopardy(risk.days), "days late": risk.days, "ways": [str(w) for w in there]}
    turn.emit(Record(JEOPARDY, risk.unit.id, str(way), str(remedy.origin), because, inputs))
    _take(turn, risk, way, because, remedy)


def _within(way: Way, remedy: JeopardyRemedy) -> bool:
    in_days = remedy.most_days_later is None or way.later <= remedy.most_days_later
    return way.kind == remedy.kind and in_days and way.extra <= remedy.most_extra_cost and not way.beyond


def _rank(way: Way, rules: JeopardyRules) -> tuple[object, ...]:
    return way.extra + way.later * rules.day_costs, way.moves_to or date.min, way.words


# --- taking a remedy ---------------------------------------------------------------------------------------------------


def _take(turn: Turn, risk: Risk, way: Way, because: str, remedy: JeopardyRemedy | None) -> None:
    turn.note(risk.unit.id, "remedy", str(way))
    for unit, made in way.plans:
        turn.emit(Record("sourcing", unit.id, made.outcome, made.origin, because, plan=made))
        _tell(turn, unit, remedy)
        _source_elsewhere(turn, unit, made)
    if way.slot is not None:
        _rebook(turn, risk.unit, way.slot)
    if not way.plans:
        _tell(turn, turn.state.units[risk.unit.id], remedy)


def _tell(turn: Turn, unit: Unit, remedy: JeopardyRemedy | None) -> None:
    """Tells whom the remedy says of the unit that is given up or has moved, once for each visit of its step."""
    if remedy is not None and remedy.tell is not None and remedy.message is not None:
        try:
            to = recipient(turn.world, remedy.tell, unit.node)
        except NoWayForward as fault:
            turn.note(unit.id, "late", f"{remedy.message} is not sent: {fault.because}")
            return
        key = f"{turn.key(turn.state.instances[unit.id])}/{remedy.message}/{turn.state.sequence}"
        turn.emit(Send(key, to, remedy.tell, remedy.message, body(turn.state, unit, remedy.message)))


def _source_elsewhere(turn: Turn, unit: Unit, made: Plan) -> None:
    """Ends the unit; the plan's shipments become units of work in its place."""
    turn.post(with_source(turn, entries("release", turn, unit, unit.lines)))
    end(turn, unit.id, RE_SOURCED)
    emptied = tuple(replace(part, quantity=0) for part in unit.lines)
    turn.put_unit(replace(unit, lines=emptied, outcome=RE_SOURCED, status=RE_SOURCED))
    turn.post(planned_entries("reserve", turn, made.shipments))
    before = turn.state.planned
    turn.change(planned=made.shipments)
    start_planned(turn, parent=unit.id)
    turn.change(planned=before)


def _rebook(turn: Turn, unit: Unit, slot: Slot) -> None:
    """Moves the visit to another slot, perhaps of somebody else."""
    turn.post(entries("release", turn, unit, unit.lines))
    work = [tuple(PlannedWork(slot.name, slot.day, each.fee) for each in part.work) for part in unit.lines]
    lines = tuple(replace(part, work=to) for part, to in zip(unit.lines, work, strict=True))
    moved = replace(unit, node=slot.resource, lines=lines, release_at=slot.begins, ship_on=slot.day, deliver_on=slot.day)
    turn.put_unit(moved)
    turn.post(entries("reserve", turn, moved, moved.lines))


# --- asking the customer -----------------------------------------------------------------------------------------------


def _ask(turn: Turn, risk: Risk, rules: JeopardyRules, there: tuple[Way, ...], because: str) -> None:
    """Opens the question, with everything that would help; one that is open already is asked anew."""
    key = f"{turn.state.order.id}/{risk.unit.id}/{CUSTOMER_DECISION}/{turn.state.sequence}"
    options = (*(_option(way) for way in there), CANCEL_ORDER)
    for issue in [each for each in turn.state.exceptions.values() if _asks_about(each, risk.unit.id)]:
        settle(turn, issue, "asked anew")
    cause = "; ".join((f"{days_in_words(risk.days)} late", because, *(str(way) for way in there)))
    open_issue(turn, turn.state.instances[risk.unit.id], CUSTOMER_DECISION, options, cause, rules.ask, key)


def decided(turn: Turn, issue: OpenIssue, option: str) -> None:
    """Takes what the customer has chosen; where that cannot be had any more, it is asked again."""
    promising = turn.world.program.promising[policy_of(turn)[0].promising]
    rules = _rules(turn, promising)
    for risk in list(risks(turn, [issue.instance])):
        if risk.unit.id == issue.instance:
            there = tuple(ways(turn, risk))
            chosen = next((way for way in there if _option(way) == option), None)
            if chosen is None:
                _ask(turn, risk, rules, there, f"{option} cannot be had any more")
            else:
                remedy = next((each for each in rules.remedies if each.kind == chosen.kind), None)
                _take(turn, risk, chosen, f"the customer chose: {chosen.words}", remedy)
    promise_changed(turn, f"the customer chose {option}", lateness(turn.world.program, promising))


def _option(way: Way) -> str:
    return way.kind.replace(" ", "-")


def _asks_about(issue: OpenIssue, unit: str) -> bool:
    return issue.type == CUSTOMER_DECISION and issue.instance == unit


def _close_idle(turn: Turn, at_risk: set[str]) -> None:
    for issue in list(turn.state.exceptions.values()):
        if issue.type == CUSTOMER_DECISION and issue.instance not in at_risk:
            settle(turn, issue, "no longer late")
