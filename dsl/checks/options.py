"""Promise options and slips: nothing is said that can never apply."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.syntax.options import Slip


def slips(slip: Slip | None) -> Iterator[Diagnostic]:
    """Jeopardy that can never be MEDIUM, and bounds on other sources that are never looked for."""
    if slip is None:
        return
    medium, high = slip.medium_jeopardy, slip.high_jeopardy
    if medium is not None and high is not None and medium.value >= high.value:
        words = f"jeopardy is HIGH from {high.value} days on, so it is never MEDIUM"
        yield Diagnostic(
            "E660", words, medium.span, (Label(high.span, "HIGH begins here"),), "write fewer days for `medium jeopardy`"
        )
    if slip.remedy is not None and slip.remedy.value == "source again":
        return
    for bound in (slip.least_days_saved, slip.most_extra_cost):
        if bound is not None:
            words = "no other sources are looked for, so this bounds nothing"
            yield Diagnostic("E660", words, bound.span, hint="add `do: source again`, or leave it out")
