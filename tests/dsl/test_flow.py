"""What the goldens do not show: faults of ways that hide each other, or do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orderloom.dsl.compile import Compiled

HEAD = "kind: process\nname: backorder\nfor: fulfillment\nsteps:\n"
DONE = "  - { step: done, end: done }\n"


@pytest.fixture(name="codes")
def _codes(compile_file: Callable[[str], Compiled]) -> Callable[[str], list[str]]:
    return lambda steps: [d.code for d in compile_file(HEAD + steps).diagnostics]


Codes = Callable[[str], list[str]]


def test_a_misspelt_step_is_not_unreachable_too(codes: Codes) -> None:
    assert codes("  - { step: a, tell: customer, message: shipped, next: ende }\n  - { step: end, end: x }\n" + DONE) == [
        "E410",
        "E503",
    ]


def test_where_a_way_leads_nobody_knows_where_nothing_is_called_unreachable(codes: Codes) -> None:
    assert codes("  - { step: a, tell: customer, message: shipped, next: somewhere }\n" + DONE) == ["E410"]


def test_a_key_that_does_not_belong_may_have_been_the_way(codes: Codes) -> None:
    assert codes(
        "  - { step: a, raise: trouble, to: operations, next: b, on: { go: done } }\n  - { step: b, end: b }\n" + DONE
    ) == ["E113"]


def test_of_unreachable_steps_the_first_of_each_group_is_told(codes: Codes) -> None:
    steps = (
        "  - { step: a, tell: customer, message: shipped, next: done }\n"
        "  - { step: b, wait: P1D }\n  - { step: c, wait: P1D, next: done }\n"
        "  - { step: d, wait: P1D, next: d }\n" + DONE
    )
    assert codes(steps) == ["E503", "E503"]


def test_late_needs_a_clock_and_a_clock_needs_late(codes: Codes) -> None:
    assert codes("  - { step: a, wait: collected, within: P1D }\n" + DONE) == ["E501"]
    assert codes("  - { step: a, wait: collected, until: today }\n" + DONE) == ["E501"]
    assert codes("  - { step: a, wait: collected, on: { late: done } }\n" + DONE) == ["E502"]
    assert codes("  - { step: a, wait: collected, within: P1D, on: { late: done } }\n" + DONE) == []


def test_the_main_outcome_may_lead_elsewhere(codes: Codes) -> None:
    steps = "  - { step: a, do: source-again, on: { sourced: done, short: b, nothing: b } }\n  - { step: b, end: b }\n" + DONE
    assert "E503" not in codes(steps)


def test_a_step_that_may_be_passed_over_goes_on_below(codes: Codes) -> None:
    ask = "ask: carrier, message: transport-request, on: { delivered: done, lost: done }"
    assert codes(f"  - {{ step: a, when: unit.quantity > 1, {ask} }}\n" + "  - { step: b, end: b }\n" + DONE) == []


def test_an_order_that_only_waits_again_and_again_never_ends(codes: Codes) -> None:
    assert codes("  - { step: a, wait: P1D, next: a }\n") == ["E505"]


def test_a_decision_with_listed_outputs_needs_a_way_for_each(compile_file: Callable[[str], Compiled]) -> None:
    text = (
        HEAD + "  - { step: a, decide: way-on, on: { fast: done, fsat: done } }\n" + DONE + "---\n"
        "kind: decision\nname: way-on\ninputs: { size: unit.quantity }\noutputs: { way: [fast, slow] }\n"
        'table: |\n  size || way\n  > 5  || "slow"\n  <= 5 || "fast"\n'
    )
    assert [(d.code, d.span.line) for d in compile_file(text).diagnostics] == [("E501", 5), ("E502", 5)]


def test_a_wait_for_one_event_or_another_names_events_that_there_are(codes: Codes) -> None:
    wait = "  - { step: a, wait: collected, on: { %s: done } }\n  - { step: here, end: here }\n" + DONE
    assert codes(wait % "vendor-shipped") == []
    assert codes(wait % "vendor-shiped") == ["E414"]
    assert codes(wait % "collected") == ["E502"], "that is the main way"
    assert codes(wait.replace("wait: collected", "wait: PT1H") % "vendor-shipped") == ["E502"], "no event is waited for"
