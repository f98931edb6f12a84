"""An order in words: its plans, its other decisions, its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from orderloom.cli.event_words import event_words
from orderloom.cli.output import shown
from orderloom.cli.plan_words import plan_words
from orderloom.engine import wire
from orderloom.engine.effects import Record
from orderloom.engine.state import Claim
from orderloom.engine.store.queries import ExceptionLine, HistoryLine, RecordLine, WholeOrder
from orderloom.engine.task import Task

_KINDS = {
    "entered": "enters step {}",
    "skipped": "skips step {}",
    "status": "is now {}",
    "ended": "ends as {}",
    "draft": "{}",
    "late": "too late to matter: {}",
    "document": "{}",
    "resolved": "exception settled: {}",
    "time": "its time has come: {}",
    "hold": "hold {}",
    "held": "is held before step {}",
    "task": "task: {}",
    "exception": "exception: {}",
    "restarted": "begins anew in process {}",
    "changed": "changed by {}",
    "previewed": "previewed: {}",
    "refused": "refused: {}",
    "lapsed": "preview lapsed: {}",
    "money": "money: {}",
    "appeasement": "appeasement {}",
}


def order_words(order: WholeOrder, currency: str) -> Iterator[str]:
    """Everything that explains the order, line by line."""
    line = order.summary
    yield f"order {line.id} of {line.channel}, placed {shown(line.placed_at)}: {line.status}"
    yield from _records_words(order.records, currency)
    issues = [issue for issue in order.exceptions if issue.closed_at is None]
    if issues:
        yield from ("", "open exceptions")
        yield from (line for issue in issues for line in _issue_words(issue))
    waiting = [task for task in order.tasks if task.closed_at is None]
    if waiting:
        yield from ("", "open tasks")
        yield from (f"  {_task_words(task)}" for task in waiting)
    if order.state is not None and order.state.claims:
        yield from ("", "money that was asked for and is not answered")
        yield from (f"  {_claim_words(claim)}" for claim in order.state.claims.values())
    yield from ("", "history")
    yield from (f"  {happening(line)}" for line in order.history)


def seen_words(seen: Mapping[str, Any], currency: str) -> Iterator[str]:
    """What somebody with a role may know of why an order stands as it does, line by line."""
    yield f"order {seen['order']}" + (f": {seen['status']}" if "status" in seen else "")
    yield from _records_words(seen.get("records", ()), currency)
    if "exceptions" in seen:
        yield from ("", "exceptions")
        for each in seen["exceptions"]:
            told = (
                f"{name.replace('_', ' ')} {shown(value)}" for name, value in each.items() if name not in ("order", "exception")
            )
            yield f"  {each['exception']}: {', '.join(told)}"
    if "history" in seen:
        yield from ("", "history")
        for line in seen["history"]:
            happened = HistoryLine(line["sequence"], line["at"], line["subject"], line["kind"], line.get("text", ""))
            yield f"  {happening(happened)}" if line["subject"] else f"  {_moment(line['at'])}  {line['kind']}"


def _records_words(records: Sequence[RecordLine], currency: str) -> Iterator[str]:
    """The plans, and below them what else was decided."""
    for record in records:
        if record.record.plan:
            yield ""
            yield f"{shown(record.at)}  sources for {record.record.subject}"
            yield from ("  " + words for words in plan_words(record.record.plan, currency))
    others = [record for record in records if record.record.plan is None]
    if others:
        yield from ("", "decisions")
        yield from (f"  {decision_words(record)}" for record in others)


def _claim_words(claim: Claim) -> str:
    shares = ", ".join(f"{each.amount}" + (f" by {each.tender}" if each.tender else "") for each in claim.tenders)
    about = claim.document or claim.unit
    return f"{claim.kind}: {shares}" + (f", {about}" if about else "")


def decision_words(line: RecordLine) -> str:
    """A decision record in a line."""
    record: Record = line.record
    inputs = ", ".join(f"{name} = {value}" for name, value in record.inputs.items())
    because = "; ".join(part for part in (record.because, inputs) if part)
    return f"{shown(line.at)}  {record.kind} of {record.subject}: {record.chosen} ({record.origin})" + (
        f" because {because}" if because else ""
    )


def _issue_words(issue: ExceptionLine) -> Iterator[str]:
    """The exception with its options, and below it its cause, which may have many lines."""
    yield f"  {shown(issue.opened_at)}  {issue.type} of {issue.subject} ({issue.id}), for {issue.role}: {shown(issue.options)}"
    yield from (f"    {cause}" for cause in issue.cause.splitlines())


def _task_words(task: Task) -> str:
    has = f"claimed by {task.claimed_by}" if task.claimed_by else "not claimed"
    due = f", due {shown(task.due_at)}" if task.due_at else ""
    what = f"{shown(task.opened_at)}  {task.name} of {task.instance} ({task.id}), for {task.role}"
    return f"{what}, {has}{due}: {shown(task.outcomes)}"


def happening(line: HistoryLine) -> str:
    """What happened in a line: the fact itself, or below it what it did."""
    if not line.subject:
        return f"{_moment(line.at)}  {event_words(wire.load_event(line.text))}"
    return f"{'':23}{line.subject} {_KINDS.get(line.kind, line.kind + ' {}').format(line.text)}"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")
