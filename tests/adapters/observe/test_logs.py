"""Log lines of a worker."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
from msgspec.structs import replace

from orderloom.adapters.observe.logs import logged, show_logs
from orderloom.engine.shell.observe import (
    Batched,
    Breaker,
    Broke,
    Conflicted,
    Delivered,
    Fenced,
    Opened,
    Report,
    Turned,
    fault_of,
)
from orderloom.engine.trace import trace_of

TRACE = trace_of("W1")
DELIVERY = Delivered("W1", TRACE.parent_of("b7ad6b7169203331"), "W1/o:1", "depot", "fulfiller", "pick", 2, "failed", 5.0, 0.25)
TURNS = (Turned("W1", None, "RETAIL", "captured", 1, 5.0, 0.002), Turned("W2", None, None, "timer", 3, 5.0, 0.001, "KeyError"))
BATCH = Batched(TURNS, (Opened("W1", None, "RETAIL", "W1/W1-1:3", "no-stock", "operations"),), 5.0, 0.0125)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    ours, root = logging.getLogger("orderloom"), logging.getLogger()
    before = ours.level, root.level, list(root.handlers)
    yield
    ours.level, root.level, root.handlers = before


def lines(capsys: pytest.CaptureFixture[str], level: str, *reports: Report) -> list[dict[str, object]]:
    show_logs("json", level)
    observer = logged()
    for report in reports:
        observer(report)
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_batch_is_a_line_and_so_is_what_went_wrong_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    found = lines(capsys, "info", BATCH)
    for line in found:
        assert datetime.fromisoformat(str(line.pop("at"))).tzinfo is not None
    order = {"order": "W1", "trace": TRACE.id, "division": "RETAIL"}
    failed = {"order": "W2", "trace": trace_of("W2").id, "kind": "timer", "attempt": 3, "seconds": 0.001, "fault": "KeyError"}
    opened = {"exception": "W1/W1-1:3", "type": "no-stock", "role": "operations"}
    assert found == [
        {"level": "info", "event": "batch", "turns": 2, "failed": 1, "exceptions": 1, "seconds": 0.0125},
        {"level": "warning", "event": "turn failed", **failed},
        {"level": "warning", "event": "exception opened", **order, **opened},
    ]


def test_each_turn_is_a_line_for_whoever_debugs(capsys: pytest.CaptureFixture[str]) -> None:
    events = [line["event"] for line in lines(capsys, "debug", BATCH)]
    assert events == ["batch", "turn", "turn failed", "exception opened"]


def test_what_patterns_could_not_be_told_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    turn = Turned("W1", None, None, "reported", 1, 5.0, 0.002, untold="seen-at-gate: ValueError")
    again, other = (replace(turn, order="W2", version=version) for version in (None, "v2"))
    [line, second] = lines(capsys, "warning", Batched((turn, again), (), 5.0, 0.0125), Batched((other, other), (), 5.0, 0.0125))
    assert second["order"] == "W2", "once for each version"
    told = {"kind": "reported", "fault": "seen-at-gate: ValueError"}
    del line["at"]
    assert line == {"level": "warning", "event": "not told to patterns", "order": "W1", "trace": trace_of("W1").id, **told}


def test_deliveries_are_told_with_their_trace_and_attempt(capsys: pytest.CaptureFixture[str]) -> None:
    [line] = lines(capsys, "warning", DELIVERY)
    del line["at"]
    whose = {"order": "W1", "trace": TRACE.id, "participant": "depot", "role": "fulfiller"}
    what = {"message": "pick", "key": "W1/o:1", "attempt": 2, "seconds": 0.25}
    assert line == {"level": "warning", "event": "delivery failed", **whose, **what}


def test_what_else_happens_to_a_worker_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    reports = (Broke("depot", Breaker.OPEN), Broke("depot", Breaker.HALF_OPEN), Fenced("depot", 3), Conflicted())
    found = [(line["level"], line["event"], line.get("participant")) for line in lines(capsys, "info", *reports)]
    assert found == [
        ("warning", "breaker open", "depot"),
        ("info", "breaker half-open", "depot"),
        ("warning", "late acknowledgement", "depot"),
        ("info", "conflict", None),
    ]


def test_what_is_below_the_level_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines(capsys, "error", BATCH, DELIVERY, Broke("depot", Breaker.OPEN)) == []


def test_text_is_one_line_whatever_an_id_contains(capsys: pytest.CaptureFixture[str]) -> None:
    show_logs("text", "warning")
    logged()(Batched((Turned('W 1\n"x"', None, None, "timer", 1, 0.0, 0.5, "KeyError"),), (), 0.0, 1.0))
    [line] = capsys.readouterr().err.splitlines()
    trace = trace_of('W 1\n"x"').id
    told = f'order="W 1\\n\\"x\\"" trace={trace} kind=timer attempt=1 seconds=0.5 fault=KeyError'
    assert line.split(" ", 1)[1] == f"warning turn failed {told}"


def test_what_other_libraries_warn_of_has_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    show_logs("json", "error")
    logging.getLogger("somebody.else").warning("the %s is\nbroken", "wheel")
    [line] = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["level"], line["event"]) == ("warning", "the wheel is broken")


@pytest.mark.parametrize(
    ("failure", "fault"),
    [
        ("ConnectError: https://erp.example/orders?key=secret", "ConnectError"),
        ("no route to jane@example.com", "failure"),
        ("Busy", "failure"),
    ],
)
def test_a_failure_is_told_by_the_name_of_what_was_raised_alone(failure: str, fault: str) -> None:
    assert fault_of(failure) == fault
