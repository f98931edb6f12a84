"""What may stand inside an expression: names in scope, fields behind a dot, functions, the texts that a field allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from orderloom.dsl.authoring.item import Item
from orderloom.dsl.authoring.sight import Seen, brief, fields_of, functions_in, look, names_in, signature, type_of
from orderloom.dsl.authoring.whole import Whole
from orderloom.dsl.feel import Scope, tree
from orderloom.dsl.feel.checker import Names
from orderloom.dsl.feel.types import Simple, Type
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.source import Source

_CUTS = re.compile(r"[(\[,{|]|\b(?:if|then|else|and|or|in|return|satisfies|not)\b|[-+*/=<>]+")
_WORD = re.compile(r"\w*$")
_KEYWORDS = ("if", "for", "some", "every", "and", "or", "not", "in", "between", "instance of", "true", "false", "null")


def inside(source: Source, node: Scalar, at: int, mark: str, whole: Whole) -> tuple[Item, ...]:
    """What may stand at the mark in the text of an expression."""
    found = whole.scope_at(source, at)
    if found is None:
        return ()
    expression, scope = found
    text = expression.text
    place = text.find(mark)
    if place < 0:
        return ()
    start = at - len(_WORD.search(text[:place]).group())  # type: ignore[union-attr]
    seen, here = _read(text, place + len(mark), mark, scope)
    if here is not None and isinstance(here.node, tree.Path):
        return tuple(_fields(fields_of(type_of(seen, here.node.base)), start))
    if here is not None and isinstance(here.node, tree.String):
        return tuple(_texts(seen, here.node, at))
    return (*_names(names_in(scope, here.names if here is not None else Names()), start), *_functions(scope, start))


def _read(text: str, end: int, mark: str, scope: Scope) -> tuple[tuple[Seen, ...], Seen | None]:
    """The expression with its mark; where it is half written, the shortest beginning of its end that can be read."""
    begins = [0, *(cut.end() for cut in _CUTS.finditer(text, 0, end - len(mark)))]
    tried = [text, *(text[begin:end] for begin in begins)]
    for each in tried:
        seen = look(each, scope)
        here = next((part for part in seen if _is_marked(part.node, mark)), None)
        if here is not None:
            return seen, here
    return (), None


def _is_marked(node: tree.Node, mark: str) -> bool:
    match node:
        case tree.Name(name) | tree.Path(_, name):
            return name.endswith(mark)
        case tree.String(value):
            return mark in value
    return False


def _fields(fields: Mapping[str, Type], start: int) -> Iterator[Item]:
    for name, kind in fields.items():
        yield Item(name, "field", brief(kind), "", name, start)


def _names(names: Mapping[str, Type], start: int) -> Iterator[Item]:
    for name, kind in names.items():
        yield Item(name, "name", brief(kind), "", name, start)
    for word in _KEYWORDS:
        yield Item(word, "keyword", "", "", word, start)


def _functions(scope: Scope, start: int) -> Iterator[Item]:
    for function in functions_in(scope):
        yield Item(function.name, "function", signature(function), function.doc, f"{function.name}(", start)


def _texts(seen: tuple[Seen, ...], node: tree.String, at: int) -> Iterator[Item]:
    """The texts that the other side of a comparison allows."""
    for each in seen:
        if isinstance(each.node, tree.Comparison) and node in (each.node.left, each.node.right):
            other = each.node.left if each.node.right is node else each.node.right
            kind = type_of(seen, other)
            for value in kind.values if isinstance(kind, Simple) else ():
                yield Item(str(value), "value", brief(kind), "", str(value), at)
