"""Documents that say who owes what: invoices, payments, refunds and fees. Nobody gets back more than was paid.

A credit memo takes an invoice back, or gives something of what units cost that stay bought or come back: its charges name them.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from orderloom.engine.money.claims import ask_back
from orderloom.engine.money.shares import ZERO, Charge, charge, share_of
from orderloom.engine.state import Document, OrderState
from orderloom.engine.turn import Turn, add_document
from orderloom.engine.unit import Unit
from orderloom.engine.views import cancelled

INVOICE, PAYMENT, REFUND, CREDIT, FEE = "invoice", "payment", "refund", "credit-memo", "fee"
GIFT_CARD, FUTURE_DISCOUNT = "gift-card", "future-discount"
AUTHORISATION, RELEASE = "authorisation", "release"  #: what may be captured, and what may not any more
_LETTERS = {
    INVOICE: "I",
    PAYMENT: "P",
    REFUND: "R",
    CREDIT: "C",
    FEE: "F",
    GIFT_CARD: "G",
    FUTURE_DISCOUNT: "D",
    AUTHORISATION: "A",
    RELEASE: "L",
}


def bill(turn: Turn, unit: Unit) -> None:
    """An invoice of the unit's lines, once."""
    if not _made(turn.state, INVOICE, unit):
        charges = tuple(_charges(turn.state, unit))
        _add(turn, INVOICE, sum((each.amount for each in charges), ZERO), unit, charges=charges)


def refund_unit(turn: Turn, unit: Unit) -> None:
    """Gives back what the unit's lines were billed, once: less what credit memos gave of them, at most what was paid for it."""
    state = turn.state
    if not _made(state, REFUND, unit):
        billed = _made(state, INVOICE, unit)
        charges = billed[0].charges if billed else tuple(_charges(state, unit))
        amount = billed[0].amount if billed else sum((each.amount for each in charges), ZERO)
        given = sum((_of_units(state, _granted(state), each.line, each.first, each.quantity) for each in charges), ZERO)
        paid_for = sum((each.amount for each in _of(state, PAYMENT) if each.unit in (None, unit.id)), ZERO)
        give_back(turn, min(amount - given, paid_for) if _payments_are_known(state) else amount - given, unit, charges)


def take_payment(turn: Turn) -> None:
    """The total is paid where it was sold, once, by the tenders that the order names."""
    order = turn.state.order
    if _of(turn.state, PAYMENT):
        return
    for tender in order.payments:
        _add(turn, PAYMENT, tender.amount, tender=tender.tender, node=order.selling_node)
    rest = order.total - sum((tender.amount for tender in order.payments), ZERO)
    if rest or not order.payments:
        _add(turn, PAYMENT, rest, node=order.selling_node)


def record(turn: Turn, kind: str, amount: Decimal, tender: str, unit: str | None) -> None:
    """What a payment participant has granted."""
    _add(turn, kind, amount, turn.state.units[unit] if unit else None, tender=tender, node=turn.state.order.selling_node)


def billed(state: OrderState, unit: Unit) -> Decimal:
    """What the unit's invoice comes to, or would."""
    made = [each for each in _made(state, INVOICE, unit) if each in standing_invoices(state)]
    return sum((each.amount for each in made or _charges(state, unit)), ZERO)


def charge_fee(turn: Turn, amount: Decimal) -> None:
    """What a change costs the customer."""
    if amount:
        _add(turn, FEE, amount)


def charge_unit(turn: Turn, unit: Unit, amount: Decimal) -> None:
    """What work costs the customer that was not part of the sale, once."""
    if amount and not _made(turn.state, FEE, unit):
        _add(turn, FEE, amount, unit)


def give_back(turn: Turn, amount: Decimal, unit: Unit | None = None, charges: tuple[Charge, ...] = ()) -> Decimal:
    """Refunds to the tenders by which it was paid, the first first; answers what is given back, at most what is left of that."""
    open = min(amount, paid(turn.state))
    given = ZERO
    for tender, left in _by_tender(turn.state).items():
        part = min(open - given, left)
        if part > 0:
            _add(turn, REFUND, part, unit, tender=tender, charges=() if given else charges)
            given += part
    return given


def give_back_rest(turn: Turn) -> None:
    """Refunds what was paid beyond what is not given up. What is lost and refunded counts as given up."""
    state = turn.state
    if _of(state, PAYMENT):
        granted = {each.unit for each in memos(state)} | {None}
        lost = (x.amount for x in _of(state, REFUND) if x.unit not in granted and not state.units[x.unit or ""].released)
        owed = total_left(state) - _given_of_what_is_left(state) + _presented_for_what_is_gone(state)
        give_back(turn, paid(state) + sum(lost, ZERO) - owed)


