"""A requested change within a turn: carried out on a copy, of which only the difference is kept where it is a preview."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from orderloom.engine.commands import cancelled
from orderloom.engine.drafts import hold, is_draft, let_go
from orderloom.engine.effects import Record
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import Cancelled, Drafted, Happened, ModificationAsked
from orderloom.engine.methods import methods_of, no_method
from orderloom.engine.modifications.difference import difference
from orderloom.engine.modifications.orders import changed_order, unknown_what
from orderloom.engine.modifications.request import Difference, Part
from orderloom.engine.modifications.reselect import reselect
from orderloom.engine.modifications.rules import verdict
from orderloom.engine.modifications.undo import Work, carry_out, take_up
from orderloom.engine.money.billing import charge_fee, give_back_rest
from orderloom.engine.plan import Plan
from orderloom.engine.process.cancelling import cancel_all
from orderloom.engine.process.flow import happen
from orderloom.engine.process.following import UNITS_ENDED, all_ended
from orderloom.engine.refused import Refused
from orderloom.engine.state import ORDER, Instance
from orderloom.engine.task import lacks_role
from orderloom.engine.turn import Turn


def tried(
    turn: Turn, parts: tuple[Part, ...], role: str, by: str, plans: tuple[Plan, ...] | None = None
) -> tuple[Turn, Difference] | Refused:
    """The turn after the change and what differs, or why it is refused; the turn itself stays as it is."""
    recorded = turn.world.recorded if turn.world.recorded is not None else plans
    world = replace(turn.world, recorded=recorded)
    trial = Turn(world, turn.state, turn.at, turn.stock, queue=list(turn.queue))
    if turn.state.ended:
        return Refused(f"order {turn.state.order.id} has ended as {turn.state.status}")
    if because := lacks_role(by, role, turn.world.program.people):
        return Refused(because)
    try:
        answer = _carried_out(trial, parts, role, by)
    except NoWayForward as fault:
        return Refused(fault.because)
    if isinstance(answer, Refused):
        return answer
    fee, approve = answer
    return trial, difference(turn.state, trial.state, fee, approve)


def _carried_out(turn: Turn, parts: tuple[Part, ...], role: str, by: str) -> tuple[Decimal, str | None] | Refused:
    """What is asked for the change: a fee, and whose agreement."""
    before, work = turn.state.order, Work(turn.state.order)
    fee, approve = Decimal(0), None
    who = f"{role} {by}".strip()
    for part in parts:
        said = unknown_what(part.what) or verdict(turn, part, role)
        if isinstance(said, Refused):
            return said
        fee, approve = fee + said.fee, approve or said.approve
        for origin in said.origins[:1]:
            turn.emit(Record("change", part.line or part.unit or ORDER, str(part), origin, f"asked by {who}"))
        if part.what == "cancel" and part.level == "order" and part.quantity is None:
            refused = _cancel_all(turn, role, by)
        else:
            order = changed_order(work.order, part)
            refused = (
                order if isinstance(order, Refused) else _unknown(turn, part) or take_up(turn, work, part, order, said.stuck)
            )
        if refused is not None:
            return refused
    if turn.state.ended:
        _settle_money(turn, fee)
        return fee, approve
    if is_draft(turn.state):
        hold(turn, Drafted(turn.at, work.order, turn.state.held_until or turn.at))
        return Decimal(0), None  # nobody has agreed to anything yet
    refused = carry_out(turn, work, f"changed by {who}")
    if refused is None:
        _settle_money(turn, fee)
        reselect(turn, before)
        _all_ended(turn)
    return refused or (fee, approve)


def _unknown(turn: Turn, part: Part) -> Refused | None:
    """Items, nodes and methods of a change are known."""
    catalog = turn.world.catalog
    items = [line.item for line in (part.add, *part.components)] if part.add is not None else [part.item]
    for item in items:
        if item is not None and item not in catalog.items:
            return Refused(f"there is no item {item}")
    if part.pickup_node is not None and part.pickup_node not in catalog.nodes:
        return Refused(f"there is no node {part.pickup_node}")
    if part.method is not None and (unheard_of := no_method(part.method, methods_of(turn.world.program))):
        return Refused(unheard_of)
    return None


def _cancel_all(turn: Turn, role: str, by: str) -> Refused | None:
    answer = cancelled(turn.state, by, turn.at, agreed=True)  # by whoever confirms what it costs
    if isinstance(answer, Refused):
        return answer
    if is_draft(turn.state):
        let_go(turn)
        turn.put(Instance(ORDER, "", ""))
    cancel_all(turn, by or role, "")
    return None


def _all_ended(turn: Turn) -> None:
    """Tells the order's process where no unit of work is left."""
    if turn.state.units and not turn.state.planned and all_ended(turn.state):
        happen(turn, ORDER, Happened(turn.at, UNITS_ENDED))


def _settle_money(turn: Turn, fee: Decimal) -> None:
    """The fee is a document; what was paid beyond the new total goes back."""
    charge_fee(turn, fee)
    give_back_rest(turn)


def allowed(turn: Turn, event: Cancelled) -> ModificationAsked | Refused | None:
    """What the tables of changes say to a request to cancel all: None where it is allowed, a request where it needs more."""
    role = event.role or (event.by if event.by in turn.world.program.roles else "")
    part = Part("cancel")
    said = verdict(turn, part, role, event.agreed)
    if isinstance(said, Refused) or not (said.fee or said.approve):
        return said if isinstance(said, Refused) else None
    return ModificationAsked(event.at, f"M{turn.state.sequence}", (part,), role, event.by)


def adopt(turn: Turn, trial: Turn) -> None:
    """Makes what was tried the turn's own."""
    turn.state, turn.stock, turn.queue = trial.state, trial.stock, trial.queue
    turn.effects.extend(trial.effects)
