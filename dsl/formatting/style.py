"""One style: what a file means stays, and so does every comment; only white space is another.

Two spaces for each level, one between words, a list further in than its key; `{ a: b }` and `[a, b]`; at most one empty line
in a row; comments behind consecutive lines stand one below the other; the columns of a table that is drawn as text too.
"""

from __future__ import annotations

from typing import Any

import yaml

from orderloom.dsl.formatting.lines import Line, text_of
from orderloom.dsl.formatting.printer import printed
from orderloom.dsl.formatting.tables import aligned

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def formatted(text: str) -> str | None:
    """The text of a file in the one style; None where it is no YAML, or where another form could mean something else.

    formatted(formatted(text)) is formatted(text).
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        before = _meaning(text)
        lines: list[Line] = printed(text)
        plain = text_of(lines)
        return text_of(aligned(lines)) if _meaning(plain) == before else None
    except yaml.YAMLError:
        return None


def _meaning(text: str) -> list[tuple[Any, ...]]:
    """All that a file says, without the places where it says so."""
    return [
        (type(each), *(getattr(each, name, None) for name in ("value", "anchor", "tag", "flow_style", "style")))
        for each in yaml.parse(text, Loader=_LOADER)
    ]
