"""Divisions: inheritance, overrides by key, and what of a program they share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.dsl.compile import Compiled
from orderloom.dsl.program import Program
from orderloom.dsl.program.whole import RULES, differing
from orderloom.engine.access.grants import owner

Compile = Callable[..., Compiled]

FAMILY = """\
kind: division
name: northgate
extends: harbour
override:
  promising.floor: 3
---
kind: division
name: harbour
override:
  promising.floor: 1
  sourcing.cheapest.limits.shipments: 4
  process.ship-to-customer.steps.pick.within: PT2H
"""


def program(compiled: Compiled) -> Program:
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program


def others(one: Program, other: Program) -> set[str]:
    return {f"{field}/{name}" for field in RULES for name in differing(field, one, other)}


def test_a_division_has_what_it_sets_and_what_it_inherits(compile_file: Compile) -> None:
    whole = program(compile_file(FAMILY, "family"))
    harbour, northgate = whole.of("harbour"), whole.of("northgate")
    floors = [each.promising["retail"].floor for each in (whole, harbour, northgate)]
    assert [floor and floor.text for floor in floors] == ["position.safety_stock", "1", "3"]
    assert [str(floor.origin) for floor in floors if floor] == [
        "rules/retail/promising.yaml:9",
        "rules/family.yaml:10",
        "rules/family.yaml:5",
    ]
    limits = northgate.sourcing["cheapest"].max_shipments
    assert limits is not None
    assert (limits.text, str(limits.origin)) == ("4", "rules/family.yaml:11")


def test_what_is_not_overridden_is_the_very_same(compile_file: Compile) -> None:
    whole = program(compile_file(FAMILY, "family"))
    harbour, northgate = whole.divisions["harbour"].program, whole.divisions["northgate"].program
    assert others(harbour, whole) == {"promising/retail", "sourcing/cheapest", "processes/ship-to-customer"}
    assert others(northgate, harbour) == {"promising/retail"}


def test_orders_of_no_division_go_by_the_workspace(compile_file: Compile) -> None:
    whole = program(compile_file(FAMILY, "family"))
    assert whole.of(None) is whole
    assert whole.of("RETAIL") is whole
    assert whole.of("harbour").of("northgate") == whole.of("northgate")
    assert whole.of("harbour").digest == whole.digest


def test_a_decision_that_others_call_changes_those(compile_file: Compile) -> None:
    text = FAMILY + (
        "  decision.tier-weight.table: |\n"
        '    tier        || weight\n    "standard"  || 2\n    "silver"    || 2\n    "gold"      || 2\n'
    )
    whole = program(compile_file(text))
    changed = differing("sourcing", whole.divisions["harbour"].program, whole)
    assert set(changed) == {"cheapest", "fewest-shipments"}  # both call tier-weight
    assert not differing("bills", whole.divisions["harbour"].program, whole)


def test_the_digest_knows_divisions(compile_file: Compile) -> None:
    texts = [FAMILY, FAMILY.replace("floor: 3", "floor: 2"), FAMILY.replace("extends: harbour\n", ""), ""]
    digests = [program(compile_file(text or "kind: event\nname: other\nabout: order\n")).digest for text in texts]
    assert len(set(digests)) == 4
    assert program(compile_file(FAMILY, "elsewhere")).digest == digests[0]


def test_a_division_below_one_at_fault_is_checked_all_the_same(compile_file: Compile) -> None:
    compiled = compile_file(FAMILY.replace("floor: 1", "floor: positon").replace("floor: 3", "flor: 3"))
    assert [d.code for d in compiled.diagnostics] == ["E900"]
    compiled = compile_file(FAMILY.replace("floor: 1", "floor: positon"))
    assert [(d.code, d.span.line) for d in compiled.diagnostics] == [("E401", 10)]


@settings(max_examples=10, deadline=None)
@given(floors=st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=1, max_size=6))
def test_a_value_is_that_of_the_nearest_that_sets_it(floors: list[int | None]) -> None:
    from tests.dsl.conftest import compile_file

    texts = []
    for at, floor in enumerate(floors):
        texts.append(f"kind: division\nname: d{at}\n" + (f"extends: d{at - 1}\n" if at else ""))
        texts[-1] += f"override: {{ promising.floor: {floor} }}\n" if floor is not None else ""
    whole = program(compile_file("---\n".join(reversed(texts))))
    for at in range(len(floors)):
        known = [str(floor) for floor in floors[: at + 1] if floor is not None]
        effective = whole.of(f"d{at}").promising["retail"].floor
        assert effective is not None
        assert effective.text == (known[-1] if known else "position.safety_stock")


@pytest.mark.parametrize(
    ("address", "value", "read"),
    [
        ("sourcing.cheapest.candidates.all-nodes.nodes", "true", lambda p: p.sourcing["cheapest"].pools[0].nodes.text),
        ("promising.services.GROUND.transit days", "9", lambda p: p.promising["retail"].services[1].transit_days.text),
        ("promising.supply.on-order.trust", "0.5", lambda p: str(p.promising["retail"].supply["on-order"].trust)),
        ("promising.capacity", "12", lambda p: p.promising["retail"].capacity.text),
        ("sourcing.cheapest.minimise.per unit.store stock", "0", lambda p: p.sourcing["cheapest"].terms[-3].formula.text),
        ("calendar.closed", "[2026-12-24]", lambda p: str(p.calendars["every-day"].closed)),
    ],
)
def test_addresses(compile_file: Compile, address: str, value: str, read: Callable[[Program], str]) -> None:
    whole = program(compile_file(f"kind: division\nname: n\noverride: {{ {address}: {value} }}\n"))
    assert value.strip("[]").replace("2026-12-24", "12, 24") in read(whole.of("n"))


def test_every_rule_may_be_a_divisions() -> None:
    """Whoever adds a kind of document adds it to what divisions may have otherwise, or here."""
    shared = {"workspace", "currency", "timezone", "digest", "roles", "organizations", "attributes", "people", "relations"}
    assert set(Program.__struct_fields__) - shared - {"divisions", "division"} == set(RULES)


def test_who_names_a_node_owns_it_and_of_conditions_the_first(compile_file: Compile) -> None:
    texts = [
        'name: a\nnodes: { own: node.type = "store" }',
        "name: b\nnodes: { own: [S1] }",
        "name: c\nnodes: { own: node.lat > 41 }",
    ]
    compiled = compile_file("---\n".join(f"kind: division\n{text}\n" for text in texts))
    assert [(d.code, d.span.line) for d in compiled.diagnostics] == [("W901", 11)]
    assert 'a node with node.lat = 42, node.type = "store" is of a and of c; a owns it' in compiled.diagnostics[0].message
    nodes = [{"id": id, "type": type, "lat": lat} for id in ("S1", "N1") for type in ("store", "dc") for lat in (41, 42)]
    assert [owner(program(compiled), node) for node in nodes] == ["b"] * 4 + ["a", "a", "us", "c"]


def test_what_a_division_alone_calls_is_used(compile_file: Compile) -> None:
    """A rule, a process, a message and a role that stand in an override; one of each that nothing names is told."""
    text = """\
kind: decision
name: northern-floor
value: 3
---
kind: decision
name: southern-floor
value: 3
---
kind: participants
name: more
roles:
  packer: { receives: { wrap-it: { replies: [packed] }, fold-it: { replies: [packed] } } }
---
kind: division
name: northgate
override:
  promising.floor: northern-floor()
  process.ship-to-customer.steps.pack.ask: packer
  process.ship-to-customer.steps.pack.message: wrap-it
"""
    found = compile_file(text, "family").diagnostics
    told = [d.message for d in found if d.code in ("W410", "W413", "W414")]
    assert told == ["nothing uses the decision southern-floor", "nothing uses the message fold-it"], found
