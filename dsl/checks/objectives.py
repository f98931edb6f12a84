"""Objectives of a sourcing policy: one form of them, and nothing that says two things at once."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.syntax import Objective, Objectives, Sourcing


def objectives(sourcing: Sourcing) -> Iterator[Diagnostic]:
    """What is wrong with the objectives of a policy."""
    yield from _form(sourcing)
    if sourcing.objectives is not None:
        yield from _ranks(sourcing.objectives)
        for name, each in sourcing.objectives.named():
            yield from _one(name, each)
        yield from _limited_twice(sourcing)
        yield from _never_decides(sourcing)


def _form(sourcing: Sourcing) -> Iterator[Diagnostic]:
    written = sourcing.read_from
    minimise, objectives, costs = (written.get(name) for name in ("minimise", "objectives", "costs"))
    if minimise is not None and (other := objectives or costs) is not None:
        labels = (Label(minimise.span, "one of them"),)
        hint = "keep `minimise`, or write its terms under `costs` beside `objectives`"
        yield Diagnostic("E621", "`minimise` and `objectives` are two forms of one thing", other.span, labels, hint)
    elif minimise is None and (objectives is None or costs is None):
        words = "nothing says what `objectives` cost" if objectives else "nothing says which plan is the best"
        hint = "add minimise: with the costs, or objectives: and costs:"
        yield Diagnostic("E621", words, (objectives or costs or written).span, hint=hint)


def _ranks(objectives: Objectives) -> Iterator[Diagnostic]:
    first: dict[object, Located[object]] = {}
    for _, each in objectives.named():
        if each.goal is not None and each.goal.value in first:
            labels = (Label(first[each.goal.value].span, "the first"),)
            yield Diagnostic(
                "E622", f"two objectives are goal {each.goal.value}", each.goal.span, labels, "give one of them another rank"
            )
        elif each.goal is not None:
            first[each.goal.value] = each.goal  # type: ignore[assignment]


def _one(name: str, objective: Objective) -> Iterator[Diagnostic]:
    """Whether it says one thing, and one that this objective can be."""
    goal, weight, at_most = objective.goal, objective.weight, objective.at_most
    if goal is not None and weight is not None:
        labels = (Label(goal.span, "before cost"),)
        yield Diagnostic("E623", f"{name} has both a goal and a weight", weight.span, labels, "keep one of them")
    elif not objective.read_from.entries:
        yield Diagnostic("E623", f"{name} is named but does not count", objective.span, hint="add a goal, a weight or at most")
    if name == "cost" and (wrong := goal or at_most or (weight if weight is not None and weight.value != 1 else None)):
        hint = "write cost: { weight: 1 }; ties are broken by `then prefer`"
        yield Diagnostic("E624", "cost is what weights are measured in: its weight is 1", wrong.span, hint=hint)
    if name == "fill" and at_most is not None:
        hint = "write limits: { all or nothing: true } to serve the whole order or nothing"
        yield Diagnostic("E624", "units without a source have no limit", at_most.span, hint=hint)


def _limited_twice(sourcing: Sourcing) -> Iterator[Diagnostic]:
    objectives, limits = sourcing.objectives, sourcing.limits
    if objectives is None or limits is None:
        return
    for name, objective, limit in (
        ("shipments", objectives.shipments, limits.shipments),
        ("late", objectives.days_late, limits.late),
    ):
        if objective is not None and objective.at_most is not None and limit is not None:
            labels = (Label(limit.span, "the other"),)
            words = f"`limits` has one for {name}, too"
            yield Diagnostic("E625", words, objective.at_most.span, labels, "keep one of them")


def _never_decides(sourcing: Sourcing) -> Iterator[Diagnostic]:
    """Days late that are to decide where no plan may be late; a division that forbids what others weigh is no slip."""
    late, limits = (sourcing.objectives.days_late if sourcing.objectives else None), sourcing.limits
    decides = (late.goal or late.weight) if late is not None else None
    if late is None or decides is None:
        return
    hard = limits.late if limits is not None and limits.late is not None and limits.late.value == "hard" else None
    none = late.at_most if late.at_most is not None and late.at_most.value == 0 else hard
    if none is not None and none.span.source is decides.span.source:
        labels = (Label(none.span, "no plan may be late"),)
        words = "days late never decide: there are none in any plan"
        yield Diagnostic("W623", words, decides.span, labels, "let plans be late, at this price, or leave it out")
