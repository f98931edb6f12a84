"""The `given` of a scenario, as an analyst writes it -> items, nodes, positions and supplies."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import TypeVar

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.items import item_of
from orderloom.adapters.imports.known import Known, known_by
from orderloom.adapters.imports.nodes import node_of
from orderloom.adapters.imports.slots import slot_of
from orderloom.adapters.imports.stock import position_of
from orderloom.adapters.imports.supply import supply_of
from orderloom.adapters.props import Props, bare_positions
from orderloom.dsl.program import Program

T = TypeVar("T")
Record = dict[str, object]


def props_of(given: Mapping[str, object], program: Program) -> tuple[Props, tuple[str, ...]]:
    """The props, and what is wrong with the givens.

    `items` and `nodes` are lists of records or maps by id. `stock` is units on hand by node and item, or a record in place of the
    units, or a list of records. `supply` is a list of records; it gets an id where it has none. `slots` are those others took.
    """
    problems: list[str] = []
    known = known_by(program, (), ())
    items = _decoded(_by_id(given.get("items")), item_of, known, "item", problems)
    nodes = _decoded(_by_id(given.get("nodes")), node_of, known, "node", problems)
    known = known_by(program, {item.id for item in items}, {node.id for node in nodes})
    positions = _decoded(_stock(given.get("stock")), position_of, known, "stock", problems)
    supplies = _decoded(_supply(given.get("supply")), supply_of, known, "supply", problems)
    taken = _decoded(_slots(given.get("slots")), slot_of, known, "slot", problems)
    there = (*positions, *bare_positions(supplies, positions))
    return Props(tuple(items), tuple(nodes), there, tuple(supplies), taken=tuple(taken)), tuple(problems)


def order_fields(record: Mapping[str, object], program: Program) -> tuple[Fields, Known]:
    """An order's record, to be decoded. Items may be unknown: what becomes of such an order is the process's business."""
    return Fields(record, "order"), known_by(program, Everything(), Everything())


class Everything(Container[str]):
    """Holds whatever is looked for."""

    def __contains__(self, _: object) -> bool:
        return True


def _decoded(
    records: Iterator[Record], decode: Callable[[Fields, Known], T], known: Known, what: str, problems: list[str]
) -> list[T]:
    found = []
    for record in records:
        name = " ".join(str(record[key]) for key in ("id", "node", "item", "resource", "day") if key in record)
        fields = Fields(record, f"{what} {name}", problems)
        found.append(decode(fields, known))
        problems += [f"{what} {name}: there is no field {unknown}" for unknown in sorted(record.keys() - fields.taken)]
    return found


def _by_id(written: object) -> Iterator[Record]:
    if isinstance(written, dict):
        yield from ({"id": key, **_record(value)} for key, value in written.items())
    else:
        yield from _list(written)


def _stock(written: object) -> Iterator[Record]:
    if not isinstance(written, dict):
        yield from _list(written)
        return
    for node, items in written.items():
        for item, value in _record(items).items():
            units = _record(value) if isinstance(value, dict) else {"on_hand": value}
            yield {"node": node, "item": item, "on_hand": 0, **{key.replace(" ", "_"): units[key] for key in units}}


def _supply(written: object) -> Iterator[Record]:
    for number, record in enumerate(_list(written), 1):
        yield {"id": f"SUPPLY-{number}", **{key.replace(" ", "_"): record[key] for key in record}}


def _slots(written: object) -> Iterator[Record]:
    """What others have taken: by resource and day, `full` or a list of slots."""
    if not isinstance(written, dict):
        yield from _list(written)
        return
    for resource, days in written.items():
        for day, slots in _record(days).items():
            for slot in slots if isinstance(slots, list) else [slots]:
                yield {"resource": resource, "day": day, "slot": slot}


def _list(written: object) -> Iterator[Record]:
    yield from (_record(entry) for entry in (written if isinstance(written, list) else []))


def _record(value: object) -> Record:
    return value if isinstance(value, dict) else {}
