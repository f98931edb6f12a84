"""What a document says, key by key, each with what the key means."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.book.frame import prose, text
from orderloom.dsl.fields import Key, Located, Pair, PlainValue, Syntax, WrittenType, keys

SKIPPED = {"name", "title", "steps", "handlers", "table"}  #: what the page tells elsewhere: its heading, picture or table


def told(section: Syntax, deep: int = 0) -> str:
    """A list of the keys that are written, with their values."""
    rows = "".join(_row(key.text, key.doc, _value(getattr(section, key.attribute), deep)) for key in _written(section, deep))
    return f"<dl>{rows}</dl>" if rows else ""


def _written(section: Syntax, deep: int) -> Iterator[Key]:
    for key in keys(type(section)):
        if getattr(section, key.attribute) not in (None, ()) and (deep or key.attribute not in SKIPPED):
            yield key


def _row(name: str, doc: str, value: str) -> str:
    return f'<dt><code>{text(name)}</code> <span class="doc">{prose(doc)}</span></dt><dd>{value}</dd>'


def _value(value: object, deep: int) -> str:
    match value:
        case Located():
            return f"<code>{text(value.node.text)}</code>"
        case Pair():
            return f"<b>{text(value.key.value)}</b>: {_value(value.value, deep)}"
        case Syntax():
            return told(value, deep + 1)
        case PlainValue():
            return f"<code>{text(value.span.text)}</code>"
        case WrittenType():
            return f"<code>{text(value.text.value if value.text else ', '.join(each.value for each in value.values))}</code>"
        case tuple() if all(isinstance(each, Located) for each in value):
            return ", ".join(_value(each, deep) for each in value)
        case tuple():
            return "<ul>" + "".join(f"<li>{_value(each, deep)}</li>" for each in value) + "</ul>"
        case _:
            return text(str(value))
