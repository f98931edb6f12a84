"""What may stand at a place: keys, names, words, and inside expressions names, fields and functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.authoring.inside import inside
from orderloom.dsl.authoring.item import Item
from orderloom.dsl.authoring.spot import Kinds, Spot, chosen, spot
from orderloom.dsl.authoring.whole import Whole
from orderloom.dsl.checks.holds import holds_of
from orderloom.dsl.checks.tables import referenced_kind
from orderloom.dsl.events import known_events
from orderloom.dsl.feel.types import BY_NAME
from orderloom.dsl.fields import Allowed, Formula, HowMany, NodeSet, OneOf, Ref, Syntax, Text, Trigger, TypeText, keys
from orderloom.dsl.leaves import wanted
from orderloom.dsl.nodes import Map, Scalar, Seq
from orderloom.dsl.packs import packs
from orderloom.dsl.reader import read
from orderloom.dsl.schema import ALL
from orderloom.dsl.source import Source
from orderloom.dsl.steps import Process, Step
from orderloom.dsl.syntax import Decision

MARK = "qzx"  #: stands at the cursor, so that what is half written can be read
_KIND_FIRST = "What the document defines."

Look = Callable[[Source], Whole]  #: the workspace with another text of one file


class Marked(Struct, frozen=True, eq=False):
    """A file with the mark at the cursor, and what it stands in."""

    source: Source
    spot: Spot


def marked(source: Source, at: int) -> Marked | None:
    """The first way to read what is half written: as a value, as a key, and both without what comes below."""
    text = source.text
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    after = re.search(r"^(---|kind:)", text[end:], re.MULTILINE)
    below = text[end:], text[end + after.start() - 1 :] if after else "\n"
    for rest in below:
        for mark in (MARK, f"{MARK}: x"):
            tried = Source(source.path, (text[:at] + mark + text[at:end] + rest).encode(), source.pack)
            found = spot(tried, read(tried)[0], at)
            if found is not None and MARK in found.node.text:
                return Marked(tried, found)
    return None


def complete(source: Source, at: int, look: Look) -> tuple[Item, ...]:
    """What may stand at an offset of a file, with where it would begin."""
    found = marked(source, at)
    if found is None:
        return ()
    here = found.spot
    if here.is_key:
        return tuple(_keys(here, as_key=_is_key(found, at)))
    if here.node.style == "|" and here.key is not None and here.key.text == "table":
        return _in_table(found, at, look(found.source))
    match here.type:
        case Formula() | NodeSet() | Allowed():
            return inside(found.source, here.node, at, MARK, look(found.source))
        case Trigger():
            whole = look(found.source)
            return (*_named("event", here, whole, found), *inside(found.source, here.node, at, MARK, whole))
        case Ref(to):
            return tuple(_named(to, here, look(found.source), found))
        case Text() if "{" in here.node.text and here.key is not None:  # a text may have expressions in braces
            return inside(found.source, here.node, at, MARK, look(found.source))
        case _:
            pass
    return tuple(_words(here))


def _is_key(found: Marked, at: int) -> bool:
    """Whether the colon is there already."""
    behind = found.source.text[at + len(MARK) : at + len(MARK) + 3]
    return behind.lstrip(" ").startswith(":") and behind != ": x"


def _keys(here: Spot, as_key: bool) -> Iterator[Item]:
    """The keys that are not there yet; of several sections those that tell them apart first."""
    sections = here.sections
    there = {entry.key.text for entry in here.within.entries} if here.within is not None else set()
    if sections == (Syntax,):
        yield Item("kind", "key", "what the document defines", _KIND_FIRST, "kind: ", here.node.start)
        return
    fitting = chosen(here.within, sections) if here.within is not None and len(sections) > 1 else sections
    if not there & {"kind"} and fitting[0] in ALL.values():
        yield Item("kind", "key", "what the document defines", _KIND_FIRST, "kind: ", here.node.start)
    told: set[str] = set()
    for of in fitting:
        for key in keys(of):
            if key.rest or key.text in there or key.text in told:
                continue
            told.add(key.text)
            detail = wanted(key.type) + (", required" if key.required else "")
            yield Item(key.text, "key", detail, key.doc, key.text if as_key else f"{key.text}: ", here.node.start)


def _words(here: Spot) -> Iterator[Item]:
    words: tuple[tuple[str, str], ...] = ()
    match here.type:
        case Kinds():
            words = tuple((kind, (of.__doc__ or "").split("\n")[0]) for kind, of in ALL.items())
        case OneOf(values):
            words = tuple((value, "") for value in values)
        case HowMany():
            words = (("all", "All of them."), ("any", "One of them."))
        case TypeText():
            words = tuple((name, "A type of FEEL.") for name in BY_NAME)
        case _:
            pass
    doc = here.key.doc if here.key is not None else ""
    for word, help in words:
        yield Item(word, "value", "", help or doc, word, here.node.start)


def _named(to: str, here: Spot, whole: Whole, found: Marked) -> Iterator[Item]:
    for name, help in names_of(to, here, whole, found):
        if MARK not in name:
            yield Item(name, to, to, help, name, here.node.start)


def names_of(to: str, here: Spot, whole: Whole, found: Marked) -> Iterator[tuple[str, str]]:
    """The names of a kind, each with a line about it."""
    definitions = whole.definitions
    match to:
        case "action":
            yield from ((name, action.doc) for name, action in ACTIONS.items())
        case "role":
            yield from ((name, _title(pair.value)) for name, pair in definitions.roles.items())
        case "event":
            yield from ((name, "") for name in sorted(known_events(definitions)))
        case "hold":
            yield from ((name, _title(pair.value)) for name, pair in holds_of(definitions).items())
        case "pack":
            yield from ((name, "A shipped pack.") for name in packs())
        case "step":
            yield from _steps(whole, found)
            yield "next", "The step below."
        case "message":
            roles = _asked(found)
            for role in (roles,) if roles else definitions.roles:
                yield from ((name, f"received by {role}") for name in definitions.messages(role))
        case _:
            yield from ((name, _title(document.body)) for name, document in definitions.documents.get(to, {}).items())


def _title(body: object) -> str:
    title = getattr(body, "title", None)
    return str(title.value) if title is not None else ""


def _steps(whole: Whole, found: Marked) -> Iterator[tuple[str, str]]:
    page = whole.pages.get(found.source)
    for document in page.documents if page is not None else ():
        written = document.body.read_from
        if not isinstance(document.body, Process) or not written.start <= found.spot.node.start <= written.end:
            continue
        for leaf in document.leaves:
            if isinstance(leaf.section, Step) and leaf.value is leaf.section.name:
                yield leaf.value.value, _title(leaf.section)


def _asked(found: Marked) -> str:
    """The role of the step in which a message is written."""
    for document in read(found.source)[0]:
        step = _innermost(document, found.spot.node.start)
        for verb in ("ask", "tell", "notify"):
            role = step.get(verb) if step is not None else None
            if isinstance(role, Scalar):
                return role.text
    return ""


def _innermost(node: object, at: int) -> Map | None:
    inner: tuple[object, ...] = ()
    if isinstance(node, Map):
        inner = tuple(entry.value for entry in node.entries)
    elif isinstance(node, Seq):
        inner = node.items
    for each in inner:
        if isinstance(each, Map | Seq) and each.start <= at <= each.end:
            return _innermost(each, at) or (each if isinstance(each, Map) else None)
    return node if isinstance(node, Map) else None


def _in_table(found: Marked, at: int, whole: Whole) -> tuple[Item, ...]:
    """In a table: what a column names, and the texts that it allows."""
    page = whole.pages.get(found.source)
    bodies = [each.body for each in page.documents if isinstance(each.body, Decision)] if page is not None else []
    body = next((each for each in bodies if each.read_from.start <= at <= each.read_from.end), None)
    if body is None:
        return ()
    lines = [line for line in found.spot.node.text.split("\n") if line.strip()]
    line = next(line for line in lines if MARK in line)
    column = len(re.findall(r"\|\|?", line[: line.index(MARK)]))
    heading = [cell.strip() for cell in re.split(r"\|\|?", lines[0])]
    name = heading[column] if column < len(heading) else ""
    written = next((pair.value for pair in body.outputs if pair.key.value == name), None)
    if written is None:
        return inside(found.source, found.spot.node, at, MARK, whole)
    kind = referenced_kind(written)
    words = list(whole.definitions.documents.get(kind, {})) if kind else [value.value for value in written.values]
    quote = "" if found.source.text[at - 1 : at] == '"' else '"'
    return tuple(Item(f'"{word}"', kind or "value", kind or "", "", f"{quote}{word}{quote}", at) for word in words)
