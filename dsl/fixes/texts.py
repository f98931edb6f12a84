"""Fixes of what YAML itself stumbles over: quotes, tabs, spaces, signs."""

from __future__ import annotations

import re

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fixes.fix import Edit, Fix, deleting, writing
from orderloom.dsl.fixes.places import line_end
from orderloom.dsl.source import Source, Span

_LEAD = re.compile(r"\s*(?:-[ \t]+)*(?:[A-Za-z][\w -]*:[ \t]+)?")
_ITEM = re.compile(r"[{\[,]\s*(?:[A-Za-z][\w -]*:\s+)?|(?<=:)\s+")
_TABS = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def quoted(text: str) -> str:
    """A text as YAML reads it back, whatever is in it."""
    return "'" + text.replace("'", "''") + "'"


def quote_line(found: Diagnostic) -> Fix | None:
    """Quotes around the whole value in whose line something is cut; in braces around that part alone."""
    source, at = found.span.source, found.span.start
    start, end = _line(source, at)
    lead = _LEAD.match(source.text, start, end)
    begin = lead.end() if lead else start
    if found.code == "E017":
        begin = min(begin, at) if source.text[at] != "-" else at
    value = source.text[begin:end].rstrip()
    inside = value[:1] in ("{", "[") and not (found.code == "E016" and _closed(source.text, begin) <= at)
    return quote_part(found) if inside or begin > at else _quotes(source, begin, begin + len(value))


def quote_part(found: Diagnostic) -> Fix | None:
    """Quotes around a value in braces or brackets, up to where the brackets of the expression itself are closed."""
    source, at = found.span.source, found.span.start
    start, end = _line(source, at)
    begin = max((m.end() for m in _ITEM.finditer(source.text, start, at + 1) if m.end() <= at), default=None)
    if begin is None:
        return None
    stop = _part_end(source.text, begin, end)
    return _quotes(source, begin, stop) if stop > begin else None


def _quotes(source: Source, start: int, end: int) -> Fix | None:
    value = source.text[start:end].strip()
    return (
        Fix("put the whole value in quotes", (Edit(Span(source, start, start + len(value)), quoted(value)),)) if value else None
    )


def _line(source: Source, at: int) -> tuple[int, int]:
    start = source.text.rfind("\n", 0, at) + 1
    end = source.text.find("\n", at)
    return start, end if end >= 0 else len(source.text)


def _part_end(text: str, at: int, end: int) -> int:
    """Where an expression ends that stands in braces: at the comma or bracket that is not its own."""
    open_: list[str] = []
    while at < end:
        here = text[at]
        if here == '"':
            at = text.find('"', at + 1, end)
            if at < 0:
                return end
        elif here in _PAIRS:
            open_.append(_PAIRS[here])
        elif open_ and here == open_[-1]:
            open_.pop()
        elif not open_ and here in ",}]":
            return at
        at += 1
    return end


def _closed(text: str, at: int) -> int:
    """Where the bracket that stands at a place is closed."""
    return _part_end(text, at + 1, len(text)) + 1


def colon(found: Diagnostic) -> Fix | None:
    """A comma that was forgotten in braces, or quotes around a value with a colon in it."""
    if not found.hint.startswith("write a comma"):
        return quote_line(found)
    word = re.search(r"[ \t]+[\w-]+$", found.span.source.text[: found.span.start])
    return writing(found.span.source, word.start(), ",") if word else None


def no_yaml(found: Diagnostic) -> Fix | None:
    """A space behind a key, or the bracket that closes a line."""
    source, span = found.span.source, found.span
    if found.hint == "a key ends with a colon and a space":
        return Fix("write a space behind the key", (Edit(Span(source, span.end, span.end), " "),))
    if found.hint.startswith("close it with "):
        end = _line(source, span.start)[1]
        closing = found.hint.removeprefix("close it with ")
        at = span.start + len(source.text[span.start : end].rstrip())
        return writing(source, at, f" {closing}" if closing == "}" else closing)
    return None


def tabs(found: Diagnostic) -> Fix:
    """Two spaces for every tab that indents a line of the file."""
    source = found.span.source
    places = (Span(source, m.start(), m.end()) for m in _TABS.finditer(source.text))
    return Fix("indent with spaces", tuple(Edit(place, place.text.replace("\t", "  ")) for place in places))


def tag(found: Diagnostic) -> Fix:
    span = found.span
    space = len(span.source.text[span.end :]) - len(span.source.text[span.end :].lstrip(" "))
    return deleting(Span(span.source, span.start, span.end + space))


def control(found: Diagnostic) -> Fix:
    return Fix("delete the character", (Edit(found.span, ""),))


def separator(found: Diagnostic) -> Fix:
    start = _line(found.span.source, found.span.start)[0]
    return writing(found.span.source, start, "---\n")


def twice(found: Diagnostic) -> Fix | None:
    """The second of two entries with one key is deleted; where it says something else than the first, that is lost."""
    source, at = found.span.source, found.span.start
    start = _line(source, at)[0]
    indent = source.text[start:at]
    if indent.strip() or not found.labels:
        return None
    one, other = _block(source, found.labels[0].span.start), _block(source, at)
    return Fix(f"delete the second {found.span.text}", (Edit(other, ""),), loses=one.text.strip() != other.text.strip())


def _block(source: Source, at: int) -> Span:
    """The lines of a key: its own, and those below it that stand further in."""
    start = source.text.rfind("\n", 0, at) + 1
    end = line_end(source, at + 1)
    while end < len(source.text):
        after = line_end(source, end + 1)
        line = source.text[end:after]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= at - start:
            break
        end = after
    return Span(source, start, end)
