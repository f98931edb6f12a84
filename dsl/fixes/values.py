"""Fixes of single values: lists, numbers, durations, days, words for true and false, names."""

from __future__ import annotations

import re
from decimal import Decimal

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fixes.fix import Edit, Fix, replacing
from orderloom.dsl.fixes.places import around, map_at
from orderloom.dsl.fixes.texts import quoted
from orderloom.dsl.nodes import Map, Scalar, Seq

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_LONG = re.compile(r"(\d+)\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d\d))?")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAYS = re.compile(r"([A-Za-z]+)(?:\s*(?:-|–|\bto\b)\s*([A-Za-z]+))?")
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TRUE = {"true", "yes", "on"}
_FALSE = {"false", "no", "off"}


def wrong_type(found: Diagnostic) -> Fix | None:
    """A list of one, a number without its quotes, an expression in quotes that begins with a bracket."""
    span, text = found.span, found.span.text
    if found.hint.startswith("write [") and "," not in text and "\n" not in text:
        return replacing(span, f"[{text}]")
    if found.message.startswith("a number is needed") and _NUMBER.fullmatch(text.strip("'\"")):
        return replacing(span, text.strip("'\""))
    if found.hint.endswith("must be quoted: '...'"):
        node = next((n for n in around(span.source, span.start) if isinstance(n, Map | Seq) and n.start == span.start), None)
        if node is not None and "\n" not in node.span.text:
            return replacing(node.span, quoted(node.span.text))
    return None


def unknown_word(found: Diagnostic) -> Fix | None:
    """The words of other languages for true and false, and words in capital letters."""
    word = found.span.text.strip("'\"").lower()
    allowed = re.split(r",? or |, |known: ", found.hint)
    if word in allowed:
        return replacing(found.span, word)
    truth = "true" if word in _TRUE else "false" if word in _FALSE else ""
    return replacing(found.span, truth) if truth and truth in allowed else None


def name(found: Diagnostic) -> Fix | None:
    """A name of several words, put together as names are; who speaks of it must, too."""
    text = found.span.text.strip("'\"")
    joint = "-" if "letters, digits, -" in found.hint else "_"
    joined = re.sub(r"[^A-Za-z0-9_-]+" if joint == "-" else r"[^A-Za-z0-9_]+", joint, text).strip("-_")
    return replacing(found.span, joined) if re.match(r"[A-Za-z]", joined) else None


def duration(found: Diagnostic) -> Fix | None:
    """A duration in words or in small letters, as ISO 8601 has it."""
    text = found.span.text.strip("'\"")
    if re.fullmatch(r"p[\dtwdhms]+", text):
        return replacing(found.span, text.upper())
    parts = {unit[0].lower(): number for number, unit in _LONG.findall(text)}
    if not parts or _LONG.sub("", text).strip(" ,and"):
        return None
    days = "".join(f"{parts[unit]}{unit.upper()}" for unit in "wd" if unit in parts)
    time = "".join(f"{parts[unit]}{unit.upper()}" for unit in "hms" if unit in parts)
    return replacing(found.span, f"P{days}{'T' + time if time else ''}")


def day(found: Diagnostic) -> Fix | None:
    """Dates, hours and days of the week in the form in which they are written here."""
    text = found.span.text.strip("'\"")
    if (hours := _HOURS.fullmatch(text)) and "hours" in found.message:
        a, b, c, d = (int(part or 0) for part in hours.groups())
        return replacing(found.span, f"{a:02}:{b:02}-{c:02}:{d:02}")
    if (date := _DATE.fullmatch(text)) and "time" not in found.message:
        year, month, of_month = map(int, date.groups())
        return replacing(found.span, f"{year}-{month:02}-{of_month:02}")
    if (days := _DAYS.fullmatch(text)) and "week" in found.message:
        short = [_weekday(part) for part in days.groups() if part]
        return replacing(found.span, "-".join(short)) if all(short) else None
    return None


def _weekday(word: str) -> str:
    """The short name of a day from its whole name or a beginning of it; empty for any other word, such as `monthly`."""
    return next((name[:3] for name in _NAMES if len(word) >= 3 and name.startswith(word.lower())), "")


def currency(found: Diagnostic) -> Fix | None:
    code = found.span.text.strip("'\"").upper()
    return replacing(found.span, code) if re.fullmatch("[A-Z]{3}", code) else None


def every_branch(found: Diagnostic) -> Fix | None:
    return replacing(found.span, "all")


def turned_range(found: Diagnostic) -> Fix | None:
    """`from` and `to` of a map, each in the place of the other."""
    within = map_at(found.span.source, found.span.start)
    low, high = (within.get("from"), within.get("to")) if within is not None else (None, None)
    if not (isinstance(low, Scalar) and isinstance(high, Scalar) and _less(high.text, low.text)):
        return None
    return Fix("turn the two round", (Edit(low.span, high.span.text), Edit(high.span, low.span.text)))


def _less(one: str, other: str) -> bool:
    return bool(_NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)) and Decimal(one) < Decimal(other)


def interval(found: Diagnostic) -> Fix | None:
    """The ends of an interval, the smaller one first."""
    whole = re.fullmatch(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])", found.span.text)
    if whole is None:
        return None
    left, low, high, right = whole.groups()
    turned = left if (left == "[") == (right == "]") else {"[": "(", "(": "["}.get(left, left)
    close = right if turned == left else {"]": ")", ")": "]"}.get(right, right)
    return replacing(found.span, f"{turned}{high}..{low}{close}")
