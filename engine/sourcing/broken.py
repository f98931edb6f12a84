"""What cannot be worked out. Where units stay without a source beside it, nobody knows what is right, and a person decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderloom.engine.plan import Candidate
from orderloom.engine.promising.lanes import lane_context
from orderloom.engine.sourcing.case import Case
from orderloom.engine.sourcing.costs import CANNOT
from orderloom.engine.sourcing.solve import Solution


def broken(case: Case, solution: Solution, out: Sequence[Candidate]) -> tuple[str, ...]:
    """What kept nodes from being weighed, each with node, line and place in the files; empty where all units have a source."""
    if not solution.best.left_out:
        return ()
    if not solution.sites and not any(_in_a_pool(case)):
        pools = ", ".join(f"{pool.name} ({pool.origin})" for pool in case.policy.pools)
        return (f"no node is in a pool of policy {case.policy.name}: {pools}",)
    refused = [refusal for site in solution.sites for refusal in site.refusals]
    return tuple(_said(each) for each in (*out, *solution.out, *refused) if CANNOT in each.because)


def _in_a_pool(case: Case) -> Iterator[bool]:
    for node in case.world.catalog.nodes.values():
        context = lane_context(node, case.base, case.rates.promising, case.world)
        yield case.rates.stand(context).pool is not None


def _said(out: Candidate) -> str:
    line = f" for line {out.line}" if out.line else ""
    return f"{out.node}: {out.because}{line} ({out.origin})"
