"""Where a page of a list goes on: the key of its last row, as one word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, unquote

from orderloom.engine import wire
from orderloom.engine.refused import Refused
from orderloom.engine.store.queries import PAGE

Part = str | int | datetime
Kinds = tuple[Callable[[str], Any], ...]
T = TypeVar("T")
S = TypeVar("S")


def moment(text: str) -> datetime:
    """A moment in a key, in UTC."""
    return wire.moment_of(text).astimezone(UTC)


QUEUE: Kinds = (str, moment, str, str)  #: the parts of a key of tasks, and of exceptions


def key_text(key: tuple[Part, ...]) -> str:
    """A key as one word."""
    return ",".join(quote(wire.moment_text(part) if isinstance(part, datetime) else str(part), safe="/:+@#") for part in key)


def key_of(text: str | None, kinds: Kinds) -> Any:
    """The parts of a key, each of its kind; None where there is no text. Refused where it is no key of this list."""
    if text is None:
        return None
    parts = [unquote(part) for part in text.split(",")]
    try:
        return tuple(kind(part) for kind, part in zip(kinds, parts, strict=True))
    except (ValueError, OverflowError):
        return Refused(f"{text} is no key of this list; a page ends with one")


def seen_rows(
    ask: Callable[[Any, int], Sequence[T]], key: Callable[[T], tuple[Part, ...]], see: Callable[[Sequence[T]], Iterable[S]],
    after: Any, limit: int,
) -> list[S]:  # fmt: skip
    """Of the rows behind a key those that somebody sees, one more than `limit` where there are more: it reads on until then."""
    found: list[S] = []
    while len(found) <= limit:
        rows = ask(after, PAGE)
        found += see(rows)
        if len(rows) < PAGE:
            break
        after = key(rows[-1])
    return found[: limit + 1]
