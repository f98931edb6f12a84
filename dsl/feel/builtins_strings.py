"""Built-in functions of texts. Positions count characters (code points) from 1, from the end when negative."""

from decimal import Decimal

from orderloom.dsl.feel import regex
from orderloom.dsl.feel.conform import MISMATCH, coerce
from orderloom.dsl.feel.limits import bounded
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.signature import built_in
from orderloom.dsl.feel.strings import number_from, text_of
from orderloom.dsl.feel.types import STRING


def substring(string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    first = int(start)
    if first == 0 or abs(first) > len(string) or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(string) + first
    return string[begin:] if length is None else string[begin : begin + int(length)]


def substring_before(string: str, match: str) -> str:
    return string[: string.find(match)] if match in string else ""


def substring_after(string: str, match: str) -> str:
    return string[string.find(match) + len(match) :] if match in string else ""


def string_join(items: list[object], delimiter: object = None) -> str | None:
    """The texts joined; nulls are left out. Null when an item or the delimiter is no text."""
    between = coerce(delimiter, STRING)
    texts = [item for item in items if item is not None]
    if between is MISMATCH or not all(isinstance(text, str) for text in texts):
        return None
    return bounded(str(between or "").join(texts))  # type: ignore[arg-type]


def string(value: object) -> str | None:
    return None if value is None else text_of(value)


def number(text: str, grouping: object, decimal: object) -> Decimal | None:
    separators = (grouping, decimal)
    if not all(part is None or isinstance(part, str) for part in separators):
        return None
    return number_from(text, *separators)  # type: ignore[arg-type]


def number_plain(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    return number_from(value) if isinstance(value, str) else None


def matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    return regex.matches(text, pattern, flags or "")


def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    return regex.replace(text, pattern, replacement, flags or "")


ROWS: tuple[Function, ...] = (
    built_in("substring(string: string, start position: number, length?: number): string", substring, "a part of a text"),
    built_in("string length(string: string): number", lambda s: Decimal(len(s)), "the number of characters"),
    built_in("upper case(string: string): string", str.upper, "the text in capitals"),
    built_in("lower case(string: string): string", str.lower, "the text in small letters"),
    built_in("substring before(string: string, match: string): string", substring_before, "what stands before the first match"),
    built_in("substring after(string: string, match: string): string", substring_after, "what stands after the first match"),
    built_in("contains(string: string, match: string): boolean", lambda s, m: m in s, "whether the text holds another"),
    built_in("starts with(string: string, match: string): boolean", str.startswith, "whether the text begins with another"),
    built_in("ends with(string: string, match: string): boolean", str.endswith, "whether the text ends with another"),
    built_in("matches(input: string, pattern: string, flags?: string): boolean", matches, "whether a pattern is found"),
    built_in("replace(input: string, pattern: string, replacement: string, flags?: string): string", replace, "matches replaced"),
    built_in("split(string: string, delimiter: string): list<string>", regex.split, "the parts between matches of a pattern"),
    built_in("string join(list: list, delimiter?: Any): string", string_join, "texts joined, with a delimiter between"),
    built_in("string(from: Any): string", string, "any value as text"),
    built_in("number(from: Any): number", number_plain, "the number that a text holds"),
    built_in("number(from: string, grouping separator: Any, decimal separator: Any): number", number, "with its separators"),
)
