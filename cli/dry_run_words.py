"""A dry run in words."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.adapters.dry_run import DryRun, Holding
from orderloom.cli.option_words import menu_words
from orderloom.cli.order_words import decision_words
from orderloom.cli.output import shown
from orderloom.cli.plan_words import plan_words
from orderloom.engine.state import Promise
from orderloom.engine.store.queries import ExceptionLine

Section = tuple[str, list[str]]


def headline(found: DryRun) -> str:
    """How it ends, in a sentence."""
    waits = ", ".join(line.type for line in found.exceptions if line.closed_at is None)
    held = ", ".join(each.hold for each in found.holds if each.blocks)
    said = f"order {found.order}: {found.status}" + (f", waits for a decision: {waits}" if waits else "")
    return said + (f", held: {held}" if held else "")


def sections(found: DryRun, currency: str) -> Iterator[Section]:
    """Every part that has something to say: path, options, promises, messages, documents, exceptions, why."""
    parts: list[Section] = [
        ("path", list(_path(found))),
        ("options", list(menu_words(found.options, currency))),
        ("promises", [_promise(p) for p in found.promises]),
        ("messages", [f"{shown(m.at)}  {m.message} to {m.organization} ({m.role})" for m in found.messages]),
        ("documents", [f"{shown(d.at)}  {d.kind} {d.number}: {d.amount:,.2f} {currency}" for d in found.documents]),
        ("holds", [_hold(each) for each in found.holds]),
        ("exceptions", [_exception(line) for line in found.exceptions]),
        ("faults", list(found.faults)),
        ("why these sources", list(_sources(found, currency))),
        ("why these ways", [decision_words(line) for line in found.records if line.record.plan is None]),
    ]
    return ((title, lines) for title, lines in parts if lines)


def _path(found: DryRun) -> Iterator[str]:
    for step in found.path:
        yield f"{shown(step.at)}  {step.subject}  {step.process}: {step.step}" + (" (skipped)" if step.skipped else "")


def _promise(promise: Promise) -> str:
    when = f"ship {promise.ship_on}, deliver {promise.deliver_on}"
    why = f": {promise.reason}" if promise.reason else ""
    late = f", {promise.days_late} days late, jeopardy {promise.jeopardy}" if promise.jeopardy else ""
    return f"line {promise.line}: {promise.quantity} from {promise.node}, {when} (version {promise.version}{why}{late})"


def _hold(held: Holding) -> str:
    of = f" of line {held.line}" if held.line else ""
    waits = f"; waiting before {', '.join(held.blocks)}" if held.blocks else ""
    return f"{held.hold}{of}: {held.because}{waits}"


def _exception(line: ExceptionLine) -> str:
    return f"{shown(line.opened_at)}  {line.type} for {line.role}: {line.option or ' | '.join(line.options)}"


def _sources(found: DryRun, currency: str) -> Iterator[str]:
    for line in found.records:
        if line.record.plan:
            yield from plan_words(line.record.plan, currency)
