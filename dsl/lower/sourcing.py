"""Sourcing policies."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.dsl import program
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.program import CostScope, CostTerm
from orderloom.dsl.syntax import Costs, Sourcing


def lowered_sourcing(sourcing: Sourcing, formulas: Compiled) -> program.Sourcing:
    limits = sourcing.limits
    return program.Sourcing(
        name=sourcing.name.value,
        title=text(sourcing.title, sourcing.name.value),
        promising=sourcing.promise_by.value,
        pools=tuple(program.Pool(p.name.value, formulas[p.nodes], origin(p.name.span)) for p in sourcing.candidates),
        pools_together=text(sourcing.use_pools, "in order") == "together",
        exclusions=tuple(program.Exclusion(formulas[e.when], e.because.value, origin(e.when.span)) for e in sourcing.exclude),
        max_shipments=formula(limits.shipments, formulas) if limits is not None else None,
        late=text(limits.late if limits is not None else None, "soft"),  # type: ignore[arg-type]
        complete=formula(limits.complete, formulas) if limits is not None else None,
        together=formula(limits.together, formulas) if limits is not None else None,
        deliver_together=formula(limits.deliver_together, formulas) if limits is not None else None,
        pickup_places=formula(limits.pickup_places, formulas) if limits is not None else None,
        terms=tuple(_terms(sourcing.minimise, formulas)),
        prefer=tuple(p.value for p in sourcing.prefer),  # type: ignore[misc]
        fallback=text(sourcing.fallback, "exception"),  # type: ignore[arg-type]
        origin=origin(sourcing.name.span),
    )


def _terms(costs: Costs, formulas: Compiled) -> Iterable[CostTerm]:
    scopes: tuple[tuple[CostScope, tuple[Pair[Located[str]], ...]], ...] = (
        ("shipment", costs.shipment),
        ("unit", costs.unit),
        ("extra shipment", costs.extra_shipment),
        ("cancelled unit", costs.cancelled_unit),
    )
    for scope, pairs in scopes:
        for pair in pairs:
            yield CostTerm(pair.key.value, scope, formulas[pair.value])
