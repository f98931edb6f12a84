"""Bounds on what one evaluation may take, so that no expression can hang or exhaust a worker."""

from collections.abc import Callable, Sized
from typing import TypeVar

STEPS = 500_000  # rounds of loops and calls of functions, in one evaluation
ITEMS = 500_000  # items of one list
CHARACTERS = 1_000_000  # length of one text
REGEX_SECONDS = 0.5

S = TypeVar("S", bound=Sized)


class Exhausted(Exception):
    """An evaluation went over its bounds. The expression's answer is null; never leaves the package."""


def bounded(value: S) -> S:
    """The list or text, unless it has grown too long."""
    if len(value) > (CHARACTERS if isinstance(value, str) else ITEMS):
        raise Exhausted("a list or a text grew too long")
    return value


class Meter:
    """Counts the steps of one evaluation. It has no __init__, as most evaluations make one and never use it."""

    left = STEPS

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise Exhausted("the expression takes too many steps")

    def weigh(self, *values: object) -> None:
        """Count what an operation inside a loop may have to go through."""
        self.spend(1 + sum(len(value) for value in values if isinstance(value, list | tuple | dict)))


def metered(meter: Meter, operation: Callable[..., object], *args: object) -> object:
    meter.weigh(*args)
    return operation(*args)
