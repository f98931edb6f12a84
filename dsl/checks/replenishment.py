"""Replenishment: figures of a way that are written as numbers are within range, and a way is not without any."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Purchase, Replenishment, Transfer


def replenishment(definitions: Definitions) -> Iterator[Diagnostic]:
    for rules in definitions.of_kind(Replenishment).values():
        for way in rules.ways:
            yield from _figures(way)


def _figures(way: Purchase | Transfer) -> Iterator[Diagnostic]:
    yield from _at_least(0, "lead days", way.lead_days)
    yield from _at_least(0, "transit days", way.transit_days)
    if isinstance(way, Purchase):
        yield from _at_least(1, "minimum", way.minimum)
        yield from _at_least(1, "multiple", way.multiple)
        yield from _at_least(0, "price", way.price)


def _at_least(least: int, name: str, written: Located[str] | None) -> Iterator[Diagnostic]:
    """What is no plain number is worked out later, and a way whose figures cannot be is not taken."""
    if written is None:
        return
    try:
        value = Decimal(written.value)
    except InvalidOperation:
        return
    if value < least:
        words = f"the {name} of a way cannot be {value}"
        yield Diagnostic("E650", words, written.span, hint=f"write {least} or more")
