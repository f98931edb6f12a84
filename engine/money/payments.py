"""Authorising, capturing and releasing money by requests of a process; what was taken is recorded, however late it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from orderloom.engine.money.billing import AUTHORISATION, PAYMENT, REFUND, RELEASE, billed, give_back_rest, record, total_left
from orderloom.engine.money.claims import without
from orderloom.engine.money.shares import ZERO
from orderloom.engine.order import Tender
from orderloom.engine.state import ORDER, Claim, Instance, OrderState, visit_of
from orderloom.engine.turn import Turn

_RECORDS = {"authorise": AUTHORISATION, "capture": PAYMENT, "release": RELEASE}  #: the document of each request that is granted


def claimed(turn: Turn, instance: Instance, kind: str, role: str, message: str) -> Claim | None:
    """What a request asks for, kept until it is answered; None where there is nothing to ask for.

    `authorise` asks for what the order comes to and is not authorised yet, `capture` for what the unit of work, or the order,
    comes to and is not captured, `release` for what is authorised and was not captured.
    """
    before = turn.state.claims.get(instance.key)
    if before is not None:
        return before  # it is asked again
    unit = instance.root if instance.root != ORDER else None
    tenders = tuple(each for each in _asked(turn.state, kind, unit) if each.amount > 0)
    if not tenders:
        return None
    claim = Claim(kind, role, message, tenders, unit)
    turn.change(claims={**turn.state.claims, instance.key: claim}, asks_money=True)
    return claim


def granted(turn: Turn, key: str, reply: str, replies: tuple[str, ...], late: bool = False) -> None:
    """Records what the answer to a request means. Money that comes when nobody waits for it any more is not lost."""
    visit = visit_of(key)
    claim = turn.state.claims.get(visit)
    if claim is None:
        return
    without(turn, visit)
    if not replies or reply != replies[0]:
        return
    for each in claim.tenders:
        record(turn, _RECORDS[claim.kind], each.amount, each.tender, claim.unit)
    if late and claim.kind == "capture":
        give_back_rest(turn)


def _asked(state: OrderState, kind: str, unit: str | None) -> Iterator[Tender]:
    tenders = state.order.payments
    authorised, released, captured = (_made(state, each) for each in (AUTHORISATION, RELEASE, PAYMENT))
    if kind == "authorise":
        for each in _dealt(tenders, total_left(state), {}):
            yield Tender(each.tender, each.amount - authorised[each.tender] + released[each.tender], each.reference)
    elif kind == "capture":
        yield from _dealt(tenders, _not_captured(state, unit), captured)
    else:
        references = {each.tender: each.reference for each in tenders}
        for tender, amount in authorised.items():
            yield Tender(tender, amount - released[tender] - captured[tender], references.get(tender))


def _not_captured(state: OrderState, unit: str | None) -> Decimal:
    if unit is None:
        return total_left(state) - _sum(state, PAYMENT) + _sum(state, REFUND)
    return billed(state, state.units[unit]) - _sum(state, PAYMENT, unit)


def _dealt(tenders: tuple[Tender, ...], amount: Decimal, used: Mapping[str, Decimal]) -> Iterator[Tender]:
    """An amount by tender: the first pays until it is used up, the last whatever is left."""
    for number, each in enumerate(tenders or (Tender("", amount),), 1):
        most = amount if number >= len(tenders) else max(ZERO, each.amount - used.get(each.tender, ZERO))
        yield Tender(each.tender, min(amount, most), each.reference)
        amount -= min(amount, most)


def _made(state: OrderState, kind: str) -> dict[str, Decimal]:
    """What documents of a kind come to, by tender."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for each in state.documents:
        if each.kind == kind:
            found[each.tender] += each.amount
    return found


def _sum(state: OrderState, kind: str, unit: str | None = None) -> Decimal:
    return sum((each.amount for each in state.documents if each.kind == kind and unit in (None, each.unit)), ZERO)
