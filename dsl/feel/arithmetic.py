"""The decimal arithmetic of FEEL: IEEE 754 decimal128, 34 digits, round half even."""

import decimal

# Overflow, division by zero and invalid operations are raised: FEEL answers null to them, never infinity or NaN.
CONTEXT = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[decimal.Overflow, decimal.DivisionByZero, decimal.InvalidOperation],
)


class arithmetic:  # noqa: N801 - it reads as a block's condition
    """FEEL's arithmetic for this thread: many evaluations inside are faster than each setting it for itself."""

    __slots__ = ("_before",)

    def __enter__(self) -> None:
        self._before = decimal.getcontext()
        decimal.setcontext(CONTEXT)

    def __exit__(self, *_: object) -> None:
        decimal.setcontext(self._before)
