"""Decisions as they are written."""

from __future__ import annotations

from orderloom.dsl.fields import (
    Allowed,
    Formula,
    ListOf,
    Located,
    MapOf,
    Name,
    OneOf,
    Pair,
    Syntax,
    Text,
    TypeText,
    WrittenType,
    key,
)

HITS = (
    "unique", "any", "priority", "first", "rule order", "output order",
    "collect", "collect sum", "collect min", "collect max", "collect count",
)  # fmt: skip


class Decision(Syntax, frozen=True, eq=False):
    """A decision table or a FEEL expression. With `given`, expressions call it by its name, like a function.

    `where` names what the logic needs on its way: a part of it, a list, a function, the answer of another decision.
    """

    name: Located[str] = key("name", Name(), "Name, unique among decisions.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    given: tuple[Pair[WrittenType], ...] = key("given", MapOf(TypeText(), Name(feel=True)), "Parameters with their types.")
    where: tuple[Pair[Located[str]], ...] = key(
        "where", MapOf(Formula("decision"), Name(feel=True)), "Values by name, worked out first; each sees those above it."
    )
    hit: Located[str] | None = key("hit", OneOf(HITS), "Which matching rows count, as in DMN; `unique` unless said.")
    inputs: tuple[Pair[Located[str]], ...] = key(
        "inputs", MapOf(Formula("decision"), Name(feel=True)), "The table's input columns; without them the parameters."
    )
    outputs: tuple[Pair[WrittenType], ...] = key(
        "outputs", MapOf(TypeText(), Name(feel=True)), "The output columns with their types."
    )
    allowed: tuple[Pair[WrittenType], ...] = key(
        "allowed",
        MapOf(Allowed(), Name(feel=True)),
        "By column, the only values that occur; those of an output stand in the order of their priority.",
    )
    default: tuple[Pair[Located[str]], ...] = key(
        "default",
        MapOf(Formula("decision"), Name(feel=True)),
        "By output, what holds where no row answers; null where nothing does.",
    )
    table: Located[str] | None = key("table", Text(), "The rows as a text table: inputs || outputs | note.")
    rows: tuple[tuple[Located[str], ...], ...] = key("rows", ListOf(ListOf(Text())), "The rows as lists of cells.")
    file: Located[str] | None = key("file", Text(), "A CSV or XLSX file with the rows, relative to this file.")
    value: Located[str] | None = key("value", Formula("decision"), "One FEEL expression instead of a table.")