def credit(turn: Turn, unit: Unit) -> None:
    """Takes back the unit's invoice, which then counts no more."""
    for document in _made(turn.state, INVOICE, unit):
        if document in standing_invoices(turn.state):
            _add(turn, CREDIT, document.amount, unit, charges=document.charges)


def grant(turn: Turn, charges: tuple[Charge, ...], unit: Unit | None = None, pays: bool = True) -> Decimal:
    """Gives what the charges come to, of the units that they name, by a credit memo, and refunds it; answers what went back.

    Without `pays` the credit is for something else that the customer gets.
    """
    amount = sum((each.amount for each in charges), ZERO)
    if amount <= 0:
        return ZERO
    _add(turn, CREDIT, amount, unit, charges=charges)
    return give_back(turn, amount, unit) if pays else ZERO


def pay_or_give_back(turn: Turn, price: Decimal, credit: Decimal, unit: Unit) -> None:
    """Settles a credit against the price of other goods, where they are paid at once.

    Where payments are not recorded, or somebody is asked to take them, the other goods are paid as any, and the credit goes back.
    """
    price = price if _of(turn.state, PAYMENT) and not turn.state.asks_money else ZERO
    if price > credit:
        _add(turn, PAYMENT, price - credit, unit, tender=next(iter(_by_tender(turn.state)), ""))
    give_back(turn, credit - price, unit)


def present(turn: Turn, kind: str, amount: Decimal, unit: Unit | None = None, charges: tuple[Charge, ...] = ()) -> None:
    """A document of something that the customer gets besides: it changes nothing of what is owed.

    Where it is in place of a return, the charges name the units: should they come back all the same, it was given for them.
    """
    _add(turn, kind, amount, unit, charges=charges)


def refundable(state: OrderState, line: str, first: int, count: int, *, shipping: bool = False) -> Charge:
    """What may be given back for units of a line, from the unit `first` on: their share of its price, discount and tax.

    What was given for these very units, in whatever form, counts as a discount; so does whatever would be more than was paid and
    is not given back. Shipping is given back only where it is asked for.
    """
    bought = charge(state.order.line(line), first, count, state.order.currency)
    share = bought if shipping else replace(bought, shipping=ZERO)
    gone = min(share.amount, _of_units(state, (*_granted(state), *_of(state, REFUND)), line, first, count))
    return replace(share, discount=share.discount + gone + max(ZERO, share.amount - gone - max(paid(state), ZERO)))


def given_for(state: OrderState, line: str, first: int, count: int, *, shipping: bool = False) -> dict[str, Decimal]:
    """What was given for units of a line in place of their return, by kind and number, as far as `refundable` takes it off."""
    bought, found = charge(state.order.line(line), first, count, state.order.currency), dict[str, Decimal]()
    left = bought.amount if shipping else bought.amount - bought.shipping
    for document in _granted(state):
        amount = min(left, _of_units(state, (document,), line, first, count))
        if amount > 0:
            found[f"{document.kind} {document.number}"] = amount
            left -= amount
    return found


def memos(state: OrderState) -> tuple[Document, ...]:
    """The credit memos that give something of what units cost; the others take an invoice back."""
    billed = {each.unit for each in _of(state, INVOICE)} - {None}
    return tuple(each for each in _of(state, CREDIT) if each.unit not in billed)


def _granted(state: OrderState) -> tuple[Document, ...]:
    """What was given for units: by credit memos, and as gift cards and future discounts in place of their return."""
    return (*memos(state), *_of(state, GIFT_CARD), *_of(state, FUTURE_DISCOUNT))


def _of_units(state: OrderState, documents: Iterable[Document], line: str, first: int, count: int) -> Decimal:
    """What the charges of documents come to for these units of a line; of a charge that names more units, their part of it."""
    named = (each for document in documents for each in document.charges if each.line == line)
    parts = (share_of(each, first, count, state.order.currency) for each in named)
    return sum((each.amount for each in parts if each is not None), ZERO)


def _given_of_what_is_left(state: OrderState) -> Decimal:
    left = ((line, line.quantity - cancelled(line, state)) for line in state.order.lines)
    return sum((_of_units(state, memos(state), line.id, 0, quantity) for line, quantity in left if quantity), ZERO)


