"""A tariff: what the trips of one order are worked out from, besides the lane."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from orderloom.engine.ledger.stock import Stock
from orderloom.engine.order import Order
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.rates import Rates


class Tariff(Struct, frozen=True, eq=False):
    """Rates and demand. `weighed`: every item has a weight. `late` is as in the policy, `deliver_by` as in the demand.

    `due` is the first day by which a line is wanted. `alike`: of what is in time it does not matter by which service, and on
    which day, it arrives. `picked_up`: the order has nowhere to be shipped to, whatever a service's own condition says.
    `loads` keeps what nodes are to ship, by day. `windows`: a line is not wanted before a certain day. `any_day`: all lines may
    arrive on whatever day. With `wait_until`, nodes may wait with their shipments up to that day, to deliver together with
    others.
    """

    rates: Rates
    late: str
    deliver_by: date | None
    wants: tuple[Want, ...]
    quantity: int
    weighed: bool
    stock: Stock
    windows: bool
    any_day: bool
    due: date | None
    alike: bool
    picked_up: bool
    loads: dict[date, Mapping[str, int]]
    wait_until: date | None = None

    def load(self, node: str, day: date) -> int:
        """Units that the node is to ship on this day for other orders."""
        found = self.loads.get(day)
        if found is None:
            found = self.loads[day] = self.stock.loads(day)
        return found.get(node, 0)


def tariff(
    rates: Rates, late: str, order: Order, wants: tuple[Want, ...], stock: Stock, deliver_by: date | None = None
) -> Tariff:
    """The tariff of an order."""
    policy, windows = rates.policy, any(want.line.want_from is not None for want in wants)
    return Tariff(
        rates=rates,
        late=late,
        deliver_by=deliver_by,
        wants=wants,
        quantity=sum([want.quantity for want in wants]),
        weighed=not any(want.weight is None for want in wants),
        stock=stock,
        windows=windows,
        any_day=late != "hard" and not windows,
        due=min([want.line.want_by for want in wants if want.line.want_by is not None], default=None),
        alike=policy.deliver_together is None and policy.pickup_places is None and not rates.service_matters,
        picked_up=order.pickup_node is not None and order.ship_to is None,
        loads={},
    )
