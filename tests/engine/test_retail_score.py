"""The planner over the retail stream, scored by a scorer of its own: nothing impossible, and a low cost."""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def retail() -> ModuleType:
    """The stream and the scorer, which the benchmark uses too."""
    spec = spec_from_file_location("retail_stream", Path(__file__).parents[1] / "bench" / "retail.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["retail_stream"] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_first_orders_cost_what_the_scorer_says(retail):
    made = retail.run(limit=250)
    score = retail.Score(made)
    assert score.faults == []
    assert score.total == pytest.approx(float(sum(plan.cost for plan in made.plans)), abs=1e-6)
    assert all(plan.cost == sum(plan.terms.values()) for plan in made.plans)


def test_the_first_orders_are_planned_as_ever(retail):
    """A faster way to plan makes no other plan: only another policy or other data may change the digest."""
    made = retail.run(limit=300)
    said = [[_shipments(plan), str(plan.cost.normalize()), _terms(plan.terms), _losers(plan)] for plan in made.plans]
    assert sum(plan.cost for plan in made.plans) == Decimal("5419.48620860203035")
    assert sha256(json.dumps(said).encode()).hexdigest()[:16] == "de47de3414f40655"


def _shipments(plan):
    return [[s.node, s.service, str(s.ship_on), str(s.deliver_on), _parts(s), _terms(s.costs)] for s in plan.shipments]


def _parts(shipment):
    return [[part.line, part.supply, part.quantity] for part in shipment.allocations]


def _terms(costs):
    return sorted([name, str(cost.normalize())] for name, cost in costs.items())


def _losers(plan):
    return [[each.node, each.line, each.because] for each in plan.candidates] + [[each.because] for each in plan.alternatives]


def test_a_rule_of_goals_serves_the_first_orders(retail):
    """Never fewer units than the cheapest plans, never more shipments an order; so it costs more."""
    by_rule, cheapest = retail.run(400, "fewest-shipments"), retail.run(400)
    score = retail.Score(by_rule)
    assert score.faults == []
    assert score.total == pytest.approx(float(sum(plan.cost for plan in by_rule.plans)), abs=1e-6)
    assert sum(plan.cost for plan in by_rule.plans) == Decimal("8599.49565818307953")
    assert sum(plan.cost for plan in by_rule.plans) > sum(plan.cost for plan in cheapest.plans)
    assert all(plan.goals["shipments"] == len(plan.shipments) for plan in by_rule.plans)
    assert all(plan.goals["fill"] == sum(each.quantity for each in plan.unfilled) for plan in by_rule.plans)


@pytest.mark.soak
@pytest.mark.parametrize(("policy", "most"), [("cheapest", 126_900), ("fewest-shipments", 137_300)])
def test_the_whole_stream(retail, policy, most):
    made = retail.run(policy=policy)
    score = retail.Score(made)
    assert score.faults == []
    assert score.total == pytest.approx(float(sum(plan.cost for plan in made.plans)), abs=1e-6)
    assert score.total <= most


@pytest.mark.soak
def test_the_whole_stream_looking_ahead(retail):
    score = retail.Score(retail.run(forecast=retail.expected(date(2026, 10, 19))))
    assert score.faults == []
    assert score.total <= 122_400
