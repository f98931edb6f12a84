"""The decision requirement graph: what DMN's export says, drawn without anything lying on anything."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from geometry import boxes, meet, piece

from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.dmn import dmn_export, document_of
from orderloom.dsl.packs import pack_sources, packs
from orderloom.dsl.pictures.decisions import decisions_mermaid, decisions_svg, laid_out, needs
from orderloom.dsl.program import Program

HREF = "{https://www.omg.org/spec/DMN/20230324/MODEL/}"
TWO = """
kind: decision
name: weight-class
given: { weight: number }
value: if weight > 30 then "heavy" else "light"
---
kind: decision
name: carriage
given: { weight: number, price: number }
value: if weight-class(weight) = "heavy" then price * 2 else price
"""


def program(pack: str) -> Program:
    found = compile(pack_sources(pack)).program
    assert found is not None
    return found


def test_a_decision_needs_what_it_calls_and_what_it_is_given(compile_file: Callable[[str], Compiled]) -> None:
    compiled = compile_file(TWO)
    assert compiled.program is not None, compiled.diagnostics
    found = needs(compiled.program)
    assert found.needed["carriage"] == ("data:weight", "data:price", "weight-class")
    assert found.needed["weight-class"] == ("data:weight",)
    assert "  s_weight_class --> s_carriage" in decisions_mermaid(compiled.program).splitlines()
    documents = [document_of(compiled.program.decisions[name]) for name in ("weight-class", "carriage")]
    root = ElementTree.fromstring(dmn_export(documents))
    assert [each.get("href") for each in root.iter(f"{HREF}requiredDecision")] == ["#decision-weight-class"]


def test_what_stands_in_a_text_is_no_call(compile_file: Callable[[str], Compiled]) -> None:
    text = TWO + "---\nkind: decision\nname: told\nvalue: '\"carriage(1, 2) is \" + string(weight-class(3))'\n"
    program = compile_file(text).program
    assert program is not None
    assert needs(program).needed["told"] == ("weight-class",)


@pytest.mark.parametrize("pack", packs())
def test_everything_is_drawn_below_what_it_needs_and_nothing_lies_on_anything(pack: str) -> None:
    found = needs(program(pack))
    layout = laid_out(found)
    assert layout.at.keys() == found.lane.keys() >= program(pack).decisions.keys()
    assert all(layout.at[each][1] < layout.at[name][1] for name, others in found.needed.items() for each in others)
    where = boxes(layout)
    assert not [pair for pair in combinations(where, 2) if meet(where[pair[0]], where[pair[1]])]
    for points in layout.points.values():
        assert not [name for a, b in pairwise(points) for name, box in where.items() if meet(piece(a, b), box)]
    root = ElementTree.fromstring(decisions_svg(program(pack)))
    assert {node.get("data-step") for node in root.iter() if node.get("data-step")} == set(found.lane)
