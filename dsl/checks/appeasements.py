"""Appeasements: offers that are chosen exist and are chosen somewhere, limits limit, and whoever agrees may."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orderloom.dsl.checks.answerable import answerable
from orderloom.dsl.checks.grants import grants
from orderloom.dsl.checks.unreached import unreached
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.offering import chosen_by
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rows import read_rows
from orderloom.dsl.source import Span
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Appeasements, Decision
from orderloom.dsl.syntax.appeasements import Limit
from orderloom.dsl.tables.grid import fault

_TEXT = re.compile(r'"([^"\\]*)"')


def appeasements(definitions: Definitions) -> Iterator[Diagnostic]:
    policies = tuple(definitions.of_kind(Appeasements).values())
    yield from unreached(policies, "W831", "case")
    yield from answerable(policies, definitions)
    for policy in policies:
        yield from _offers(policy, definitions)
        for limit in policy.limits:
            yield from _limit(limit)
        yield from _agreeing(policy)
        yield from grants(policy)


def _offers(policy: Appeasements, definitions: Definitions) -> Iterator[Diagnostic]:
    """Names that a table puts out are offers, and each offer is put out by one."""
    offers = [pair.key.value for pair in policy.offers]
    tables = [definitions.of_kind(Decision)[name] for name in chosen_by(policy, definitions)]
    if not tables or any(table.value is not None for table in tables):
        return
    named: set[str] = set()
    for text, span in (result for table in tables for result in _results(table, definitions)):
        named.add(text)
        if text not in offers:
            words = f"{policy.name.value} has no offer {text}"
            yield Diagnostic("E831", words, span, hint=hint_for(text, offers))
    for pair in policy.offers:
        if pair.key.value not in named:
            words = f"no row of its table ever makes the offer {pair.key.value}"
            yield Diagnostic("W830", words, pair.key.span, hint="name it in a row, or delete it")


def _results(table: Decision, definitions: Definitions) -> Iterator[tuple[str, Span]]:
    """The texts that a table puts out, each with the cell in which it stands."""
    inputs = [pair.key.value for pair in table.inputs or table.given]
    rows, _ = read_rows(table, inputs, [pair.key.value for pair in table.outputs], definitions.files)
    for at, row in enumerate(rows.rows if rows is not None else ()):
        for column, cell in enumerate(row.results):
            problem = fault("", "", row=at, column=len(row.cells) + column, at=cell)
            yield from ((text, rows.place(problem)) for text in _TEXT.findall(cell.text))  # type: ignore[union-attr]
    for pair in table.default:
        yield from ((text, pair.value.span) for text in _TEXT.findall(pair.value.value))


def _limit(limit: Limit) -> Iterator[Diagnostic]:
    if limit.per is None:
        return
    if not any(limit.read_from.get(name) is not None for name in ("at most", "times")):
        hint = "say `at most` how much, or how many `times`"
        yield Diagnostic("E832", "this limit does not say what it limits", limit.per.span, hint=hint)
    if limit.within is not None and limit.per.value != "customer":
        words = f"what is granted of {'an' if limit.per.value == 'order' else 'a'} {limit.per.value} counts for ever"
        yield Diagnostic("E832", words, limit.within.span, hint="delete it, or write `per: customer`")


def _agreeing(policy: Appeasements) -> Iterator[Diagnostic]:
    """Whoever agrees to what goes beyond the authority of others has more of it."""
    if policy.approve is None:
        return
    amounts = {pair.key.value: pair.value.value for pair in policy.authority if pair.value is not None}
    role = policy.approve.value
    others = [amount for name, amount in amounts.items() if name != role]
    if role not in amounts:
        words, hint = f"{role} has no authority over appeasements, and is to agree to them", "add it to `authority`"
        yield Diagnostic("E833", words, policy.approve.span, hint=hint)
    elif others and max(others) > amounts[role]:
        words = f"{role} may grant up to {amounts[role]}, and another role up to {max(others)}"
        yield Diagnostic("E833", words, policy.approve.span, hint="let the role with the most authority agree")
