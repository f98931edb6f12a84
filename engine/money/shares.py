"""What each unit of an order costs, with its share of discounts, shipping and tax.

Amounts of a whole order or line are dealt out by largest remainder, in the currency's smallest unit: no share is off by as much
as that, and the shares sum up to the amount. The units of a line are counted from 0, and whatever bills, credits or returns
some of them names them by where it begins to count, so the parts of an order come to the whole of it, however it was split.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from orderloom.engine.order import Line, Order

#: Digits behind the point, by ISO 4217, of currencies that have not two.
_WHOLE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
_THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
_PLACES = dict.fromkeys(_WHOLE, 0) | dict.fromkeys(_THOUSANDTHS, 3)
ZERO = Decimal(0)


class Charge(Struct, frozen=True, omit_defaults=True):
    """What units of a line cost, from the unit `first` on, in the order's currency: price less discount, and shipping and tax."""

    line: str
    first: int
    quantity: int
    price: Decimal
    discount: Decimal = ZERO
    shipping: Decimal = ZERO
    tax: Decimal = ZERO

    @property
    def amount(self) -> Decimal:
        """What they come to."""
        return self.price - self.discount + self.shipping + self.tax


def shared(order: Order) -> Order:
    """The order with what its lines have of its discount and of its shipping, in proportion to what they cost."""
    own = [line for line in order.lines if line.part_of is None]
    if not (own and (order.discount or order.shipping)):
        return order
    step = _step(order.currency, order.discount, order.shipping, *(each for line in own for each in (line.discount, line.tax)))
    weights = [line.quantity * line.unit_price - line.discount for line in own]
    shares = zip(own, dealt(order.discount, weights, step), dealt(order.shipping, weights, step), strict=True)
    found = {line.id: replace(line, discount=line.discount + less, shipping=line.shipping + more) for line, less, more in shares}
    return replace(order, lines=tuple(found.get(line.id, line) for line in order.lines))


def resized(line: Line, quantity: int, currency: str) -> Line:
    """The line with another quantity: its units keep their shares, and more of them are on the same terms."""
    now = charge(line, 0, quantity, currency)
    return replace(line, quantity=quantity, discount=now.discount, shipping=now.shipping, tax=now.tax)


def charge(line: Line, first: int, quantity: int, currency: str) -> Charge:
    """What `quantity` units of the line cost, counted from the unit `first`."""
    amounts = (line.discount, line.shipping, line.tax)
    step = _step(currency, *amounts)
    parts = (_part(each, line, first, quantity, step) for each in amounts)
    return Charge(line.id, first, quantity, quantity * line.unit_price, *parts)


def share_of(charged: Charge, first: int, count: int, currency: str) -> Charge | None:
    """What of a charge falls on those of these units that it names, each of its amounts dealt out as those of a line are."""
    begin, end = max(first, charged.first), min(first + count, charged.first + charged.quantity)
    if begin >= end:
        return None
    amounts = (charged.price, charged.discount, charged.shipping, charged.tax)
    step = _step(currency, *amounts)
    parts = (_even(each, charged.quantity, begin - charged.first, end - begin, step) for each in amounts)
    return Charge(charged.line, begin, end - begin, *parts)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in whole steps of the currency, half a step up."""
    return amount.quantize(_step(currency), ROUND_HALF_UP)


def dealt(amount: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """The amount in shares by weight, each a number of steps; by number where nothing weighs anything."""
    total = sum(weights)
    shares = [Fraction(weight) / Fraction(total) if total else Fraction(1, len(weights)) for weight in weights]
    exact = [Fraction(amount) / Fraction(step) * share for share in shares]
    steps = [share.numerator // share.denominator for share in exact]
    over = int(amount / step) - sum(steps)
    for at in sorted(range(len(exact)), key=lambda at: steps[at] - exact[at])[:over]:
        steps[at] += 1
    return [each * step for each in steps]


def _part(amount: Decimal, line: Line, first: int, quantity: int, step: Decimal) -> Decimal:
    """What of an amount of the line falls on some of its units; the first have a step more where it does not come out even."""
    return _even(amount, line.quantity, first, quantity, step)


def _even(amount: Decimal, of: int, first: int, quantity: int, step: Decimal) -> Decimal:
    """What of an amount of so many units falls on some of them."""
    each, over = divmod(int(amount / step), of)
    return (quantity * each + max(0, min(first + quantity, over) - min(first, over))) * step


def cent(currency: str) -> Decimal:
    """The smallest unit of a currency."""
    return Decimal(1).scaleb(-_PLACES.get(currency, 2))


def _step(currency: str, *amounts: Decimal) -> Decimal:
    """The smallest unit that is dealt out: that of the currency, and a finer one where an amount has more digits."""
    digits = max((-int(amount.as_tuple().exponent) for amount in amounts), default=0)
    return Decimal(1).scaleb(-max(digits, _PLACES.get(currency, 2)))
