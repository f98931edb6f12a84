"""A share: what one node could give to one line, and why it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from orderloom.engine.ledger.stock import Position
from orderloom.engine.plan import Candidate
from orderloom.engine.promising.availability import Availability
from orderloom.engine.promising.work import Taken, fees_of, worked
from orderloom.engine.sourcing.case import Case, Way
from orderloom.engine.sourcing.costs import ZERO
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.holdings import holding
from orderloom.engine.sourcing.lots import Lot, Stowed, lots_of
from orderloom.engine.supply.replenishment import Need, with_planned
from orderloom.engine.views import NO_ALERTS

Stowage = dict[tuple[int, int, bool], Stowed]
Refusals = dict[str, list[Candidate]]  #: why nodes give nothing, in the order of the lines


class Share(Struct, frozen=True, eq=False, gc=False):
    """What a node has for a line, and what expressions see of the three.

    No more units of a supply than all lines of the item want; `days` are those on which supply comes that may be needed.
    `latest` is the day of its last lot, `there` all units that it has. `stowed` keeps what the units cost by what is left, by the
    units wanted, how many lots there are, and whether the day waits.
    """

    want: Want
    available: Availability
    lots: tuple[Lot, ...]
    days: tuple[date, ...]
    latest: date
    there: int
    context: dict[str, object]
    stowed: Stowage


class _Nothing(NamedTuple):
    """Why a node gives nothing, and which rule says so."""

    because: str
    origin: str | None = None


def shares_of(want: Want, ways: Sequence[Way], case: Case, taken: Mapping[str, Taken], refusals: Refusals) -> list[Share | None]:
    """What each node has for the line; why it has nothing is put among the `refusals`, for each part of the want.

    `taken` is each node's capacity for work that lines before this one may take.
    """
    item, program, demand = want.line.item, case.world.program, case.demand
    found: list[Share | None] = []
    positions = case.world.stock.of_item(item)
    for way in ways:
        node = way.lane.node.id
        position = positions.get(node)
        if position is None and program.replenishment:
            position = Position(item, node)
        if demand.excluded and (item, node) in demand.excluded:
            given: Share | _Nothing = _Nothing(f"{item} is not to come from here again")
        elif position is None:
            given = _Nothing(f"no stock of {item}")
        else:
            given = _share(want, way, position, case, taken)
        if isinstance(given, Share):
            found.append(given)
            continue
        found.append(None)
        because, origin = given
        refusals[node] += [Candidate(node, because, way.pool, line, None, origin) for line, _ in want.parts]
    return found


def _share(want: Want, way: Way, position: Position, case: Case, taken: Mapping[str, Taken]) -> Share | _Nothing:
    """What the node has of its position, or why it has nothing."""
    lane, between, rates, world, together = way.lane, way.border, case.rates, case.world, want.together
    promising, program, item, node = rates.promising, world.program, position.item, position.node
    if between is not None and between.because:
        return _Nothing(between.because, str(between.origin))
    alerts = world.alerts.get((item, node), NO_ALERTS) if world.alerts else NO_ALERTS
    context = {**want.seen, "node": lane.context["node"], "lane": lane.context["lane"]}
    if world.opportunity_costs:
        context["opportunity_cost"] = world.opportunity_costs.get((item, node), ZERO)
    kept, rules = (rates.holdings, promising) if between is None else (None, between.rules)
    held = holding(kept, position, alerts, context, rules, program.attributes)
    exclusion = rates.excluded(context)
    if exclusion is not None:
        return _Nothing(exclusion.because, str(exclusion.origin))
    available = held.available if between is None else between.lent(held.available)
    if program.replenishment:
        need = Need(item, node, together, promising.name, lane.begins.at)
        available = with_planned(available, need, case.demand.refused, world, context["order"])
    if not available.free:
        return _Nothing(available.why, str(promising.origin))
    if want.line.services:
        fees = fees_of(want.line.services, promising, context)
        after = worked(available, want.line.services, together, lane, promising, world.stock, taken[node])
        if isinstance(fees, str) or isinstance(after, str):
            return _Nothing(after if isinstance(after, str) else str(fees), str(promising.origin))
        available = after
    if available is held.available:
        lots, stowage = held.lots_of(position, together), held.stowed if rates.left_behind else {}
    else:
        lots, stowage = lots_of(position, available, together), {}
    return Share(want, available, *lots, context, stowage)
