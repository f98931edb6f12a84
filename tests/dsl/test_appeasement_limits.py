"""Limits, offers, authority and reasons of appeasements that go together are told nothing of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orderloom.dsl.compile import Compiled
from orderloom.dsl.source import Source

POLICY = """\
kind: appeasements
name: goodwill
reasons: [late, damaged]
expected return: {{ refund: refund }}
choose: {choose}
offers: {{ tenth: {{ percent: 10 }}, card: {{ gift card: 20.00 }} }}
limits: [{limits}]
authority: {{ associate: 15.00, customer-service: 20.00, operations: 100.00 }}
approve: operations
---
kind: decision
name: offers-for-case
given: {{ why: [late, damaged] }}
outputs: {{ offers: list<string> }}
table: |
  why       || offers
  "damaged" || ["tenth", "card"]
  "late"    || ["tenth"]
"""
CALL = "offers-for-case(reason)"


def codes(
    compile_file: Callable[..., Compiled], limits: str = "", choose: str = CALL, reasons: str = "late, damaged"
) -> list[str]:
    text = POLICY.format(limits=limits, choose=choose).replace("reasons: [late, damaged]", f"reasons: [{reasons}]")
    return [found.code for found in compile_file(text).diagnostics]


@pytest.mark.parametrize(
    "limits",
    [
        "{ per: line, at most: 30.00 }, { per: order, at most: 50.00 }, { per: customer, at most: 60.00 }",
        "{ per: customer, within: P90D, at most: 60.00 }, { per: customer, within: P30D, at most: 50.00 }",
        "{ per: customer, within: P90D, at most: 25.00 }, { per: order, at most: 30.00 }",  # what was granted before P90D counts
        "{ per: line, at most: 30.00, times: 2 }, { per: order, at most: 25.00 }",  # it bounds how often, too
        "{ per: line, at most: 0.3 * price }, { per: order, at most: 25.00 }, { per: line, times: 3 }",
        "{ per: line, at most: 20.00 }",  # just what the card is worth
    ],
)
def test_limits_that_go_together(limits: str, compile_file: Callable[..., Compiled]) -> None:
    assert codes(compile_file, limits) == []


@pytest.mark.parametrize(
    "limits",
    [
        "{ per: order, at most: 25.00 }, { per: line, at most: 25.00 }",
        "{ per: customer, at most: 40.00, times: 2 }, { per: order, times: 3 }",
        "{ per: customer, within: P90D, at most: 50.00 }, { per: customer, within: P30D, at most: 60.00 }",
        "{ per: line, times: 1 }, { per: line, times: 1 }",
    ],
)
def test_one_of_two_limits_never_binds(limits: str, compile_file: Callable[..., Compiled]) -> None:
    assert codes(compile_file, limits) == ["W833"]


def test_reasons_that_another_expression_answers(compile_file: Callable[..., Compiled]) -> None:
    assert codes(compile_file, reasons="late") == []
    assert codes(compile_file, reasons="late, lost") == ["E830"]
    assert codes(compile_file, reasons="late, lost", choose='if reason = "lost" then [] else offers-for-case(reason)') == []
    assert codes(compile_file, reasons="late, lost", choose="'offers-for-case(why: reason)'") == ["E830"]


def test_a_division_may_limit_what_others_offer(compile_file: Callable[..., Compiled]) -> None:
    division = "kind: division\nname: outlet\noverride:\n  appeasements.goodwill.limits: [{ per: line, at most: 5.00 }]\n"
    text = POLICY.format(limits="{ per: line, at most: 30.00 }", choose=CALL)
    found = compile_file(text, "policy", Source("rules/outlet.yaml", division.encode()))
    assert (found.diagnostics, list(found.program.divisions)) == ((), ["outlet"])  # type: ignore[union-attr]
