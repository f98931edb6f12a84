"""Sourcing, promising and calendars: no two things of one name, no rule that cannot apply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from orderloom.dsl.checks.objectives import objectives
from orderloom.dsl.checks.options import slips
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.leaves import WEEKDAYS
from orderloom.dsl.nodes import Seq
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Calendar, Promising, Sourcing

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def policies(definitions: Definitions) -> Iterator[Diagnostic]:
    for sourcing in definitions.of_kind(Sourcing).values():
        yield from _sourcing(sourcing)
    for promising in definitions.of_kind(Promising).values():
        yield from twice("E602", "service", (service.name for service in promising.services))
        yield from twice("E602", "work", (work.name for work in promising.work))
        yield from twice("E602", "option", (option.name for option in promising.options))
        yield from slips(promising.slip)
    for calendar in definitions.of_kind(Calendar).values():
        yield from _days(calendar)
        yield from _zone(calendar.timezone)
    manifest = definitions.manifest
    if manifest is not None:
        yield from _zone(manifest.timezone)
        if manifest.currency is not None and not (len(manifest.currency.value) == 3 and manifest.currency.value.isupper()):
            words = f"{manifest.currency.value} is not the code of a currency"
            yield Diagnostic("E842", words, manifest.currency.span, hint="write three capital letters, as in USD")


def _sourcing(sourcing: Sourcing) -> Iterator[Diagnostic]:
    candidates = sourcing.read_from.get("candidates")
    if isinstance(candidates, Seq) and not candidates.items:
        yield Diagnostic("E601", "without a pool no node may serve", candidates.span, hint="add - pool: NAME with nodes:")
    yield from twice("E602", "pool", (pool.name for pool in sourcing.candidates))
    yield from twice("E602", "preference", sourcing.prefer)
    yield from _never_met(sourcing)
    yield from objectives(sourcing)
    costs = sourcing.minimise or sourcing.costs
    if costs is not None:
        terms: tuple[Pair[Located[str]], ...] = (*costs.shipment, *costs.unit, *costs.extra_shipment, *costs.cancelled_unit)
        yield from twice("E602", "cost", (term.key for term in terms))


def _never_met(sourcing: Sourcing) -> Iterator[Diagnostic]:
    """Limits of a constant number that no plan can keep."""
    limits, objectives = sourcing.limits, sourcing.objectives
    counted = objectives.shipments if objectives is not None else None
    nothing = "no plan has fewer than one shipment, so nothing could ever be sent"
    for written, least, words in (
        (limits.shipments if limits is not None else None, 1, nothing),
        (counted.at_most if counted is not None else None, 1, nothing),
        (limits.pickup_places if limits is not None else None, 0, "there are never fewer than no places"),
    ):
        if written is not None and _NUMBER.fullmatch(str(written.value)) and Decimal(written.value) < least:
            yield Diagnostic("E620", words, written.span, hint=f"write {max(least, 1)} or more, or leave the limit out")


def twice(code: str, what: str, names: Iterable[Located[str] | None]) -> Iterator[Diagnostic]:
    first: dict[str, Located[str]] = {}
    for name in names:
        if name is None:
            continue
        if name.value in first:
            labels = (Label(first[name.value].span, "the first"),)
            yield Diagnostic(
                code, f"the {what} {name.value} stands here twice", name.span, labels, "give one of them another name"
            )
        first.setdefault(name.value, name)


def days_of(text: str) -> range:
    """The weekdays that `mon` or `mon-fri` names, Monday being 0."""
    first, _, last = text.partition("-")
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def _days(calendar: Calendar) -> Iterator[Diagnostic]:
    first: dict[int, Located[str]] = {}
    for pair in calendar.hours:
        days = days_of(pair.key.value)
        before = next((first[day] for day in days if day in first), None)
        if before is not None:
            labels = (Label(before.span, "the first"),)
            yield Diagnostic("E840", "a day of the week has hours already", pair.key.span, labels, "name each day once")
        for day in days:
            first.setdefault(day, pair.key)


def _zone(timezone: Located[str] | None) -> Iterator[Diagnostic]:
    if timezone is None:
        return
    try:
        ZoneInfo(timezone.value)
    except (KeyError, ValueError, OSError):  # what the platform raises for a name that is none
        yield Diagnostic(
            "E841", f"there is no time zone {timezone.value}", timezone.span, hint="write it as in America/Chicago, or UTC"
        )
