"""Sourcing policies."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.dsl import program
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.objectives import goals_and_weights, most_days_late, most_shipments, too_far
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.program import CostScope, CostTerm
from orderloom.dsl.syntax import Costs, Sourcing


def lowered_sourcing(sourcing: Sourcing, formulas: Compiled) -> program.Sourcing:
    limits, late, shipments = sourcing.limits, most_days_late(sourcing.objectives), most_shipments(sourcing.objectives)
    return program.Sourcing(
        name=sourcing.name.value,
        title=text(sourcing.title, sourcing.name.value),
        promising=sourcing.promise_by.value,
        pools=tuple(program.Pool(p.name.value, formulas[p.nodes], origin(p.name.span)) for p in sourcing.candidates),
        pools_together=text(sourcing.try_pools, "in order") == "together",
        exclusions=(
            *(program.Exclusion(formulas[e.when], e.because.value, origin(e.when.span)) for e in sourcing.exclude),
            *too_far(sourcing.objectives),
        ),
        max_shipments=formula(limits.shipments, formulas) if limits is not None and limits.shipments is not None else shipments,
        late="hard" if late is not None else text(limits.late if limits is not None else None, "soft"),  # type: ignore[arg-type]
        most_days_late=late or 0,
        all_or_nothing=formula(limits.all_or_nothing, formulas) if limits is not None else None,
        ship_together=formula(limits.ship_together, formulas) if limits is not None else None,
        deliver_together=formula(limits.deliver_together, formulas) if limits is not None else None,
        pickup_places=formula(limits.pickup_places, formulas) if limits is not None else None,
        terms=(*goals_and_weights(sourcing.objectives), *_terms(sourcing.minimise or sourcing.costs, formulas)),
        prefer=tuple(p.value for p in sourcing.prefer),  # type: ignore[misc]
        fallback=text(sourcing.fallback, "exception"),  # type: ignore[arg-type]
        origin=origin(sourcing.name.span),
    )


def _terms(costs: Costs | None, formulas: Compiled) -> Iterable[CostTerm]:
    if costs is None:
        return
    scopes: tuple[tuple[CostScope, tuple[Pair[Located[str]], ...]], ...] = (
        ("shipment", costs.shipment),
        ("unit", costs.unit),
        ("extra shipment", costs.extra_shipment),
        ("cancelled unit", costs.cancelled_unit),
    )
    for scope, pairs in scopes:
        for pair in pairs:
            yield CostTerm(pair.key.value, scope, formulas[pair.value])
