"""A name changed wherever it stands, if the workspace means the same afterwards."""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct

from orderloom.dsl.authoring.names import Symbol, Use, symbol_at, uses
from orderloom.dsl.authoring.whole import Whole
from orderloom.dsl.fixes import Edit, Fix, made
from orderloom.dsl.fixes.repair import Check

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
FEEL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Refused(Struct, frozen=True):
    """Why a name stays."""

    because: str


def nameable(whole: Whole, path: str, at: int) -> Use | Refused:
    """The name at a place, if its own definition stands in the workspace."""
    found = uses(whole)
    use = symbol_at(found, path, at)
    if use is None:
        return Refused("there is no name here that could be another")
    homes = [each for each in found if each.symbol == use.symbol and each.defines]
    if not homes:
        return Refused(f"{use.symbol.name} is not defined in this workspace")
    if any(each.span.source.pack is not None for each in found if each.symbol == use.symbol):
        return Refused(f"{use.symbol.name} is a name of the pack, which others may use")
    return use


def renamed(whole: Whole, path: str, at: int, name: str, check: Check) -> Fix | Refused:
    """The edits that give a thing another name; refused where something else would be said of the workspace then."""
    use = nameable(whole, path, at)
    if isinstance(use, Refused):
        return use
    symbol = use.symbol
    if not (FEEL_NAME if symbol.kind == "field" else NAME).fullmatch(name):
        return Refused(f"{name} cannot be a name: it has letters, digits, - and _, and begins with a letter")
    found = uses(whole)
    if any(each.symbol == Symbol(symbol.kind, name, symbol.home) for each in found):
        return Refused(f"there is a {symbol.kind} {name} already")
    edits = tuple(Edit(each.span, name) for each in found if each.symbol == symbol)
    fix = Fix(f"call {symbol.name} {name}", edits)
    after = check(made(whole.files.values(), [fix]))
    worse = Counter(each.code for each in after) - Counter(each.code for each in whole.found)
    if worse:
        first = next(each for each in after if each.code in worse)
        return Refused(f"it stands where it cannot be changed: {first.span}: {first.message}")
    return fix
