from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from orderloom.dsl.compile import Compiled

Compile = Callable[[str], Compiled]

CHAIN = """\
kind: decision
name: tier-weight
given: { tier: string }
value: base(tier) * 2
---
kind: decision
name: base
given: { tier: string }
outputs: { a: number, b: string }
rows:
  - [gold, 3, x, the best]
  - ['not("gold")', 1, y]
---
kind: decision
name: service-multiple
given: { service: string }
value: base(service).a + tier-weight(service)
"""


def test_decisions_may_call_each_other_in_any_order(compile_file: Compile) -> None:
    compiled = compile_file(CHAIN.replace("base(tier) * 2", "base(tier).a * 2"))
    assert compiled.diagnostics == ()
    assert compiled.program is not None
    decisions = compiled.program.decisions
    assert decisions["tier-weight"]({"tier": "gold"}) == 6
    assert decisions["service-multiple"]({"service": "gold"}) == Decimal(9)
    assert decisions["base"]({"tier": "tin"}) == {"a": 1, "b": "y"}
    assert decisions["base"].row_origin((0,)) == "rules/example.yaml:11"


def test_a_decision_with_several_outputs_is_a_context(compile_file: Compile) -> None:
    found = compile_file(CHAIN).diagnostics
    assert [(d.code, d.span.line, d.span.column) for d in found] == [("E301", 4, 8)]


def test_names_in_texts_are_no_calls(compile_file: Compile) -> None:
    compiled = compile_file(
        'kind: decision\nname: tier-weight\ngiven: { tier: string }\nvalue: if tier = "tier-weight(x)" then 1 else 2\n'
    )
    assert compiled.diagnostics == ()


def test_a_circle_is_told_once_with_its_way(compile_file: Compile) -> None:
    text = "---\n".join(
        f"kind: decision\nname: {name}\ngiven: {{ x: number }}\nvalue: {other}(x)\n"
        for name, other in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    found = compile_file(text).diagnostics
    assert [(d.code, d.message) for d in found] == [("E421", "these decisions call each other in a circle: a -> b -> c -> a")]


def test_a_decision_that_calls_itself(compile_file: Compile) -> None:
    found = compile_file("kind: decision\nname: tier-weight\ngiven: { tier: string }\nvalue: tier-weight(tier)\n").diagnostics
    assert [d.code for d in found] == ["E421"]


def test_arguments_are_checked(compile_file: Compile) -> None:
    text = "kind: decision\nname: example\nvalue: parcel-zone(order.channel).zone\n"
    assert [(d.code, d.span.line, d.span.column) for d in compile_file(text).diagnostics if d.severity == "error"] == [
        ("E313", 3, 20)
    ]


def test_faults_of_inline_rows_stand_at_their_cell(compile_file: Compile) -> None:
    head = "kind: decision\nname: tier-weight\ngiven: { tier: string }\noutputs: { w: number }\nrows:\n"
    text = head + "  - [gold, order.totl]\n  - [tin]\n"
    assert [(d.code, d.span.line, d.span.column) for d in compile_file(text).diagnostics] == [("E811", 7, 6)]
    text = text.replace("  - [tin]\n", "")
    assert [(d.code, d.span.line, d.span.column) for d in compile_file(text).diagnostics] == [("E401", 6, 12)]


def test_rows_name_other_definitions(compile_file: Compile) -> None:
    text = (
        "kind: decision\nname: sourcing-for-order\nhit: first\ninputs: { c: order.channel }\noutputs: { s: name of sourcing }\n"
        "rows:\n  - [web, cheapest]\n  - ['-', cheepest]\n"
    )
    found = compile_file(text).diagnostics
    assert [(d.code, d.span.line, d.span.column, d.hint) for d in found] == [("E416", 8, 11, "did you mean cheapest?")]
