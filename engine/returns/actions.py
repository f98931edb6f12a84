"""What the process of a return does, each thing once, however often its step is entered."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import Returns
from orderloom.dsl.suggest import with_hint
from orderloom.engine.appeasements.outcome import returned
from orderloom.engine.effects import OrderSupply, Record
from orderloom.engine.errors import NoWayForward
from orderloom.engine.money.billing import GIFT_CARD, give_back_rest, grant, pay_or_give_back, present
from orderloom.engine.money.shares import ZERO, charge
from orderloom.engine.order import Line
from orderloom.engine.returns.goods import STAY, arrived, disposed, expected, goods_of, moved_in, transfer
from orderloom.engine.returns.pieces import numbers, pieces_of
from orderloom.engine.returns.request import Goods, Return
from orderloom.engine.returns.seen import Asked, process_view
from orderloom.engine.returns.undecided import disposes, undecided
from orderloom.engine.returns.worth import worth, worth_unsold
from orderloom.engine.sources import open_quantities, source_open, start_planned, unfilled
from orderloom.engine.state import Instance
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit


def receive(turn: Turn, instance: Instance) -> str:
    """The goods are at the node, as whoever received them says: how many of them, and in which condition."""
    known = _return(turn, instance)
    if known.received is None:
        told, policy = instance.answer, _policy(turn, known)
        units = told.get("quantity", known.request.quantity)
        condition = told.get("condition")
        if not isinstance(units, int) or not 0 <= units <= known.request.quantity:
            raise NoWayForward(f"{units} came back, of {known.request.quantity} that were asked")
        if condition is not None and policy.conditions and condition not in policy.conditions:
            raise NoWayForward(with_hint(f"there is no condition {condition}", str(condition), policy.conditions))
        line = turn.state.order.line(known.request.line)
        goods = goods_of(turn.state, line, units) if units else ()
        said = known.condition if condition is None else str(condition)
        asked = Asked(known.request, known.at.date(), known.way, known.node, known.delivered_on, said, instance.root)
        context = turn.context(instance.id)
        if disposes(turn.process(instance)) and (because := undecided(turn, policy, asked, goods, context)):
            raise NoWayForward(because)
        turn.post(moved_in(turn, known.node, goods))
        pieces = pieces_of(numbers(known.pieces)[:units])
        for piece in pieces:
            returned(turn, known.request.line, piece.first, piece.count)
        known = _keep(turn, instance, received=units, goods=goods, pieces=pieces, condition=said)
    return "received" if known.received else "nothing"


def refund(turn: Turn, instance: Instance) -> str:
    """A credit memo of what the units are worth; its money goes back, unless it is for other goods that are still to come."""
    known = _return(turn, instance)
    if known.exchange_line:
        _give_up(turn, known)
    if known.credited or not known.received:
        return "refunded"
    policy, unit = _policy(turn, known), turn.unit(instance)
    if known.blind:
        return _credit_unsold(turn, instance, known, policy, unit)
    found = worth(turn, policy, known.request.line, known.pieces, turn.context(instance.id))
    waits = known.request.exchange is not None and not known.exchange_line
    grant(turn, found.charges, unit, pays=not waits)
    _keep(turn, instance, credit=found.amount, fees=found.fees, credited=True)
    return "refunded"


def _credit_unsold(turn: Turn, instance: Instance, known: Return, policy: Returns, unit: Unit) -> str:
    """Store credit: nobody knows by which tender it was paid, or whether."""
    found = worth_unsold(turn, policy, known.request.line, known.pieces, turn.context(instance.id))
    if found.amount > 0:
        present(turn, GIFT_CARD, found.amount, unit)
    _keep(turn, instance, credit=found.amount, fees=found.fees, credited=True)
    return "refunded"


def dispose(turn: Turn, instance: Instance) -> str:
    """What becomes of the goods, by the policy's disposition."""
    known = _return(turn, instance)
    if known.goods and not known.goods[0].next:
        decision = turn.world.program.decisions[_policy(turn, known).disposition]
        unit, found = turn.unit(instance), list[Goods]()
        for at, each in enumerate(known.goods):
            seen = {**turn.context(instance.id), **process_view(turn.world, turn.state, turn.stock, unit, at)}
            said, days = disposed(turn, decision, seen, each, known.node)
            turn.emit(Record("decide", unit.id, f"{said.item}: {said.next} at {said.node}", said.origin, decision.title))
            if said.node != known.node and said.next in STAY:
                order = transfer(turn, unit.id, at + 1, known.node, said, days)
                turn.post([expected(turn, order, said.stock_class)])
                turn.emit(OrderSupply(order))
                turn.note(unit.id, "document", str(order))
                said = replace(said, transfer=order.id)
            else:
                turn.post(moved_in(turn, known.node, [said], -1))
                turn.post(moved_in(turn, known.node, [said], 1, said.stock_class) if said.next in STAY else ())
            found.append(said)
        known = _keep(turn, instance, goods=tuple(found))
    return _went(known)


