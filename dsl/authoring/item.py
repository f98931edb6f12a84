"""One thing that may stand at a place."""

from __future__ import annotations

from msgspec import Struct


class Item(Struct, frozen=True):
    """`kind` is key, value, field, name, function, or the kind of what is named; `text` goes in from the offset `start` on."""

    label: str
    kind: str
    detail: str
    doc: str
    text: str
    start: int
