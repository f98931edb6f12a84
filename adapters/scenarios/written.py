"""Records as YAML that a person would write: one thing a line, short records in braces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from decimal import Decimal

from orderloom.dsl.formatting import formatted

Record = dict[str, object]

WIDTH = 110  #: characters of a record that stands on one line
_PLAIN = re.compile(r"[A-Za-z_](?:[\w ./+-]*[\w.+])?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+Z)?")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def bare(record: Mapping[str, object]) -> Record:
    """A record without what says nothing."""
    return {name: value for name, value in record.items() if value not in (None, "", (), [], {})}


def document(record: Record, comment: str, last: str = "") -> str:
    """A document as `orderloom fmt` writes it, with a comment before it and, where there is one, behind it."""
    lines = [f"# {comment}", *_block(record, 0), *([f"# {last}"] if last else [])]
    text = "\n".join(lines) + "\n"
    written = formatted(text)
    assert written is not None, "what was written is YAML"
    return written


def _block(record: Mapping[str, object], deep: int) -> Iterator[str]:
    before = "  " * deep
    for name, value in record.items():
        flow = _flow(value)
        if len(flow) + len(name) + len(before) <= WIDTH and name not in ("given", "when", "then"):
            yield f"{before}{_scalar(name)}: {flow}"
        elif isinstance(value, Mapping):
            yield f"{before}{_scalar(name)}:"
            yield from _block(value, deep + 1)
        elif isinstance(value, list):
            yield f"{before}{_scalar(name)}:"
            for each in value:
                yield from _item(each, deep + 1)
        else:
            yield f"{before}{_scalar(name)}: {flow}"


def _item(value: object, deep: int) -> Iterator[str]:
    before, flow = "  " * deep, _flow(value)
    if not isinstance(value, Mapping):
        yield f"{before}- {flow}"
        return
    if len(value) > 1 and len(flow) + len(before) <= WIDTH:
        yield f"{before}- {flow}"
        return
    first, *rest = _block(value, deep + 1)
    yield f"{before}- {first.lstrip()}"
    yield from rest


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_scalar(str(name))}: {_flow(each)}" for name, each in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, (int, Decimal)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, (date, time)):
        return value.isoformat() if isinstance(value, date) else json.dumps(value.isoformat())
    text = str(value)
    plain = (_PLAIN.fullmatch(text) and text.lower() not in _WORDS) or _MOMENT.fullmatch(text)
    return text if plain else json.dumps(text, ensure_ascii=False)
