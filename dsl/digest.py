"""The content of a program as one number: equal definitions have equal digests, wherever and however they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Division, Formula, Origin, Program
from orderloom.dsl.program.whole import RULES, differing
from orderloom.dsl.tables import Table

Texts = dict[int, tuple[object, str]]  #: of values that are held, so that no other one gets their id


def digest(program: Program, texts: Texts | None = None) -> Program:
    """The program with its digest: SHA-256 over its canonical JSON, without places.

    `texts` has what is known of parts of it, and gets what is found out.
    """
    known: Texts = {}
    parts = {name: getattr(program, name) for name in program.__struct_fields__}
    written = {name: _part(part, texts or {}, known) for name, part in parts.items()}
    written |= {"is": _json("Program"), "digest": _json("")}
    if program.divisions:
        written["divisions"] = _json({name: _division(each, program) for name, each in program.divisions.items()})
    if texts is not None:
        texts.clear()
        texts.update(known)
    return replace(program, digest=sha256(_object(written).encode("ascii")).hexdigest())


def _part(part: object, before: Texts, known: Texts) -> str:
    if not isinstance(part, dict):
        return _json(canonical(part))
    for each in part.values():
        known[id(each)] = before.get(id(each)) or (each, _json(canonical(each)))
    return _object({str(name): known[id(each)][1] for name, each in part.items()})


def _object(written: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{_json(name)}:{written[name]}" for name in sorted(written)) + "}"


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def canonical(value: object) -> object:
    """The value as JSON, without what does not belong to its content: places, compiled code, indexes."""
    match value:
        case None | bool() | int() | str():
            return value
        case Formula(text):
            return " ".join(text.split()) if '"' not in text else text
        case Table():
            return _table(value)
        case Mapping():
            return {str(key): canonical(item) for key, item in value.items()}
        case frozenset():
            return sorted(str(item) for item in value)
        case tuple() | list():
            return [canonical(item) for item in value]
        case Struct():
            parts = {name: getattr(value, name) for name in value.__struct_fields__}
            kept = {name: canonical(part) for name, part in parts.items() if not isinstance(part, Origin)}
            return {"is": type(value).__name__, **kept}
        case _:
            return str(value)


def _division(division: Division, base: Program) -> object:
    """What a division is besides the program without it: only values that are not the very same are looked at."""
    own = {name: getattr(division, name) for name in ("lineage", "own", "without", "orders", "title")}
    return canonical(own | {"rules": {field: differing(field, division.program, base) for field in RULES}})


def _table(table: Table) -> object:
    rows = [[*(cell.text for cell in row.cells), *(result.text for result in row.results)] for row in table.rows]
    inputs = [[c.name, str(c.type), c.allowed.text if c.allowed else ""] for c in table.inputs]
    outputs = [[c.name, str(c.type), *(part.text if part else "" for part in (c.allowed, c.default))] for c in table.outputs]
    return {"hit": str(table.policy), "inputs": inputs, "outputs": outputs, "rows": rows}
