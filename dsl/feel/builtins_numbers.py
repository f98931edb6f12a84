"""Built-in functions of numbers."""

import decimal
from collections.abc import Callable
from decimal import Decimal

from orderloom.dsl.feel.arithmetic import CONTEXT
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.signature import built_in
from orderloom.dsl.feel.values import from_python

MIN_SCALE, MAX_SCALE = -6111, 6176


def rounded(mode: str) -> Callable[..., Decimal | None]:
    """Rounding to a scale: so many digits after the point, before it when negative. A fraction of the scale is cut."""

    def to_scale(n: Decimal, scale: Decimal = Decimal(0)) -> Decimal | None:
        if not MIN_SCALE <= scale <= MAX_SCALE:
            return None
        exponent = -int(scale)
        if int(n.as_tuple().exponent) >= exponent:
            return n
        return n.quantize(Decimal((0, (1,), exponent)), mode)

    return to_scale


def absolute(n: object) -> object:
    n = from_python(n)
    if isinstance(n, Decimal):
        return abs(n)
    if isinstance(n, DaysDuration):
        return DaysDuration(abs(n.nanos))
    return MonthsDuration(abs(n.months)) if isinstance(n, MonthsDuration) else None


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """dividend - divisor * floor(dividend / divisor): the sign is the divisor's."""
    if not divisor:
        return None
    rest = dividend % divisor
    return rest + divisor if rest and (rest < 0) != (divisor < 0) else rest


def square_root(number: Decimal) -> Decimal | None:
    return CONTEXT.sqrt(number) if number >= 0 else None


def logarithm(number: Decimal) -> Decimal | None:
    return CONTEXT.ln(number) if number > 0 else None


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def odd(number: Decimal) -> bool:
    return _is_whole(number) and number % 2 != 0


def even(number: Decimal) -> bool:
    return _is_whole(number) and number % 2 == 0


ROWS: tuple[Function, ...] = (
    built_in("decimal(n: number, scale: number): number", rounded(decimal.ROUND_HALF_EVEN), "n rounded half even to a scale"),
    built_in("floor(n: number): number", rounded(decimal.ROUND_FLOOR), "the greatest whole number not above n"),
    built_in("floor(n: number, scale: number): number", rounded(decimal.ROUND_FLOOR), "n rounded down to a scale"),
    built_in("ceiling(n: number): number", rounded(decimal.ROUND_CEILING), "the smallest whole number not below n"),
    built_in("ceiling(n: number, scale: number): number", rounded(decimal.ROUND_CEILING), "n rounded up to a scale"),
    built_in("round up(n: number, scale: number): number", rounded(decimal.ROUND_UP), "n rounded away from zero"),
    built_in("round down(n: number, scale: number): number", rounded(decimal.ROUND_DOWN), "n rounded towards zero"),
    built_in("round half up(n: number, scale: number): number", rounded(decimal.ROUND_HALF_UP), "halves away from zero"),
    built_in("round half down(n: number, scale: number): number", rounded(decimal.ROUND_HALF_DOWN), "halves towards zero"),
    built_in("abs(n: Any): Any", absolute, "a number or duration without its sign"),
    built_in("modulo(dividend: number, divisor: number): number", modulo, "the rest of a division, of the divisor's sign"),
    built_in("sqrt(number: number): number", square_root, "the square root; null below zero"),
    built_in("log(number: number): number", logarithm, "the natural logarithm; null unless above zero"),
    built_in("exp(number: number): number", CONTEXT.exp, "e to the power of the number"),
    built_in("odd(number: number): boolean", odd, "whether it is an odd whole number"),
    built_in("even(number: number): boolean", even, "whether it is an even whole number"),
)
