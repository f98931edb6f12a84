"""What each unit of an order costs, with its share of discounts, shipping and tax.

Amounts of a whole order or line are dealt out by largest remainder, in the currency's smallest unit: no share is off by as much
as that, and the shares sum up to the amount. The units of a line are counted from 0, and whatever bills, credits or returns
some of them names them by where it begins to count, so the parts of an order come to the whole of it, however it was split.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

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


def charge(order: Order, line: Line, first: int, quantity: int) -> Charge:
    """What `quantity` units of the line cost, counted from the unit `first`."""
    step = _step(order)
    weights = [each.quantity * each.unit_price - each.discount for each in order.lines]
    at = order.lines.index(line)
    of_order = (dealt(amount, weights, step)[at] for amount in (order.discount, order.shipping))
    discount, shipping = of_order
    amounts = (line.discount + discount, shipping, line.tax)
    return Charge(
        line.id, first, quantity, quantity * line.unit_price, *(_part(each, line, first, quantity, step) for each in amounts)
    )


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
    each, over = divmod(int(amount / step), line.quantity)
    return (quantity * each + max(0, min(first + quantity, over) - min(first, over))) * step


def _step(order: Order) -> Decimal:
    """The smallest unit that is dealt out: that of the currency, and a finer one where an amount has more digits."""
    amounts = [order.discount, order.shipping, *(each for line in order.lines for each in (line.discount, line.tax))]
    digits = max(-int(amount.as_tuple().exponent) for amount in amounts)
    return Decimal(1).scaleb(-max(digits, _PLACES.get(order.currency, 2)))
