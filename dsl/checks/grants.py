"""Limits of appeasements and what they bound: an offer that no limit lets through, and a limit that never binds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located, Syntax
from orderloom.dsl.syntax import Appeasements
from orderloom.dsl.syntax.appeasements import Amount, FutureDiscount, GiftCard, Limit

_NUMBER = re.compile(r"\d+(\.\d+)?")
_WIDER = ("line", "order", "customer")  #: what is granted of a line is of its order, and that is its customer's


def grants(policy: Appeasements) -> Iterator[Diagnostic]:
    """Only what is certain: limits and offers that are numbers. What a division limits further is no slip of those above it."""
    bounds = [(limit, most) for limit in policy.limits if (most := _most(limit)) is not None]
    for pair in policy.offers:
        amount = _number(pair.value.value) if isinstance(pair.value, Amount | GiftCard | FutureDiscount) else None
        tightest = min((each for each in bounds if _together(pair.value, each[0])), key=lambda each: each[1], default=None)
        if amount is not None and tightest is not None and amount > tightest[1]:
            limit, most = tightest
            words = (
                f"{pair.key.value} of {amount} is never granted: a limit per {limit.per.value} lets no more than {most} through"
            )
            labels = (Label(_place(limit).span, "the limit"),)
            yield Diagnostic("W834", words, pair.value.value.span, labels, "offer less, or raise the limit")
    for at, limit in enumerate(policy.limits):
        others = (other for place, other in enumerate(policy.limits) if place < at or not _implies(limit, other))
        tighter = next((other for other in others if _together(other, limit) and _implies(other, limit)), None)
        if tighter is not None:
            labels = (Label(_place(tighter).span, "this one is reached before"),)
            words = f"this limit per {limit.per.value} never binds"
            yield Diagnostic("W833", words, _place(limit).span, labels, "delete it, or make it the tighter one")


def _together(one: Syntax, other: Limit) -> bool:
    """Whether they were written together: both in one file."""
    return one.span.source is _place(other).span.source


def _implies(one: Limit, other: Limit) -> bool:
    """Whether all that is granted under one limit is within the other, too."""
    if not _covers(one, other):
        return False
    if other.at_most is not None and not _no_more(_most(one), _most(other)):
        return False
    times = one.times.value if one.times is not None else None
    return other.times is None or _no_more(times, other.times.value)


def _covers(one: Limit, other: Limit) -> bool:
    """Whether all that counts for the other limit counts for this one."""
    if one.per is None or other.per is None or (other.at_most is None and other.times is None):
        return False
    if _WIDER.index(one.per.value) < _WIDER.index(other.per.value):
        return False
    if one.within is None:
        return True
    return other.per.value == "customer" and other.within is not None and one.within.value >= other.within.value


def _no_more(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and one <= other


def _most(limit: Limit) -> Decimal | None:
    """The number that bounds an amount; none where it may be exceeded, or is worked out."""
    if limit.per is None:
        return None
    return Decimal(0) if limit.times is not None and limit.times.value == 0 else _number(limit.at_most)


def _number(text: Located[str] | None) -> Decimal | None:
    return Decimal(text.value) if text is not None and _NUMBER.fullmatch(text.value) else None


def _place(limit: Limit) -> Located[str] | Located[Decimal]:
    found = limit.at_most or limit.times or limit.per
    assert found is not None, "`per` is required, and limits without it are left out"
    return found
