"""Where YAML itself bites: its faults and its silent cuts, in words that say what to do."""

from __future__ import annotations

import re
from typing import Any

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.source import Source, Span

CUTS = ("E013", "E015")  #: after one of these the parser's own complaint about the rest says nothing new
QUOTE = "put the whole value in quotes: '...'"
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_TIGHT_KEY = re.compile(r"[a-z][a-z _-]*:(?=[^\s/:])")
_BEGINS_WRONG = re.compile(
    "any token|block scalar|block sequence entries|scanning an alias|scanning an anchor|scanning a directive"
)
_COMMENT = re.compile(r"[ \t]+#")
_NUMBERED = re.compile(r"[ \t]#\d")


def cut(scalar: Scalar, in_flow: bool) -> Diagnostic | None:
    """A plain value that YAML ended too early, at a comma or at a `#`; seen by a bracket or text left open in it."""
    raw, end = scalar.source.text, scalar.end
    if _COMMENT.match(raw, end):
        place = Span(scalar.source, raw.index("#", end), raw.index("#", end) + 1)
        if is_open(scalar.text):
            return Diagnostic("E015", "a # after a space begins a comment, which cuts this value", place, hint=QUOTE)
        if _NUMBERED.match(raw, end):
            return Diagnostic("W001", "a # after a space begins a comment, and is not part of this value", place, hint=QUOTE)
    if in_flow and is_open(scalar.text) and raw[end : end + 1] == ",":
        place = Span(scalar.source, end, end + 1)
        return Diagnostic("E013", "inside [ ] and { } a comma ends the value, which cuts this expression", place, hint=QUOTE)
    return None


def is_open(text: str) -> bool:
    """Whether a bracket or a text of an expression begins in it, but does not end."""
    rest = _TEXTS.sub("", text)
    return rest.count('"') % 2 == 1 or rest.count("(") > rest.count(")")


def explain(source: Source, error: Any, last: Scalar | None) -> Diagnostic:
    """The YAML parser's fault in our words, at the place where the analyst has to do something."""
    at = min(error.problem_mark.index, len(source.text)) if error.problem_mark else 0
    begin = error.context_mark.index if error.context_mark else at
    problem = f"{error.context or ''} {error.problem or ''}"
    return (
        _tab(source, at, problem)
        or _cut_by_syntax(source, at, problem, last)
        or _colon(source, at, problem, last)
        or _no_space(source, begin, last)
        or _after_bracket(source, at)
        or _first_character(source, at, begin, problem)
        or _after_quote(source, at, last)
        or _unclosed(source, at, begin, problem)
        or _misplaced(source, at, begin, problem)
    )


def _tab(source: Source, at: int, problem: str) -> Diagnostic | None:
    if source.text[at : at + 1] != "\t" and "tab" not in problem:
        return None
    place = source.text.find("\t", source.text.rfind("\n", 0, at) + 1)
    return Diagnostic("E006", "a tab cannot indent a line", _one(source, max(place, 0)), hint="use spaces")


def _cut_by_syntax(source: Source, at: int, problem: str, last: Scalar | None) -> Diagnostic | None:
    """A fault inside [ ] or { } behind a value with an open bracket, or at a bracket that YAML took for its own."""
    if "flow" not in problem or last is None or last.style or "\n" in source.text[last.end : at]:
        return None
    raw = source.text
    if is_open(last.text) or raw[at : at + 1] in ("[", "{", "("):
        words = "inside [ ] and { } a comma or a bracket ends the value, which cuts this expression"
        return Diagnostic("E013", words, _one(source, last.end), hint=QUOTE)
    return None


def _colon(source: Source, at: int, problem: str, last: Scalar | None) -> Diagnostic | None:
    if source.text[at : at + 1] != ":" or (last is not None and "\n" in last.span.text and "flow" in problem):
        return None
    line = source.text[source.text.rfind("\n", 0, at) + 1 : at]
    if "mapping values" in problem and not re.search(r":[ \t]", line):
        return None
    if "mapping values" not in problem and "flow" not in problem:
        return None
    hint = QUOTE if "flow" not in problem else f"write a comma before this key, or {QUOTE}"
    return Diagnostic("E014", "a colon with a space behind it begins a new key and cuts this value", _one(source, at), hint=hint)


def _no_space(source: Source, begin: int, last: Scalar | None) -> Diagnostic | None:
    """A line `do:ship`, which YAML reads as one word."""
    for start in (begin, last.start if last is not None and not last.style else begin):
        key = _TIGHT_KEY.match(source.text, start)
        if key:
            words = f"there is no space behind {key[0]}"
            return Diagnostic("E005", words, _one(source, key.end() - 1), hint="a key ends with a colon and a space")
    return None


def _after_bracket(source: Source, at: int) -> Diagnostic | None:
    before = source.text[source.text.rfind("\n", 0, at) + 1 : at].rstrip()
    if not before.endswith(("]", "}")):
        return None
    words = "a value that begins with a bracket ends where it is closed, which cuts this value"
    return Diagnostic("E016", words, _one(source, at), hint=QUOTE)


def _first_character(source: Source, at: int, begin: int, problem: str) -> Diagnostic | None:
    if not _BEGINS_WRONG.search(problem):
        return None
    place = at if "any token" in problem or "sequence entries" in problem else begin
    character = source.text[place : place + 1]
    return Diagnostic("E017", f"a value that begins with {character} must be quoted", _one(source, place), hint=QUOTE)


def _after_quote(source: Source, at: int, last: Scalar | None) -> Diagnostic | None:
    if last is None or last.style not in ("'", '"') or "\n" in source.text[last.end : at] or at >= len(source.text):
        return None
    words = "a value that begins with a quote ends at the next one, which cuts this value"
    return Diagnostic("E016", words, _one(source, at), hint="put the whole value in the other kind of quotes: '\"a\" = b'")


def _unclosed(source: Source, at: int, begin: int, problem: str) -> Diagnostic | None:
    opened = source.text[begin : begin + 1]
    if "quoted scalar" in problem or ("flow" in problem and "\n" in source.text[begin : at + 1]):
        return Diagnostic("E005", f"this {opened} is never closed", _one(source, begin), hint=f"close it with {_closing(opened)}")
    return None


def _closing(opened: str) -> str:
    return {"[": "]", "{": "}"}.get(opened, opened)


def _misplaced(source: Source, at: int, begin: int, problem: str) -> Diagnostic:
    if "could not find expected ':'" in problem:
        return Diagnostic(
            "E005", "a line here has no `key:`", _one(source, begin), hint="write `key: value`, or `- value` in a list"
        )
    if "mapping values" in problem or "expected key" in problem or "block collection" in problem:
        start = source.text.rfind("\n", 0, at) + 1
        place = start + len(re.match(r"[ ]*", source.text[start:]).group())  # type: ignore[union-attr]
        words = "this line does not line up with the lines above it"
        return Diagnostic("E005", words, _one(source, place), hint="keys of one level begin in the same column")
    return Diagnostic("E005", f"this is not YAML: {problem.strip()}", _one(source, at))


def _one(source: Source, at: int) -> Span:
    return Span(source, at, at + 1)
