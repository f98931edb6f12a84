"""A tariff: what the trips of one order are worked out from, besides the lane."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from orderloom.engine.ledger.stock import Stock
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.rates import Rates


class Tariff(Struct, frozen=True, eq=False):
    """Rates and demand. `weighed`: every item has a weight. `late` is as in the policy, `deliver_by` as in the demand.

    With `wait_until`, nodes may wait with their shipments up to that day, to deliver together with others. `windows`: a line is
    not wanted before a certain day.
    """

    rates: Rates
    late: str
    deliver_by: date | None
    wants: tuple[Want, ...]
    quantity: int
    weighed: bool
    stock: Stock
    windows: bool
    wait_until: date | None = None


def tariff(rates: Rates, late: str, wants: tuple[Want, ...], stock: Stock, deliver_by: date | None = None) -> Tariff:
    """The tariff of an order."""
    return Tariff(
        rates=rates,
        late=late,
        deliver_by=deliver_by,
        wants=wants,
        quantity=sum([want.quantity for want in wants]),
        weighed=not any(want.weight is None for want in wants),
        stock=stock,
        windows=any(want.line.want_from is not None for want in wants),
    )
