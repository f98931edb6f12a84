"""Problems of expressions and tables, which count from the start of their text, as diagnostics with a place in the file."""

from __future__ import annotations

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.nodes import Scalar


def located(problem: Problem, scalar: Scalar) -> Diagnostic:
    """The problem at its exact line and column inside the expression."""
    return Diagnostic(problem.code, problem.message, scalar.part(problem.start, problem.end), hint=problem.hint)
