"""Counterfactuals: how much the price of a day late would have to change for another plan to win.

The cost of a plan is linear in that price, so the cheapest cost over all plans is concave in it: from any plan that wins at
another price, the price at which it draws level is found by going back along that line until no third plan is cheaper there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from orderloom.dsl.program import CostTerm, Formula
from orderloom.engine.sourcing.case import Case
from orderloom.engine.sourcing.choice import Choice
from orderloom.engine.sourcing.costs import ZERO, amount
from orderloom.engine.sourcing.explain import money, places
from orderloom.engine.sourcing.pricing import contents, shipment_costs
from orderloom.engine.sourcing.rates import rates
from orderloom.engine.sourcing.solve import Solution, attempt
from orderloom.engine.sourcing.tariff import Tariff

_FAR = Decimal(1000)  #: how many times dearer a day late is tried
_CLOSE = Decimal("1e-9")  #: what rounding in a division may leave of a tie


def flips(case: Case, solution: Solution) -> tuple[str, ...]:
    """For each cost term that is linear in days late: the plans that win below and above some price of a day, if any."""
    terms = case.rates.by_day if solution.best.trips else ()
    return tuple(said for term in terms for far in (ZERO, _FAR) if (said := _flip(case, solution, term, far)))


def _flip(case: Case, solution: Solution, term: CostTerm, far: Decimal) -> str | None:
    """The plan that wins first on the way to the far price, and from which price on."""
    winner, factor = _line(solution.best, Decimal(1), term, solution.tariff), far
    flipped: tuple[Choice, Decimal] | None = None
    while True:
        other = _best(_scaled(case, term, factor), solution)
        line = _line(other, factor, term, solution.tariff)
        if _at(line, factor) >= _at(winner, factor) - _CLOSE or line.slope == winner.slope:
            break
        factor = (line.rest - winner.rest) / (winner.slope - line.slope)
        flipped = other, factor
    return _said(*flipped, _rate(term, solution), term, below=far < 1) if flipped else None


class _Line(NamedTuple):
    """A plan's cost, as a function of the factor on the term: rest + factor x slope."""

    rest: Decimal
    slope: Decimal


def _line(choice: Choice, factor: Decimal, term: CostTerm, tariff: Tariff) -> _Line:
    loaded = contents(choice)
    costs = [shipment_costs(trip, loaded[trip.rank], tariff) or {} for trip in choice.trips]
    slope = sum((each.get(term.name, ZERO) for each in costs), ZERO)
    return _Line(choice.cost - factor * slope, slope)


def _at(line: _Line, factor: Decimal) -> Decimal:
    return line.rest + factor * line.slope


def _best(case: Case, solution: Solution) -> Choice:
    """The best choice of another policy at the same sites."""
    routes = ((site, case.rates.stand(site.lane.context).routes) for site in solution.sites)
    return attempt(case, [replace(site, routes=found) for site, found in routes]).best


def _scaled(case: Case, term: CostTerm, factor: Decimal) -> Case:
    def evaluate(context: Mapping[str, object]) -> object:
        return factor * amount(term, context)

    scaled = replace(term, formula=Formula(term.formula.text, term.formula.origin, evaluate, term.formula.shape))
    terms = tuple(scaled if each is term else each for each in case.policy.terms)
    policy = replace(case.policy, terms=terms)
    return replace(case, policy=policy, rates=rates(policy, case.rates.promising))


def _rate(term: CostTerm, solution: Solution) -> Decimal:
    """What the term asks for one more day, at the winner's first node."""
    trip = solution.best.trips[0]
    share = next(share for share in trip.shares if share)
    none, one = (
        amount(term, share.context | {"service": trip.service.name, "days_late": days, "shipment": {"days_late": days}})
        for days in (0, 1)
    )
    return one - none


def _said(choice: Choice, factor: Decimal, rate: Decimal, term: CostTerm, below: bool) -> str:
    verb = "win" if len(choice.trips) > 1 else "wins"
    way = "below" if below else "above"
    return f"{places(choice)} {verb} {way} {money(factor * rate)} per day late (`{term.name}`, now {money(rate)})"
