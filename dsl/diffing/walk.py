"""Two compiled definitions side by side: every expression, table and value of which they have not the same.

Kinds of definitions are not known here: what is frozen and has fields is walked field by field, so that a new kind or key is
compared without a line more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from orderloom.dsl.digest import canonical
from orderloom.dsl.feel.types import ContextType, FunctionType, ListType, RangeType, Simple
from orderloom.dsl.program import Decision, Formula, Origin
from orderloom.dsl.tables.extent import shown

Address = tuple[str, ...]

_TYPES = (Simple, ListType, RangeType, ContextType, FunctionType)
_UNSAID = frozenset({"formula", "table"})  #: fields that the language has no word for
#: Fields that are called otherwise in the language.
_KEYS = {
    "exclusions": "exclude",
    "pools": "candidates",
    "terms": "costs",
    "max shipments": "limits: shipments",
    "pickup places": "limits: pickup places",
    "slip": "if supply slips",
    "saves": "saves at least",
}
#: A part of a list is called by the first of these that it has.
_NAMES = ("name", "because", "notify", "stock_class", "type", "status", "per", "field", "item")


class Differing(Struct, frozen=True):
    """Two values at one address that are not the same; None where one side has none. `at` is where the new one stands.

    `field` is the declared field that has them; empty where the address ends in a name of the user's own.
    """

    address: Address
    old: Any
    new: Any
    at: str = ""
    field: str = ""

    @property
    def what(self) -> str:
        """The address in the words of the language."""
        return ": ".join(_KEYS.get(part, part) for part in self.address if part not in _UNSAID)


def differing(old: Any, new: Any, address: Address, at: str = "", field: str = "") -> Iterator[Differing]:
    """What differs between two values of the same kind, from the outside in; equal parts are passed over."""
    at = _origin(new) or _origin(old) or at
    if old is new or canonical(old) == canonical(new):
        return
    formulas = all(each is None or isinstance(each, Formula) for each in (old, new))
    if formulas or type(old) is not type(new) or isinstance(old, (Decision, *_TYPES)):
        yield Differing(address, old, new, at, field)
    elif isinstance(old, Struct):
        for name in old.__struct_fields__:
            if name not in ("origin", "name"):
                yield from differing(getattr(old, name), getattr(new, name), (*address, name.replace("_", " ")), at, name)
    elif isinstance(old, Mapping):
        yield from _of_maps(old, new, address, at)
    elif isinstance(old, tuple) and any(isinstance(each, Struct) for each in (*old, *new)):
        yield from _of_lists(old, new, address, at)
    else:
        yield Differing(address, old, new, at, field)


def _of_maps(old: Mapping[Any, Any], new: Mapping[Any, Any], address: Address, at: str) -> Iterator[Differing]:
    for key in dict.fromkeys((*old, *new)):
        if key in old and key in new:
            yield from differing(old[key], new[key], (*address, str(key)), at)
        else:
            yield _alone(old.get(key), new.get(key), (*address, str(key)), at)


def _of_lists(old: tuple[Any, ...], new: tuple[Any, ...], address: Address, at: str) -> Iterator[Differing]:
    """Parts by what they are called; those that both have and that stand in another order are told of once."""
    before, after = _by_name(old), _by_name(new)
    yield from _of_maps(before, after, address, at)
    orders = [name for name in before if name in after], [name for name in after if name in before]
    if orders[0] != orders[1]:
        yield Differing((*address, "order"), orders[0], orders[1], at)


def _by_name(parts: tuple[Any, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, part in enumerate(parts, 1):
        names = (getattr(part, name, None) for name in _NAMES)
        name = next((each for each in names if isinstance(each, str) and each), str(number))
        found[name if name not in found else f"{name} ({number})"] = part
    return found


def _alone(old: Any, new: Any, address: Address, at: str) -> Differing:
    return Differing(address, old, new, _origin(new) or _origin(old) or at)


def _origin(value: Any) -> str:
    origin = getattr(value, "origin", None)
    return str(origin) if isinstance(origin, Origin) else ""


def said(value: Any) -> str:
    """A value in the analyst's words, on one line."""
    match value:
        case None:
            return "nothing"
        case Formula(text=text):
            return " ".join(text.split())
        case timedelta():
            return shown(value)
        case bool() | int() | Decimal():
            return shown(value)
        case str():
            return value or "nothing"
        case Mapping():
            return ", ".join(f"{key}: {said(each)}" for key, each in value.items()) or "nothing"
        case frozenset():
            return ", ".join(sorted(map(said, value))) or "nothing"
        case tuple() | list():
            return ", ".join(map(said, value)) or "nothing"
        case Struct() if not isinstance(value, _TYPES):
            return _of_fields(value)
    return str(value)


def _of_fields(value: Struct) -> str:
    parts = [(name, getattr(value, name)) for name in value.__struct_fields__ if name not in ("origin", "title", "name")]
    told = [f"{name.replace('_', ' ')} {said(each)}" for name, each in parts if each not in (None, (), {}, "", False)]
    return ", ".join(told) or str(getattr(value, "name", "it"))
