"""The points of an order's life: milestones of the engine and those of steps, statuses, holds, exceptions, events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from orderloom.dsl.changes import BEFORE, rolled_up, statuses, statuses_of
from orderloom.dsl.checks.holds import holds_of
from orderloom.dsl.documents import Document
from orderloom.dsl.events import known_events
from orderloom.dsl.exceptions import options, types_in_force
from orderloom.dsl.fields import Located
from orderloom.dsl.known import asked
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import Process, Step
from orderloom.dsl.syntax.holds import LineHold

_ALL = frozenset({"order", "line", "unit"})

#: What the engine itself knows to be reached, and by what.
MILESTONES: Mapping[str, Collection[str]] = {
    "captured": frozenset({"order"}),
    "promised": frozenset({"order", "line"}),
    "released": _ALL,
    "shipped": _ALL,
    "delivered": _ALL,
    "cancelled": _ALL,
    "ended": frozenset({"order", "unit"}),
}

STATUS, HOLD, EXCEPTION = "status ", "hold ", "exception "  #: before the name of a point of this kind
_OWN = ("cancelled", "changed")  #: statuses that the engine itself sets


@asked
def marks_of(definitions: Definitions) -> Mapping[str, Located[str]]:
    """The milestones with which steps are marked."""
    found: dict[str, Located[str]] = {}
    for document in definitions.documents.get("process", {}).values():
        for mark in definitions.remembered(_marks, document, partial(_marks, document)):
            found.setdefault(mark.value, mark)
    return found


def _marks(document: Document) -> list[Located[str]]:
    return [each.value for each in document.leaves if isinstance(each.section, Step) and each.value is each.section.milestone]


@asked
def points_of(definitions: Definitions) -> Mapping[str, Collection[str]]:
    """Every point, with what may reach it: orders, lines, units of work."""
    found: dict[str, Collection[str]] = {f"{EXCEPTION}{name}": _ALL for name in exceptions_of(definitions)}
    found |= {f"{STATUS}{name}": _ALL for name in (*statuses(definitions), *_OWN)}
    found |= {
        f"{HOLD}{name}": {"line" if isinstance(pair.value, LineHold) else "order"} for name, pair in holds_of(definitions).items()
    }
    found |= dict.fromkeys(known_events(definitions), _ALL)
    return {**found, **dict.fromkeys(marks_of(definitions), _ALL), **MILESTONES}


@asked
def statuses_set(definitions: Definitions) -> Mapping[str, Collection[str]]:
    """The statuses that processes set, each with whose it is: the order's by its own process, else a unit's and its lines'."""
    found: dict[str, set[str]] = {}
    for document in definitions.documents.get("process", {}).values():
        purpose = document.body.purpose.value if isinstance(document.body, Process) and document.body.purpose else ""
        whose = {"order"} if purpose == "order" else {"unit", "line"} if purpose else _ALL
        for status in definitions.remembered(statuses_of, document, partial(statuses_of, document)):
            found.setdefault(f"{STATUS}{status}", set()).update(whose)
    for status in rolled_up(definitions):
        found.setdefault(f"{STATUS}{status}", set()).add("order")
    return {point: whose for point, whose in found.items() if point.removeprefix(STATUS) not in (*BEFORE, *_OWN)}


def exceptions_of(definitions: Definitions) -> Collection[str]:
    """The types of exceptions that there are."""
    return {**types_in_force(definitions), **options(definitions)}.keys()
