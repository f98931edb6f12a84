"""Built-in functions of contexts and booleans."""

from typing import Any

from orderloom.dsl.feel.compare import negation
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.signature import built_in
from orderloom.dsl.feel.values import from_python

Entries = dict[str, Any]


def get_entries(entries: Entries) -> list[Entries]:
    return [{"key": key, "value": value} for key, value in entries.items()]


def context_of(entries: list[Any]) -> Entries | None:
    """A context from items with `key` and `value`; null when one has neither, or when a key comes twice."""
    made: Entries = {}
    for entry in map(from_python, entries):
        if not isinstance(entry, dict) or "value" not in entry or not isinstance(entry.get("key"), str) or entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made


def put_one(entries: Entries, key: str, value: object) -> Entries:
    return {**entries, key: value}


def put_deep(entries: Entries, keys: list[object], value: object) -> Entries | None:
    """The context with the entry at a path of keys set, those on the way copied."""
    if not keys or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return {**entries, keys[0]: value}
    inner = from_python(entries.get(keys[0]))
    put = put_deep(inner, keys[1:], value) if isinstance(inner, dict) else None
    return None if put is None else {**entries, keys[0]: put}


def merge(contexts: list[Any]) -> Entries | None:
    merged: Entries = {}
    for entries in map(from_python, contexts):
        if not isinstance(entries, dict):
            return None
        merged |= entries
    return merged


ROWS: tuple[Function, ...] = (
    built_in("not(negand: Any): boolean", negation, "true for false, false for true, else null"),
    built_in("get value(m: context, key: string): Any", dict.get, "the entry of a context under a key"),
    built_in("get entries(m: context): list", get_entries, "a context's entries as a list of key and value"),
    built_in("context(entries: list): context", context_of, "a context from a list of key and value"),
    built_in("context put(context: context, key: string, value: Any): context", put_one, "a context with an entry set"),
    built_in("context put(context: context, keys: list, value: Any): context", put_deep, "with an entry inside set"),
    built_in("context merge(contexts: list): context", merge, "contexts laid over each other"),
)
