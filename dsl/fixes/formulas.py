"""Fixes inside expressions: signs of other languages, quotes and brackets left open, words that are texts."""

from __future__ import annotations

import re

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fixes.fix import Edit, Fix, deleting, replacing, writing
from orderloom.dsl.fixes.places import scalar_at
from orderloom.dsl.source import Span

_SIGNS = {"&": "and", "|": "or", "^": "**"}
_QUOTES = {"'": "'", "‘": "’", "’": "’", "“": "”", "”": "”", "`": "`"}
_TEXT = re.compile(r'a text stands in double quotes: (".*")$')
_NUMBER = re.compile(r'"(-?\d+(?:\.\d+)?)"')
_WRITE = re.compile(r"write (\d[\d.]*)$")
_OPERATOR = re.compile(r"write ([!<>]=)$")
LONGEST = 200  #: characters of a line in which words with hyphens are looked for on either side
_ELSEWHERE = re.compile(r"FEEL has ([a-z][a-z ]*)(?:\(.*)?$")


def open_text(found: Diagnostic) -> Fix | None:
    """The quote that ends a text: at the end of the expression, or before the next bar of a table."""
    source, span = found.span.source, found.span
    if found.hint == "end it with */":
        return writing(source, span.end, " */")
    if found.message == "a quote is not closed":
        rest = re.match(r'"[^"|\n]*[^"|\s]', source.text[span.start :])
        return writing(source, span.start + rest.end(), '"') if rest else None
    return writing(source, span.end, '"')


def sign(found: Diagnostic) -> Fix | None:
    """A sign that FEEL writes in another way."""
    source, span = found.span.source, found.span
    char, after = span.text, source.text[span.start :]
    if number := _WRITE.match(found.hint):
        before = source.text[: span.start].rstrip()
        return deleting(Span(source, len(before), span.end)) if before.endswith(number[1]) else None
    if char in _SIGNS:
        whole = Span(source, span.start, span.end + (after[1:2] == char))
        return replacing(whole, _SIGNS[char])
    if char in _QUOTES:
        text = re.match(f"{char}([^\"'{_QUOTES[char]}\n]*){_QUOTES[char]}", after)
        return replacing(Span(source, span.start, span.start + text.end()), f'"{text[1]}"') if text else None
    if char in ";$€£¥":
        return deleting(span)
    if char == "@" and (text := re.match(r"@([\dP][\w:.+-]*)", after)):
        return replacing(Span(source, span.start, span.start + text.end()), f'@"{text[1]}"')
    return None


def bracket(found: Diagnostic) -> Fix | None:
    """A bracket that closes nothing, or one that is missing at the end."""
    if found.message.endswith("closes nothing"):
        return deleting(found.span)
    closing = found.hint.removeprefix("add the missing ")
    scalar = scalar_at(found.span.source, found.span.start)
    if scalar is None or closing == found.hint or "|" in scalar.text:
        return None
    end = scalar.part(len(scalar.text.rstrip()), len(scalar.text.rstrip())).start
    return writing(found.span.source, end, closing)


def operator(found: Diagnostic) -> Fix | None:
    """`==`, `<>`, `=>` and `=<` of other languages."""
    span = found.span
    if found.hint == "equality is written with one =":
        return deleting(span)
    if wanted := _OPERATOR.match(found.hint):
        return replacing(Span(span.source, span.start - 1, span.end), wanted[1])
    return None


def comparison(found: Diagnostic) -> Fix | None:
    """A number without quotes, a date with its @."""
    numbers = list(_NUMBER.finditer(found.span.text))
    start = found.span.start
    if found.hint == "write the number without quotes" and len(numbers) == 1:
        span = Span(found.span.source, start + numbers[0].start(), start + numbers[0].end())
        return replacing(span, numbers[0][1])
    dated = found.hint.removeprefix("write @")
    if dated != found.hint and found.span.text.count(dated) == 1:
        return writing(found.span.source, start + found.span.text.index(dated), "@")
    return None


def first_item(found: Diagnostic) -> Fix | None:
    return replacing(found.span, "1") if found.span.text == "0" else None


def text(found: Diagnostic) -> Fix | None:
    """A word that is no name may be meant as a text; of words with hyphens between them all are, if the first one is."""
    whole = _hyphenated(found.span)
    if (
        not _TEXT.search(found.hint)
        or whole.start < found.span.start
        or whole.source.text[whole.end : whole.end + 1] in (".", "(")
    ):
        return None  # no text has fields
    return replacing(whole, f'"{whole.text}"')


def is_part(found: Diagnostic) -> bool:
    """Whether it is told of a word with a hyphen at it: what the whole is meant to be, no single word says."""
    return found.code == "E401" and _hyphenated(found.span) != found.span


def _hyphenated(span: Span) -> Span:
    """The words with nothing but hyphens between them of which this is one."""
    text, start, end = span.source.text, span.start, span.end
    if before := re.search(r"(?:\w+-)+$", text[max(0, start - LONGEST) : start]):
        start -= len(before[0])
    if after := re.match(r"(?:-\w+)+", text[end : end + LONGEST]):
        end += len(after[0])
    return Span(span.source, start, end)


def function(found: Diagnostic) -> Fix | None:
    """A function of another language that FEEL has by another name."""
    there = _ELSEWHERE.match(found.hint)
    return replacing(found.span, there[1].strip()) if there else None


def cell(found: Diagnostic) -> Fix | None:
    """What stands for anything, or for nothing, in a cell that is empty."""
    word = "-" if found.hint.startswith("write -") else "null" if found.hint.startswith("write null") else ""
    if not word:
        return None
    return Fix(f"write {word}", (Edit(Span(found.span.source, found.span.start, found.span.start), f" {word}"),))