def _went(known: Return) -> str:
    if any(each.transfer for each in known.goods):
        return "moved"
    return "gone" if known.goods and all(each.next not in STAY for each in known.goods) else "kept"


def send_on(turn: Turn, instance: Instance) -> str:
    """What another node is to get has left this one."""
    known = _return(turn, instance)
    if not known.sent:
        turn.post(moved_in(turn, known.node, [each for each in known.goods if each.transfer], -1))
        _keep(turn, instance, sent=True)
    return "sent"


def put_away(turn: Turn, instance: Instance) -> str:
    """It is there; whoever has not told that it left has told it by this."""
    send_on(turn, instance)
    known = _return(turn, instance)
    if not known.there:
        turn.post(arrived(turn, known.goods))
        _keep(turn, instance, there=True)
    return "there"


def exchange(turn: Turn, instance: Instance) -> str | None:
    """The other goods are a line of the order, of which units of work are made; the difference in price is settled."""
    known = _return(turn, instance)
    if known.request.exchange is None:
        return "exchanged"
    if not known.exchange_line:
        line = _other(turn, known)
        turn.change(order=replace(turn.state.order, lines=(*turn.state.order.lines, line)))
        price = charge(line, 0, line.quantity, turn.state.order.currency).amount
        pay_or_give_back(turn, price, known.credit, turn.unit(instance))
        _keep(turn, instance, exchange_line=line.id)
    if not (open_quantities(turn.state) or turn.state.planned):
        return "exchanged"
    before = turn.state.cancelled
    made = source_open(turn)
    if turn.state.cancelled != before:
        give_back_rest(turn)
    outcome = "short" if made.unfilled else "exchanged"
    start_planned(turn)
    return unfilled(turn, instance, made, outcome)


def _give_up(turn: Turn, known: Return) -> None:
    """Other goods that cannot be had are not paid."""
    left = [(line, units) for line, units in open_quantities(turn.state) if line == known.exchange_line]
    turn.cancel_units(left)
    if left:
        give_back_rest(turn)


def _other(turn: Turn, known: Return) -> Line:
    """The line of the other goods: of the same item on the very terms of those that come back."""
    wanted, order = known.request.exchange, turn.state.order
    assert wanted is not None, "asked before"
    line = order.line(known.request.line)
    units = numbers(known.pieces)
    quantity = wanted.quantity or len(units)
    number = 1 + sum(each.id.startswith(f"{line.id}X") for each in order.lines)
    other = replace(
        line, id=f"{line.id}X{number}", item=wanted.item or line.item, quantity=quantity, want_by=None, want_from=None,
        services=(), after=(), discount=ZERO, tax=ZERO, shipping=ZERO,
    )  # fmt: skip
    if wanted.unit_price is not None:
        return replace(other, unit_price=wanted.unit_price)
    same = [charge(line, unit, 1, order.currency) for unit in (units * quantity)[:quantity]]
    return replace(other, discount=sum((each.discount for each in same), ZERO), tax=sum((each.tax for each in same), ZERO))


# --- the return of an instance -----------------------------------------------------------------------------------------


def _return(turn: Turn, instance: Instance) -> Return:
    known = turn.state.returns.get(instance.root)
    if known is None:
        raise NoWayForward(f"{instance.root} is no return that anybody asked for")
    return known


def _policy(turn: Turn, known: Return) -> Returns:
    policy = turn.world.program.returns.get(known.policy)
    if policy is None:
        raise NoWayForward(f"there is no policy of returns {known.policy} any more")
    return policy


def _keep(turn: Turn, instance: Instance, **fields: object) -> Return:
    known = replace(_return(turn, instance), **fields)
    turn.change(returns={**turn.state.returns, instance.root: known})
    return known
