"""Requests to change an order, as channels and analysts write them -> parts of a modification."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.engine.modifications.request import Part
from orderloom.engine.refused import Refused


def parts_of(record: object) -> tuple[Part, ...] | Refused:
    """One part or a list of them: { what: quantity, line: "1", quantity: 2 }. Fields that a part does not have are refused."""
    records = record if isinstance(record, list) else [record]
    found = []
    for each in records:
        part = _part(each)
        if isinstance(part, Refused):
            return part
        found.append(part)
    return tuple(found) if found else Refused("nothing is said to be changed")


def _part(record: object) -> Part | Refused:
    if not isinstance(record, dict):
        return Refused("a change is a map, such as { what: quantity, line: 1, quantity: 2 }")
    unknown = sorted(str(name) for name in record if name not in Part.__struct_fields__)
    if unknown:
        return Refused(f"a change has no field {', '.join(unknown)}; it has {', '.join(Part.__struct_fields__)}")
    try:
        return msgspec.convert(_plain(record), Part, strict=False)
    except msgspec.ValidationError as fault:
        return Refused(str(fault))


def _plain(value: Any) -> Any:
    """Ids are texts, whatever YAML makes of them."""
    if isinstance(value, dict):
        return {key: str(each) if key in ("line", "unit", "id") else _plain(each) for key, each in value.items()}
    return value
