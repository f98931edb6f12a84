"""A return that is asked: refused with the reason, or a unit of work that brings the goods back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.effects import Record
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import ReturnAsked
from orderloom.engine.ledger.stock import ON_HAND
from orderloom.engine.money.billing import given_for
from orderloom.engine.money.shares import ZERO
from orderloom.engine.refused import Refused
from orderloom.engine.returns.eligible import Eligible, eligible, eligible_unsold, policy_view
from orderloom.engine.returns.exchanged import priced
from orderloom.engine.returns.goods import goods_of
from orderloom.engine.returns.request import Return, ReturnRequest
from orderloom.engine.returns.seen import Asked
from orderloom.engine.returns.undecided import disposes, taken_at_once, undecided
from orderloom.engine.returns.whose import sent_to_others
from orderloom.engine.returns.worth import Worth, worth, worth_unsold
from orderloom.engine.state import ORDER, Instance
from orderloom.engine.task import lacks_role
from orderloom.engine.turn import Turn, with_status
from orderloom.engine.unit import RETURN, Unit
from orderloom.engine.views import View
from orderloom.engine.words import acting

BLIND = "blind-return"  #: status and outcome of the order that stands for goods whose sale nobody knows


class Offered(Struct, frozen=True):
    """What a return would come to as things stand; `id` is that of its unit of work, `request` has the price of other goods.

    `at_once`: the goods are taken in as soon as it is asked, as over a counter. `given` is what was given for these units in
    place of their return, by document; the worth is without it.
    """

    id: str
    request: ReturnRequest
    found: Eligible
    worth: Worth
    at_once: bool = False
    given: Mapping[str, Decimal] = {}

    def away_from(self, node: str | None) -> Refused | None:
        """Why whoever works at this node cannot ask for it: goods that are taken in at once are where he is."""
        if node is None or not self.at_once or self.found.node == node:
            return None
        return Refused(f"the goods would be taken in at once, at another node than {node}; name {node}, where they are")


def offered(turn: Turn, event: ReturnAsked, blind: bool = False) -> Offered | Refused:
    """What a return would come to, or why it is refused; `blind` where nobody knows the sale of the goods."""
    if because := lacks_role(event.by, event.role, turn.world.program.people):
        return Refused(because)
    found = (eligible_unsold if blind else eligible)(turn, event.request)
    if isinstance(found, Refused):
        return found
    request = priced(turn, event, found.policy)
    if isinstance(request, Refused):
        return request
    seen = policy_view(turn, event.request, found.way, found.node, found.delivered_on)
    disposition = turn.world.program.decisions.get(found.policy.disposition)
    if disposition is not None and (because := sent_to_others(turn, disposition, seen)):
        return Refused(f"it would be sent on to another's node: {because}")
    process = turn.world.program.processes.get(found.policy.process)
    at_once = process is not None and taken_at_once(process, seen)
    if process is not None and at_once and disposes(process) and (because := _untold(turn, found, event.request, seen)):
        return Refused(because)
    try:
        value = (worth_unsold if blind else worth)(turn, found.policy, event.request.line, found.pieces, seen)
    except NoWayForward as fault:
        return Refused(fault.because)
    given = {} if blind else _given(turn, found, event.request.line, value.shipping)
    return Offered(f"{turn.state.order.id}-{len(turn.state.units) + 1}", request, found, value, at_once, given)


def _given(turn: Turn, found: Eligible, line: str, shipping: bool) -> dict[str, Decimal]:
    """What was given for these units, by document."""
    given: dict[str, Decimal] = {}
    for piece in found.pieces:
        for name, amount in given_for(turn.state, line, piece.first, piece.count, shipping=shipping).items():
            given[name] = given.get(name, ZERO) + amount
    return given


def _untold(turn: Turn, found: Eligible, request: ReturnRequest, seen: View) -> str:
    """What is to be told of goods that are taken in as soon as it is asked; empty where that is all told."""
    asked = Asked(request, turn.at.date(), found.way, found.node, found.delivered_on)
    goods = goods_of(turn.state, turn.state.order.line(request.line), request.quantity)
    return undecided(turn, found.policy, asked, goods, seen)


def return_asked(turn: Turn, event: ReturnAsked) -> None:
    """Starts the unit of work; refused, it is noted with the reason."""
    _begun(turn, event)


def brought(turn: Turn, event: ReturnAsked) -> None:
    """Goods whose sale nobody knows: an order that has sold nothing, and ends at once; only the return of its line goes on."""
    turn.cancel_units([(line.id, line.quantity) for line in turn.state.order.lines])
    instance = turn.put(Instance(ORDER, "", "", ended=BLIND))
    with_status(turn, instance, BLIND)
    turn.note(ORDER, "ended", BLIND)
    _begun(turn, event, blind=True)


def _begun(turn: Turn, event: ReturnAsked, blind: bool = False) -> None:
    made, who = offered(turn, event, blind), acting(event.role, event.by) or "somebody"
    if isinstance(made, Refused):
        turn.note(ORDER, "refused", f"return of {event.request}, asked by {who}: {made.because}")
        return
    found, today = made.found, turn.at.date()
    unit = Unit(made.id, found.node, RETURN, "", ON_HAND, (), turn.at, today, today, type=RETURN, status="asked")
    known = Return(
        made.request, found.policy.name, found.way, found.node, turn.at, found.delivered_on, found.pieces, by=who, blind=blind
    )
    turn.put_unit(unit)
    turn.change(returns={**turn.state.returns, unit.id: known})
    because = f"{event.request} to {found.node} by {found.way}, asked by {who}"
    turn.emit(Record("process", unit.id, found.policy.process, str(found.policy.origin), because))
    turn.start(unit.id, found.policy.process)