def _presented_for_what_is_gone(state: OrderState) -> Decimal:
    """What gift cards and future discounts gave for units that were given up since, up to what these cost."""
    found, presents = ZERO, (*_of(state, GIFT_CARD), *_of(state, FUTURE_DISCOUNT))
    for line in state.order.lines if presents else ():
        gone = cancelled(line, state)
        left = line.quantity - gone
        if gone:
            found += min(_of_units(state, presents, line.id, left, gone), charge(line, left, gone, state.order.currency).amount)
    return found


def standing_invoices(state: OrderState) -> tuple[Document, ...]:
    """The invoices that were neither taken back nor refunded: what they bill is not billed again."""
    gone = {document.unit for kind in (CREDIT, REFUND) for document in _of(state, kind)} - {None}
    return tuple(document for document in _of(state, INVOICE) if document.unit not in gone)


def paid(state: OrderState) -> Decimal:
    """What the customer has paid and not got back; where nobody records payments, what was billed counts as paid."""
    return sum(_by_tender(state).values(), ZERO)


def total_left(state: OrderState) -> Decimal:
    """What is not given up comes to."""
    left = ((line, line.quantity - cancelled(line, state)) for line in state.order.lines)
    return sum((charge(line, 0, quantity, state.order.currency).amount for line, quantity in left), ZERO)


def paid_and_refunded(state: OrderState) -> tuple[Decimal, Decimal]:
    """What was paid, or billed where nobody records payments, and what of it went back."""
    back = sum((each.amount for each in _of(state, REFUND)), ZERO)
    return paid(state) + back, back


def _by_tender(state: OrderState) -> dict[str, Decimal]:
    """What was paid and did not go back, by tender in the order of paying."""
    left: dict[str, Decimal] = {}
    payments = _of(state, PAYMENT)
    taken_back = (each for each in _of(state, CREDIT) if each not in memos(state))
    known = payments if _payments_are_known(state) else (*_of(state, INVOICE), *taken_back)
    for document in (*known, *_of(state, REFUND)):
        sign = -1 if document.kind in (REFUND, CREDIT) else 1
        left[document.tender] = left.get(document.tender, ZERO) + sign * document.amount
    return left


def _payments_are_known(state: OrderState) -> bool:
    """Whether payments are recorded, or somebody is asked to take them: then what was billed is not paid by that alone."""
    return state.asks_money or bool(_of(state, PAYMENT))


def _charges(state: OrderState, unit: Unit) -> Iterator[Charge]:
    """What is billed with the unit: its lines, and whatever is whole with them of what is made up of components."""
    billed = [each for each in standing_invoices(state) if each.charges or not each.amount]  # earlier releases kept no charges
    units = [unit, *(state.units[each.unit] for each in billed if each.unit)]
    has = Counter[str]()
    for part in (part for each in units for part in each.lines):
        has[part.line] += part.quantity
    for line in (line for line in state.order.lines if line.part_of is None):
        taken = sorted((each.first, each.first + each.quantity) for d in billed for each in d.charges if each.line == line.id)
        wanted = state.order.sets(line, lambda part: has[part.id]) - sum(end - first for first, end in taken)
        for first, quantity in _free(taken, wanted):
            yield charge(line, first, quantity, state.order.currency)


def _free(taken: list[tuple[int, int]], wanted: int) -> Iterator[tuple[int, int]]:
    """The first units that are not taken, as where they begin and how many they are."""
    at = 0
    for first, end in [*taken, (sys.maxsize, sys.maxsize)]:
        if wanted > 0 and first > at:
            yield at, min(wanted, first - at)
            wanted -= min(wanted, first - at)
        at = end


def _made(state: OrderState, kind: str, unit: Unit) -> tuple[Document, ...]:
    return tuple(each for each in _of(state, kind) if each.unit == unit.id)


def _of(state: OrderState, kind: str) -> tuple[Document, ...]:
    return tuple(each for each in state.documents if each.kind == kind)


def _add(
    turn: Turn,
    kind: str,
    amount: Decimal,
    unit: Unit | None = None,
    *,
    tender: str = "",
    node: str | None = None,
    charges: tuple[Charge, ...] = (),
) -> None:
    number = f"{turn.state.order.id}-{_LETTERS[kind]}{len(_of(turn.state, kind)) + 1}"
    at = unit.node if unit else node
    document = Document(kind, number, turn.at, amount, unit.id if unit else None, at, tender, charges)
    add_document(turn, document)
    if kind == REFUND:
        ask_back(turn, document)
