"""The reference of the language as Markdown, made from what the compiler itself goes by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orderloom.dsl.actions import ACTIONS, EVENTS
from orderloom.dsl.codes import Example, Page, pages
from orderloom.dsl.entities import ENTITIES, EXTENSIBLE, SCOPES
from orderloom.dsl.fields import (
    Allowed,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Plain,
    Ref,
    Section,
    Syntax,
    TypeText,
    ValueType,
    Variants,
    keys,
)
from orderloom.dsl.functions import FUNCTIONS
from orderloom.dsl.leaves import wanted
from orderloom.dsl.syntax import KINDS, Manifest
from orderloom.dsl.syntax.migration import Migration


def language() -> str:
    """The page of all kinds, with what expressions may speak of."""
    parts = ["# The language", _INTRODUCTION, *_kind("orderloom.yaml", Manifest)]
    for kind, of in KINDS.items():
        parts += _kind(f"kind: {kind}", of)
    parts += _kind("kind: migration", Migration)
    parts += [*_expressions(), *_actions()]
    return "\n\n".join(parts) + "\n"


def diagnostics() -> str:
    """The page of all codes."""
    parts = ["# Diagnostics", "What the compiler says, why, and what to do. `orderloom explain CODE` shows one of these pages."]
    for page in pages().values():
        parts += _page(page)
    return "\n\n".join(parts) + "\n"


_INTRODUCTION = """\
A workspace is a folder with `orderloom.yaml`, `processes/`, `rules/` and `scenarios/`. Each `.yaml` file in these folders
has one or more documents, separated by `---`. Every document says its `kind`. A document of the workspace replaces the one
of its kind and name in a pack.

YAML is read as YAML 1.2: `on`, `off`, `yes` and `no` are texts. This page is made from the compiler's own declarations. What a
scenario may say is told in [Scenarios](scenarios.md)."""


def _kind(title: str, of: type[Syntax]) -> Iterator[str]:
    yield f"## `{title}`"
    yield _doc(of)
    yield _keys_table(of)
    for part in _parts(of):
        yield f"### {_heading(part)}"
        yield from [_doc(part)] if part.__doc__ else []
        yield _keys_table(part)


def _heading(of: type[Syntax]) -> str:
    mark = next((key for key in keys(of) if key.marks), None)
    return f"`{mark.text}`" if mark is not None else of.__name__


def _doc(of: type[Syntax]) -> str:
    return " ".join((of.__doc__ or "").split())


def _parts(of: type[Syntax], found: list[type[Syntax]] | None = None) -> list[type[Syntax]]:
    """The classes that stand below, each once, in the order of their appearance; some stand below themselves."""
    found = [] if found is None else found
    for key in keys(of):
        for part in _classes(key.type):
            if part not in found:
                found.append(part)
                _parts(part, found)
    return found


def _classes(type: ValueType) -> tuple[type[Syntax], ...]:
    match type:
        case ListOf(of) | MapOf(of):
            return _classes(of)
        case Section(of):
            return (of,)
        case Variants(of):
            return tuple(of)
        case _:
            return ()


def _keys_table(of: type[Syntax]) -> str:
    return _table(("key", "value", ""), (_row(key) for key in keys(of)))


def _row(key: Key) -> tuple[str, str, str]:
    name = "any other key" if key.rest else f"`{key.text}`"
    return name, described(key.type), ("required. " if key.required else "") + key.doc


def described(type: ValueType) -> str:
    """What stands behind a key, in words."""
    match type:
        case ListOf(of):
            return f"list of {_plural(of)}"
        case MapOf(of, key):
            return f"map: {wanted(key)} to {described(of)}"
        case Section(of, short):
            return (f"its {short}, or a " if short else "") + f"map, see {_heading(of)}"
        case Variants(_, what):
            return f"map with a {what}"
        case TypeText():
            return "a FEEL type, or a list of texts"
        case Allowed():
            return "what a cell may say, or a list of values"
        case Plain():
            return "anything"
        case _:
            return wanted(type)


def _plural(type: ValueType) -> str:
    match type:
        case Ref(to):
            return f"names of {to}s"
        case Section(of):
            return f"maps, see {_heading(of)}"
        case Variants(_, what):
            return f"maps, each with a {what}"
        case OneOf(values):
            return "these: " + ", ".join(values)
        case _:
            words = described(type)
            return words.split(" ", 1)[1] + "s" if words in ("a text", "a name", "a whole number") else words


def _expressions() -> Iterator[str]:
    yield "## What expressions speak of"
    yield "Every expression is FEEL of DMN 1.5. What it sees depends on its place."
    yield _table(("place", "names"), ((place, ", ".join(f"`{name}`" for name in names)) for place, names in SCOPES.items()))
    yield f"A document of kind `attributes` adds fields to {', '.join(EXTENSIBLE)}."
    for entity, fields in ENTITIES.items():
        yield f"### `{entity}`"
        yield _table(("field", "type"), ((f"`{name}`", kind) for name, kind in fields.items()))
    yield "## Functions besides those of FEEL"
    yield _table(("function", ""), ((f"`{f.name}({', '.join(p.name for p in f.params)})`", f.doc) for f in FUNCTIONS.values()))


def _actions() -> Iterator[str]:
    yield "## Actions"
    rows = ((f"`{a.name}`", a.purpose, ", ".join(f"`{o}`" for o in a.outcomes), a.doc) for a in ACTIONS.values())
    yield _table(("action", "for", "outcomes, the main one first", ""), rows)
    yield "## Events of the engine"
    events = ((f"`{event.name}`", event.doc, ", ".join(f"`{name}`" for name in event.fields)) for event in EVENTS.values())
    yield _table(("event", "happens when", "fields"), events)


def _page(page: Page) -> Iterator[str]:
    yield f"## {page.code}: {page.title}"
    yield page.why
    yield f"Not so:\n\n{_fenced(page.bad)}"
    yield f"But so:\n\n{_fenced(page.good)}"


def _fenced(example: Example) -> str:
    return f"```{example.language}\n{example.text}\n```"


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(headings)]
    lines += [["---"] * len(lines[0])]
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
