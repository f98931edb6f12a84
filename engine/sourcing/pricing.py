"""The true costs of shipments, by term, from what is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import repeat

from orderloom.dsl.program import CostTerm
from orderloom.engine.sourcing.choice import Choice
from orderloom.engine.sourcing.costs import ZERO, amount, days_late, reads, shipment_view
from orderloom.engine.sourcing.lots import Lot
from orderloom.engine.sourcing.picks import Picks, span
from orderloom.engine.sourcing.runs import runs, sum_of
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip

Content = tuple[Share, tuple[Lot, ...]]
Costs = dict[str, Decimal]


def contents(choice: Choice) -> dict[int, list[Content]]:
    """What each trip, by rank, carries: units of each line's share, those of one supply taken in turn."""
    taken: Counter[tuple[str, str, int]] = Counter()
    loaded: dict[int, list[Content]] = {}
    for trip in sorted(choice.trips, key=lambda trip: (trip.node, trip.dates.ship_on)):
        loaded[trip.rank] = []
        for share, picks in zip(trip.shares, choice.lines, strict=True):
            chosen = tuple([pick for pick in picks if pick[1] == trip.rank])
            if share and chosen:
                loaded[trip.rank].append((share, tuple(_in_turn(share, chosen, taken))))
    return loaded


def _in_turn(share: Share, chosen: Picks, taken: Counter[tuple[str, str, int]]) -> Iterator[Lot]:
    for lot in share.lots:
        ends = [span(pick) for pick in chosen]
        count = sum([max(0, min(end, lot.first + lot.units) - max(start, lot.first)) for start, end in ends])
        if count:
            key = (share.available.node, share.want.line.item, lot.supply)
            yield lot.part(taken[key], count)
            taken[key] += count


def shipment_costs(trip: Trip, content: Sequence[Content], tariff: Tariff) -> Costs | None:
    """The costs of the trip with this content, by term; None when its service or its node does not take it. Raises Unknown."""
    context = trip.lane.context | {"service": trip.service.name}
    parts = ((share.want, units_in(lots)) for share, lots in content)
    context["shipment"] = shipment_view(parts, trip.dates.ship_on, trip.deliver_on)
    if trip.service.when is not None and trip.service.when(context) is not True:
        return None
    costs = {term.name: amount(term, context) for term in tariff.rates.shipment_terms}
    load = tariff.stock.load(trip.node, trip.dates.ship_on)
    if trip.lane.capacity is not None and load + sum([units_in(lots) for _, lots in content]) > trip.lane.capacity:
        return None
    for share, lots in content:
        late = days_late(share.want, trip.deliver_on)
        context = share.context | {"service": trip.service.name, "days_late": late}
        for term in tariff.rates.unit_terms:
            costs[term.name] = costs.get(term.name, ZERO) + _of_units(term, context, lots, load, tariff)
        load += units_in(lots)
    return costs


def units_in(lots: Sequence[Lot]) -> int:
    """Units of the lots."""
    return sum([lot.units for lot in lots])


def _of_units(term: CostTerm, context: Mapping[str, object], lots: Sequence[Lot], load: int, tariff: Tariff) -> Decimal:
    """A unit term for all units of a line; `load` is that of the day before them."""
    if term in tariff.rates.steady:
        return amount(term, context) * units_in(lots)
    cost = ZERO
    for lot in lots:
        priced, loads = {**context, "purchase_price": lot.price}, range(load + 1, load + lot.units + 1)
        if term in tariff.rates.left:
            cost += sum_of(runs((term,), priced, "left", lot.lefts), lot.units)
        elif reads(term.formula, "left"):
            lefts = lot.lefts if lot.on_hand else repeat(lot.left)
            cost += sum([amount(term, {**priced, "load": n, "left": left}) for n, left in zip(loads, lefts, strict=False)], ZERO)
        else:
            cost += sum_of(runs((term,), priced, "load", loads), lot.units)
        load += lot.units
    return cost
