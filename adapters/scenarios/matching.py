"""Compares what an analyst expects with what there is: only what is mentioned counts, and every difference is said in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from orderloom.dsl.suggest import hint_for


def differences(expected: object, found: object, where: str) -> Iterator[str]:
    """Nothing where what is expected is there.

    A map may leave out keys; a list must have all entries, in order. Numbers compare by value, dates and moments by their text,
    and a text also fits a list that holds it, or a record whose `name` it is, or whose `type` where it has no name.
    """
    if isinstance(expected, dict) and isinstance(found, Mapping):
        for key, value in expected.items():
            if key in found:
                yield from differences(value, found[key], f"{where}.{key}")
            else:
                yield _absent(key, found, where)
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _entries(expected, found, where)
    elif not same(expected, found):
        yield f"{where}: expected {shown(expected)}, found {shown(found)}"


def _entries(expected: list[object], found: list[object], where: str) -> Iterator[str]:
    if len(expected) != len(found):
        said = f"{where}: expected {len(expected)}, found {len(found)}: {shown(found)}"
        yield "\n".join((said, *_set_against(expected, found))) if max(len(expected), len(found)) > 1 else said
        return
    for number, (one, other) in enumerate(zip(expected, found, strict=True), 1):
        yield from differences(one, other, f"{where} {number}")


def _set_against(expected: list[object], found: list[object]) -> Iterator[str]:
    """Two lists line by line: what is as expected, what is missing (-), and what nobody expected (+)."""
    at = 0
    for one in expected:
        fitting = next((place for place in range(at, len(found)) if not any(differences(one, found[place], ""))), None)
        if fitting is None:
            yield f"- {shown(one)}"
            continue
        yield from (f"+ {shown(found[place])}" for place in range(at, fitting))
        yield f"  {shown(found[fitting])}"
        at = fitting + 1
    yield from (f"+ {shown(other)}" for other in found[at:])


def same(expected: object, found: object) -> bool:
    """Whether a single value is the expected one."""
    if isinstance(expected, bool) or isinstance(found, bool) or found is None or expected is None:
        return expected is found
    if isinstance(found, (int, Decimal)):
        return isinstance(expected, (int, Decimal)) and expected == found
    if isinstance(found, datetime):
        return _moment(str(expected)) == found
    if isinstance(found, list):
        return any(same(expected, entry) for entry in found)
    if isinstance(found, Mapping):
        called = found.get("name", found.get("type"))
        return called is not None and same(expected, called)
    return str(expected) == str(found)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _absent(key: str, found: Mapping[str, object], where: str) -> str:
    there = ", ".join(map(str, found)) or "nothing"
    hint = hint_for(key, [str(name) for name in found])
    return f"{where}: there is no {key}; there is {there}" + (f"; {hint}" if hint.startswith("did") else "")


def shown(value: object) -> str:
    """A value as an analyst would write it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key}: {shown(entry)}" for key, entry in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, value)) + "]"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)
