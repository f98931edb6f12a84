"""Requests to change an order, as channels and analysts write them -> parts of a modification."""

from __future__ import annotations

from collections.abc import Container

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known, known_by
from orderloom.adapters.imports.orders import SHIP, address_of, line_of, price_of
from orderloom.dsl.program import Program
from orderloom.dsl.suggest import hint_for
from orderloom.engine.modifications.orders import unknown_what
from orderloom.engine.modifications.request import FIELDS, Part
from orderloom.engine.order import Address, Line
from orderloom.engine.refused import Refused

_PLACES = {"ship_to": "ship_to", "lines": "add", "attributes": "attributes"}  #: where a record of this kind stands in a change
_LINE = tuple(name for name in Line.__struct_fields__ if name not in ("attributes", "bill", "part_of", "apart"))
_ADDRESS = tuple(name for name in Address.__struct_fields__ if name != "attributes")


def parts_of(record: object, program: Program) -> tuple[Part, ...] | Refused:
    """One part or a list of them: { what: quantity, line: "1", quantity: 2 }. Fields that a part does not have are refused."""
    records = record if isinstance(record, list) else [] if record is None else [record]
    known = known_by(program, _ALL, _ALL)  # whether the store has an item is asked where the change is worked out
    found = []
    for number, each in enumerate(records, 1):
        part = _part(each, f"change {number}" if len(records) > 1 else "", known)
        if isinstance(part, Refused):
            return part
        found.append(part)
    return tuple(found) if found else Refused("nothing is said to be changed")


class _All(Container[str]):
    """Has every name."""

    def __contains__(self, name: object) -> bool:
        return True


_ALL = _All()


def _part(record: object, where: str, known: Known) -> Part | Refused:
    if not isinstance(record, dict):
        return Refused("a change is a map, such as { what: quantity, line: 1, quantity: 2 }")
    row = Fields(record, where)
    what = row.needed("what")
    if what and (unknown := unknown_what(what)) is not None:
        return unknown
    part = Part(
        what=what,
        line=row.id("line"),
        unit=row.id("unit"),
        quantity=None if row.raw("quantity") is None else row.count("quantity", least=0),
        item=row.id("item"),
        unit_price=price_of(row, "unit_price"),
        ship_to=_address(row, known),
        method=row.id("method"),
        pickup_node=row.id("pickup_node"),
        want_by=row.day("want_by"),
        attributes=_attributes(row, known),
        add=_added(row, known),
    )
    row.done("")
    problems = [*row.problems, *(_unknown(name, what, known) for name in sorted(row.unknown)), *_out_of_place(row, what)]
    return Refused("; ".join(problems)) if problems else part


def _address(row: Fields, known: Known) -> Address | None:
    """The fields that are given; those that are not stay as they are, so that an empty one can only be a mistake."""
    given = row.raw("ship_to")
    for name, value in given.items() if isinstance(given, dict) else ():
        if value is None or value == "":
            row.problem(f"ship_to: {name} is empty; a field of an address is replaced, not removed")
    return address_of(row, known)


def _attributes(row: Fields, known: Known) -> dict[str, object]:
    part = row.part("attributes")
    if part is None:
        return {}
    found = part.attributes(known.attributes.get(_owner(row)))
    part.done("attributes")
    return found


def _owner(row: Fields) -> str:
    return "order" if row.raw("line") is None else "line"


def _added(row: Fields, known: Known) -> Line | None:
    part = row.part("add")
    return None if part is None else line_of(part, known, SHIP)


def _out_of_place(row: Fields, what: str) -> list[str]:
    """Fields that this kind of change has nothing to do with."""
    takes = FIELDS.get(what, ())
    there = [name for name in row.values if name in Part.__struct_fields__ and name not in ("what", *takes)]
    return [f"{what} has no {name}; it takes {', '.join(takes)}" for name in there if what]


def _unknown(name: str, what: str, known: Known) -> str:
    """Where a field is written that nothing declares, with those that may be meant."""
    entity, _, field = name.rpartition(".")
    names: dict[str, tuple[str, ...]] = {
        "ship_to": (*_ADDRESS, *known.attributes.get("ship_to", ())),
        "lines": (*_LINE, *known.attributes.get("line", ())),
        "attributes": (*known.attributes.get("order", ()), *known.attributes.get("line", ())),
    }
    there = names.get(entity, FIELDS.get(what, tuple(FIELDS)))
    return f"{_PLACES.get(entity, what)} has no field {field}; {hint_for(field, there) or 'it has ' + ', '.join(there)}"
