"""What is given back for goods: the very share that they were paid, less fees."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Returns
from orderloom.engine.errors import NoWayForward
from orderloom.engine.money.billing import paid, refundable
from orderloom.engine.money.shares import ZERO, Charge, cent, charge
from orderloom.engine.numbers import number
from orderloom.engine.returns.request import Piece
from orderloom.engine.turn import Turn
from orderloom.engine.views import View


class Worth(Struct, frozen=True):
    """What is given for the goods, by charges that name their units; `fees` are off it already."""

    charges: tuple[Charge, ...]
    fees: dict[str, Decimal]
    shipping: bool = False

    @property
    def amount(self) -> Decimal:
        """What they come to."""
        return sum((each.amount for each in self.charges), ZERO)


def worth(turn: Turn, policy: Returns, line: str, pieces: tuple[Piece, ...], seen: View) -> Worth:
    """What these units are worth by the policy, and never more than was paid and not given back."""
    shipping = policy.shipping is not None and policy.shipping(seen) is True
    left, charges = max(paid(turn.state), ZERO), list[Charge]()
    for piece in pieces:
        share = refundable(turn.state, line, piece.first, piece.count, shipping=shipping)
        charges.append(_less(share, share.amount - left))
        left -= charges[-1].amount
    return _less_fees(turn, policy, charges, seen, shipping)


def worth_unsold(turn: Turn, policy: Returns, line: str, pieces: tuple[Piece, ...], seen: View) -> Worth:
    """The store credit for units whose sale nobody knows, at the price that the line has."""
    order = turn.state.order
    charges = [charge(order.line(line), piece.first, piece.count, order.currency) for piece in pieces]
    return _less_fees(turn, policy, charges, seen)


def _less_fees(turn: Turn, policy: Returns, charges: list[Charge], seen: View, shipping: bool = False) -> Worth:
    fees = _fees(turn, policy, seen, sum((each.amount for each in charges), ZERO))
    over = sum(fees.values(), ZERO)
    for at, each in enumerate(charges):
        kept = min(over, each.amount)
        charges[at], over = _less(each, kept), over - kept
    return Worth(tuple(charges), fees, shipping)


def _fees(turn: Turn, policy: Returns, seen: View, most: Decimal) -> dict[str, Decimal]:
    """What is kept back, in the currency's smallest unit; of fees that come to more than the refund just that."""
    found: dict[str, Decimal] = {}
    for name, formula in policy.fees.items():
        fee = number(formula(seen), 0)
        if fee is None:
            raise NoWayForward(f"the fee {name} of {policy.title} cannot be told ({formula.origin})")
        fee = min(most, fee.quantize(cent(turn.state.order.currency), ROUND_HALF_UP))
        most -= fee
        if fee:
            found[name] = fee
    return found


def _less(share: Charge, amount: Decimal) -> Charge:
    return replace(share, discount=share.discount + amount) if amount > 0 else share
