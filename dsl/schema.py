"""JSON Schema of the language for editors, made from the declarations of `syntax.py`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderloom.dsl.fields import (
    Allowed,
    Date,
    DateTime,
    Duration,
    Formula,
    Hours,
    HowMany,
    ListOf,
    MapOf,
    Name,
    NodeSet,
    Number,
    OneOf,
    Plain,
    Ref,
    Section,
    Syntax,
    Text,
    Trigger,
    TypeText,
    ValueType,
    Variants,
    Weekdays,
    keys,
)
from orderloom.dsl.syntax import KINDS, Manifest
from orderloom.dsl.syntax.migration import Migration

Json = dict[str, Any]

ALL: dict[str, type[Syntax]] = KINDS | {"migration": Migration}  #: with the one that stands beside a workspace

DIALECT = "http://json-schema.org/draft-07/schema#"  # the newest that all editors read
_WORDS: Json = {"type": ["string", "number", "boolean", "null"]}  # YAML gives a plain 5 or true as what it looks like
_NAME = "^[A-Za-z][A-Za-z0-9_-]*$"
_FEEL_NAME = "^[A-Za-z_][A-Za-z0-9_]*$"
_DAYS = "^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?$"


def document_schema() -> Json:
    """The schema of one document of any kind."""
    definitions: Json = {}
    return {"$schema": DIALECT, **_any_kind(definitions), "$defs": definitions}


def kind_schema(kind: str) -> Json:
    """The schema of one document of a kind of `ALL`."""
    definitions: Json = {}
    reference = _section(ALL[kind], definitions, {"kind": {"const": kind}})
    return {"$schema": DIALECT, "$ref": reference, "$defs": definitions}


def manifest_schema() -> Json:
    """The schema of `orderloom.yaml`."""
    definitions: Json = {}
    return {"$schema": DIALECT, "$ref": _section(Manifest, definitions, {}), "$defs": definitions}


def language_schema() -> Json:
    """The schema of every file of a workspace: its manifest, or documents of any kind."""
    definitions: Json = {}
    manifest = {"$ref": _section(Manifest, definitions, {})}
    is_manifest = {"required": ["orderloom"]}
    return {
        "$schema": DIALECT,
        "title": "Orderloom",
        "if": is_manifest,
        "then": manifest,
        "else": _any_kind(definitions),
        "$defs": definitions,
    }


def _any_kind(definitions: Json) -> Json:
    cases = [
        {"if": _is_kind(kind), "then": {"$ref": _section(of, definitions, {"kind": {"const": kind}})}} for kind, of in ALL.items()
    ]
    kind = {"description": "What the document defines.", "enum": list(ALL)}
    return {"type": "object", "properties": {"kind": kind}, "required": ["kind"], "allOf": cases}


def _is_kind(kind: str) -> Json:
    return {"properties": {"kind": {"const": kind}}, "required": ["kind"]}


def _section(of: type[Syntax], definitions: Json, also: Json) -> str:
    """Where the schema of a class stands among the definitions; it is put there first."""
    name = f"{of.__module__.rpartition('.')[2]}.{of.__name__}"  # two kinds may each have a class of one name
    if name not in definitions:
        definitions[name] = {}  # holds the place, should a class ever contain itself
        declared = [key for key in keys(of) if not key.rest]
        properties = {key.text: {"description": key.doc, **_value(key.type, definitions)} for key in declared}
        definitions[name] = {
            "type": "object",
            "description": (of.__doc__ or "").split("\n")[0],
            "properties": {**also, **properties},
            "required": [*also, *(key.text for key in declared if key.required)],
            "additionalProperties": any(key.rest for key in keys(of)),
        }
    return f"#/$defs/{name}"


def _value(type: ValueType, definitions: Json) -> Json:
    match type:
        case ListOf(of):
            return {"type": ["array", "null"], "items": _value(of, definitions)}
        case MapOf(of, key):
            return {"type": ["object", "null"], "additionalProperties": _value(of, definitions), "propertyNames": _key(key)}
        case Section(of, short):
            empty = [] if any(key.required for key in keys(of)) else [{"type": "null"}]
            others = empty + _in_short(of, short)
            reference = {"$ref": _section(of, definitions, {})}
            return {"anyOf": [reference, *others]} if others else reference
        case Variants(classes):
            return {"anyOf": [{"$ref": _section(of, definitions, {})} for of in classes]}
        case _:
            return _leaf(type)


def _in_short(of: type[Syntax], short: str) -> list[Json]:
    """The plain value that may stand in the place of a map."""
    known = next((key.type for key in keys(of) if key.text == short), None)
    return [_leaf(known) if isinstance(known, TypeText) else dict(_WORDS)] if short else []


def _key(type: ValueType) -> Json:
    match type:
        case Name(feel):
            return {"pattern": _FEEL_NAME if feel else _NAME}
        case Weekdays():
            return {"pattern": _DAYS}
        case _:
            return {}


def _leaf(type: ValueType) -> Json:
    match type:
        case Name(feel):
            return {"type": "string", "pattern": _FEEL_NAME if feel else _NAME}
        case Number(low, high, whole):
            limits = {"minimum": low, "maximum": high}
            return {
                "type": "integer" if whole else "number",
                **{name: int(limit) for name, limit in limits.items() if limit is not None},
            }
        case Formula(low=Decimal() as low, high=high):
            limits = {"minimum": low, "maximum": high}
            bounds = {name: int(limit) for name, limit in limits.items() if limit is not None}
            return {"anyOf": [{"type": "string"}, {"type": "number", **bounds}]}
        case Formula(listed=str() as listed) if listed:
            return {"anyOf": [dict(_WORDS), {"type": "array", "items": dict(_WORDS)}]}
        case OneOf(("true", "false")):
            return {"type": "boolean"}
        case OneOf(values):
            return {"enum": list(values)}
        case TypeText():
            return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
        case Allowed() | NodeSet():
            return {"anyOf": [dict(_WORDS), {"type": "array", "items": dict(_WORDS), "minItems": 1}]}
        case Duration():
            return {"type": "string", "pattern": "^P"}
        case Hours():
            return {"type": "string", "pattern": r"^(\d\d:\d\d-\d\d:\d\d|closed)$"}
        case HowMany():
            return {"anyOf": [{"enum": ["all", "any"]}, {"type": "integer", "minimum": 1}]}
        case Date():
            return {"type": "string", "format": "date"}
        case DateTime():
            return {"type": "string", "format": "date-time"}
        case Plain():
            return {}
        case Text() | Ref() | Formula() | Trigger() | _:
            return dict(_WORDS)
