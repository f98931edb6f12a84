"""What a worker does as log lines, for people or as JSON: one for each event that is worth it, with the order and its trace."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from logging import DEBUG, ERROR, INFO, WARNING

import msgspec

from orderloom.engine.shell.observe import (
    FAILURE,
    Batched,
    Breaker,
    Broke,
    Conflicted,
    Delivered,
    Fenced,
    Observer,
    Opened,
    Report,
    Turned,
)
from orderloom.engine.trace import trace_of

FORMATS = ("text", "json")
LEVELS = ("debug", "info", "warning", "error")

Fields = dict[str, object]
Line = tuple[int, str, Fields]  #: level, event, fields; a field that is None is left out

_log = logging.getLogger("orderloom.work")


def logged() -> Observer:
    """Writes to the log `orderloom.work`, whoever shows it; what is below its level is not even put together.

    What patterns of a version cannot be told is said once, however many orders it is of.
    """
    untold: set[tuple[str | None, str]] = set()

    def write(report: Report) -> None:
        for level, event, fields in (*_lines(report), *_untold(report, untold)):
            _log.log(level, event, extra={"fields": fields})

    return write


def show_logs(form: str, level: str) -> None:
    """Shows what this process logs on standard error, a line each: ours from this level on, warnings of all others."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.getLogger().handlers = [handler]
    logging.getLogger("orderloom").setLevel(level.upper())


class JsonLines(logging.Formatter):
    """An object a line: at, level, event, and the fields of the event."""

    def format(self, record: logging.LogRecord) -> str:
        return msgspec.json.encode({"at": _at(record), "level": record.levelname.lower(), **_told(record)}).decode()


class TextLines(logging.Formatter):
    """Moment, level and event, then `name=value`; a value with blanks or signs in it is quoted."""

    def format(self, record: logging.LogRecord) -> str:
        event, *fields = _told(record).items()
        told = (f"{name}={_shown(value)}" for name, value in fields)
        return " ".join((_at(record), record.levelname.lower().ljust(7), str(event[1]), *told))


def _told(record: logging.LogRecord) -> Fields:
    fields: Fields = getattr(record, "fields", {})
    return {"event": " ".join(record.getMessage().split())} | {name: value for name, value in fields.items() if value is not None}


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown(value: object) -> str:
    text = str(value)
    return text if re.fullmatch(r"[\w./:#@+-]+", text) else json.dumps(text)


def _lines(report: Report) -> Iterator[Line]:
    match report:
        case Batched():
            if _log.isEnabledFor(INFO):
                yield INFO, "batch", _of_batch(report)
            for turn in report.turns if _log.isEnabledFor(DEBUG) else [turn for turn in report.turns if turn.fault]:
                yield (WARNING, "turn failed", _of_turn(turn)) if turn.fault else (DEBUG, "turn", _of_turn(turn))
            for opened in report.opened:
                yield WARNING, "exception opened", _of_exception(opened)
        case Delivered():
            level, event = _DELIVERIES[report.result]
            if _log.isEnabledFor(level):
                yield level, event, _of_delivery(report)
        case Fenced():
            yield WARNING, "late acknowledgement", {"participant": report.organization, "messages": report.messages}
        case Conflicted():
            yield INFO, "conflict", {}
        case Broke():
            level = WARNING if report.breaker is Breaker.OPEN else INFO
            yield level, f"breaker {report.breaker.value}", {"participant": report.organization}


_DELIVERIES = {
    "delivered": (DEBUG, "delivery"),
    "failed": (WARNING, "delivery failed"),
    "given-up": (ERROR, "delivery given up"),
}


def _of_batch(batch: Batched) -> Fields:
    failed = sum(1 for turn in batch.turns if turn.fault)
    return {"turns": len(batch.turns), "failed": failed, "exceptions": len(batch.opened), "seconds": round(batch.seconds, 6)}


def _of_turn(turn: Turned) -> Fields:
    whose = _whose(turn.order, turn.brought, turn.division)
    return whose | {"kind": turn.event, "attempt": turn.attempt, "seconds": round(turn.seconds, 6), "fault": turn.fault}


def _untold(report: Report, known: set[tuple[str | None, str]]) -> Iterator[Line]:
    for turn in report.turns if isinstance(report, Batched) else ():
        if turn.untold and (turn.version, turn.untold) not in known:
            known.add((turn.version, turn.untold))
            whose = _whose(turn.order, turn.brought, turn.division)
            yield WARNING, "not told to patterns", whose | {"kind": turn.event, "fault": turn.untold}


def _of_exception(opened: Opened) -> Fields:
    whose = _whose(opened.order, opened.brought, opened.division)
    return whose | {"exception": opened.id, "type": opened.type, "role": opened.role}


def _of_delivery(told: Delivered) -> Fields:
    what: Fields = {"message": told.message, "key": told.key, "attempt": told.attempt, "seconds": round(told.seconds, 6)}
    whose: Fields = {"order": told.order, "trace": told.traceparent.split("-")[1]}
    fault = None if told.fault == FAILURE else told.fault
    return whose | {"participant": told.organization, "role": told.role} | what | {"fault": fault}


def _whose(order: str, brought: str | None, division: str | None) -> Fields:
    return {"order": order, "trace": trace_of(order, brought).id, "division": division}
