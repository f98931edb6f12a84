"""What an audit finds."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Repair(Struct, frozen=True, omit_defaults=True):
    """The one change that makes a law hold again: of the row of `table` with these keys, `before` becomes `after`.

    None for `before` where the row is missing.
    """

    table: str
    keys: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any]


class Finding(Struct, frozen=True, omit_defaults=True):
    """A law that does not hold, of what, and how it stands: in which table, by which key, and what to do.

    `order` is the order that it concerns, empty where none; `repair` is there where one change alone can make it good.
    """

    law: str
    subject: str
    because: str
    table: str = ""
    key: str = ""
    todo: str = ""
    order: str = ""
    repair: Repair | None = None
