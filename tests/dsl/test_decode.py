from __future__ import annotations

from datetime import timedelta

import pytest

from orderloom.dsl.decode import decode
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.reader import read
from orderloom.dsl.source import Source
from orderloom.dsl.steps import AskStep, DoStep, EndStep, Process
from orderloom.dsl.syntax import Calendar, Participants

HEAD = "name: one\nfor: fulfillment\nsteps:\n"


def process(steps: str) -> tuple[Process, list[tuple[str, int, int]]]:
    nodes, faults = read(Source("a.yaml", (HEAD + steps).encode()))
    body, found = decode(nodes[0], Process)
    assert isinstance(body, Process)
    return body, places((*faults, *found))


def places(found: tuple[Diagnostic, ...]) -> list[tuple[str, int, int]]:
    return [(d.code, d.span.line, d.span.column) for d in found]


def test_a_step_is_what_its_verb_says() -> None:
    body, found = process(
        "  - { step: a, do: ship }\n  - { step: b, ask: x, message: y, within: PT4H }\n  - { step: c, end: d }\n"
    )
    assert not found
    assert [type(step) for step in body.steps] == [DoStep, AskStep, EndStep]
    ask = body.steps[1]
    assert isinstance(ask, AskStep)
    assert ask.within is not None
    assert ask.within.value == timedelta(hours=4)


def test_a_misspelt_key_counts_as_the_one_that_was_meant() -> None:
    body, found = process("  - step: a\n    ask: x\n    mesage: y\n")
    assert found == [("E101", 6, 5)]
    assert isinstance(body.steps[0], AskStep)
    assert body.steps[0].message.value == "y"


def test_a_misspelt_verb_counts_as_the_one_that_was_meant() -> None:
    body, found = process("  - step: a\n    tel: x\n    message: y\n")
    assert found == [("E101", 5, 5)]
    assert [type(step).__name__ for step in body.steps] == ["TellStep"]


def test_a_value_at_fault_does_not_take_its_neighbours_with_it() -> None:
    body, found = process("  - step: a\n    do: ship\n    on: { x: [1], y: b }\n    retry: { times: 0, every: soon }\n")
    assert found == [("E103", 6, 14), ("E115", 7, 21), ("E109", 7, 31)]
    step = body.steps[0]
    assert isinstance(step, DoStep)
    assert [(pair.key.value, pair.value.value) for pair in step.on] == [("y", "b")]


def test_a_section_without_required_keys_may_be_left_empty() -> None:
    nodes, _ = read(Source("a.yaml", b"name: p\nroles:\n  customer:\n    receives:\n      shipped:\n"))
    body, found = decode(nodes[0], Participants)
    assert not found
    assert isinstance(body, Participants)
    assert body.roles[0].value.receives[0].key.value == "shipped"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hours: { mon: 09:00-17:00 }", None),
        ("hours: { mon: closed }", None),
        ("hours: { mon: 00:00-24:00 }", None),
        ("hours: { mon: 17:00-09:00 }", "E110"),
        ("hours: { mon: 09:00-25:00 }", "E110"),
        ("hours: { mon: 09:60-17:00 }", "E110"),
        ("hours: { fri-mon: 09:00-17:00 }", "E110"),
        ("hours: { monday: 09:00-17:00 }", "E110"),
        ("hours: { mon: 09:00-17:00 }\nclosed: [2026-02-30]", "E110"),
        ("hours: [mon]", "E103"),
    ],
)
def test_hours(text: str, code: str | None) -> None:
    nodes, _ = read(Source("a.yaml", f"name: c\ntimezone: UTC\n{text}\n".encode()))
    _, found = decode(nodes[0], Calendar)
    assert [d.code for d in found] == ([code] if code else [])


@pytest.mark.parametrize("text", ["P2D", "PT4H", "P1DT12H", "P1W", "PT90S"])
def test_durations(text: str) -> None:
    assert process(f"  - {{ step: a, wait: b, within: {text} }}\n")[1] == []


@pytest.mark.parametrize("text", ["P", "PT", "P1M", "P1Y2M", "1D", "P-1D", "P1.5D", "pt4h", "4 hours"])
def test_what_is_no_duration(text: str) -> None:
    assert [code for code, *_ in process(f"  - {{ step: a, wait: b, within: {text} }}\n")[1]] == ["E109"]


def test_a_root_that_is_no_map() -> None:
    nodes, _ = read(Source("a.yaml", b"- a\n- b\n"))
    assert [d.code for d in decode(nodes[0], Calendar)[1]] == ["E103"]
