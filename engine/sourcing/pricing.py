"""The true costs of shipments, by term, from what is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from orderloom.engine.sourcing.choice import Choice
from orderloom.engine.sourcing.costs import ZERO, amount, days_late, shipment_view
from orderloom.engine.sourcing.shares import Share, StockUnit
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip

Content = tuple[Share, tuple[StockUnit, ...]]
Costs = dict[str, Decimal]


def contents(choice: Choice) -> dict[int, list[Content]]:
    """What each trip, by rank, carries: units of each line's share, those of one supply taken in turn."""
    taken: Counter[tuple[str, str, int]] = Counter()
    loaded: dict[int, list[Content]] = {}
    for trip in sorted(choice.trips, key=lambda trip: (trip.node, trip.dates.ship_on)):
        loaded[trip.rank] = []
        for share, picks in zip(trip.shares, choice.lines, strict=True):
            chosen = [abs(unit) for _, rank, unit in picks if rank == trip.rank]
            if share and chosen:
                loaded[trip.rank].append((share, tuple(_in_turn(share, chosen, taken))))
    return loaded


def _in_turn(share: Share, chosen: Sequence[int], taken: Counter[tuple[str, str, int]]) -> Iterator[StockUnit]:
    for supply, count in sorted(Counter(share.units[unit].supply for unit in chosen).items()):
        key = (share.available.node, share.want.line.id, supply)
        units = [unit for unit in share.units if unit.supply == supply]
        yield from units[taken[key] : taken[key] + count]
        taken[key] += count


def shipment_costs(trip: Trip, content: Sequence[Content], tariff: Tariff) -> Costs | None:
    """The costs of the trip with this content, by term; None when its service does not take it. Raises Unknown."""
    context = trip.lane.context | {"service": trip.service.name}
    parts = ((share.want, len(units)) for share, units in content)
    context["shipment"] = shipment_view(parts, trip.dates.ship_on, trip.deliver_on)
    if trip.service.when is not None and trip.service.when(context) is not True:
        return None
    costs = {term.name: amount(term, context) for term in tariff.rates.shipment_terms}
    load = tariff.stock.load(trip.node, trip.dates.ship_on)
    for share, units in content:
        late = days_late(share.want, trip.deliver_on)
        context = share.context | {"service": trip.service.name, "days_late": late}
        for unit in units:
            load += 1
            for term in tariff.rates.unit_terms:
                costs[term.name] = costs.get(term.name, ZERO) + amount(term, context | {"load": load, "left": unit.left})
    return costs
