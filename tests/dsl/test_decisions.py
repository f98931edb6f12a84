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


FEE = """\
kind: decision
name: example
given: { prices: list<number>, days: number, tier: string }
where:
  share: if days <= 30 then 0 else 0.25
  dear: prices[item > 100]
  fee: "function(p: number) p * share"
value: sum(for p in dear return fee(p)) / tier-weight(tier)
"""


def test_named_values_are_worked_out_in_order(compile_file: Compile) -> None:
    """A condition, a filter, a function, a loop and another decision: (120 + 200) * 0.25 / 1.6 = 50."""
    compiled = compile_file(FEE)
    assert {d.code for d in compiled.diagnostics} <= {"W410"}
    assert compiled.program is not None
    prices = [Decimal(price) for price in (20, 120, 200)]
    assert compiled.program.decisions["example"]({"prices": prices, "days": Decimal(31), "tier": "gold"}) == 50
    assert compiled.program.decisions["example"]({"prices": prices, "days": Decimal(30), "tier": "gold"}) == 0


def test_a_named_value_sees_those_above_it_alone(compile_file: Compile) -> None:
    text = FEE.replace("  share: if", "  early: share + 1\n  share: if")
    assert [(d.code, d.span.line, d.span.column) for d in compile_file(text).diagnostics if d.code != "W410"] == [("E401", 5, 10)]


def test_a_named_value_takes_no_name_that_is_taken(compile_file: Compile) -> None:
    text = FEE.replace("  dear:", "  days: 3\n  dear:")
    assert [(d.code, d.span.line, d.span.column) for d in compile_file(text).diagnostics if d.code != "W410"] == [("E116", 6, 3)]


def test_named_values_have_types(compile_file: Compile) -> None:
    text = FEE.replace("fee(p)) /", "fee(p)) + dear /")
    assert [d.code for d in compile_file(text).diagnostics if d.code != "W410"] == ["E301"]


def test_a_circle_through_named_values_is_told(compile_file: Compile) -> None:
    text = FEE.replace("days <= 30", "example(prices, days, tier) > 1")
    assert [d.code for d in compile_file(text).diagnostics if d.code not in ("W410",)] == ["E421"]


TABLE = """\
kind: decision
name: example
given: { tier: string, miles: number }
where: { far: miles > 500 }
inputs: { tier: tier, far: far }
outputs: { way: string, days: number }
hit: priority
allowed: { tier: [gold, silver], way: [air, ground] }
default: { way: ground, days: 9 }
table: |
  tier             | far  || way      | days
  "gold", "silver" | -    || "ground" | 5
  "gold"           | true || "air"    | 2
"""


def test_a_table_with_named_values_allowed_values_and_defaults(compile_file: Compile) -> None:
    compiled = compile_file(TABLE)
    assert {d.code for d in compiled.diagnostics} <= {"W410"}
    assert compiled.program is not None
    decision = compiled.program.decisions["example"]
    assert decision({"tier": "gold", "miles": Decimal(501)}) == {"way": "air", "days": 2}
    assert decision({"tier": "gold", "miles": Decimal(1)}) == {"way": "ground", "days": 5}
    assert decision({"tier": "tin", "miles": Decimal(1)}) == {"way": "ground", "days": 9}


def test_allowed_values_and_defaults_are_checked_at_their_place(compile_file: Compile) -> None:
    text = TABLE.replace("[gold, silver]", "'> 5'").replace("days: 9", "days: far")
    found = [(d.code, d.span.line, d.span.column) for d in compile_file(text).diagnostics if d.code != "W410"]
    assert found == [("E302", 8, 19), ("E350", 9, 31)]
    text = TABLE.replace('"air"    |', '"sea"    |')
    [wrong] = [d for d in compile_file(text).diagnostics if d.code != "W410"]
    assert (wrong.code, wrong.message, wrong.span.line) == ("E813", "sea is not among the allowed values", 13)


def test_a_column_of_listed_values_makes_gaps_of_words(compile_file: Compile) -> None:
    """Words that nothing lists are no gap; where they are listed, the one without a row is named."""
    text = (
        'kind: decision\nname: example\ngiven: { tier: string }\noutputs: { x: number }\ntable: |\n  tier || x\n  "gold" || 1\n'
    )
    assert {d.code for d in compile_file(text).diagnostics} <= {"W410"}
    text = text.replace("tier: string", "tier: [gold, tin]")
    [gap] = [d for d in compile_file(text).diagnostics if d.code != "W410"]
    assert (gap.code, gap.message) == ("W821", 'no row answers for tier = "tin"; this row comes closest')
    text = text.replace("table:", "default: { x: null }\ntable:")
    assert {d.code for d in compile_file(text).diagnostics} <= {"W410"}


def test_what_a_decision_allows_is_part_of_its_digest(compile_file: Compile) -> None:
    digests = {
        compile_file(text).program.digest  # type: ignore[union-attr]
        for text in (TABLE, TABLE.replace("days: 9", "days: 8"), TABLE.replace("[gold, silver]", "[gold, silver, tin]"))
    }
    assert len(digests) == 3
