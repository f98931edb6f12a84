"""The methods that an order may ask for are those of the services of its own rules."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.compile import compile_pack
from orderloom.dsl.program import Division, Origin, Program
from orderloom.engine.methods import methods_of, methods_of_any, no_method


def pack(name: str) -> Program:
    found = compile_pack(name).program
    assert found is not None
    return found


def test_they_are_those_of_the_services_and_visits_where_these_are_booked() -> None:
    assert methods_of(pack("retail")) == {"ship", "pickup"}
    assert methods_of(pack("telecom")) == {"ship", "connect", "service"}
    assert no_method("fly", methods_of(pack("retail"))) == "there is no method fly; known: pickup, ship"
    assert no_method("fly", frozenset()) == ""  # of a program that promises nothing


def test_a_division_has_its_own_and_who_names_none_may_turn_out_to_be_of_any() -> None:
    ships = pack("retail")
    visits = Division("field", "Field work", ("field",), None, None, None, pack("telecom"), Origin("d.yaml", 1))
    program = replace(ships, divisions={"field": visits})
    assert methods_of_any(program, "field") == {"ship", "connect", "service"}
    assert methods_of_any(program, None) == {"ship", "pickup", "connect", "service"}
