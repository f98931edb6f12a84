"""The true costs of shipments, by term, from what is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import repeat

from orderloom.dsl.program import CostTerm
from orderloom.engine.sourcing.choice import Choice
from orderloom.engine.sourcing.costs import ZERO, amount, days_late, reads, shipment_view
from orderloom.engine.sourcing.lots import Lot
from orderloom.engine.sourcing.picks import Picks, span
from orderloom.engine.sourcing.rates import Rates
from orderloom.engine.sourcing.runs import runs, sum_of
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip

Content = tuple[Share, tuple[Lot, ...]]
Costs = dict[str, Decimal]


def contents(choice: Choice) -> dict[int, list[Content]]:
    """What each trip, by rank, carries: units of each line's share, those of one supply taken in turn."""
    taken: defaultdict[tuple[str, str, int], int] = defaultdict(int)
    loaded: dict[int, list[Content]] = {}
    for trip in sorted(choice.trips, key=lambda trip: (trip.node, trip.dates.ship_on)):
        loaded[trip.rank] = load = []
        for share, picks in zip(trip.shares, choice.lines, strict=True):
            chosen = tuple([pick for pick in picks if pick[1] == trip.rank])
            if share and chosen:
                load.append((share, tuple(_in_turn(share, chosen, taken))))
    return loaded


def _in_turn(share: Share, chosen: Picks, taken: defaultdict[tuple[str, str, int], int]) -> Iterator[Lot]:
    ends = [span(pick) for pick in chosen]
    for lot in share.lots:
        count = sum([max(0, min(end, lot.first + lot.units) - max(start, lot.first)) for start, end in ends])
        if count:
            key = (share.available.node, share.want.line.item, lot.supply)
            yield lot.part(taken[key], count)
            taken[key] += count


def shipment_costs(trip: Trip, content: Sequence[Content], tariff: Tariff) -> Costs | None:
    """The costs of the trip with this content, by term; None when its service or its node does not take it. Raises Unknown."""
    service, rates, load = trip.service, tariff.rates, tariff.load(trip.node, trip.dates.ship_on)
    parts = [(share.want, units_in(lots)) for share, lots in content]
    shipment = shipment_view(parts, trip.dates.ship_on, trip.deliver_on)
    context = {**trip.lane.context, "service": service.name, "shipment": shipment}
    if service.when is not None and service.when.evaluate(context) is not True:
        return None
    costs = {term.name: amount(term, context) for term in rates.shipment_terms}
    if trip.lane.capacity is not None and load + sum([units for _, units in parts]) > trip.lane.capacity:
        return None
    for (share, lots), (want, units) in zip(content, parts, strict=True):
        context = {**share.context, "service": service.name, "days_late": days_late(want, trip.deliver_on)}
        of_share = _of_units(context, lots, units, load, rates)
        for term in rates.unit_terms:
            costs[term.name] = costs.get(term.name, ZERO) + of_share[term.name]
        load += units
    return costs


def units_in(lots: Sequence[Lot]) -> int:
    """Units of the lots."""
    return sum([lot.units for lot in lots])


def _of_units(context: Mapping[str, object], lots: Sequence[Lot], units: int, load: int, rates: Rates) -> Costs:
    """The unit terms for all units of a line; `load` is that of the day before them."""
    costs = {term.name: amount(term, context) * units for term in rates.steady}
    for lot in lots:
        priced = {**context, "purchase_price": lot.price, "load": load + 1, "left": lot.left}
        for term in (*rates.left, *rates.load):
            cost = amount(term, priced) if lot.units == 1 else _of_lot(term, priced, lot, load, rates)
            costs[term.name] = costs.get(term.name, ZERO) + cost
        load += lot.units
    return costs


def _of_lot(term: CostTerm, priced: Mapping[str, object], lot: Lot, load: int, rates: Rates) -> Decimal:
    loads = range(load + 1, load + lot.units + 1)
    if term in rates.left:
        return sum_of(runs((term,), priced, "left", lot.lefts), lot.units)
    if reads(term.formula, "left"):
        lefts = lot.lefts if lot.on_hand else repeat(lot.left)
        return sum([amount(term, {**priced, "load": n, "left": left}) for n, left in zip(loads, lefts, strict=False)], ZERO)
    return sum_of(runs((term,), priced, "load", loads), lot.units)
