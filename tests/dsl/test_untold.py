"""Choices by what nobody has told yet: found with a way on which that is so, and nothing is told where there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orderloom.dsl.compile import Compiled

TASK = (
    "{ step: look, task: look, to: operations, form: { limit: number, fine: boolean }, within: PT8H, on: { done: %s, late: %s } }"
)
ENDS = ["{ step: yes, end: fine }", "{ step: no, end: refused }"]


def told(compile_file: Callable[..., Compiled], *steps: str) -> list[str]:
    text = "kind: process\nname: backorder\nfor: fulfillment\nsteps:\n" + "".join(f"  - {step}\n" for step in (*steps, *ENDS))
    return [found.message for found in compile_file(text).diagnostics]


def choose(when: str, name: str = "which") -> str:
    return f"{{ step: {name}, choose: [{{ when: {when}, next: 'yes' }}, {{ otherwise: 'no' }}] }}"


NULL = "answer.limit may be null here, by look (late) -> which: then this is neither true nor false, and not taken"


@pytest.mark.parametrize("when", ["answer.limit > 5", "not(answer.limit > 5)", "answer.limit * 2 <= order.total"])
def test_a_clock_that_runs_out(when: str, compile_file: Callable[..., Compiled]) -> None:
    assert told(compile_file, TASK % ("which", "which"), choose(when)) == [NULL]
    assert told(compile_file, TASK % ("which", "'no'"), choose(when)) == []


@pytest.mark.parametrize(
    "when",
    [
        "answer.limit != null and answer.limit > 5",
        "answer.limit = null or answer.limit > 5",
        "answer.limit = 5",
        "answer.fine",  # what nobody has said is not so
        "answer.fine and answer.limit > 5 and answer.fine = true",
        "order.total > 5 and answer.limit > 5",  # the rest may decide
        "answer.limit > 5 or order.total > 5",
    ],
)
def test_conditions_that_know_of_null(when: str, compile_file: Callable[..., Compiled]) -> None:
    assert told(compile_file, TASK % ("which", "which"), choose(f"'{when}'")) == []


def test_a_way_around_on_a_condition_of_its_own(compile_file: Callable[..., Compiled]) -> None:
    around = "{ step: big, choose: [{ when: order.total > 100, next: look }, { otherwise: which }] }"
    form = "{ step: look, task: look, to: operations, form: { limit: number } }"
    found = told(compile_file, around, form, choose("answer.limit > 5"))
    assert found == [NULL.replace("look (late)", "big")]
    ways = "{ when: order.total > 100, next: 'no' }, { when: answer.limit > 5, next: 'yes' }, { otherwise: 'no' }"
    assert told(compile_file, around, form, f"{{ step: which, choose: [{ways}] }}") == []  # two conditions may exclude each other


def test_ways_above_that_take_null(compile_file: Callable[..., Compiled]) -> None:
    ways = "{ when: answer.limit = null, next: 'no' }, { when: answer.limit > 5, next: 'yes' }, { otherwise: 'no' }"
    assert told(compile_file, TASK % ("which", "which"), f"{{ step: which, choose: [{ways}] }}") == []


def test_what_blocks_tell_is_left_out(compile_file: Callable[..., Compiled]) -> None:
    inner = "{ step: a, task: look, to: operations, form: { limit: number } }"
    block = f"{{ step: both, join: any, parallel: {{ one: [{inner}], two: [{{ step: b, wait: P1D }}] }} }}"
    assert told(compile_file, block, choose("answer.limit > 5")) == []
