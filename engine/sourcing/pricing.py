"""The true costs of shipments, by term, from what is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from orderloom.engine.sourcing.costs import ZERO, amount, days_late, shipment_view
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.search import Choice
from orderloom.engine.sourcing.shares import Share, StockUnit
from orderloom.engine.sourcing.trip import LEFT_OUT, Pick, Problem, Trip
from orderloom.engine.sourcing.trips import Tariff

Content = tuple[Share, tuple[StockUnit, ...]]
Costs = dict[str, Decimal]

_PACKINGS = 2_000  #: ways to spread the lines over a set of trips that are tried before the bound's own way is taken


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
    costs = {term.name: amount(term, context) for term in tariff.shipment_terms}
    load = tariff.stock.load(trip.node, trip.dates.ship_on)
    for share, units in content:
        late = days_late(share.want, trip.deliver_on)
        context = share.context | {"service": trip.service.name, "days_late": late}
        for unit in units:
            load += 1
            for term in tariff.unit_terms:
                costs[term.name] = costs.get(term.name, ZERO) + amount(term, context | {"load": load, "left": unit.left})
    return costs


class Packing:
    """Prices sets of trips whose figures are only bounds, by trying every way to spread the lines over them."""

    def __init__(self, problem: Problem, tariff: Tariff) -> None:
        self.problem = problem
        self.tariff = tariff
        self.complete = True

    def __call__(self, choice: Choice) -> Choice | None:
        """The cheapest way to use every one of the trips, at its true cost; None when there is none."""
        spreads = [list(_spreads(choice, self.problem.wants, index)) for index in range(len(choice.lines))]
        count = 1
        for each in spreads:
            count *= len(each)
        if count > _PACKINGS:
            self.complete = False
        ways = product(*spreads) if count <= _PACKINGS else iter([choice.lines])
        priced = [way for way in (self._priced(choice, lines) for lines in ways) if way]
        return min(priced, key=lambda way: way.cost, default=None)

    def _priced(self, choice: Choice, lines: tuple[tuple[Pick, ...], ...]) -> Choice | None:
        packed = Choice(choice.trips, lines, ZERO)
        loaded = contents(packed)
        cost = sum((pick[0] for picks in lines for pick in picks if pick[1] == LEFT_OUT), ZERO)
        for trip in choice.trips:
            costs = shipment_costs(trip, loaded[trip.rank], self.tariff) if loaded[trip.rank] else None
            if costs is None:
                return None
            cost += sum(costs.values(), ZERO)
        return Choice(choice.trips, lines, cost + self.problem.extra * max(0, len(choice.trips) - 1))


def _spreads(choice: Choice, wants: Sequence[Want], index: int) -> Iterator[tuple[Pick, ...]]:
    """Every way to spread one line over the trips, with what is left out."""
    want = wants[index]

    def spread(trips: Sequence[Trip], needed: int, used: frozenset[tuple[str, int]]) -> Iterator[tuple[Pick, ...]]:
        if not trips:
            yield tuple((want.left_out, LEFT_OUT, n) for n in range(needed))
            return
        first, *rest = trips
        free = [pick for pick in first.picks[index] if (first.node, abs(pick[2])) not in used]
        for count in range(min(needed, len(free)) + 1):
            taken = free[:count]
            for others in spread(rest, needed - count, used | {(first.node, abs(pick[2])) for pick in taken}):
                yield (*taken, *others)

    yield from spread(choice.trips, want.quantity, frozenset())
