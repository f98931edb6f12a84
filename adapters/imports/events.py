"""What participants report of orders: the reply to a request, or an event of an order or of one of its units of work.

`id`, the participant's own; `participant`, `order`, `at`, `data`, and either `request` (the key of the message) with `reply`, or
`event`, with `unit`, `line` or `node` where it concerns one; it is checked against its declaration. Without `at`
it is of now. Each counts once, however often it comes. An event of a node or of a participant may be told without an order: it
reaches every running order that it concerns.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orderloom.adapters.imports.event_fields import check_event, told_of
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.dsl.program import Program
from orderloom.dsl.suggest import hint_for
from orderloom.engine.events import Happened, Replied
from orderloom.engine.shell.ports import Incoming


def event_of(row: Fields, known: Known, now: datetime) -> Incoming:
    """The fact of a row; of use only when the row has no problems."""
    at = row.moment_by("at", known.zone, now)
    key, participant = row.needed("id"), row.needed("participant")
    order = row.id("order", needed=not _of_all(row, known))
    fact = _fact(row, known, at, participant)
    if order is None and isinstance(fact, Happened) and known.program is not None:
        _check_subject(row, fact, known, known.program)
    return Incoming(key, participant, order or "", fact)


def _of_all(row: Fields, known: Known) -> bool:
    """Whether it may be told without an order: an event of a node or of a participant reaches every order that it concerns."""
    declared = known.program.events.get(row.text("event") or "") if known.program is not None else None
    return declared is not None and declared.about in ("node", "participant")


def _check_subject(row: Fields, fact: Happened, known: Known, program: Program) -> None:
    if fact.node is not None and fact.node not in known.nodes:
        row.problem(f"unknown node {fact.node}")
    if fact.participant is not None and fact.participant not in program.organizations:
        hint = hint_for(fact.participant, program.organizations)
        row.problem(f"there is no participant {fact.participant}; {hint or 'none is declared'}")


def _fact(row: Fields, known: Known, at: datetime, participant: str) -> Replied | Happened:
    request, name, data = row.id("request"), row.id("event"), _data(row)
    if (request is None) == (name is None):
        row.problem("either request and reply are needed, or event")
    if request is not None:
        return Replied(at, request, row.needed("reply"), data)
    about: dict[str, Any] = {part: row.id(part) for part in ("unit", "line", "node")}
    declared = known.program.events.get(name or "") if known.program is not None else None
    if name is not None and known.program is not None:
        check_event(row, name, known.program)
    by = participant if declared is not None and declared.about == "participant" else None
    return Happened(at, name or "", data=told_of(row, data, declared), participant=by, **about)


def _data(row: Fields) -> dict[str, object]:
    value = row.raw("data")
    if value is not None and not isinstance(value, dict):
        row.problem("data must be an object")
    return dict(value) if isinstance(value, dict) else {}
