"""The rules of policies that the orders of scenarios never met: exclusions, costs, services, holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from orderloom.adapters.scenarios.share import Missed, Share
from orderloom.adapters.story import Story
from orderloom.dsl.program import Origin, Program
from orderloom.engine.plan import Plan

Rule = tuple[str, Origin, bool]  #: what it is called, where it stands, whether it was met


def rules_exercised(program: Program, stories: Iterable[Story]) -> Iterator[Share]:
    """For each policy the rules that decided something: a node was out by an exclusion, a plan had a cost, a hold was applied."""
    stories = tuple(stories)
    plans = [told.record.plan for story in stories for told in story.records if told.record.plan is not None]
    excluded = {candidate.origin for plan in plans for candidate in plan.candidates}
    services = {shipment.service for plan in plans for shipment in plan.shipments}
    held = {held.hold for story in stories for held in story.state.holds.values()}
    for policy in program.sourcing.values():
        costs = _costs(plans, policy.name)
        rules = [(f"exclude: {each.because}", each.origin, str(each.origin) in excluded) for each in policy.exclusions]
        rules += [(f"cost {term.name}", term.formula.origin, term.name in costs) for term in policy.terms]
        yield _share(policy.name, rules)
    for promising in program.promising.values():
        yield _share(
            promising.name, [(f"service {each.name}", each.origin, each.name in services) for each in promising.services]
        )
    if program.holds:
        yield _share("holds", [(f"hold {each.name}", each.origin, each.name in held) for each in program.holds.values()])


def _costs(plans: Iterable[Plan], policy: str) -> Collection[str]:
    """The terms that cost something in a plan of a policy."""
    return {name for plan in plans if plan.policy == policy for name, amount in plan.terms.items() if amount}


def _share(of: str, rules: list[Rule]) -> Share:
    return Share(of, "rules", len(rules), tuple(Missed(what, str(origin)) for what, origin, met in rules if not met))
