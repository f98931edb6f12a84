"""The decimal arithmetic of FEEL: IEEE 754 decimal128, 34 digits, round half even."""

import decimal
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def arithmetic() -> Iterator[None]:
    """FEEL's arithmetic for this thread: many evaluations inside are faster than each setting it for itself."""
    before = decimal.getcontext()
    decimal.setcontext(CONTEXT)
    try:
        yield
    finally:
        decimal.setcontext(before)
