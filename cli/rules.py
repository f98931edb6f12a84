"""Rules as they are for a division: what `show` and `division` print of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orderloom.cli.output import Table
from orderloom.cli.stop import Stop
from orderloom.dsl.divisions.effective import Family, Value, differing
from orderloom.dsl.suggest import hint_for


def known_division(found: Family, name: str) -> str:
    """The name of a division; ends the command where there is none of it."""
    if name not in found.branches:
        raise Stop(f"there is no division {name}; {hint_for(name, found.branches) or '`orderloom division add NAME` writes one'}")
    return name


def values_table(name: str, found: Family, about: str | None) -> Table:
    """The values in force for a division; only those of a kind, a document, or a key, where one is named."""
    values = found.values(name)
    chosen = [value for address, value in values.items() if about is None or _is_about(address, about)]
    if not chosen:
        parts = {part for address in values for part in address.split(".")[:2]}
        raise Stop(f"nothing of {name} is called {about}; {hint_for(str(about), parts) or 'name a kind, a document or a key'}")
    lineage = found.branches[name].lineage
    rows = [(each.address, each.text, _set_by(each, name), each.at) for each in chosen]
    above = f", which extends {', '.join(lineage[1:])}" if lineage[1:] else ""
    return Table(f"{name}{above}", ("key", "value", "set by", "at"), rows)


def difference_table(title: str, one: tuple[str, Mapping[str, Value]], other: tuple[str, Mapping[str, Value]]) -> Table:
    """What differs between two, with where each is set."""
    rows = [(key, _cell(a), _cell(b), told.at) for key, a, b in differing(one[1], other[1]) if (told := b or a) is not None]
    return Table(title, ("key", one[0], other[0], "at"), rows)


def constants_table(title: str, rows: Iterable[tuple[str, Iterable[tuple[str, Value]]]]) -> Table:
    """Keys with the values that disagree."""
    return Table(
        title, ("key", "value", "of", "at"), [(key, value.text, of, value.at) for key, those in rows for of, value in those]
    )


def _is_about(address: str, about: str) -> bool:
    kind, name, *path = address.split(".")
    every = (".".join((kind, name, *path)), ".".join((kind, *path)), ".".join((name, *path)))
    return any(each == about or each.startswith(f"{about}.") for each in every)


def _set_by(value: Value, division: str) -> str:
    return (
        value.set_by
        if value.set_by in (division, "workspace") or value.set_by.startswith("pack ")
        else f"{value.set_by}, inherited"
    )


def _cell(value: Value | None) -> str:
    return value.text if value is not None else "-"
