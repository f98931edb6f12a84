"""A share: what one node could give to one line, and why it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from orderloom.engine.ledger.stock import Position
from orderloom.engine.plan import Candidate
from orderloom.engine.promising.availability import Availability
from orderloom.engine.promising.borders import border
from orderloom.engine.promising.lanes import Lane
from orderloom.engine.promising.work import Taken, fees_of, worked
from orderloom.engine.sourcing.costs import ZERO
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.sourcing.holdings import holding
from orderloom.engine.sourcing.lots import Lot, Stowed, lots_of
from orderloom.engine.sourcing.rates import Rates
from orderloom.engine.supply.replenishment import Need, with_planned
from orderloom.engine.views import NO_ALERTS
from orderloom.engine.world import World

Stowage = dict[tuple[int, int, bool], Stowed]


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


def share(
    lane: Lane, pool: str, want: Want, demand: Demand, rates: Rates, world: World, taken: Mapping[str, Taken]
) -> Share | Candidate:
    """The share, or why there is none; `taken` is each node's capacity for work that lines before this one may take."""
    node, item, promising = lane.node.id, want.line.item, rates.promising
    key = (item, node)
    if demand.excluded and key in demand.excluded:
        return Candidate(node, f"{item} is not to come from here again", pool, want.line.id)
    position = world.stock.position(item, node)
    if position is None:
        if not world.program.replenishment:
            return Candidate(node, f"no stock of {item}", pool, want.line.id)
        position = Position(item, node)
    context = {**lane.context, **want.seen, "opportunity_cost": world.opportunity_costs.get(key, ZERO)}
    between = border(world, node, promising, context)
    if between is not None and between.because:
        return Candidate(node, between.because, pool, want.line.id, origin=str(between.origin))
    kept, rules = (rates.holdings, promising) if between is None else (None, between.rules)
    held = holding(kept, position, world.alerts.get(key, NO_ALERTS), context, rules, world.program.attributes)
    exclusion = rates.excluded(context)
    if exclusion is not None:
        return Candidate(node, exclusion.because, pool, want.line.id, origin=str(exclusion.origin))
    available = held.available if between is None else between.lent(held.available)
    if world.program.replenishment:
        need = Need(item, node, want.together, promising.name, lane.begins.at)
        available = with_planned(available, need, demand.refused, world, context["order"])
    if not available.free:
        return Candidate(node, available.why, pool, want.line.id, origin=str(promising.origin))
    if want.line.services:
        fees = fees_of(want.line.services, promising, context)
        after = worked(available, want.line.services, want.together, lane, promising, world.stock, taken[node])
        if isinstance(fees, str) or isinstance(after, str):
            because = after if isinstance(after, str) else str(fees)
            return Candidate(node, because, pool, want.line.id, origin=str(promising.origin))
        available = after
    if available is held.available:
        lots, stowage = held.lots_of(position, want.together), held.stowed if rates.left_behind else {}
    else:
        lots, stowage = lots_of(position, available, want.together), {}
    return Share(want, available, *lots, context, stowage)
