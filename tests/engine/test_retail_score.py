"""The planner over the retail stream, scored by a scorer of its own: nothing impossible, and a low cost."""

from __future__ import annotations

import sys
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


@pytest.mark.soak
def test_the_whole_stream(retail):
    made = retail.run()
    score = retail.Score(made)
    assert score.faults == []
    assert score.total == pytest.approx(float(sum(plan.cost for plan in made.plans)), abs=1e-6)
    assert score.total <= 127_200
