"""A forecast from history: level, trend and season of a weekly series, in exact decimals.

The additive method of Holt (1957) and Winters (1960), in the form of Hyndman and Athanasopoulos, Forecasting: Principles and
Practice, 3rd edition, 8.3, for a series y with seasons of m weeks:

    level   l(t) = a * (y(t) - s(t-m)) + (1 - a) * (l(t-1) + b(t-1))
    trend   b(t) = c * (l(t) - l(t-1)) + (1 - c) * b(t-1)
    season  s(t) = g * (y(t) - l(t-1) - b(t-1)) + (1 - g) * s(t-m)
    h weeks on     l + h * b + the last s of that week of the season, never below 0

It begins as in the NIST/SEMATECH e-Handbook of Statistical Methods, 6.4.3.5: the level is the mean of the first season, the
trend the mean weekly difference between the first two, the season what each week of the first differs from its mean. Without two
whole seasons of history there is no season: level and trend alone, which begin with y(1) and y(2) - y(1) (6.4.3.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

YEAR = 52  #: weeks of a season
LEVEL, TREND, SEASON = Decimal("0.3"), Decimal("0.1"), Decimal("0.1")  #: a, c, g: how much the newest week weighs
CENT = Decimal("0.01")
ZERO = Decimal(0)


def ahead(weeks: Sequence[int], count: int, season: int = YEAR) -> tuple[Decimal, ...]:
    """What to expect of each of the next `count` weeks, after these; to the hundredth of a unit."""
    with localcontext(Context(prec=28, rounding=ROUND_HALF_EVEN)):
        series = [Decimal(units) for units in weeks]
        found = _seasonal(series, count, season) if len(series) >= 2 * season else _straight(series, count)
        return tuple(max(ZERO, each).quantize(CENT) for each in found)


def _seasonal(series: list[Decimal], count: int, season: int) -> list[Decimal]:
    first, second = sum(series[:season], ZERO), sum(series[season : 2 * season], ZERO)
    level, trend = first / season, (second - first) / season / season
    swing = [units - level for units in series[:season]]
    for week, units in enumerate(series[season:]):
        of_week = swing[week % season]
        before = level + trend
        new = LEVEL * (units - of_week) + (1 - LEVEL) * before
        swing[week % season] = SEASON * (units - before) + (1 - SEASON) * of_week
        level, trend = new, TREND * (new - level) + (1 - TREND) * trend
    return [level + h * trend + swing[(len(series) + h - 1) % season] for h in range(1, count + 1)]


def _straight(series: list[Decimal], count: int) -> list[Decimal]:
    if len(series) < 2:
        return [*series, ZERO][:1] * count
    level, trend = series[0], series[1] - series[0]
    for units in series[1:]:
        new = LEVEL * units + (1 - LEVEL) * (level + trend)
        level, trend = new, TREND * (new - level) + (1 - TREND) * trend
    return [level + h * trend for h in range(1, count + 1)]
