"""Functions that Orderloom adds to FEEL: geography, chance, and amounts of money. Pure; what cannot be worked out is None."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import asin, cos, exp, radians, sin, sqrt

from orderloom.dsl.feel import Function, Parameter
from orderloom.dsl.feel.types import ANY, NUMBER, STRING

EARTH_RADIUS_MILES = 3958.8
KM_PER_MILE = Decimal("1.609344")


_NUMBERS = frozenset({int, Decimal})
_DIAMETER = 2 * EARTH_RADIUS_MILES


def distance_in_miles(start: object, end: object) -> Decimal | None:
    """Great-circle distance of two things that have `lat` and `lon` in degrees, to six decimals; None when one has none."""
    try:
        one, other = _place(start["lat"], start["lon"]), _place(end["lat"], end["lon"])  # type: ignore[index]
    except (KeyError, TypeError):  # without these, no context at all, or with a list, which nothing is remembered of
        return None
    if one is None or other is None:
        return None
    (a, cos_a, b), (c, cos_c, d) = one, other
    half = sin((c - a) / 2) ** 2 + cos_a * cos_c * sin((d - b) / 2) ** 2  # haversine
    return Decimal(f"{_DIAMETER * asin(sqrt(half)):.6f}")


@lru_cache(maxsize=65536, typed=True)
def _place(lat: object, lon: object) -> tuple[float, float, float] | None:
    """Latitude, its cosine, and longitude, in radians; None where they are no numbers."""
    if type(lat) not in _NUMBERS or type(lon) not in _NUMBERS:
        return None
    return radians(lat), cos(radians(lat)), radians(lon)  # type: ignore[arg-type]


def distance_in_km(start: object, end: object) -> Decimal | None:
    """As `distance in miles`, in kilometres."""
    miles = distance_in_miles(start, end)
    return None if miles is None else round(miles * KM_PER_MILE, 6)


@lru_cache(maxsize=65536)
def chance_of_at_most(count: object, mean: object) -> Decimal | None:
    """P(X <= count) for a Poisson-distributed X, to twelve decimals; None unless both are numbers and mean >= 0."""
    if not (isinstance(count, (int, Decimal)) and isinstance(mean, (int, Decimal))) or mean < 0:
        return None
    term = total = exp(-float(mean)) if count >= 0 else 0.0
    for k in range(1, int(count) + 1):
        term *= float(mean) / k
        if not term:
            break  # too small to be told from nothing, as is all that follows
        total += term
    return round(Decimal(min(total, 1.0)), 12)


def money(amount: object) -> str | None:
    """A number with two decimals, rounded half up."""
    if isinstance(amount, bool) or not isinstance(amount, (int, Decimal)):
        return None
    return f"{Decimal(amount).quantize(Decimal('0.01'), ROUND_HALF_UP)}"


_PLACES = (Parameter("from", ANY), Parameter("to", ANY))

FUNCTIONS: dict[str, Function] = {
    f.name: f
    for f in (
        Function("distance in miles", _PLACES, NUMBER, distance_in_miles, "Great-circle distance of two places, in miles."),
        Function("distance in km", _PLACES, NUMBER, distance_in_km, "Great-circle distance of two places, in kilometres."),
        Function("money", (Parameter("amount", NUMBER),), STRING, money, "A number as an amount of money, with two decimals."),
        Function(
            "chance of at most",
            (Parameter("count", NUMBER), Parameter("mean", NUMBER)),
            NUMBER,
            chance_of_at_most,
            "Chance that a Poisson-distributed demand with this mean is at most this count.",
        ),
    )
}
