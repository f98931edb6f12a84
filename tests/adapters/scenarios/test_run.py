"""Scenarios that do not hold say where and why, in words; what cannot be done is a failure, never an exception."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent
from types import SimpleNamespace
from typing import cast

import pytest

from orderloom.adapters.scenarios.play import _NOT_OF_AN_ORDER
from orderloom.adapters.scenarios.run import ScenarioResult, run_scenario
from orderloom.adapters.scenarios.then import CHECKS
from orderloom.adapters.scenarios.when import COMMANDS
from orderloom.adapters.scenarios.whereabouts import whereabouts
from orderloom.adapters.story import Story
from orderloom.dsl.compile import compile
from orderloom.dsl.load import load_workspace
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source
from orderloom.dsl.syntax import COMMANDS as KEYS
from orderloom.dsl.syntax import LOOKED_AT
from orderloom.engine.returns.request import ReturnRequest

WORLD_W = load_workspace(Path(__file__).parents[2] / "scenarios" / "world-w")
HEAD = "kind: scenario\nname: mine\nclock: 2026-03-02T10:00:00Z\n"
CAPTURE = "- capture: { like: save the sale at the counter }"
HELD = "- order.status: in fulfillment"


def play(when: str, then: str = HELD, given: str = "{ like: save the sale at the counter }") -> ScenarioResult:
    """Plays a scenario beside those of World W; its first line of `when` is line 6, of `then` the last ones."""
    text = f"{HEAD}given: {given}\nwhen:\n{indent(dedent(when).strip(), '  ')}\nthen:\n{indent(dedent(then).strip(), '  ')}\n"
    compiled = compile([*WORLD_W, Source("scenarios/mine.yaml", text.encode())])
    assert compiled.program is not None, compiled.diagnostics
    by_name = {scenario.name: scenario for scenario in compiled.scenarios}
    return run_scenario(compiled.program, by_name["mine"], by_name)


def said(result: ScenarioResult) -> list[str]:
    return [f"{failure.at} {failure.text}" for failure in result.failures]


def test_a_scenario_that_holds_has_no_failures() -> None:
    assert play(CAPTURE).passed


def test_a_wrong_expectation_is_told_with_its_place() -> None:
    result = play(CAPTURE, "- order.status: delivered\n- documents: [{ payment: 29.01 }]")
    assert said(result) == [
        "scenarios/mine.yaml:8 order.status: expected delivered, found in fulfillment",
        "scenarios/mine.yaml:9 documents 1.payment: expected 29.01, found 29.00",
    ]


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("- order.state: x", "order: there is no state; there is id, channel,"),
        ("- units: []", "units: expected 0, found 1: ["),
        ("- units: [{ node: S3 }]", "units 1.node: expected S3, found S2"),
        ("- line.2.status: held", "line: there is no 2; there is 1"),
        ("- messages: { S2: [pick-request] }", "messages.S2 1: expected pick-request, found pick-and-hold"),
        ("- messages: { S3: [pick-and-hold] }", "messages.S3: expected 1, found 0: []"),
        ("- stock: { S2: { TEE: 1 } }", "stock.S2.TEE.available: expected 1, found 0"),
        ("- stock: { S2: { CAP: 1 } }", "stock: there is no position of CAP at S2"),
        ("- stock: { V1: { TEE: 1 } }", "stock: there is no position of TEE at V1"),
        (
            "- plan: { excluded: { S3: too far } }",
            "plan.excluded.S3: expected too far, found [availability 0 (1 on hand - floor 1)]",
        ),
        ("- plan: { clash: [stock] }", "plan.clash: no sentence says 'stock'; there is []"),
        ("- exceptions: [no-plan]", "exceptions: expected 1, found 0: []"),
        ("- explain: [because I say so]", "explain: no sentence says 'because I say so'; there is ["),
        ("- steps: { 1: [hold] }", "steps.1: expected 1, found 2: [hold, collect]"),
        ("- of: SALE-9", "of: there is no order SALE-9; there is SALE-1"),
    ],
)
def test_every_expectation_can_fail(then: str, words: str) -> None:
    (failure,) = play(CAPTURE, then).failures
    assert failure.text.startswith(words)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (
            "- reply: { message: pick-request, reply: picked }",
            "reply: no open request is meant; open: none; the order is in fulf",
        ),
        ("- event: { name: collected, order: SALE-2 }", "event: there is no order SALE-2; there is SALE-1"),
        ("- resolve: { exception: no-plan, option: cancel }", "resolve: 0 open exceptions are a no-plan; open: none"),
        ("- at: 2026-03-01T10:00:00Z", "at: it is 2026-03-02T10:00:00+00:00 already"),
        ("- check: held", "check: write what must be true as a map, { path: value }"),
        ("- at: noon", "at: noon is no moment such as 2026-03-02T10:00:00Z"),
        ("- time out: { unit: 1, step: pick }", "time out: SALE-1-1 was never at step pick"),
        ("- partners: shout", "partners: partners answer, are silent, answer twice, fail, are down, and not: shout"),
        ("- capture: { order: { id: X, chanel: web } }", "capture: order: lines are missing; order: channel is missing; "),
        ("- capture: SALE-2", "capture: write what it concerns as a map, { ... }"),
        ("- plan: {}", "plan: write the order's fields below `order:`"),
        (
            "- plan: { like: save the sail at the counter }",
            "plan: there is no scenario save the sail at the counter; did you mean",
        ),
        ("- cancel: { order: SALE-2 }", "cancel: there is no order SALE-2"),
        ("- check: { order.status: lost }", "order.status: expected lost, found in fulfillment"),
    ],
)
def test_what_cannot_be_done_is_a_failure_of_its_line(when: str, words: str) -> None:
    (failure,) = play(f"{CAPTURE}\n{when}").failures
    assert failure.at == "scenarios/mine.yaml:7"
    assert failure.text.startswith(words)


def test_an_ended_order_refuses_to_be_cancelled() -> None:
    result = play(f"{CAPTURE}\n- at: 2026-03-05T21:00:00Z\n- cancel: {{ by: customer }}", "- order.status: pickup expired")
    assert said(result) == ["scenarios/mine.yaml:8 cancel: order SALE-1 has ended as pickup expired"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("{ like: nothing }", "given: there is no scenario nothing"),
        ("{ like: mine }", "given: mine is like mine, which is like it in turn"),
        ("{ stock: { S9: { TEE: 1 } } }", "given: stock S9 TEE: unknown item TEE"),
        (
            "{ items: { TEE: {} }, nodes: { S1: { cutoff: noon } } }",
            "given: node S1: cutoff must be a time such as 16:00, not 'noon'",
        ),
    ],
)
def test_wrong_givens_are_failures(given: str, words: str) -> None:
    assert play(CAPTURE, given=given).failures[0].text.startswith(words)


def test_partners_answer_when_they_are_told_to() -> None:
    then = "- order.status: delivered\n- units: [{ status: shipped }, { status: shipped }]"
    when = "- capture: { like: the split order is shipped }\n- partners: answer\n- at: 2026-03-03T10:00:00Z"
    silent = "- capture: { like: the split order is shipped }\n- partners: are silent\n- at: 2026-03-03T10:00:00Z"
    given = "{ like: split or wait }"
    assert play(when, "- order.status: in fulfillment", given=given).passed
    before = "- partners: answer\n" + when.replace("- partners: answer\n", "")
    assert play(before, then, given=given).passed
    assert not play(silent, then, given=given).passed


def test_a_reply_must_be_one_that_the_message_has() -> None:
    when = "- capture: { like: the split order is shipped }\n- reply: { unit: 1, reply: piked }"
    result = play(when, given="{ like: split or wait }")
    assert said(result) == ["scenarios/mine.yaml:7 reply: piked is no reply to pick-request; did you mean picked?"]


def test_a_request_of_which_there_are_two_must_be_named_by_its_unit() -> None:
    when = "- capture: { like: the split order is shipped }\n- reply: { message: pick-request, reply: picked }"
    result = play(when, given="{ like: split or wait }")
    words = "pick-request of unit WEB-2-1, pick-request of unit WEB-2-2"
    assert said(result) == [f"scenarios/mine.yaml:7 reply: more than one open request is meant; open: {words}"]


def test_a_scenario_may_only_be_like_one_that_is_known() -> None:
    compiled = compile(WORLD_W)
    assert compiled.program is not None
    by_name = {scenario.name: scenario for scenario in compiled.scenarios}
    assert run_scenario(compiled.program, by_name["the customer collects"], by_name).passed
    assert not run_scenario(compiled.program, by_name["the customer collects"]).passed


def test_the_book_names_every_command_and_every_path() -> None:
    book = (Path(__file__).parents[3] / "docs" / "scenarios.md").read_text()
    assert [command for command in COMMANDS if f"`{command}" not in book] == []
    assert [path for path in CHECKS if f"`{path}" not in book] == []


def test_the_scenario_in_the_book_holds() -> None:
    text = (Path(__file__).parents[3] / "docs" / "scenarios.md").read_text().split("```yaml\n")[1].split("```")[0]
    compiled = compile([*pack_sources("retail"), Source("scenarios/book.yaml", text.encode())])
    (scenario,) = (scenario for scenario in compiled.scenarios if scenario.pack is None)
    assert compiled.program is not None
    assert run_scenario(compiled.program, scenario).failures == ()


def test_a_reply_to_nothing_tells_what_holds_the_order_up() -> None:
    order = "{ id: Q, channel: web, customer: { id: C }, ship_to: { region: EAST }, date: weighed, lines: [LINE] }"
    line = "{ id: 1, item: TEE, quantity: 1, unit_price: 1, want_by: 2026-03-01 }"
    reply = "- reply: { message: pick-request, reply: picked }"
    [failure] = play(f"- capture: {{ order: {order.replace('LINE', line)} }}\n{reply}", "- order.id: Q").failures
    assert failure.text.startswith("reply: no open request is meant; open: none; the order is ")
    assert ", held up by no-way-forward (no source can be told" in failure.text


def test_a_reply_to_nothing_tells_where_the_units_of_work_stand_and_what_is_open() -> None:
    [early] = play(f"{CAPTURE}\n- reply: {{ message: pick-request, reply: picked }}").failures
    assert early.text.endswith("; the order is in fulfillment; unit 1 is at collect for collected until 2026-03-05 21:00")
    late = "- event: { name: collected, unit: 1 }\n- reply: { message: pick-request, reply: picked }"
    [ended] = play(f"{CAPTURE}\n{late}", "- order.id: SALE-1").failures
    assert ended.text.endswith("; the order is delivered; unit 1 has ended as collected")


def test_validate_knows_what_commands_take_and_what_can_be_looked_at() -> None:
    assert set(COMMANDS) == set(KEYS)
    assert {*CHECKS, *_NOT_OF_AN_ORDER, "of", "orders"} == set(LOOKED_AT)
    assert set(ReturnRequest.__struct_fields__) < set(KEYS["return"] or ())


def test_what_holds_an_order_up_without_a_cause_has_no_brackets() -> None:
    held = [SimpleNamespace(type="order-incomplete", cause=cause, option=None) for cause in ("", "no T-shirt")]
    story = SimpleNamespace(exceptions=held, state=SimpleNamespace(status="in preparation", instances={}))
    told = whereabouts(cast(Story, story))
    assert told == "the order is in preparation, held up by order-incomplete; order-incomplete (no T-shirt)"


def test_what_a_role_must_not_see_is_told_where_it_sees_it() -> None:
    wanted = "seen.customer: { status: in preparation, without: [DC-EAST, USD] }"
    like = "{ like: two mugs from one DC }"
    text = f"{HEAD}given: {like}\nwhen:\n  - capture: {like}\nthen:\n  - {wanted}\n"
    compiled = compile([*pack_sources("retail"), Source("scenarios/mine.yaml", text.encode())])
    assert compiled.program is not None, compiled.diagnostics
    by_name = {scenario.name: scenario for scenario in compiled.scenarios}
    failures = run_scenario(compiled.program, by_name["mine"], by_name).failures
    assert [failure.text for failure in failures] == ["seen.customer: customer sees USD in 'USD'"]


def test_a_request_that_is_refused_otherwise_than_expected_is_told_as_it_is() -> None:
    folder = Path(__file__).parents[2] / "scenarios" / "people"
    sources = [*load_workspace(folder)]
    confirm = next(source for source in sources if source.path.endswith("confirm.yaml"))
    text = confirm.text.replace("is closed: confirmed by ann", "is closed: refused by bob")
    compiled = compile([*(source for source in sources if source is not confirm), Source(confirm.path, text.encode())])
    by_name = {scenario.name: scenario for scenario in compiled.scenarios}
    assert compiled.program is not None
    (told,) = run_scenario(compiled.program, by_name["sales confirms a large order"], by_name).failures
    assert "this should be refused: is closed: refused by bob; it is, as task" in told.text
    assert told.text.endswith("is closed: confirmed by ann")
